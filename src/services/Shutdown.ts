import { Context, Deferred, type Duration, Effect, Layer } from "effect"

/**
 * Whether the process has been asked to end. A run under way is not interrupted: it finishes the requests it has sent,
 * begins no further step, and records what happened.
 */
export class Shutdown extends Context.Service<
  Shutdown,
  {
    readonly stopping: Effect.Effect<boolean>
    /** Waits for ever; being interrupted, it says that the end has begun. Race the program with it. */
    readonly sentinel: Effect.Effect<never>
    /** Ends `effect` with `orElse` when it still runs this long after the end has begun. */
    readonly within: <A, E, R, E2>(
      effect: Effect.Effect<A, E, R>,
      grace: Duration.Input,
      orElse: () => E2
    ) => Effect.Effect<A, E | E2, R>
  }
>()("vcenter-operator/services/Shutdown") {
  static readonly layer = Layer.effect(
    Shutdown,
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      return Shutdown.of({
        stopping: Deferred.isDone(begun),
        sentinel: Effect.never.pipe(Effect.onInterrupt(() => Deferred.succeed(begun, undefined))),
        within: (effect, grace, orElse) =>
          Effect.raceFirst(
            effect,
            Deferred.await(begun).pipe(
              Effect.andThen(Effect.sleep(grace)),
              Effect.andThen(Effect.suspend(() => Effect.fail(orElse())))
            )
          )
      })
    })
  )
}
