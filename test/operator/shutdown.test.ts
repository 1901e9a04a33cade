import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { KIND } from "../../src/domain/VCenterState.ts"
import { addCluster, all, inWorld, pass, settled, succeeded } from "./harness.ts"
import { applied, condition, conditions, objectWrites, recorded, status, writes } from "./looks.ts"

/** Seconds in which the process must be gone. */
const LIMIT = 10

describe("operator, asked to end", () => {
  it.effect("logs out of every vCenter and ends well", () =>
    inWorld(({ a, b, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        assert.isBelow(yield* operator.stop, 1)
        assert.isTrue(succeeded(operator.exit()))
        assert.deepStrictEqual([a.openSessions, b.openSessions], [0, 0])
      })
    )
  )

  it.effect("finishes the requests under way, begins no further step, and records what happened", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.clearLog
        yield* cluster.latency("1 second")
        addCluster(a, "productionbb093")
        // The record takes a second, then the first object, the Secret, is under way.
        while (!(yield* writes).includes("apply Secret/login-bb93")) yield* pass(0.25)
        assert.isAtMost(yield* operator.stop, LIMIT)
        assert.isTrue(succeeded(operator.exit()))
        assert.deepStrictEqual(yield* objectWrites, ["apply Secret/login-bb93"])
        assert.deepStrictEqual(
          (yield* recorded("vc-a-0")).filter((name) => name.includes("bb93")),
          ["Secret/login-bb93"]
        )
        assert.strictEqual((yield* condition("vc-a-0", "Applied"))?.reason, "NotAttempted")
        assert.lengthOf(
          all(operator, "Outcome").filter(({ outcome }) => outcome === "not attempted"),
          2
        )
        yield* cluster.latency(0)
        yield* settled(yield* start())
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("keeps recorded what it was deleting", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.clearLog
        yield* cluster.latency("1 second")
        a.remove("productionbb092")
        while (!(yield* writes).some((write) => write.startsWith("delete"))) yield* pass(0.25)
        yield* operator.stop
        assert.deepStrictEqual(yield* objectWrites, ["delete Deployment/agent-bb92"])
        assert.deepStrictEqual(
          (yield* recorded("vc-a-0")).filter((name) => name.includes("bb92")),
          ["ConfigMap/config-bb92", "Secret/login-bb92"]
        )
        assert.deepStrictEqual(
          (yield* applied).filter((name) => name.includes("bb92")),
          ["ConfigMap/config-bb92", "Secret/login-bb92"]
        )
      })
    )
  )

  it.effect.each([
    { verb: "get", kind: KIND },
    { verb: "list", kind: "Deployment" },
    { verb: "create", kind: KIND },
    { verb: "update status", kind: KIND },
    { verb: "apply", kind: "Secret" },
    { verb: "apply", kind: "Deployment" },
    { verb: "update status", kind: TEMPLATE_KIND }
  ] as const)("ends within ten seconds when $verb $kind is not answered, and loses nothing", ({ verb, kind }) =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.latency("2 seconds")
        const operator = yield* start()
        while (!(yield* cluster.log).some((asked) => asked.verb === verb && asked.kind === kind)) yield* pass(0.25)
        yield* cluster.latency("1 hour")
        yield* pass(3)
        assert.isAtMost(yield* operator.stop, LIMIT)
        assert.isTrue(succeeded(operator.exit()))
        yield* cluster.latency(0)
        yield* settled(yield* start())
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        assert.lengthOf(yield* recorded("vc-a-0"), 7)
      })
    )
  )

  it.effect("ends within ten seconds when a vCenter does not answer, not even to the logout", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        a.hang()
        assert.isAtMost(yield* operator.stop, LIMIT)
        assert.isTrue(succeeded(operator.exit()))
      })
    )
  )

  it.effect(
    "ends within ten seconds when a vCenter does not answer whether a cluster is gone, and deletes nothing",
    () =>
      inWorld(({ a, cluster, start }) =>
        Effect.gen(function* () {
          const operator = yield* start()
          yield* settled(operator)
          yield* cluster.clearLog
          a.remove("productionbb092")
          yield* pass(5)
          a.hang("RetrievePropertiesEx")
          yield* pass(8)
          assert.isAtMost(yield* operator.stop, LIMIT)
          assert.deepStrictEqual(yield* objectWrites, [])
          assert.strictEqual((yield* status("vc-a-0")).objects, 7)
        })
      )
  )

  it.effect("ends at once while it waits for its Secret, for a vCenter, or for the API", () =>
    inWorld(({ a, b, cluster, start }) =>
      Effect.gen(function* () {
        a.hang()
        b.disconnect()
        const waiting = yield* start()
        yield* pass(5)
        assert.isAtMost(yield* waiting.stop, 3)
        yield* cluster.disconnect
        const cut = yield* start()
        yield* pass(5)
        assert.isAtMost(yield* cut.stop, 1)
      })
    )
  )
})
