import { Clock, Effect } from "effect"
import { eventually } from "../../test/e2e/world/eventually.ts"
import { NAMESPACE } from "../../test/e2e/world/install.ts"
import { World } from "../../test/e2e/world.ts"
import { CLUSTERS, clusterOf, type VCenters } from "./region.ts"

export const CHANGES = 20

/** Milliseconds from a new cluster to its Deployment, once for each change; sorted. */
export const latencies = Effect.fnUntraced(function* (vcenters: VCenters) {
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
