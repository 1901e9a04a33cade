import { Context, Effect, Layer, Queue, Stream } from "effect"
import type { Happening } from "../domain/Happening.ts"

/** Where everything is told; the printer and `--once` read it, in the order in which it was told. */
export class Journal extends Context.Service<
  Journal,
  {
    readonly tell: (happening: Happening) => Effect.Effect<void>
    /** To be run once: each happening goes to one reader. */
    readonly happenings: Stream.Stream<Happening>
    /** What has been told and not been read yet: for the end. */
    readonly rest: Effect.Effect<ReadonlyArray<Happening>>
  }
>()("vcenter-operator/services/Journal") {
  static readonly layer = Layer.effect(
    Journal,
    Effect.gen(function* () {
      const queue = yield* Queue.unbounded<Happening>()
      return Journal.of({
        tell: (happening) => Effect.asVoid(Queue.offer(queue, happening)),
        happenings: Stream.fromQueue(queue),
        rest: Queue.clear(queue)
      })
    })
  )
}
