import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Queue, Schedule, Stream } from "effect"
import { TestClock } from "effect/testing"
import { mergeKeyed } from "../../src/streams/mergeKeyed.ts"
import { due } from "./time.ts"

const set = (...keys: ReadonlyArray<string>): ReadonlySet<string> => new Set(keys)
const forever = <A>(...elements: ReadonlyArray<A>) => Stream.concat(Stream.fromIterable(elements), Stream.never)
const ticks = (key: string) => Stream.fromEffectSchedule(Effect.succeed(key), Schedule.spaced("10 seconds"))

/** Runs the merge over sets that are given one by one, and keeps what it emits. */
const merge = Effect.fnUntraced(function* <A>(inner: (key: string) => Stream.Stream<A>) {
  const sets = yield* Queue.unbounded<ReadonlySet<string>>()
  const seen: Array<A> = []
  const fiber = yield* mergeKeyed(Stream.fromQueue(sets), inner).pipe(
    Stream.runForEach((element) => Effect.sync(() => void seen.push(element))),
    Effect.forkChild({ startImmediately: true })
  )
  const now = (...keys: ReadonlyArray<string>) => Effect.andThen(Queue.offer(sets, set(...keys)), due)
  return { seen, fiber, now }
})

/** Inner streams that never emit, and the keys of those that run. */
const running = () => {
  const keys = new Set<string>()
  const starts: Array<string> = []
  const start = (key: string) =>
    Effect.sync(() => {
      starts.push(key)
      keys.add(key)
    })
  const inner = (key: string) =>
    Stream.unwrap(
      Effect.as(
        Effect.acquireRelease(start(key), () => Effect.sync(() => keys.delete(key))),
        Stream.never
      )
    )
  return { keys, starts, inner }
}

describe("mergeKeyed", () => {
  it.effect("merges what the inner streams emit", () =>
    Effect.gen(function* () {
      const { seen, now } = yield* merge(ticks)
      yield* now("a", "b")
      yield* TestClock.adjust("15 seconds")
      yield* now("b")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(seen.toSorted(), ["a", "a", "b", "b", "b"])
    })
  )

  it.effect("runs one inner stream per key, and leaves those that stay alone", () =>
    Effect.gen(function* () {
      const { starts, keys, inner } = running()
      const { now } = yield* merge(inner)
      yield* now("a", "b")
      yield* now("b", "c")
      yield* now("b", "c")
      assert.deepStrictEqual(starts, ["a", "b", "c"])
      assert.deepStrictEqual(keys, new Set(["b", "c"]))
    })
  )

  it.effect("ends every inner stream whose key has left, however many leave at once", () =>
    Effect.gen(function* () {
      const { keys, inner } = running()
      const { now } = yield* merge(inner)
      yield* now(...Array.from({ length: 100 }, (_, index) => `vc-${index}`))
      assert.strictEqual(keys.size, 100)
      yield* now("vc-50")
      assert.deepStrictEqual(keys, new Set(["vc-50"]))
      yield* now()
      assert.deepStrictEqual(keys, new Set())
    })
  )

  it.effect("starts a key that comes back anew", () =>
    Effect.gen(function* () {
      const { starts, inner } = running()
      const { now } = yield* merge(inner)
      yield* now("a")
      yield* now()
      yield* now("a")
      assert.deepStrictEqual(starts, ["a", "a"])
    })
  )

  it.effect("lets a slow inner stream delay no other", () =>
    Effect.gen(function* () {
      const { seen, now } = yield* merge((key) => (key === "slow" ? Stream.never : ticks(key)))
      yield* now("slow", "a")
      yield* TestClock.adjust("20 seconds")
      yield* now("slow", "a", "b")
      assert.deepStrictEqual(seen, ["a", "a", "a", "b"])
    })
  )

  it.effect("goes on with the inner streams when no more sets come", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      yield* mergeKeyed(Stream.make(set("a")), ticks).pipe(
        Stream.runForEach((element) => Effect.sync(() => void seen.push(element))),
        Effect.forkChild({ startImmediately: true })
      )
      yield* TestClock.adjust("20 seconds")
      assert.deepStrictEqual(seen, ["a", "a", "a"])
    })
  )

  it.effect("goes on with the others when an inner stream has ended", () =>
    Effect.gen(function* () {
      const { seen, fiber, now } = yield* merge((key) => (key === "short" ? Stream.make(key) : ticks(key)))
      yield* now("short", "a")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(seen.toSorted(), ["a", "a", "short"])
      assert.isUndefined(fiber.pollUnsafe())
    })
  )

  it.effect("fails as an inner stream fails, by its type", () =>
    Effect.gen(function* () {
      const inner = (key: string) => (key === "b" ? Stream.fail("broken" as const) : Stream.never)
      const error = yield* mergeKeyed(forever(set("a", "b")), inner).pipe(Stream.runDrain, Effect.flip)
      assert.strictEqual(error, "broken")
    })
  )

  it.effect("fails as the sets fail, and ends the inner streams", () =>
    Effect.gen(function* () {
      const { keys, inner } = running()
      const sets = Stream.concat(Stream.make(set("a")), Stream.fail("broken" as const))
      assert.strictEqual(yield* mergeKeyed(sets, inner).pipe(Stream.runDrain, Effect.flip), "broken")
      assert.deepStrictEqual(keys, new Set())
    })
  )

  it.effect("dies with an inner stream: nothing dies unseen", () =>
    Effect.gen(function* () {
      const exit = yield* mergeKeyed(forever(set("a")), () => Stream.die("a mistake")).pipe(
        Stream.runDrain,
        Effect.exit
      )
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    })
  )

  it.effect("dies with an inner stream also when no more sets come", () =>
    Effect.gen(function* () {
      const inner = () => Stream.fromEffect(Effect.andThen(Effect.sleep("10 seconds"), Effect.die("a mistake")))
      const merged = yield* mergeKeyed(Stream.make(set("a")), inner).pipe(
        Stream.runDrain,
        Effect.exit,
        Effect.forkChild({ startImmediately: true })
      )
      yield* due
      yield* TestClock.adjust("10 seconds")
      const exit = yield* Fiber.join(merged)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    })
  )

  it.effect("ends every inner stream, finalizers included, before it is over itself", () =>
    Effect.gen(function* () {
      const finished = yield* Deferred.make<void>()
      const inner = () =>
        Stream.never.pipe(
          Stream.ensuring(Effect.andThen(Effect.sleep("5 seconds"), Deferred.succeed(finished, undefined)))
        )
      const { fiber, now } = yield* merge(inner)
      yield* now("a")
      const ended = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* TestClock.adjust("4 seconds")
      assert.isUndefined(ended.pollUnsafe())
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(ended)
      assert.isTrue(yield* Deferred.isDone(finished))
    })
  )
})
