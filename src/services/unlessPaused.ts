import { Effect, Ref } from "effect"

/**
 * A request that may be tried several times, each time only while nobody has paused: else it ends with `instead`, which
 * is given what the last try failed with, for that may have taken effect; undefined when there was none.
 */
export const unlessPaused = <A, E>(
  request: Effect.Effect<A, E>,
  isPaused: Effect.Effect<boolean>,
  instead: (before: E | undefined) => A
): Effect.Effect<Effect.Effect<A, E>> =>
  Effect.map(Ref.make<E | undefined>(undefined), (before) =>
    Effect.flatMap(isPaused, (paused) =>
      paused ? Effect.map(Ref.get(before), instead) : Effect.tapError(request, (error) => Ref.set(before, error))
    )
  )
