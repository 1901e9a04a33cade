import { Effect, Option, Result, Stream, SubscriptionRef } from "effect"

/** The newest element of a stream, shared: the stream runs once, however many follow it. */
export interface Latest<A, E, R> {
  /** Runs the stream; to be joined by somebody, so that it does not die unseen. */
  readonly fill: Effect.Effect<void, E, R>
  /** The newest element as soon as there is one, then every newer one; a slow reader misses those in between. */
  readonly changes: Stream.Stream<A>
  /** The newest element, when there is one. */
  readonly newest: Effect.Effect<Option.Option<A>>
}

export const latest = <A, E, R>(self: Stream.Stream<A, E, R>): Effect.Effect<Latest<A, E, R>> =>
  Effect.map(SubscriptionRef.make(Option.none<A>()), (ref) => ({
    fill: Stream.runForEach(self, (element) => SubscriptionRef.set(ref, Option.some(element))),
    newest: SubscriptionRef.get(ref),
    changes: SubscriptionRef.changes(ref).pipe(
      Stream.filterMap((held) => (Option.isSome(held) ? Result.succeed(held.value) : Result.failVoid)),
      Stream.buffer({ capacity: 1, strategy: "sliding" })
    )
  }))
