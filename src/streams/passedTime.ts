import { Clock, Effect, Ref } from "effect"

/**
 * The time of day in milliseconds since the epoch, which never goes faster than time passes: a clock that is set ahead
 * is followed no further than that. What counts for an hour counts for one, then, at least in this process.
 */
export const passedTime: Effect.Effect<Effect.Effect<number>> = Effect.gen(function* () {
  const moment = Effect.all([
    Clock.currentTimeMillis,
    Effect.clockWith((clock) => Effect.map(clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6))
  ])
  const last = yield* Ref.make<readonly [time: number, steady: number]>(yield* moment)
  return Effect.gen(function* () {
    const [wall, steady] = yield* moment
    const [time] = yield* Ref.updateAndGet(
      last,
      ([before, then]) => [Math.min(wall, before + steady - then), steady] as const
    )
    return time
  })
})
