import { readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { NodeRuntime } from "@effect/platform-node"
import { Clock, Console, Effect } from "effect"
import { eventually } from "../test/e2e/world/eventually.ts"
import { install, NAMESPACE } from "../test/e2e/world/install.ts"
import type { Operator } from "../test/e2e/world/Operator.ts"
import { announce, World } from "../test/e2e/world.ts"
import { appliesSince, rawRate } from "./bench/raw.ts"
import { OBJECTS_PER_CLUSTER, templates } from "./bench/templates.ts"

const VCENTERS = 20
const CLUSTERS = 16
const CHANGES = 20
const NETWORKS = ["br-physnet1", "vm-network-1", "vm-network-2", "vm-network-3"]
const OBJECTS = VCENTERS * CLUSTERS * OBJECTS_PER_CLUSTER

/** One line of the table. */
interface Row {
  readonly what: string
  readonly measured: string
  readonly wanted: string
}

const clusterOf = (vcenter: number, index: number) => {
  const name = `productionbb${vcenter * 100 + index + 1}`
  return { name, datastores: [0, 1, 2].map((store) => `eph_${name}_${store}`), networks: NETWORKS }
}

const build = Effect.gen(function* () {
  const { addVCenter, kubernetes, nameServer } = yield* World
  const { launch } = yield* install()
  yield* kubernetes.kubectl(["apply", "--namespace", NAMESPACE, "-f", "-"], templates)
  const vcenters = yield* Effect.forEach(Array.from({ length: VCENTERS }), (_, index) =>
    addVCenter({
      label: `vc-a-${index}`,
      datacenter: `QA-DE-1${String.fromCharCode(97 + (index % 4))}`,
      networks: NETWORKS,
      clusters: Array.from({ length: CLUSTERS }, (_, cluster) => clusterOf(index + 1, cluster))
    })
  )
  yield* announce(nameServer, ...vcenters)
  return { launch, vcenters }
})

const memory = ({ pid }: Operator, field: "VmRSS" | "VmHWM"): number => {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))
  return Number(line?.[1] ?? Number.NaN) / 1024
}

/** How long it takes from a new cluster to its Deployment, once for each change. */
const latencies = Effect.fnUntraced(function* (vcenters: Effect.Success<typeof build>["vcenters"]) {
  const { kubernetes } = yield* World
  const took: Array<number> = []
  for (let change = 0; change < CHANGES; change += 1) {
    const vcenter = vcenters[change % vcenters.length]
    if (vcenter === undefined) break
    const cluster = clusterOf((change % vcenters.length) + 1, CLUSTERS + change)
    const name = `bench-b-${cluster.name.replace("production", "")}`
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`
    const before = yield* Clock.currentTimeMillis
    yield* vcenter.addCluster(cluster)
    const there = Effect.flatMap(kubernetes.api.ask({ method: "GET", path }), ({ status }) =>
      status === 200 ? Effect.void : Effect.fail(new Error(`${name}: ${status}`))
    )
    yield* eventually(`${name} is there`, there, { every: "20 millis" })
    took.push((yield* Clock.currentTimeMillis) - before)
  }
  return took.sort((a, b) => a - b)
})

const percentile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN

const table = (rows: ReadonlyArray<Row>): string =>
  ["| what | measured | wanted |", "| --- | --- | --- |"]
    .concat(rows.map(({ what, measured, wanted }) => `| ${what} | ${measured} | ${wanted} |`))
    .join("\n")

const say = (text: string) => Console.error(`bench: ${text}`)

const bench = Effect.gen(function* () {
  yield* say(`starting the servers and ${VCENTERS} vCenters with ${CLUSTERS} clusters each`)
  const { launch, vcenters } = yield* build
  yield* say(`applying ${OBJECTS} objects`)
  const { kubernetes } = yield* World
  const since = yield* kubernetes.mark
  const start = yield* Clock.currentTimeMillis
  const operator = yield* launch(["--output", "ndjson"])
  const complete = Effect.flatMap(appliesSince(since), (applies) =>
    applies.length >= OBJECTS ? Effect.succeed(applies) : Effect.fail(new Error(`${applies.length} of ${OBJECTS}`))
  )
  const applies = yield* eventually("every object is applied", complete, { within: "10 minutes", every: "500 millis" })
  const [first = Number.NaN, last = Number.NaN] = [applies.at(0), applies.at(-1)]
  const rate = (OBJECTS / (last - first)) * 1000
  yield* Effect.sleep("15 seconds")
  const resident = memory(operator, "VmRSS")
  yield* say(`${CHANGES} changes, one after the other`)
  const took = yield* latencies(vcenters)
  const peak = memory(operator, "VmHWM")
  yield* operator.terminate
  yield* say("the same objects from a bare client, 32 at a time")
  const raw = yield* rawRate
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
  yield* Console.log(
    table([
      { what: "objects applied", measured: `${OBJECTS}`, wanted: `${OBJECTS}` },
      { what: "start of the process to the last apply", measured: seconds(last - start), wanted: "–" },
      { what: "applies, first to last", measured: `${rate.toFixed(0)}/s`, wanted: "–" },
      { what: "a bare client, 32 PATCHes at a time", measured: `${raw.toFixed(0)}/s`, wanted: "–" },
      { what: "share of the bare client's rate", measured: (rate / raw).toFixed(2), wanted: "≥ 0.6" },
      { what: "resident memory at rest after that", measured: `${resident.toFixed(0)} MiB`, wanted: "≤ 250 MiB" },
      { what: "resident memory, peak", measured: `${peak.toFixed(0)} MiB`, wanted: "≤ 250 MiB" },
      { what: "new cluster to its Deployment, median", measured: seconds(percentile(took, 0.5)), wanted: "–" },
      { what: "… 95th percentile", measured: seconds(percentile(took, 0.95)), wanted: "< 2 s" },
      { what: "… slowest", measured: seconds(percentile(took, 1)), wanted: "–" }
    ])
  )
  yield* Console.log(
    `\n${VCENTERS} vCenters × ${CLUSTERS} clusters × ${OBJECTS_PER_CLUSTER} objects, ${CHANGES} changes; Node ${process.versions.node}, ${availableParallelism()} cores shared with the servers.`
  )
})

NodeRuntime.runMain(Effect.scoped(bench).pipe(Effect.provide(World.layer("bench"))))
