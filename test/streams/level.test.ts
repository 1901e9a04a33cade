import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Duration, Effect, Exit, Fiber, Option, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { level } from "../../src/streams/level.ts"
import { due } from "./time.ts"

const SECOND = Duration.seconds(1)
const NEVER_AGAIN = Option.none<Duration.Duration>()

/** A level over a queue; each look takes `takes` and answers `again`. What happens is written down with its second. */
const world = Effect.fnUntraced(function* (
  takes: Duration.Duration,
  again: (looks: number) => Option.Option<Duration.Duration> = () => NEVER_AGAIN
) {
  const seen: Array<string> = []
  const elements = yield* Queue.unbounded<string, Cause.Done | "broken">()
  let looks = 0
  const note = (text: string) =>
    Effect.map(Clock.currentTimeMillis, (millis) => {
      seen.push(`${millis / 1000}: ${text}`)
    })
  const look = (element: string) =>
    note(`looks at ${element}`).pipe(
      Effect.andThen(Effect.sleep(takes)),
      Effect.andThen(note(`has seen ${element}`)),
      Effect.map(() => again(++looks))
    )
  const fiber = yield* Effect.forkChild(level(Stream.fromQueue(elements), look), { startImmediately: true })
  const offer = (element: string) => Effect.andThen(Queue.offer(elements, element), due)
  return { seen, elements, fiber, offer }
})

describe("level", () => {
  it.effect("looks at an element as soon as it arrives, and at nothing before", () =>
    Effect.gen(function* () {
      const { seen, offer } = yield* world(Duration.zero)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(seen, [])
      yield* offer("a")
      assert.deepStrictEqual(seen, ["3600: looks at a", "3600: has seen a"])
    })
  )

  it.effect("looks, after a look, at the newest of what arrived meanwhile, and only at that", () =>
    Effect.gen(function* () {
      const { seen, offer } = yield* world(Duration.seconds(10))
      for (const element of ["a", "b", "c", "d"]) {
        yield* offer(element)
        yield* TestClock.adjust(SECOND)
      }
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(seen, ["0: looks at a", "10: has seen a", "10: looks at d", "20: has seen d"])
    })
  )

  it.effect("looks again when a look asks for it, at the newest element, though nothing is new", () =>
    Effect.gen(function* () {
      const { seen, offer } = yield* world(SECOND, (looks) =>
        looks < 3 ? Option.some(Duration.seconds(5)) : NEVER_AGAIN
      )
      yield* offer("a")
      yield* TestClock.adjust("1 hour")
      const starts = seen.filter((line) => line.includes("looks"))
      assert.deepStrictEqual(starts, ["0: looks at a", "6: looks at a", "12: looks at a"])
    })
  )

  it.effect("does not wait for the time asked for when something new arrives, and then forgets that time", () =>
    Effect.gen(function* () {
      const { seen, offer } = yield* world(Duration.zero, (looks) =>
        looks === 1 ? Option.some(Duration.seconds(60)) : NEVER_AGAIN
      )
      yield* offer("a")
      yield* TestClock.adjust("20 seconds")
      yield* offer("b")
      yield* TestClock.adjust("1 hour")
      const starts = seen.filter((line) => line.includes("looks"))
      assert.deepStrictEqual(starts, ["0: looks at a", "20: looks at b"])
    })
  )

  it.effect("goes on looking when no more elements come", () =>
    Effect.gen(function* () {
      const { seen, elements, offer, fiber } = yield* world(Duration.zero, () => Option.some(Duration.minutes(1)))
      yield* offer("a")
      yield* Queue.end(elements)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(seen.filter((line) => line.includes("looks")).length, 3)
      assert.isUndefined(fiber.pollUnsafe())
    })
  )

  it.effect("lets a look under way finish when it is interrupted, and begins no other", () =>
    Effect.gen(function* () {
      const { seen, fiber, offer } = yield* world(Duration.seconds(10), () => Option.some(Duration.zero))
      yield* offer("a")
      yield* offer("b")
      yield* TestClock.adjust(SECOND)
      const ended = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* TestClock.adjust(SECOND)
      assert.isUndefined(ended.pollUnsafe())
      yield* TestClock.adjust("1 hour")
      yield* Fiber.join(ended)
      assert.deepStrictEqual(seen, ["0: looks at a", "10: has seen a"])
    })
  )

  it.effect("ends a look at once where that look lets itself be interrupted", () =>
    Effect.gen(function* () {
      const look = () => Effect.as(Effect.interruptible(Effect.sleep("1 hour")), NEVER_AGAIN)
      const fiber = yield* Effect.forkChild(level(Stream.make("a"), look), { startImmediately: true })
      yield* due
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("does not disturb the deadlines within a look, though it cannot be interrupted", () =>
    Effect.gen(function* () {
      const ended: Array<Option.Option<never>> = []
      yield* level(Stream.make("a"), () =>
        Effect.timeoutOption(Effect.never, "5 seconds").pipe(
          Effect.map((result) => {
            ended.push(result)
            return NEVER_AGAIN
          })
        )
      ).pipe(Effect.forkChild({ startImmediately: true }))
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(ended, [Option.none()])
    })
  )

  it.effect("fails with its elements, after the look under way", () =>
    Effect.gen(function* () {
      const { seen, fiber, elements, offer } = yield* world(Duration.seconds(10))
      yield* offer("a")
      yield* Queue.fail(elements, "broken")
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* Effect.flip(Fiber.join(fiber)), "broken")
      assert.deepStrictEqual(seen, ["0: looks at a", "10: has seen a"])
    })
  )

  it.effect("dies with a look: nothing dies unseen", () =>
    Effect.gen(function* () {
      const elements = Stream.concat(Stream.make("a"), Stream.never)
      const exit = yield* Effect.exit(level(elements, () => Effect.die("a mistake")))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    })
  )
})
