import { createHash } from "node:crypto"
import { counted, exactly } from "./Count.ts"
import type { Verdict } from "./Guards.ts"
import type { Entry, Ledger } from "./Ledger.ts"
import type { Lost } from "./LostStorage.ts"
import { canonical, type Identity, id, label } from "./Manifest.ts"
import type { Outcome } from "./Outcome.ts"
import type { Plan } from "./Plan.ts"
import type { Stranger } from "./Stranger.ts"

/** What a person is asked for: each reason has a set of its own, with its own digest. */
export type Reason =
  /** Deletes that only the last guards withhold. */
  | "Delete"
  /** Objects that an unchanged template no longer renders: approved, they are deleted. */
  | "EmptyRender"
  /** Take-overs that would change what runs. */
  | "TakeOver"
  /** Clusters that have lost what their objects were made from: approved, these are changed. */
  | "LostStorage"
  /** Recorded objects that somebody else has written: approved, they are marked and applied again. */
  | "AnotherWriter"
  /** Another vCenter behind the name: approved, it is the one. */
  | "AnotherVCenter"

/** A set of things that waits for a person's approval: exactly these, and nothing that is added later. */
export interface Waiting {
  readonly reason: Reason
  /** What a person writes into `spec.approve`. */
  readonly digest: string
  /** Identities, or references of clusters, each with what makes it this one and no other: a UID, for objects. */
  readonly keys: ReadonlyMap<string, string>
  /** The same for people, sorted. */
  readonly objects: ReadonlyArray<string>
  /** What to do, as a command. */
  readonly command: string
}

/** The VCenterState that a person would edit. */
export interface StateName {
  readonly namespace: string
  readonly vcenter: string
}

interface Item {
  readonly key: string
  /** UID, or what else makes it this one and no other. */
  readonly uid: string
  readonly shown: string
}

/**
 * The digest is a plain SHA-256 of vCenter, reason, identities and UIDs, cut to 128 bits: all of them stand in the same
 * status for everybody to read, so that a key would protect nothing, and its loss would void an approval.
 */
const waiting = (
  { namespace, vcenter }: StateName,
  reason: Reason,
  items: ReadonlyArray<Item>
): Waiting | undefined => {
  if (items.length === 0) return undefined
  const parts = items.map(({ key, uid }) => `${key} ${uid}`).sort()
  const text = canonical([vcenter, reason, parts])
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 32)
  return {
    reason,
    digest,
    keys: new Map(items.map(({ key, uid }) => [key, uid])),
    objects: items.map(({ shown }) => shown).sort(),
    command: `kubectl -n ${namespace} patch vcs ${vcenter} --type=merge -p '{"spec":{"approve":"${digest}"}}'`
  }
}

const ofEntry = (entry: Entry): Item => ({ key: id(entry), uid: entry.uid ?? "", shown: label(entry) })

/** The deletes that wait: those that only guards withhold which a person may lift. */
export const waitingDeletes = (state: StateName, { withheld }: Verdict): Waiting | undefined =>
  waiting(
    state,
    "Delete",
    withheld.filter(({ liftable }) => liftable).map(({ prune: { entry } }) => ofEntry(entry))
  )

export const waitingEmptyRenders = (state: StateName, { kept }: Plan): Waiting | undefined =>
  waiting(
    state,
    "EmptyRender",
    kept.filter(({ reason }) => reason === "EmptyRender").map(({ entry }) => ofEntry(entry))
  )

export const waitingTakeOvers = (state: StateName, outcomes: ReadonlyArray<Outcome>): Waiting | undefined =>
  waiting(
    state,
    "TakeOver",
    outcomes.flatMap((outcome) => (outcome._tag === "TakeOverWithheld" ? [ofLive(outcome)] : []))
  )

export const waitingMarks = (state: StateName, outcomes: ReadonlyArray<Outcome>): Waiting | undefined =>
  waiting(
    state,
    "AnotherWriter",
    outcomes.flatMap((outcome) => (outcome._tag === "AnotherWriter" ? [ofLive(outcome)] : []))
  )

const ofLive = ({ object, uid }: { readonly object: Identity; readonly uid: string }): Item => ({
  key: id(object),
  uid,
  shown: label(object)
})

export const waitingStorage = (state: StateName, lost: Iterable<Lost>): Waiting | undefined =>
  waiting(
    state,
    "LostStorage",
    // One that was made anew stands for the old one, too.
    [...new Set(lost)].map(({ ref, name, what }) => ({
      key: ref,
      uid: what.join(" "),
      shown: `${name}: ${what.join(" and ")}`
    }))
  )

