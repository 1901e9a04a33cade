import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { eventually, throughout } from "./world/eventually.ts"
import { install, NAMESPACE } from "./world/install.ts"
import { applyExamples, cluster } from "./world/Journey.ts"
import { owned, stateOf } from "./world/Objects.ts"
import { announce, World, ZONE } from "./world.ts"

const CLUSTERS = Array.from({ length: 100 }, (_, index) => `productionbb${String(index + 1).padStart(3, "0")}`)
/** The ConfigMap, Secret and Deployment of each cluster, and the agent of the datacenter. */
const OBJECTS = 3 * CLUSTERS.length + 1
/** What `allow_prune_share` lets go within an hour, as it is when nobody sets it. */
const SHARE = Math.floor(OBJECTS * 0.3)

const settings = { prune_delay: "2s" }
const options = { excludeTestServices: true, timeout: "25 minutes" } as const

/** Clusters that are renamed one after another. */
const GONE = 40

const isOf = (object: string, cluster: string): boolean => object.endsWith(cluster.replace(/^productionbb0*/, "-bb"))

const retired = (name: string): string => name.replace("production", "retired")

layer(World.layer("mass"), options)("300 objects of one vCenter", (it) => {
  it.effect(
    "lose no more than the share within the hour when all clusters are renamed, one after another and then at once, and exactly what a person approves",
    () =>
      Effect.gen(function* () {
        const { addVCenter, kubernetes, nameServer } = yield* World
        const { launch } = yield* install(settings)
        yield* applyExamples
        const networks = ["br-physnet1", "vm-network"]
        const clusters = CLUSTERS.map(cluster)
        const vcenter = yield* addVCenter({ label: "vc-a-0", datacenter: "QA-DE-1a", networks, clusters })
        yield* announce(nameServer, vcenter)
        yield* launch(["--output", "ndjson"])
        const uids = Effect.map(owned(kubernetes), (objects) =>
          [...objects.values()].map(({ metadata }) => metadata.uid)
        )
        const state = stateOf(kubernetes, vcenter.spec.name)
        yield* eventually(
          "everything is applied",
          Effect.map(state, ({ conditions, objects }) => {
            assert.strictEqual(objects, OBJECTS)
            assert.strictEqual(conditions.get("Ready")?.reason, "Reconciled")
          }),
          { within: "3 minutes" }
        )
        const before = yield* uids
        assert.lengthOf(before, OBJECTS)

        const here = ["--namespace", NAMESPACE, "vcs", vcenter.spec.name]
        const waiting = Effect.map(state, ({ approvals, ...rest }) => {
          const set = approvals?.find(({ reason }) => reason === "Delete")
          assert.isDefined(set)
          assert.strictEqual(set.count, rest.withheld)
          assert.lengthOf(set.objects, Math.min(20, set.count))
          return set
        })
        const approve = (digest: string) =>
          kubernetes.kubectl([
            "patch",
            ...here,
            "--type=merge",
            "--patch",
            JSON.stringify({ spec: { approve: digest } })
          ])

        const withinShare = Effect.map(uids, (all) => {
          assert.isAtLeast(all.length, OBJECTS - SHARE)
          for (const uid of all) assert.include(before, uid)
        })
        const isWithheld = (guard: string, least: number) =>
          Effect.map(state, ({ conditions, withheld }) => {
            assert.strictEqual(conditions.get("PruneWithheld")?.reason, guard)
            assert.isAtLeast(withheld, least)
          })

        for (const name of CLUSTERS.slice(0, GONE)) {
          yield* vcenter.rename("ClusterComputeResource", name, retired(name))
          yield* Effect.sleep("1 second")
          yield* withinShare
        }
        yield* eventually("what is more than the share is withheld", isWithheld("Share", 3 * GONE - SHARE))
        yield* throughout("5 seconds", withinShare)
        const kept = yield* uids
        assert.isBelow(kept.length, OBJECTS)

        // What was approved is a set that has grown since: nothing of it goes.
        // A status is written at most once in ten seconds: what has just become unwanted may not be in the set yet.
        const { digest: old } = yield* eventually("all of it waits", waiting)
        yield* vcenter.rename("ClusterComputeResource", CLUSTERS[GONE] ?? "", retired(CLUSTERS[GONE] ?? ""))
        yield* eventually("one more cluster waits", isWithheld("Share", 3 * (GONE + 1) - SHARE))
        yield* approve(old)
        yield* throughout(
          "5 seconds",
          Effect.map(uids, (all) => assert.deepStrictEqual(all, kept))
        )
        const { digest, count } = yield* eventually("all of it waits", waiting)
        yield* approve(digest)
        const ofOthers = Effect.map(owned(kubernetes), (objects) =>
          [...objects.keys()].filter((name) => !CLUSTERS.slice(0, GONE + 1).some((cluster) => isOf(name, cluster)))
        )
        const others = yield* ofOthers
        yield* eventually(
          "the approved set is gone",
          Effect.map(uids, (all) => assert.lengthOf(all, kept.length - count))
        )
        const left = yield* uids
        assert.deepStrictEqual([...(yield* owned(kubernetes)).keys()], others)
        for (const uid of left) assert.include(kept, uid)

        for (const name of CLUSTERS.slice(GONE + 1))
          yield* vcenter.rename("ClusterComputeResource", name, retired(name))
        yield* eventually("all that is left is withheld", isWithheld("Everything", left.length))
        yield* throughout(
          "10 seconds",
          Effect.map(uids, (all) => assert.deepStrictEqual(all, left))
        )
        const table = yield* kubernetes.kubectl(["get", "vcs", "--namespace", NAMESPACE])
        assert.match(table, new RegExp(`vc-a-0\\.${ZONE} .*PruneWithheldEverything`))
        const everything = yield* eventually("all of it waits", waiting)
        assert.strictEqual(everything.count, left.length)
        yield* approve(everything.digest)
        yield* eventually(
          "all of it is gone",
          Effect.map(uids, (all) => assert.deepStrictEqual(all, []))
        )
      }),
    { timeout: 600_000 }
  )
})
