import { Effect, FiberMap, Queue, type Scope, Stream } from "effect"

/**
 * Runs one inner stream per key of the newest set and merges what they emit.
 *
 * A key that leaves the set has its inner stream interrupted; a key that stays keeps running, so that a slow one
 * delays nobody. A failure or defect of `sets` or of any inner stream fails the whole: nothing dies unseen.
 */
export const mergeKeyed = <K, A, E, R, E2, R2>(
  sets: Stream.Stream<ReadonlySet<K>, E, R>,
  inner: (key: K) => Stream.Stream<A, E2, R2>
): Stream.Stream<A, E | E2, Exclude<R | R2, Scope.Scope>> =>
  Stream.callback<A, E | E2, R | R2>(
    Effect.fnUntraced(function* (queue) {
      const fibers = yield* FiberMap.make<K, void, E2>()
      const follow = Stream.runForEach(
        sets,
        Effect.fnUntraced(function* (wanted) {
          for (const [key] of fibers) if (!wanted.has(key)) yield* FiberMap.remove(fibers, key)
          for (const key of wanted) {
            const run = Stream.runForEach(inner(key), (element) => Queue.offer(queue, element))
            yield* FiberMap.run(fibers, key, run, { onlyIfMissing: true })
          }
        })
      )
      yield* Effect.raceFirst(Effect.andThen(follow, Effect.never), FiberMap.join(fibers))
    })
  )
