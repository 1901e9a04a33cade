import { type Duration, Effect, Option, Queue, Ref, Stream } from "effect"

/**
 * Looks at the newest element, one look at a time: an element that arrives during a look waits for its end, and only
 * the newest of those that do is looked at. A look answers when it wants to be repeated with nothing new.
 *
 * Level, not edge: what happened in between does not matter, the newest whole state does. A look is never
 * interrupted, for it may be writing, but where it says so itself.
 */
export const level = <A, E, R, R2>(
  self: Stream.Stream<A, E, R>,
  look: (newest: A) => Effect.Effect<Option.Option<Duration.Duration>, never, R2>
): Effect.Effect<void, E, R | R2> =>
  Effect.gen(function* () {
    const newest = yield* Ref.make(Option.none<A>())
    const news = yield* Queue.sliding<void>(1)
    const arrive = Stream.runForEach(self, (element) =>
      Effect.andThen(Ref.set(newest, Option.some(element)), Queue.offer(news, undefined))
    )
    const looks = Effect.gen(function* () {
      let again = Option.none<Duration.Duration>()
      while (true) {
        const wait = Queue.take(news)
        yield* Option.isSome(again) ? Effect.timeoutOption(wait, again.value) : wait
        const element = yield* Ref.get(newest)
        if (Option.isSome(element)) again = yield* Effect.uninterruptible(look(element.value))
      }
    })
    yield* Effect.raceFirst(Effect.andThen(arrive, Effect.never), looks)
  })
