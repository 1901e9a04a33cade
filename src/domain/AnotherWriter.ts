import type { Waiting } from "./Approval.ts"
import { exactly } from "./Count.ts"
import { type Entry, type Ledger, withoutDigest } from "./Ledger.ts"
import { type Identity, id, label } from "./Manifest.ts"
import type { Outcome } from "./Outcome.ts"
import { type Owner, ownership } from "./Owner.ts"
import type { Apply, Prune } from "./Plan.ts"
import type { LiveObject } from "./Takeover.ts"

/** A recorded object whose mark is looked at before anything is written. */
export interface Suspect {
  readonly entry: Entry
  /** In which its kind is listed: that of an apply, when there is one, so that one listing serves both. */
  readonly apiVersion: string
  /** It is unwanted: deleted in this run, or in a later one. */
  readonly unwanted: "now" | "later" | "no"
}

/** What was written before: `uid` is that of the object as it lives now. */
export type Stripped = Extract<Outcome, { readonly _tag: "AnotherWriter" }>

const collectionOf = ({ group, kind, namespace }: Identity): string => `${group} ${kind} ${namespace}`

/**
 * The recorded objects whose marks are looked at before a run writes: all those of a kind and namespace in which it
 * applies or deletes something, for these are listed anyway, and those of which it was seen before, or may be, that
 * somebody else has written them. A run that writes nothing asks for nothing.
 *
 * One that has no UID yet has never had a mark for certain.
 */
export const suspects = (
  { entries }: Ledger,
  applies: ReadonlyArray<Apply>,
  prunes: ReadonlyArray<Prune>,
  allowed: ReadonlyArray<Prune>
): ReadonlyArray<Suspect> => {
  const [now, later] = [allowed, prunes].map((steps) => new Set(steps.map(({ entry }) => id(entry))))
  const doubted = [...entries.values()].filter(({ digest, uid }) => digest === undefined && uid !== undefined)
  const versions = new Map<string, string>()
  for (const entry of doubted) versions.set(collectionOf(entry), entry.apiVersion)
  for (const { entry } of allowed) versions.set(collectionOf(entry), entry.apiVersion)
  for (const { wanted } of applies) versions.set(collectionOf(wanted.manifest), wanted.manifest.apiVersion)
  return [...entries].flatMap(([key, entry]) => {
    const apiVersion = versions.get(collectionOf(entry))
    if (apiVersion === undefined || entry.uid === undefined) return []
    return [{ entry, apiVersion, unwanted: now?.has(key) ? "now" : later?.has(key) ? "later" : "no" }]
  })
}

/**
 * Whether somebody else has written a recorded object: an apply of this operator always leaves its mark, and an apply by
 * the same field manager (the predecessor's) or a replace takes it away without a conflict.
 *
 *   live                       | UID          | unwanted | adopt | another writer
 *   ---------------------------+--------------+----------+-------+---------------------------------------------
 *   nothing, mine, another's   | any          | any      | any   | no: nothing to lose, or not lost
 *   opted out                  | any          | any      | any   | no: somebody wants it left alone
 *   unmarked                   | the recorded | no       | no    | yes
 *   unmarked                   | the recorded | no       | yes   | no: it is taken over when it is applied
 *   unmarked                   | the recorded | later    | yes   | no: it stays for now
 *   unmarked                   | the recorded | now      | yes   | yes: an invitation is no leave to delete
 *   unmarked                   | another      | no       | no    | yes: somebody has made it again
 *   unmarked                   | another      | yes      | any   | no: what was recorded is gone
 */
export const strippedOf = (
  { entry, unwanted }: Suspect,
  live: LiveObject | undefined,
  owner: Owner
): Stripped | undefined => {
  if (live === undefined) return undefined
  const whose = ownership(live.metadata, owner, entry)
  if (whose._tag !== "Nobody" || (whose.adopt && unwanted !== "now")) return undefined
  if (live.uid !== entry.uid && unwanted !== "no") return undefined
  return stripped(entry, live)
}

/** The outcome of an object that has lost its mark. */
export const stripped = (object: Identity, { uid, writer }: LiveObject): Stripped => ({
  _tag: "AnotherWriter",
  object,
  uid,
  message: `it has lost the operator's mark${writer === undefined ? "" : `: written last by ${writer}`}`
})

export const isStripped = (outcome: Outcome): outcome is Stripped => outcome._tag === "AnotherWriter"

/** Why nothing more is written for a vCenter, and what to do; undefined while nobody else writes. */
export const stopOf = (
  outcomes: ReadonlyArray<Outcome>,
  set: Waiting | undefined,
  stale?: string
): { readonly reason: string; readonly message: string } | undefined => {
  const all = outcomes.filter(isStripped)
  const [first] = all
  if (first === undefined) return undefined
  const what = `somebody else writes objects of this vCenter (${all.length}): ${label(first.object)}: ${first.message}`
  const how = set === undefined ? "" : `, then take ${exactly(set.objects.length)} back: ${set.command}`
  return {
    reason: "AnotherWriter",
    message: `${what}; nothing is applied or deleted any more: stop the other writer${how}${stale === undefined ? "" : `; ${stale}`}`
  }
}

/**
 * The record with the approval to take objects back, each as it lives now. Each carries it until it has its mark again:
 * what remains of the set after a crash stays approved.
 */
export const takingBack = (ledger: Ledger, set: Waiting, objects: ReadonlyArray<Stripped>): Ledger => {
  const uids = new Map(objects.map(({ object, uid }) => [id(object), uid]))
  const entries = [...ledger.entries].map(([key, entry]) => {
    const uid = uids.get(key)
    return [key, uid === undefined ? entry : { ...withoutDigest(entry), uid, approved: "take-over" as const }] as const
  })
  return { ...ledger, approval: set.digest, entries: new Map(entries) }
}

/** What a person has approved to be taken back and does not have its mark yet, as far as is known. */
export const unfinished = ({ entries }: Ledger): ReadonlyArray<Entry> =>
  [...entries.values()].filter(({ approved, uid }) => approved === "take-over" && uid !== undefined)
