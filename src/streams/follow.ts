import { Effect, Queue, Schedule, Stream } from "effect"
import { complete, partial, type Snapshot } from "../domain/Snapshot.ts"
import { Journal } from "../services/Journal.ts"
import { type Collection, Kube, type KubeError, type KubeObject, type WatchEvent } from "../services/Kube.ts"
import { backoff, RELIST, WATCH_PAUSE } from "./schedules.ts"

/** Objects by `namespace/name`. */
export type Objects = ReadonlyMap<string, KubeObject>

/**
 * The objects of a collection: listed, then watched, then listed anew after `RELIST`. While the server does not
 * answer, what was read last stays in force as `Partial`. It never fails and never ends.
 */
export const follow = (what: string, collection: Collection): Stream.Stream<Snapshot<Objects>, never, Kube | Journal> =>
  Stream.callback<Snapshot<Objects>, never, Kube | Journal>(
    Effect.fnUntraced(function* (queue) {
      const kube = yield* Kube
      const journal = yield* Journal
      let objects: Objects = new Map()
      let resourceVersion = ""

      const lost = (error: KubeError) =>
        Effect.andThen(
          Queue.offer(queue, partial(objects, `${what}: ${error.message}`)),
          journal.tell({ _tag: "WatchFailed", what, message: error.message })
        )
      const read = Effect.suspend(() => Queue.offer(queue, complete(objects)))
      const list = kube.list(collection).pipe(
        Effect.flatMap((listed) => {
          resourceVersion = listed.resourceVersion
          objects = new Map(listed.items.map((object) => [keyOf(object), object]))
          return read
        }),
        // Of a watch an expired position is the normal end, of a list it is not: nothing whole has been read.
        Effect.tapError((error) => (error.reason === "Gone" ? lost(error) : Effect.void))
      )
      // The server ends a watch now and then; the next one goes on where it ended.
      const watch = Stream.suspend(() => kube.watch(collection, resourceVersion)).pipe(
        Stream.repeat(Schedule.spaced(WATCH_PAUSE)),
        Stream.interruptWhen(Effect.sleep(RELIST)),
        Stream.tap((event) => {
          resourceVersion = positionOf(event) ?? resourceVersion
          objects = changed(objects, event)
          return event._tag === "Bookmark" ? Effect.void : read
        })
      )
      const told = backoff.pipe(
        Schedule.setInputType<KubeError>(),
        Schedule.tap(({ input: error }) => (error.reason === "Gone" ? Effect.void : lost(error)))
      )
      // Only what a watch says starts the waiting over: a list alone would let a forbidden watch list every second.
      yield* Stream.fromEffectDrain(list).pipe(
        Stream.concat(watch),
        Stream.forever,
        Stream.retry(told),
        Stream.runDrain,
        Effect.orDie
      )
    })
  )

const changed = (objects: Objects, event: WatchEvent): Objects => {
  const draft = new Map(objects)
  if (event._tag === "Upserted") draft.set(keyOf(event.object), event.object)
  if (event._tag === "Deleted") draft.delete(keyOf(event.object))
  return draft
}

const positionOf = (event: WatchEvent): string | undefined => {
  if (event._tag === "Bookmark") return event.resourceVersion
  const { resourceVersion } = event.object.metadata
  return typeof resourceVersion === "string" ? resourceVersion : undefined
}

const keyOf = ({ metadata }: KubeObject): string =>
  typeof metadata.namespace === "string" ? `${metadata.namespace}/${metadata.name}` : metadata.name
