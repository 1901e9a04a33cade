import { type Entry, entriesOf, type Ledger, withoutDigest } from "./Ledger.ts"
import { type Identity, id, type JsonObject } from "./Manifest.ts"
import type { Apply, Prune } from "./Plan.ts"

/** What became of one object in one run. Log, status and the next ledger are folds of these. */
export type Outcome =
  | {
      readonly _tag: "Applied"
      readonly object: Identity
      readonly step: Apply
      readonly uid: string
      readonly created: boolean
    }
  /** `answered`: the server said no. Without an answer, the object may exist. */
  | {
      readonly _tag: "ApplyFailed"
      readonly object: Identity
      readonly step: Apply
      readonly answered: boolean
      readonly transient: boolean
      readonly message: string
    }
  /** Taking it over would change what runs: it waits for a person's approval. `uid` is the live object's. */
  | { readonly _tag: "TakeOverWithheld"; readonly object: Identity; readonly uid: string; readonly message: string }
  /** It was recorded, and somebody else has written it since: nothing more is written for its vCenter. */
  | {
      readonly _tag: "AnotherWriter"
      readonly object: Identity
      readonly uid: string
      /** It could not be taken back, which may pass by itself. */
      readonly transient?: boolean
      readonly message: string
    }
  /** A person has taken it back from another writer: it has its mark again. `uid` is the live object's. */
  | { readonly _tag: "Remarked"; readonly object: Identity; readonly uid: string }
  /** It belongs to somebody else. */
  | { readonly _tag: "Foreign"; readonly object: Identity; readonly message: string }
  /** It is another vCenter's now, which took it when this one had given it up. */
  | { readonly _tag: "HandedOver"; readonly object: Identity; readonly message: string }
  /** Its annotation says hands off. */
  | { readonly _tag: "OptedOut"; readonly object: Identity }
  | { readonly _tag: "Pruned"; readonly object: Identity }
  | { readonly _tag: "PruneFailed"; readonly object: Identity; readonly transient: boolean; readonly message: string }
  | { readonly _tag: "Withheld"; readonly object: Identity; readonly guard: string; readonly message: string }
  | { readonly _tag: "NotAttempted"; readonly object: Identity; readonly message: string }

/** Whether an outcome keeps the vCenter from being ready. */
export const isFailure = (self: Outcome): boolean =>
  self._tag === "ApplyFailed" ||
  self._tag === "PruneFailed" ||
  self._tag === "Foreign" ||
  self._tag === "TakeOverWithheld" ||
  self._tag === "AnotherWriter"

/** Whether trying the same again later may help without anybody changing anything. */
export const isTransient = (self: Outcome): boolean => "transient" in self && self.transient === true

/** Whether an object only waits for its finalizers. */
export const isBeingDeleted = ({ deletionTimestamp }: JsonObject): boolean => deletionTimestamp !== undefined

/**
 * What has come of an apply that the server took, by the metadata it answered with. It takes one to an object that is
 * being deleted, too: that goes with its last finalizer, and must be made again then.
 */
export const applied = (step: Apply, metadata: JsonObject, created: boolean): Outcome =>
  isBeingDeleted(metadata)
    ? ending(step)
    : {
        _tag: "Applied",
        object: step.wanted.manifest,
        step,
        uid: typeof metadata.uid === "string" ? metadata.uid : "",
        created
      }

/** The outcome of an apply to an object that is being deleted. */
export const ending = (step: Apply): Outcome => ({
  _tag: "ApplyFailed",
  object: step.wanted.manifest,
  step,
  answered: true,
  transient: true,
  message: "it is being deleted and waits for its finalizers: applied again when it is gone"
})

/** An apply that is about to be sent. */
export interface Sending {
  readonly step: Apply
  /** Whether an object of this identity was there a moment ago. */
  readonly exists: boolean
  /** UID of one that is already as it is wanted: nothing is sent. */
  readonly applied: string | undefined
}

