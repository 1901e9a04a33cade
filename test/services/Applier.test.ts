import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { Fault } from "../../sandbox/cluster/Faults.ts"
import { FIELD_MANAGER } from "../../src/domain/ManagedFields.ts"
import { type Admitted, Applier } from "../../src/services/Applier.ts"
import { applier, apply, applyAll, beginTheEnd, key, manifest, OWNER, podsOf, prune, pruneOne } from "./applying.ts"

const dataOf = (name: string) =>
  Cluster.use(({ object }) => object(key(name))).pipe(
    Effect.map(Option.map(({ data }) => data)),
    Effect.map(Option.getOrUndefined)
  )
const requests = (verb: string) =>
  Effect.map(
    Cluster.use(({ log }) => log),
    (log) => log.filter((asked) => asked.verb === verb).length
  )

/** Runs to its end, however long that takes. */
const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>, seconds = 60) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let n = 0; n < seconds * 4; n++) yield* TestClock.adjust("250 millis")
    return yield* Fiber.join(fiber)
  })

describe("Applier.apply", () => {
  it.effect("creates what is not there, under the operator's field manager, and tells its UID", () =>
    Effect.gen(function* () {
      const [outcome] = yield* applyAll(apply(manifest("a")))
      const object = Option.getOrThrow(yield* Cluster.use((cluster) => cluster.object(key("a"))))
      assert.deepInclude(outcome, { _tag: "Applied", uid: `${object.metadata.uid}`, created: true })
      assert.include(JSON.stringify(object.metadata.managedFields), FIELD_MANAGER)
    }).pipe(Effect.provide(applier()))
  )

  it.effect("changes what is its own, taking fields from other writers", () =>
    Effect.gen(function* () {
      yield* applyAll(apply(manifest("a", { data: { is: "old" } })))
      const { edit } = yield* Cluster
      yield* edit(key("a"), (object) => ({ ...object, data: { is: "meddled with" } }))
      yield* TestClock.adjust("3 seconds")
      const [outcome] = yield* applyAll(apply(manifest("a"), "old"))
      assert.deepInclude(outcome, { _tag: "Applied", created: false })
      assert.deepStrictEqual(yield* dataOf("a"), { is: "new" })
    }).pipe(Effect.provide(applier()))
  )

  it.effect("asks for the owners once for each kind and namespace, however many objects there are", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 20 }, (_, n) => `a${n}`)
      yield* applyAll(...names.map((name) => apply(manifest(name))), apply(manifest("d", podsOf("i"), "Deployment")))
      assert.strictEqual(yield* requests("list"), 2)
      assert.strictEqual(yield* requests("get"), 0)
    }).pipe(Effect.provide(applier()))
  )

  const FAILURES: ReadonlyArray<{
    readonly what: string
    readonly fault: Fault
    readonly tries: number
    readonly outcome: object
    readonly exists: boolean
  }> = [
    {
      what: "a refusal is not tried again",
      fault: { reason: "Rejected", times: 9 },
      tries: 1,
      outcome: { _tag: "ApplyFailed", answered: true, transient: false },
      exists: false
    },
    {
      what: "a missing permission is not tried again",
      fault: { reason: "Forbidden", times: 9 },
      tries: 1,
      outcome: { _tag: "ApplyFailed", answered: true, transient: false },
      exists: false
    },
    {
      what: "a conflict is left to the next run",
      fault: { reason: "Conflict", times: 9 },
      tries: 1,
      outcome: { _tag: "ApplyFailed", answered: true, transient: true },
      exists: false
    },
    {
      what: "what passes by itself is tried again",
      fault: { reason: "ServerError" },
      tries: 2,
      outcome: { _tag: "Applied" },
      exists: true
    },
    {
      what: "what lasts is given up after three tries",
      fault: { reason: "Unreachable", times: 9 },
      tries: 3,
      outcome: { _tag: "ApplyFailed", answered: false, transient: true },
      exists: false
    },
    {
      what: "no answer before the effect: it may exist",
      fault: { reason: "Timeout", times: 9 },
      tries: 3,
      outcome: { _tag: "ApplyFailed", answered: false, transient: true },
      exists: false
    },
    {
      what: "no answer after the effect: it does exist",
      fault: { reason: "Timeout", times: 9, afterEffect: true },
      tries: 3,
      outcome: { _tag: "ApplyFailed", answered: false, transient: true },
      exists: true
    },
    {
      what: "an answer lost once is made up for",
      fault: { reason: "Timeout", afterEffect: true },
      tries: 2,
      outcome: { _tag: "Applied" },
      exists: true
    }
  ]

  it.effect.each(FAILURES)("$what", ({ fault, tries, outcome, exists }) =>
    Effect.gen(function* () {
      const { failNext } = yield* Cluster
      yield* failNext({ verb: "apply", ...fault })
      const [found] = yield* inTime(applyAll(apply(manifest("a"))))
      assert.deepInclude(found, outcome)
      assert.strictEqual(yield* requests("apply"), tries)
      assert.strictEqual((yield* dataOf("a")) !== undefined, exists)
    }).pipe(Effect.provide(applier()))
  )

  it.effect("waits as long as the server asks, but half a minute at most", () =>
    Effect.gen(function* () {
      const { failNext } = yield* Cluster
      yield* failNext({ verb: "apply", reason: "TooManyRequests", retryAfter: 10 })
      yield* failNext({ verb: "apply", reason: "TooManyRequests", retryAfter: 3600 })
      const fiber = yield* Effect.forkChild(applyAll(apply(manifest("a"))))
      yield* TestClock.adjust("9500 millis")
      assert.strictEqual(yield* requests("apply"), 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* requests("apply"), 2)
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(yield* requests("apply"), 2)
      yield* TestClock.adjust("1 second")
      const [outcome] = yield* Fiber.join(fiber)
      assert.strictEqual(outcome?._tag, "Applied")
    }).pipe(Effect.provide(applier()))
  )

  it.effect("fails one object without the others", () =>
    Effect.gen(function* () {
      const { failNext } = yield* Cluster
      yield* failNext({ verb: "apply", name: "b", reason: "Rejected" })
      const outcomes = yield* applyAll(...["a", "b", "c"].map((name) => apply(manifest(name))))
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["Applied", "ApplyFailed", "Applied"]
      )
    }).pipe(Effect.provide(applier()))
  )

  it.effect("has at most thirty-two writes under way", () =>
    Effect.gen(function* () {
      const { latency } = yield* Cluster
      const { admitted } = yield* forty
      yield* latency("1 second")
      const fiber = yield* Effect.forkChild(perform(admitted))
      yield* TestClock.adjust("500 millis")
      assert.strictEqual(yield* requests("apply"), 32)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* requests("apply"), 40)
      yield* TestClock.adjust("5 seconds")
      assert.lengthOf(yield* Fiber.join(fiber), 40)
    }).pipe(Effect.provide(applier()))
  )
})

