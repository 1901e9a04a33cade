import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { eventually } from "./world/eventually.ts"
import { install } from "./world/install.ts"
import { applyExamples } from "./world/Journey.ts"
import { owned } from "./world/Objects.ts"
import { announce, World } from "./world.ts"

const CLUSTERS = 16
const DATASTORES = 3
const NETWORKS = ["br-physnet1", ...Array.from({ length: 59 }, (_, index) => `vm-network-${index}`)]

const clusters = Array.from({ length: CLUSTERS }, (_, index) => ({
  name: `productionbb${String(index + 1).padStart(3, "0")}`,
  datastores: Array.from({ length: DATASTORES }, (_, datastore) => `eph_bb${index + 1}_${datastore}`),
  networks: NETWORKS
}))

const options = { excludeTestServices: true, timeout: "25 minutes" } as const

layer(World.layer("soap-calls"), options)("a vCenter of 16 clusters, 48 datastores and 60 port groups", (it) => {
  it.effect(
    "is asked at most ten times until its inventory is known, and at most three times a minute from then on",
    () =>
      Effect.gen(function* () {
        const { addVCenter, kubernetes, nameServer } = yield* World
        const { launch } = yield* install()
        yield* applyExamples
        const vcenter = yield* addVCenter({ label: "vc-a-0", datacenter: "QA-DE-1a", networks: NETWORKS, clusters })
        yield* announce(nameServer, vcenter)
        yield* launch(["--output", "ndjson"])
        yield* eventually(
          "the objects of all clusters are there",
          Effect.map(owned(kubernetes), (objects) => assert.strictEqual(objects.size, 3 * CLUSTERS + 1))
        )
        const first = yield* vcenter.calls
        assert.isAtMost(first.total, 10, JSON.stringify(first.byMethod))
        assert.strictEqual(first.byMethod.Login, 1)
        yield* vcenter.resetCalls
        yield* Effect.sleep("1 minute")
        const idle = yield* vcenter.calls
        assert.isAtMost(idle.total, 3, JSON.stringify(idle.byMethod))
        assert.strictEqual(idle.sessions, 1)
      })
  )
})
