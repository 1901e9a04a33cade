import { type Entry, empty, entriesOf, type Ledger, UNATTRIBUTED } from "./Ledger.ts"
import { groupOf, type JsonObject } from "./Manifest.ts"
import { type Owner, ownership } from "./Owner.ts"

/** A live object that bears some operator's mark. */
export interface Marked {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: JsonObject & { readonly name: string }
}

/**
 * The record of one vCenter, from the marks on what lives. It names what is the operator's, and that object and no other
 * by its UID; what it cannot say is written where it is needed: `UNATTRIBUTED`.
 *
 *   live object            | recorded
 *   -----------------------+----------------------------------------------------------------------------
 *   marked as this owner's | identity and UID. No digest: whether it is as it should be is seen at its label
 *   opted out              | no
 *   marked by another      | no
 *   a copy of a mark       | no
 *
 * @param unlisted kinds of which it is not known what lives: asked for again by the next process
 */
export const rebuild = (owner: Owner, live: ReadonlyArray<Marked>, unlisted: ReadonlyArray<string>): Ledger => ({
  ...empty,
  entries: entriesOf(live.flatMap((each) => entryOf(owner, each))),
  ...(unlisted.length === 0 ? {} : { unlisted: unlisted.toSorted() })
})

const entryOf = (owner: Owner, { apiVersion, kind, metadata }: Marked): ReadonlyArray<Entry> => {
  const { name, namespace, uid } = metadata
  if (typeof namespace !== "string" || typeof uid !== "string") return []
  const identity = { group: groupOf(apiVersion), kind, namespace, name }
  if (ownership(metadata, owner, identity)._tag !== "Mine") return []
  return [{ ...identity, apiVersion, template: UNATTRIBUTED, subject: UNATTRIBUTED, uid, unwanted: 0 }]
}

/** What has been found since in kinds that could not be listed, added to a record. */
export const completed = (ledger: Ledger, found: Ledger): Ledger => {
  const { unlisted: _, ...rest } = ledger
  const { unlisted } = found
  return {
    ...rest,
    entries: new Map([...found.entries, ...ledger.entries]),
    ...(unlisted === undefined ? {} : { unlisted })
  }
}
