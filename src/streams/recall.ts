import { Effect, Result } from "effect"
import { type Ledger, UNATTRIBUTED, withoutDigest } from "../domain/Ledger.ts"
import type { Owner } from "../domain/Owner.ts"
import { completed, rebuild } from "../domain/rebuild.ts"
import type { Settings } from "../domain/Settings.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import { Journal } from "../services/Journal.ts"
import { LedgerError, Ledgers, type Recorded } from "../services/Ledgers.ts"
import { Marks } from "../services/Marks.ts"
import type { Templates } from "./sources.ts"

/** What says where the objects of a vCenter lie. */
interface Targets {
  readonly settings: Settings
  readonly templates: Snapshot<Templates>
}

/**
 * Reads the record of a vCenter. One that is not there (removed by hand, or left out by a backup tool) is rebuilt from the
 * marks of what lives, and so is what an earlier process could not list for one. What this process knows of it still is
 * the base: the last hour's deletes, approvals that were used, what clusters had, whose vCenter it was. Fails when there is
 * no telling what lives: an object that is not recorded would never be deleted.
 *
 * @param known the record as this process has written it last; undefined when it has not
 */
export const recall = Effect.fn("recall")(function* (owner: Owner, targets: Targets, known: Ledger | undefined) {
  const { vcenter } = owner
  const ledgers = yield* Ledgers
  const journal = yield* Journal
  const recorded = yield* ledgers.read(vcenter)
  if (Result.isFailure(recorded.ledger)) return recorded
  const read = recorded.ledger.success
  if (!recorded.isMissing && read.unlisted === undefined) return recorded
  const ledger = recorded.isMissing && known !== undefined ? doubting(known) : read
  const { failed, forbidden, found: marked } = yield* search(vcenter, targets)
  const rebuilt = completed(ledger, rebuild(owner, marked, [...failed.keys()]))
  const added = rebuilt.entries.size - read.entries.size
  if (added > 0 || failed.size > 0) {
    const reasons = [...failed].map(([kind, why]) => `${kind}: ${why}`)
    yield* journal.tell({ _tag: "Rebuilt", vcenter, objects: added, forbidden, failed: reasons })
  }
  // What stands there was written for a record that is gone: it may have been used.
  const { approve } = recorded.spec
  const isOld = recorded.isMissing && known === undefined && approve !== undefined
  const found = isOld ? { ...rebuilt, approval: approve } : rebuilt
  return { ...recorded, ledger: Result.succeed(found) } satisfies Recorded
})

/**
 * What was known a while ago. Whether each object still is as it was applied is seen at its label, and what nothing
 * renders waits for a person, as if it were known by its mark alone.
 */
const doubting = (ledger: Ledger): Ledger => ({
  ...ledger,
  entries: new Map(
    [...ledger.entries].map(([key, entry]) => [key, { ...withoutDigest(entry), template: UNATTRIBUTED }])
  )
})

const search = Effect.fnUntraced(function* (vcenter: string, { settings, templates }: Targets) {
  const marks = yield* Marks
  const fail = (why: string) =>
    new LedgerError({ reason: "Kube", vcenter, detail: `there is no record, and it cannot be rebuilt yet: ${why}` })
  const everywhere = settings.namespacePolicy === "template"
  if (everywhere && !isComplete(templates)) return yield* fail(templates.reason)
  const theirs = everywhere ? templates.value.templates.map(({ namespace }) => namespace) : []
  const searches = yield* Effect.forEach(new Set([settings.namespace, ...theirs]), marks.search).pipe(
    Effect.mapError(({ message }) => fail(message))
  )
  return {
    found: searches.flatMap(({ found }) => found),
    forbidden: [...new Set(searches.flatMap(({ forbidden }) => forbidden))],
    failed: new Map(searches.flatMap(({ failed }) => [...failed]))
  }
})
