import { assert, describe, it } from "@effect/vitest"
import { type Cause, Effect, Fiber, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { latest } from "../../src/streams/latest.ts"
import { due } from "./time.ts"

/** A source that is shared, and how often it was begun. */
const world = Effect.gen(function* () {
  const elements = yield* Queue.unbounded<number, Cause.Done | "broken">()
  let begun = 0
  const source = Stream.suspend(() => {
    begun++
    return Stream.fromQueue(elements)
  })
  const { fill, changes } = yield* latest(source)
  const offer = (...numbers: ReadonlyArray<number>) => Effect.andThen(Queue.offerAll(elements, numbers), due)
  return { elements, changes, fill, offer, begun: () => begun }
})

/** What a reader sees that takes `takes` for each element. */
const read = Effect.fnUntraced(function* (changes: Stream.Stream<number>, takes: `${number} seconds` = "0 seconds") {
  const seen: Array<number> = []
  yield* changes.pipe(
    Stream.runForEach((element) =>
      Effect.andThen(
        Effect.sync(() => void seen.push(element)),
        Effect.sleep(takes)
      )
    ),
    Effect.forkChild({ startImmediately: true })
  )
  yield* due
  return seen
})

describe("latest", () => {
  it.effect("gives nothing before the first element, then that one and every newer one", () =>
    Effect.gen(function* () {
      const { changes, fill, offer } = yield* world
      yield* Effect.forkChild(fill)
      const seen = yield* read(changes)
      assert.deepStrictEqual(seen, [])
      yield* offer(1)
      yield* offer(2)
      assert.deepStrictEqual(seen, [1, 2])
    })
  )

  it.effect("gives the newest element to whoever comes late", () =>
    Effect.gen(function* () {
      const { changes, fill, offer } = yield* world
      yield* Effect.forkChild(fill)
      yield* offer(1)
      yield* offer(2)
      assert.deepStrictEqual(yield* read(changes), [2])
    })
  )

  it.effect("runs the stream once, however many follow it", () =>
    Effect.gen(function* () {
      const { begun, changes, fill, offer } = yield* world
      yield* Effect.forkChild(fill)
      const [one, other] = [yield* read(changes), yield* read(changes)]
      yield* offer(1)
      assert.deepStrictEqual([one, other, begun()], [[1], [1], 1])
    })
  )

  it.effect("spares a slow reader what came in between, but never the newest", () =>
    Effect.gen(function* () {
      const { changes, fill, offer } = yield* world
      yield* Effect.forkChild(fill)
      const seen = yield* read(changes, "10 seconds")
      for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
        yield* offer(number)
        yield* TestClock.adjust("1 second")
      }
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(seen[0], 1)
      assert.strictEqual(seen.at(-1), 9)
      assert.isAtMost(seen.length, 4)
    })
  )

  it.effect("fails as the stream fails, while its readers keep the newest element", () =>
    Effect.gen(function* () {
      const { changes, elements, fill, offer } = yield* world
      const filling = yield* Effect.forkChild(fill)
      yield* offer(1)
      yield* Queue.fail(elements, "broken")
      assert.strictEqual(yield* Effect.flip(Fiber.join(filling)), "broken")
      assert.deepStrictEqual(yield* read(changes), [1])
    })
  )
})
