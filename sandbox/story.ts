import { Console, Effect, Schedule } from "effect"
import { VCenterModel } from "./vcenter/VCenterModel.ts"
import type { World } from "./world.ts"

/** The vCenters at the beginning, by short name. */
export const beginning = (): ReadonlyMap<string, VCenterModel> =>
  new Map([
    ["vc-a-0", vcenter("QA-DE-1a", ["productionbb091", "productionbb092", "storagebb010"])],
    ["vc-b-0", vcenter("QA-DE-1b", ["productionbb201", "productionbb202"])]
  ])

const vcenter = (datacenter: string, clusters: ReadonlyArray<string>): VCenterModel => {
  const model = new VCenterModel()
  model.addDatacenter(datacenter)
  for (const cluster of clusters) addCluster(model, cluster)
  return model
}

const addCluster = (model: VCenterModel, name: string): void => {
  const bb = name.replace(/^\D+/, "")
  model.addCluster(name, {
    datastores: [`eph_bb${bb}_0`, `eph_bb${bb}_1`, `vmfs_${bb}`],
    networks: ["management", `br-vlan${bb}`]
  })
}

/** What happens in the world while the operator runs, with the pause before it in seconds. */
interface Scene {
  readonly after: number
  readonly text: string
  readonly play: (world: World) => void
}

const model = (world: World, name: string): VCenterModel => {
  const found = [...world.vcenters].find(([fqdn]) => fqdn.startsWith(`${name}.`))
  if (found === undefined) throw new Error(`the sandbox has no vCenter ${name}`)
  return found[1]
}

const scenes: ReadonlyArray<Scene> = [
  {
    after: 2.5,
    text: "In vc-a-0 a cluster appears: productionbb093.",
    play: (world) => addCluster(model(world, "vc-a-0"), "productionbb093")
  },
  {
    after: 2,
    text: "In vc-b-0 the cluster productionbb202 is removed; its objects wait for prune_delay (2 s here).",
    play: (world) => model(world, "vc-b-0").remove("productionbb202")
  },
  {
    after: 3.5,
    text: "vc-a-0 drops its connections. Nothing may be deleted because of that.",
    play: (world) => model(world, "vc-a-0").disconnect()
  },
  {
    after: 1.5,
    text: "vc-a-0 is back.",
    play: (world) => model(world, "vc-a-0").reconnect()
  }
]

const say = (text: string) => Console.log(`\n▸ ${text}\n`)

/** Plays the scenes, then goes on for ever: every minute a cluster comes, the next minute it goes. */
export const story = Effect.fnUntraced(function* (world: World) {
  for (const { after, text, play } of scenes) {
    yield* Effect.sleep(`${after} seconds`)
    yield* say(text)
    play(world)
  }
  yield* Effect.sleep("4 seconds")
  yield* say("That was the story. The sandbox goes on: a cluster comes and goes every minute. Ctrl-C ends it.")
  const guest = model(world, "vc-b-0")
  const come = Effect.andThen(say("In vc-b-0 the cluster productionbb203 appears."), () =>
    Effect.sync(() => addCluster(guest, "productionbb203"))
  )
  const go = Effect.andThen(say("In vc-b-0 the cluster productionbb203 is removed."), () =>
    Effect.sync(() => guest.remove("productionbb203"))
  )
  const minute = Effect.sleep("1 minute")
  yield* Effect.repeat(minute.pipe(Effect.andThen(come), Effect.andThen(minute), Effect.andThen(go)), Schedule.forever)
})
