import { Effect } from "effect"
import { install, NAMESPACE } from "../../test/e2e/world/install.ts"
import { announce, World } from "../../test/e2e/world.ts"
import { OBJECTS_PER_CLUSTER, templates } from "./templates.ts"

const VCENTERS = 20
export const CLUSTERS = 16
const NETWORKS = ["br-physnet1", "vm-network-1", "vm-network-2", "vm-network-3"]

export const OBJECTS = VCENTERS * CLUSTERS * OBJECTS_PER_CLUSTER
export const SIZE = `${VCENTERS} vCenters × ${CLUSTERS} clusters × ${OBJECTS_PER_CLUSTER} objects`

/** A cluster with three datastores and the networks of its datacenter. */
export const clusterOf = (vcenter: number, index: number) => {
  const name = `productionbb${vcenter * 100 + index + 1}`
  return { name, datastores: [0, 1, 2].map((store) => `eph_${name}_${store}`), networks: NETWORKS }
}

/** The vCenters of a large region, announced, and the operator installed but not started. */
export const region = Effect.gen(function* () {
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

export type VCenters = Effect.Success<typeof region>["vcenters"]
