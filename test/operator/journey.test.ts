import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FIELD_MANAGER } from "../../src/domain/ManagedFields.ts"
import { configMap, key, withTemplate } from "./fixtures.ts"
import { addCluster, all, inWorld, pass, settled, until } from "./harness.ts"
import {
  applied,
  changedSince,
  condition,
  conditions,
  object,
  objectWrites,
  recorded,
  status,
  templateStatus,
  versions,
  writes
} from "./looks.ts"

const OF_A = [
  "ConfigMap/config-bb91",
  "ConfigMap/config-bb92",
  "ConfigMap/zone-qa-de-1a",
  "Deployment/agent-bb91",
  "Deployment/agent-bb92",
  "Secret/login-bb91",
  "Secret/login-bb92"
]
const OF_B = ["ConfigMap/config-bb201", "ConfigMap/zone-qa-de-1b", "Deployment/agent-bb201", "Secret/login-bb201"]
const WELL = [
  "Discovered=True InZone",
  "Connected=True Connected",
  "Rendered=True Rendered",
  "Applied=True Applied",
  "PruneWithheld=False NothingWithheld",
  "Ready=True Reconciled"
]

describe("operator", () => {
  it.effect("applies, marks and records what the templates render for each vCenter", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        assert.deepStrictEqual(yield* applied, [...OF_A, ...OF_B].sort())
        assert.deepStrictEqual(yield* recorded("vc-a-0"), OF_A)
        assert.deepStrictEqual(yield* recorded("vc-b-0"), OF_B)
        const { metadata } = yield* object(key("Deployment", "agent-bb91"))
        assert.include(JSON.stringify(metadata.managedFields), `"manager":"${FIELD_MANAGER}","operation":"Apply"`)
        assert.deepStrictEqual(yield* conditions("vc-a-0"), WELL)
        assert.deepStrictEqual(yield* conditions("vc-b-0"), WELL)
        const { clusters, objects, withheld, problems } = yield* status("vc-a-0")
        assert.deepStrictEqual(
          { clusters, objects, withheld, problems },
          { clusters: 2, objects: 7, withheld: 0, problems: [] }
        )
        assert.deepStrictEqual(yield* templateStatus("agent"), { observedGeneration: 1, objects: 3, vcenters: 2 })
        assert.deepStrictEqual(yield* templateStatus("zone"), { observedGeneration: 1, objects: 2, vcenters: 2 })
      })
    )
  )

  it.effect("records what it is about to apply before it applies the first object, and what came of it once", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        yield* settled(yield* start())
        const ofB = (yield* writes).filter((write) => /vc-b-0|201|1b/.test(write))
        assert.deepStrictEqual(ofB, [
          "create VCenterState/vc-b-0.cc.qa-de-1.cloud.sap",
          "update status VCenterState/vc-b-0.cc.qa-de-1.cloud.sap",
          "apply Secret/login-bb201",
          "apply ConfigMap/config-bb201",
          "apply ConfigMap/zone-qa-de-1b",
          "apply Deployment/agent-bb201",
          "update status VCenterState/vc-b-0.cc.qa-de-1.cloud.sap"
        ])
      })
    )
  )

  it.effect("writes nothing at all after a restart with nothing changed, nor in the half hour after it", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        yield* first.stop
        yield* cluster.clearLog
        const before = yield* versions
        const second = yield* start()
        yield* settled(second)
        yield* pass(1800)
        assert.deepStrictEqual(yield* writes, [])
        assert.deepStrictEqual(yield* changedSince(before), [])
      })
    )
  )

  it.effect("applies the objects of a cluster that appears within a second, and touches nothing else", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.clearLog
        addCluster(a, "productionbb093")
        const seconds = yield* until(
          "it is there",
          Effect.map(applied, (names) => names.includes("Deployment/agent-bb93"))
        )
        assert.isBelow(seconds, 1)
        yield* pass(5)
        assert.deepStrictEqual(yield* objectWrites, [
          "apply Secret/login-bb93",
          "apply ConfigMap/config-bb93",
          "apply Deployment/agent-bb93"
        ])
        assert.strictEqual((yield* status("vc-a-0")).clusters, 3)
        assert.strictEqual((yield* templateStatus("agent")).objects, 4)
      })
    )
  )

  it.effect("deletes the objects of a cluster that was renamed away after prune_delay, the last applied first", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.clearLog
        a.rename("productionbb092", "retiredbb092")
        yield* pass(8)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "PruneDelay")
        assert.deepStrictEqual(all(operator, "Withheld").at(-1)?.guard, "PruneDelay")
        const seconds = yield* until(
          "it is gone",
          Effect.map(applied, (names) => !names.includes("Secret/login-bb92"))
        )
        assert.isAtMost(8 + seconds, 12)
        yield* pass(15)
        assert.deepStrictEqual(yield* objectWrites, [
          "delete Deployment/agent-bb92",
          "delete ConfigMap/config-bb92",
          "delete Secret/login-bb92"
        ])
        assert.deepStrictEqual(
          yield* recorded("vc-a-0"),
          OF_A.filter((name) => !name.endsWith("bb92"))
        )
        assert.deepStrictEqual(yield* conditions("vc-a-0"), WELL)
      })
    )
  )

  it.effect("deletes nothing of a cluster that is back within prune_delay, and counts anew when it goes again", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.clearLog
        a.rename("productionbb092", "retiredbb092")
        yield* pass(8)
        a.rename("retiredbb092", "productionbb092")
        yield* pass(2)
        a.rename("productionbb092", "retiredbb092")
        yield* pass(8)
        assert.deepStrictEqual(yield* objectWrites, [])
        a.rename("retiredbb092", "productionbb092")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.deepStrictEqual(yield* conditions("vc-a-0"), WELL)
      })
    )
  )

  it.effect("deletes nothing of a cluster that was only hidden from it, however long", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.clearLog
        a.hide("productionbb092")
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Unconfirmed")
        assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.status, "False")
        a.show("productionbb092")
        yield* pass(20)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.deepStrictEqual(yield* conditions("vc-a-0"), WELL)
      })
    )
  )

  it.effect(
    "leaves the objects of a cluster as they are whose properties it may not read, and deletes nothing meanwhile",
    () =>
      inWorld(({ a, cluster, start }) =>
        Effect.gen(function* () {
          const operator = yield* start()
          yield* settled(operator)
          yield* cluster.clearLog
          a.hideProperty("productionbb091", "datastore")
          a.remove("productionbb092")
          // It has been heard of before the template changes: a change is applied to what is known.
          yield* pass(1)
          yield* cluster.edit(
            key("VCenterTemplate", "login"),
            withTemplate(configMap("login-{{ name }}", { now: "a map" }))
          )
          yield* pass(600)
          assert.deepStrictEqual(yield* objectWrites, ["apply ConfigMap/login-bb201", "delete Secret/login-bb201"])
          assert.strictEqual((yield* condition("vc-a-0", "Connected"))?.reason, "Partial")
          a.showProperty("productionbb091", "datastore")
          yield* pass(60)
          assert.includeMembers(yield* objectWrites, ["apply ConfigMap/login-bb91", "delete Deployment/agent-bb92"])
          assert.deepStrictEqual(yield* conditions("vc-a-0"), WELL)
        })
      )
  )

  it.effect("goes on from what was recorded: a cluster that left while it was down goes after prune_delay", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        yield* first.stop
        a.remove("productionbb092")
        yield* settled(yield* start())
        assert.deepStrictEqual(yield* applied, [...OF_A, ...OF_B].sort())
        yield* pass(20)
        assert.deepStrictEqual(
          yield* recorded("vc-a-0"),
          OF_A.filter((name) => !name.endsWith("bb92"))
        )
      })
    )
  )
})