/**
 * What is recorded before the first request, so that a crash at any point leaves at worst too much.
 *
 *   about to be applied       | recorded as
 *   --------------------------+-----------------------------------------------------------------------------
 *   not recorded              | pending: without digest or UID
 *   already as it is wanted   | as it was
 *   recorded and there        | without digest: were it wanted again as it was, it would else look unchanged
 *   recorded and not there    | pending: it comes back with another UID, and nobody would dare to delete it
 */
export const union = (ledger: Ledger, sent: ReadonlyArray<Sending>): ReadonlyMap<string, Entry> => {
  const changed = sent.flatMap(({ step, exists, applied }) => {
    const { recorded } = step
    if (recorded === undefined || (!exists && recorded.uid !== undefined)) return [pending(step)]
    if (applied !== undefined) return []
    return recorded.digest === undefined ? [] : [withoutDigest(recorded)]
  })
  return changed.length === 0 ? ledger.entries : new Map([...ledger.entries, ...entriesOf(changed)])
}

const pending = ({ wanted: { manifest, template, subject } }: Apply): Entry => ({
  apiVersion: manifest.apiVersion,
  group: manifest.group,
  kind: manifest.kind,
  namespace: manifest.namespace,
  name: manifest.name,
  template,
  subject,
  unwanted: 0
})

/**
 * What is recorded before the first delete: the objects that are to go lose their digest. One whose delete took effect
 * unheard (no answer, a crash) and that is wanted again would else look as if it were there, and never be made again.
 */
export const doubted = (
  entries: ReadonlyMap<string, Entry>,
  prunes: ReadonlyArray<Prune>
): ReadonlyMap<string, Entry> =>
  new Map([...entries, ...prunes.map(({ entry }) => [id(entry), withoutDigest(entry)] as const)])

/**
 * The entries after a run, from the union and what happened.
 *
 *   outcome                                                  | entry
 *   ---------------------------------------------------------+------------------------------
 *   applied                                                  | new digest and UID
 *   apply failed, was recorded                               | without digest: it may be changed
 *   apply failed, not recorded, the server rejected it       | none
 *   apply failed, not recorded, no answer (it may exist)     | pending
 *   not attempted (earlier failure, guard, shutdown)         | as before: none when it was new
 *   take-over withheld                                       | as before: none when it was new
 *   delete confirmed or not found                            | none
 *   delete refused or failed                                 | without digest: it may be gone
 *   another writer                                           | without digest: it is another's text
 *   marked again                                             | likewise, with its UID and without the approval
 *   delete withheld                                          | as it was
 *   another owner's mark or the opt-out annotation           | none
 *   handed over to another vCenter                           | none
 *   no outcome (unchanged, kept)                             | as it was
 */
export const settle = (
  before: ReadonlyMap<string, Entry>,
  recordedUnion: ReadonlyMap<string, Entry>,
  outcomes: ReadonlyArray<Outcome>
): ReadonlyMap<string, Entry> => {
  const after = new Map(recordedUnion)
  for (const outcome of outcomes) {
    const key = id(outcome.object)
    switch (outcome._tag) {
      case "Applied":
        after.set(key, { ...pending(outcome.step), digest: outcome.step.wanted.digest, uid: outcome.uid })
        break
      case "ApplyFailed":
        if (!before.has(key) && outcome.answered) after.delete(key)
        break
      case "NotAttempted":
      case "TakeOverWithheld": {
        const entry = before.get(key)
        if (entry === undefined) after.delete(key)
        else after.set(key, entry)
        break
      }
      case "Foreign":
      case "HandedOver":
      case "OptedOut":
      case "Pruned":
        after.delete(key)
        break
      case "Remarked": {
        const entry = after.get(key)
        if (entry !== undefined) after.set(key, { ...takenBack(entry), uid: outcome.uid })
        break
      }
      case "AnotherWriter":
      case "PruneFailed": {
        const entry = after.get(key)
        if (entry !== undefined) after.set(key, withoutDigest(entry))
        break
      }
      case "Withheld":
        break
    }
  }
  return after
}

const takenBack = (entry: Entry): Entry => {
  const { approved: _, ...rest } = withoutDigest(entry)
  return rest
}