export const waitingInstance = (state: StateName, stranger: Stranger | undefined): Waiting | undefined =>
  waiting(
    state,
    "AnotherVCenter",
    stranger === undefined ? [] : [{ key: stranger.seen, uid: stranger.recorded ?? "", shown: stranger.message }]
  )

/**
 * Whether what stands in `spec.approve` approves a set.
 *
 *   spec.approve       | used before | approves
 *   -------------------+-------------+----------------------------------------
 *   absent or empty    | –           | nothing
 *   the set's digest   | no          | the set
 *   the set's digest   | yes         | nothing: an approval is good for once
 *   another text       | –           | nothing: the set is another one by now
 */
export const approves = (approve: string | undefined, ledger: Ledger, set: Waiting | undefined): set is Waiting =>
  set !== undefined && approve === set.digest && ledger.approval !== approve

/** The record with the approval of deletes in it: each object carries it until it is gone, or is wanted again. */
export const approved = (ledger: Ledger, { digest, keys }: Waiting): Ledger => ({
  ...ledger,
  approval: digest,
  entries: new Map(
    [...ledger.entries].map(([key, entry]) => [key, keys.has(key) ? { ...entry, approved: "delete" } : entry])
  )
})

/** Marks what is about to be taken over by approval: a crash in between does not void it for the rest. */
export const takingOver = (
  entries: ReadonlyMap<string, Entry>,
  keys: ReadonlySet<string>
): ReadonlyMap<string, Entry> =>
  keys.size === 0
    ? entries
    : new Map(
        [...entries].map(([key, entry]) => [
          key,
          keys.has(key) && entry.digest === undefined ? { ...entry, approved: "take-over" } : entry
        ])
      )

/**
 * Whether a person has approved that the object of this identity and UID is taken over: now, or in a run that a crash
 * has ended. One that somebody has made since under the same name was never seen by that person.
 */
export const approvedTakeOvers =
  (now: Waiting["keys"], { entries }: Ledger) =>
  (key: string, uid: string): boolean =>
    now.get(key) === uid || entries.get(key)?.approved === "take-over"

/** The record without an approval that `spec.approve` names no more: the same digest, set anew, is a new approval. */
export const forgetting = (ledger: Ledger, approve: string | undefined): Ledger => {
  if (ledger.approval === undefined || ledger.approval === approve) return ledger
  const { approval: _, ...rest } = ledger
  return rest
}

/**
 * What is to be said of a text in `spec.approve` that approves nothing; undefined when there is nothing to say.
 *
 *   spec.approve    | sets that wait  | said
 *   ----------------+-----------------+---------------------
 *   absent or empty | any             | –
 *   used            | without it      | –
 *   used            | the same again  | it has been used
 *   anything else   | any             | it names another set
 */
export const stale = (
  approve: string | undefined,
  ledger: Ledger,
  sets: ReadonlyArray<Waiting>
): string | undefined => {
  if (approve === undefined || approve === "") return undefined
  if (ledger.approval !== approve) return "spec.approve names another set: look at the list again"
  return sets.some(({ digest }) => digest === approve)
    ? "spec.approve has been used for this set already: remove it, look at the list, and set it again"
    : undefined
}

const SHOWN = 5

/** What an Event says of a set. */
export const notice = ({
  reason,
  objects,
  command
}: Waiting): { readonly reason: string; readonly message: string } => {
  const more = objects.length > SHOWN ? ` and ${objects.length - SHOWN} more` : ""
  return {
    reason: EVENT_REASONS[reason],
    message: `${WAITS[reason](objects.length)}; to approve ${exactly(objects.length)}: ${command}; they are: ${objects.slice(0, SHOWN).join(", ")}${more}`
  }
}

const EVENT_REASONS = {
  Delete: "PruneWithheld",
  EmptyRender: "PruneWithheld",
  TakeOver: "TakeOverWithheld",
  AnotherWriter: "AnotherWriter",
  LostStorage: "LostStorage",
  AnotherVCenter: "AnotherVCenter"
} as const

const WAITS: Readonly<Record<Reason, (count: number) => string>> = {
  Delete: (count) => `the delete of ${counted(count, "object")} waits for approval`,
  EmptyRender: (count) =>
    `unchanged templates render ${counted(count, "object")} no longer: their delete waits for approval`,
  TakeOver: (count) => `taking over ${counted(count, "object")} would change what runs, and waits for approval`,
  LostStorage: (count) =>
    `${counted(count, "cluster")} without the storage of before: changing the objects waits for approval`,
  AnotherWriter: (count) =>
    `somebody else has written ${counted(count, "object")}, and nothing is applied or deleted any more: stop the other writer first`,
  AnotherVCenter: () => "another vCenter answers, and nothing is written before that is approved"
}
