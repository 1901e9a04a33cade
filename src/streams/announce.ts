import { Effect } from "effect"
import { notice, type Waiting } from "../domain/Approval.ts"
import { Events } from "../services/Events.ts"
import { Journal } from "../services/Journal.ts"

/**
 * Writes an Event for each set that has begun to wait for a person. One that could not be written is told, and not
 * tried again: status and conditions say the same.
 *
 * @param known digests of the sets that waited before, as the status had them: a restart writes nothing
 */
export const announce = Effect.fnUntraced(function* (
  vcenter: string,
  sets: ReadonlyArray<Waiting>,
  known: ReadonlySet<string>
) {
  const events = yield* Events
  const journal = yield* Journal
  yield* Effect.forEach(
    sets.filter(({ digest }) => !known.has(digest)),
    (set) =>
      events
        .warn({ vcenter, digest: set.digest, ...notice(set) })
        .pipe(Effect.catch((error) => journal.tell({ _tag: "Warning", vcenter, message: error.message }))),
    { discard: true }
  )
})