describe("Applier, when the process is asked to end", () => {
  it.effect("lets the requests under way finish and begins none of those that waited for their turn", () =>
    Effect.gen(function* () {
      const { latency } = yield* Cluster
      const { admitted } = yield* forty
      yield* latency("5 seconds")
      const fiber = yield* Effect.forkChild(perform(admitted))
      yield* TestClock.adjust("1 second")
      yield* beginTheEnd
      yield* TestClock.adjust("5 seconds")
      const outcomes = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        Map.groupBy(outcomes, ({ _tag }) => _tag)
          .entries()
          .map(([tag, all]) => [tag, all.length])
          .toArray(),
        [
          ["Applied", 32],
          ["NotAttempted", 8]
        ]
      )
      assert.strictEqual(yield* requests("apply"), 32)
    }).pipe(Effect.provide(applier()))
  )

  it.effect("gives up after seven seconds what is not answered: it may exist", () =>
    Effect.gen(function* () {
      const { latency } = yield* Cluster
      const { admitted } = yield* forty
      yield* latency("1 hour")
      const fiber = yield* Effect.forkChild(perform(admitted))
      yield* TestClock.adjust("1 second")
      yield* beginTheEnd
      yield* TestClock.adjust("6900 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("200 millis")
      const outcomes = yield* Fiber.join(fiber)
      assert.strictEqual(outcomes.filter(({ _tag }) => _tag === "ApplyFailed").length, 32)
      assert.isTrue(outcomes.every((outcome) => outcome._tag !== "ApplyFailed" || !outcome.answered))
    }).pipe(Effect.provide(applier()))
  )

  it.effect("attempts nothing any more, neither applies nor deletes", () =>
    Effect.gen(function* () {
      const { admitted } = yield* forty
      const { clearLog, log } = yield* Cluster
      yield* clearLog
      yield* beginTheEnd
      const outcomes = [...(yield* perform(admitted.slice(0, 1))), yield* pruneOne(prune("a0"))]
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["NotAttempted", "NotAttempted"]
      )
      assert.deepStrictEqual(yield* log, [])
    }).pipe(Effect.provide(applier()))
  )
})

const forty = Applier.use((each) =>
  each.admit(
    OWNER,
    Array.from({ length: 40 }, (_, n) => apply(manifest(`a${n}`)))
  )
)
const perform = (admitted: ReadonlyArray<Admitted>) =>
  Applier.use((each) => Effect.forEach(admitted, (one) => each.apply(OWNER, one), { concurrency: "unbounded" }))
