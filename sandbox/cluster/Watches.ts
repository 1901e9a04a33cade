import { Cause, Effect, Queue, Schedule, Stream } from "effect"
import { type Collection, KubeError, type WatchEvent } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { labelOf } from "../../src/services/kube/Request.ts"
import { matcher } from "./matcher.ts"
import type { Server } from "./Server.ts"
import type { Change } from "./Store.ts"

/** How often the server tells how far a watch has come, and when it ends it. */
const BOOKMARK = "1 minute"
const LONGEST = "5 minutes"

/** The watches that are open, and the levers on them. */
export class Watches {
  /** By queue, what is watched. */
  readonly #open = new Map<Queue.Queue<WatchEvent, KubeError | Cause.Done>, string>()

  get count(): number {
    return this.#open.size
  }

  /** Changes of a collection after a version, with a bookmark every minute; ended by the server after five. */
  stream(server: Server, collection: Collection, resourceVersion: string): Stream.Stream<WatchEvent, KubeError> {
    const label = labelOf("watch", collection)
    const fail = (failure: Failure) => new KubeError({ request: label, ...failure })
    const changes = Stream.callback<WatchEvent, KubeError>((queue) =>
      Effect.gen({ self: this }, function* () {
        const kind = yield* Effect.mapError(Effect.fromResult(server.kind(collection)), fail)
        const matches = matcher(kind, collection)
        const stop = server.store.read(Number(resourceVersion), (change) => {
          const event = eventOf(change, matches)
          if (event !== undefined) Queue.offerUnsafe(queue, event)
        })
        if (stop === undefined)
          return yield* fail({ reason: "Gone", detail: `too old resource version: ${resourceVersion}` })
        this.#open.set(queue, label)
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            stop()
            this.#open.delete(queue)
          })
        )
        const bookmark = Effect.sync(() =>
          Queue.offerUnsafe(queue, { _tag: "Bookmark", resourceVersion: `${server.store.version}` })
        )
        yield* Effect.repeat(Effect.delay(bookmark, BOOKMARK), Schedule.forever)
      })
    )
    return changes.pipe(Stream.interruptWhen(Effect.sleep(LONGEST)))
  }

  /** Every watch tells where it is. */
  bookmark(version: number): void {
    for (const queue of this.#open.keys()) Queue.offerUnsafe(queue, { _tag: "Bookmark", resourceVersion: `${version}` })
  }

  /** Every watch fails. */
  fail(failure: Failure): void {
    for (const [queue, request] of this.#open) {
      Queue.failCauseUnsafe(queue, Cause.fail(new KubeError({ request, ...failure })))
    }
    this.#open.clear()
  }

  /** The server closes every watch in good order. */
  end(): void {
    for (const queue of this.#open.keys()) Queue.endUnsafe(queue)
    this.#open.clear()
  }
}

/**
 * What a watch sees of a change.
 *
 *   before        | after         | event
 *   --------------+---------------+----------------------------------------------
 *   any           | deleted       | Deleted, if it belonged to the collection
 *   outside       | inside        | Upserted
 *   inside        | inside        | Upserted
 *   inside        | outside       | Deleted: it left, by its labels
 *   outside       | outside       | nothing
 */
const eventOf = (
  { before, object, deleted }: Change,
  matches: (object: Change["object"]) => boolean
): WatchEvent | undefined => {
  const was = before !== undefined && matches(before)
  if (!deleted && matches(object)) return { _tag: "Upserted", object }
  return was ? { _tag: "Deleted", object } : undefined
}
