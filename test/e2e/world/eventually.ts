import { Cause, Duration, Effect, Exit, Schedule } from "effect"

/**
 * Repeats a check until it passes, or gives up with what it said last.
 *
 * @param check fails or throws (assertions) while it does not hold
 */
export const eventually = <A, E, R>(
  what: string,
  check: Effect.Effect<A, E, R>,
  { within = "30 seconds", every = "100 millis" }: { within?: Duration.Input; every?: Duration.Input } = {}
): Effect.Effect<A, never, R> =>
  Effect.suspend(() => {
    let last: Cause.Cause<E> = Cause.empty
    return Effect.exit(check).pipe(
      Effect.flatMap((exit) => {
        if (Exit.isFailure(exit)) last = exit.cause
        return exit
      }),
      Effect.sandbox,
      Effect.retry(Schedule.spaced(every)),
      Effect.timeoutOrElse({
        duration: within,
        orElse: () => {
          const waited = Duration.format(Duration.fromInputUnsafe(within))
          return Effect.die(new Error(`not within ${waited}: ${what}\n${Cause.pretty(last)}`))
        }
      }),
      Effect.orDie
    )
  })

/** Checks during a while that something stays as it is. */
export const throughout = <A, E, R>(
  duration: Duration.Input,
  check: Effect.Effect<A, E, R>
): Effect.Effect<void, E, R> =>
  Effect.asVoid(Effect.repeat(check, Schedule.spaced("250 millis").pipe(Schedule.upTo({ duration }))))
