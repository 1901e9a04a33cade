import type { Identity } from "./Manifest.ts"
import { id } from "./Manifest.ts"
import type { Scope } from "./Template.ts"

/** Template and cluster of an object that is known by its mark alone, since a record was lost. */
export const UNATTRIBUTED = ""

/** One object that the operator has applied, or is about to. */
export interface Entry extends Identity {
  readonly apiVersion: string
  /** `namespace/name` of the template that rendered it, or `UNATTRIBUTED`. */
  readonly template: string
  /** Managed object id of the cluster or datacenter it was rendered for, or `UNATTRIBUTED`. */
  readonly subject: string
  /** Digest of what was applied last; absent while `pending`: never confirmed. */
  readonly digest?: string
  readonly uid?: string
  /** Seconds of observed time for which it has been unwanted; 0 while it is wanted. */
  readonly unwanted: number
  /** What a person has approved of this object and is not done yet. */
  readonly approved?: "delete" | "take-over"
}

/** A cluster or datacenter for which something was rendered: what is asked for before its objects are pruned. */
export interface RecordedSubject {
  readonly ref: string
  readonly name: string
  readonly scope: Scope
  readonly datacenter: string
  /** The `br-` network chosen for it: kept while that network exists. */
  readonly bridge?: string
  /** Whether it had datastores that start with `eph`: losing the last of them rewrites nothing. */
  readonly eph?: boolean
}

/** A template as it was when it last rendered. */
export interface RecordedTemplate {
  /** `namespace/name`. */
  readonly name: string
  readonly scope: Scope
  /** Digest of its text and options. */
  readonly digest: string
}

/** One run's prunes, for the share of the last hour. */
export interface RecordedPrune {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly count: number
  /** How many objects were recorded before it. */
  readonly recorded: number
}

/** What the operator has applied for one vCenter, and what it needs to know to take it back. */
export interface Ledger {
  /** `about.instanceUuid` of the vCenter it was written for. */
  readonly instanceUuid: string | undefined
  readonly entries: ReadonlyMap<string, Entry>
  /** By managed object id. */
  readonly subjects: ReadonlyMap<string, RecordedSubject>
  /** By `namespace/name`. */
  readonly templates: ReadonlyMap<string, RecordedTemplate>
  readonly prunes: ReadonlyArray<RecordedPrune>
  /** The approval that was used last: as long as `spec.approve` names it, it approves nothing more. */
  readonly approval?: string
  /** Seconds of observed time for which the vCenter has been gone from the zone, in whole minutes. */
  readonly gone?: number
  /** Names the key of the digests: those of another key cannot be compared. Absent: the key there was always. */
  readonly digestKey?: string
  /** Kinds that could not be listed when the record was rebuilt, `apiVersion Kind`: what lives of them may be missing. */
  readonly unlisted?: ReadonlyArray<string>
}

export const empty: Ledger = {
  instanceUuid: undefined,
  entries: new Map(),
  subjects: new Map(),
  templates: new Map(),
  prunes: []
}

/** The `br-` networks chosen before, by managed object id of the cluster. */
export const choicesIn = (subjects: ReadonlyMap<string, RecordedSubject>): ReadonlyMap<string, string> =>
  new Map([...subjects].flatMap(([ref, { bridge }]) => (bridge === undefined ? [] : [[ref, bridge] as const])))

/** How long a prune counts towards the share. */
export const PRUNE_WINDOW_MILLIS = 3_600_000

export const entriesOf = (entries: Iterable<Entry>): ReadonlyMap<string, Entry> =>
  new Map([...entries].map((entry) => [id(entry), entry]))

/** Whether an apply of it has succeeded once: it has borne the operator's mark since. */
export const wasApplied = (entry: Pick<Entry, "digest" | "uid"> | undefined): boolean =>
  entry?.digest !== undefined || entry?.uid !== undefined

/** Whether nothing but its mark is known of an object: what it was rendered from, and for, is not. */
export const isUnattributed = ({ template }: Entry): boolean => template === UNATTRIBUTED

/** The entry as of an object that may be gone or another by now: it is applied again when it is wanted. */
export const withoutDigest = ({ digest: _, ...entry }: Entry): Entry => entry

/** The prunes of the last hour: their sum, and how many objects were recorded when that hour's first one began. */
export const lastHour = (self: Ledger, now: number): { readonly pruned: number; readonly recorded: number } => {
  const recent = self.prunes.filter(({ at }) => now - at < PRUNE_WINDOW_MILLIS)
  return {
    pruned: recent.reduce((sum, { count }) => sum + count, 0),
    recorded: recent[0]?.recorded ?? self.entries.size
  }
}
