import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, key, stateKey, withTemplate } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, until, type World } from "./harness.ts"
import { applied, conditions, object, objectWrites, recorded, writes } from "./looks.ts"

/** An object that bears the operator's mark and is in no record. */
const orphans = Effect.gen(function* () {
  const known: Array<string> = []
  for (const vcenter of ["vc-a-0", "vc-b-0"]) {
    const state = yield* Cluster.use((cluster) => cluster.object(stateKey(vcenter)))
    if (state._tag === "Some" && state.value.status !== undefined) known.push(...(yield* recorded(vcenter)))
  }
  return (yield* applied).filter((name) => !known.includes(name))
})

const STORIES: ReadonlyArray<{
  readonly what: string
  /** After which everything has come to rest. */
  readonly seconds: number
  readonly happens: (world: World) => Effect.Effect<void>
}> = [
  { what: "everything is applied for the first time", seconds: 8, happens: () => Effect.void },
  {
    what: "a cluster comes, another goes and a template changes",
    seconds: 25,
    happens: ({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* operator.stop
        addCluster(a, "productionbb093")
        a.remove("productionbb092")
        yield* cluster.edit(
          key(TEMPLATE_KIND, "zone"),
          withTemplate(configMap("zone-{{ availability_zone }}", { new: "yes" }))
        )
      })
  }
]

/** What there is in the end, whatever happened on the way. */
const outcome = Effect.gen(function* () {
  return {
    applied: yield* applied,
    orphans: yield* orphans,
    a: [...(yield* recorded("vc-a-0")), ...(yield* conditions("vc-a-0"))],
    b: [...(yield* recorded("vc-b-0")), ...(yield* conditions("vc-b-0"))]
  }
})

describe("operator, killed", () => {
  for (const { what, seconds, happens } of STORIES) {
    it.effect(`leaves no orphan and converges when it dies at any of its writes while ${what}`, () =>
      Effect.gen(function* () {
        const quiet = yield* inWorld((world) =>
          Effect.gen(function* () {
            yield* happens(world)
            yield* world.cluster.clearLog
            yield* world.start()
            yield* pass(seconds)
            return { outcome: yield* outcome, writes: (yield* writes).length }
          })
        )
        assert.isAbove(quiet.writes, 10)
        assert.deepStrictEqual(quiet.outcome.orphans, [])
        for (let diesAfter = 1; diesAfter <= quiet.writes; diesAfter++) {
          yield* inWorld((world) =>
            Effect.gen(function* () {
              yield* happens(world)
              const first = yield* world.start({}, { dead: false, diesAfter })
              yield* until(`dead after write ${diesAfter}`, () => first.life.dead)
              assert.deepStrictEqual(yield* orphans, [], `after write ${diesAfter}`)
              yield* world.start()
              yield* pass(seconds + 10)
              assert.deepStrictEqual(yield* outcome, quiet.outcome, `after write ${diesAfter}`)
            })
          )
        }
      })
    )
  }

  it.effect(
    "deletes what it may have applied without hearing of it, when nobody wants it any more after the crash",
    () =>
      inWorld(({ a, start }) =>
        Effect.gen(function* () {
          const first = yield* start()
          yield* settled(first)
          yield* first.stop
          addCluster(a, "productionbb093")
          // The union, then the Secret and the ConfigMap; of the ConfigMap it does not hear.
          yield* start({}, { dead: false, diesAfter: 3 })
          yield* pass(20)
          assert.include(yield* applied, "ConfigMap/config-bb93")
          a.remove("productionbb093")
          yield* start()
          yield* pass(40)
          assert.deepStrictEqual(
            (yield* applied).filter((name) => name.includes("bb93")),
            []
          )
          assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        })
      )
  )

  it.effect("makes again what it had deleted without hearing of it, when it is wanted again after the crash", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        const everything = yield* applied
        a.rename("productionbb092", "retiredbb092")
        yield* pass(5)
        yield* first.stop
        yield* cluster.clearLog
        yield* cluster.latency("1 second")
        const second = yield* start()
        yield* until(
          "the first delete",
          Effect.map(objectWrites, (all) => all.includes("delete Deployment/agent-bb92"))
        )
        // It takes effect after half a second, and is answered after a whole one.
        yield* pass(0.75)
        second.life.dead = true
        assert.notDeepEqual(yield* applied, everything)
        yield* cluster.latency(0)
        a.rename("retiredbb092", "productionbb092")
        yield* start()
        yield* pass(40)
        assert.deepStrictEqual(yield* applied, everything)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("takes back what it had changed without hearing of it, when that is wanted as before after the crash", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        yield* first.stop
        const data = Effect.map(object(key("ConfigMap", "config-bb91")), (live) => live.data)
        const [before, template] = [yield* data, yield* object(key(TEMPLATE_KIND, "config"))]
        const changed = withTemplate(configMap("config-{{ name }}", { is: "new" }))
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), changed)
        let dies = 1
        // At every write, until one has changed it and died of that.
        for (; JSON.stringify(yield* data) === JSON.stringify(before) && dies < 10; dies++) {
          const killed = yield* start({}, { dead: false, diesAfter: dies })
          yield* until(`dead after write ${dies}`, () => killed.life.dead)
        }
        assert.deepStrictEqual(yield* data, { is: "new" })
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(String(template.template)))
        yield* start()
        yield* pass(20)
        assert.deepStrictEqual(yield* data, before)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )
})
