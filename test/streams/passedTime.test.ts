import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { passedTime } from "../../src/streams/passedTime.ts"

const HOUR = 3_600_000

/** What it says after each of these: how far the clock was set, and how long it ran from then on. */
const said = Effect.fnUntraced(function* (...moves: ReadonlyArray<readonly [set: number, ran: number]>) {
  const now = { wall: 0, steady: 5 * HOUR }
  const clock: Clock.Clock = Object.assign(Object.create(yield* Clock.Clock), {
    currentTimeMillis: Effect.sync(() => now.wall),
    monotonicTimeNanos: Effect.sync(() => BigInt(now.steady) * 1_000_000n)
  })
  return yield* Effect.gen(function* () {
    const time = yield* passedTime
    return yield* Effect.forEach(moves, ([set, ran]) => {
      now.wall += set + ran
      now.steady += ran
      return Effect.map(time, (millis) => millis / HOUR)
    })
  }).pipe(Effect.provideService(Clock.Clock, clock))
})

describe("passedTime", () => {
  it.effect("is the time of day while nobody sets the clock", () =>
    Effect.map(said([0, 0], [0, HOUR], [0, 2 * HOUR]), (times) => assert.deepStrictEqual(times, [0, 1, 3]))
  )

  it.effect("goes on as time passes when the clock is set ahead", () =>
    Effect.map(said([24 * HOUR, HOUR], [0, HOUR]), (times) => assert.deepStrictEqual(times, [1, 2]))
  )

  it.effect("follows a clock that is set back, and comes ahead again no faster than time passes", () =>
    Effect.map(said([0, 2 * HOUR], [-HOUR, 0], [HOUR, HOUR]), (times) => assert.deepStrictEqual(times, [2, 1, 2]))
  )
})
