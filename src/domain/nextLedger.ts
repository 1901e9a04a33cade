import { type Desired, hasSameKey, renderingKey } from "./Desired.ts"
import { type Entry, type Ledger, PRUNE_WINDOW_MILLIS, type RecordedSubject, type RecordedTemplate } from "./Ledger.ts"
import { id } from "./Manifest.ts"

/** What a run changed, besides the entries themselves. */
export interface RunResult {
  readonly entries: ReadonlyMap<string, Entry>
  /** Objects deleted in this run. */
  readonly pruned: number
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The same, but no faster than time passes: what counts for an hour is forgotten by it. `now` when left out. */
  readonly passedTime?: number
}

/**
 * The ledger after a run.
 *
 * An object that is wanted belongs to the rendering that wants it now, even when that renders the same text as another
 * did before (a template with a new name, a cluster made anew): failures, held facts and evidence are looked up by it.
 *
 * A subject stays while an object of it, or of its datacenter, is recorded: it is the evidence for their prune. A
 * template keeps the digest under which it rendered what is recorded while it renders nothing where that is recorded;
 * otherwise a template that was changed to render nothing would look, at the next run, as if it had always been so. The
 * instance UUID is kept as long as anything is recorded for it.
 */
export const nextLedger = (before: Ledger, desired: Desired, result: RunResult): Ledger => {
  const { pruned, now, passedTime = now } = result
  const entries = new Map([...result.entries].map(([key, entry]) => [key, placed(key, entry, desired)]))
  const used = [...entries.values()]
  const subjectsInUse = new Set(used.map(({ subject }) => subject))
  const emptied = new Set(used.filter((entry) => isEmptied(entry, desired)).map(({ template }) => template))
  const subjects = new Map<string, RecordedSubject>()
  for (const [ref, subject] of before.subjects) {
    if (subjectsInUse.has(ref) || subjectsInUse.has(subject.datacenter)) subjects.set(ref, subject)
  }
  for (const [ref, subject] of desired.subjects)
    if (!(desired.held.has(ref) || desired.lost.has(ref)) || !subjects.has(ref)) subjects.set(ref, subject)
  const templates = new Map<string, RecordedTemplate>()
  for (const { template } of used) {
    const kept = emptied.has(template) && hasSameKey(desired, before) ? before.templates.get(template) : undefined
    const recorded = kept ?? desired.templates.get(template) ?? before.templates.get(template)
    if (recorded !== undefined) templates.set(template, recorded)
  }
  const digestKey = desired.digestKey ?? before.digestKey
  const approval = desired.approval ?? before.approval
  // In whole minutes: a restart forgets the rest, and the record is not written at every look.
  const gone = Math.floor((desired.goneFor ?? 0) / 60) * 60
  return {
    ...(gone === 0 ? {} : { gone }),
    ...(approval === undefined ? {} : { approval }),
    ...(digestKey === undefined ? {} : { digestKey }),
    ...(before.unlisted === undefined ? {} : { unlisted: before.unlisted }),
    instanceUuid: before.entries.size === 0 ? desired.instanceUuid : (before.instanceUuid ?? desired.instanceUuid),
    entries,
    subjects,
    templates,
    prunes:
      pruned === 0
        ? before.prunes
        : [...recent(before, passedTime), { at: now, count: pruned, recorded: before.entries.size }]
  }
}

const placed = (key: string, entry: Entry, desired: Desired): Entry => {
  const wanted = desired.wanted.get(key)
  const held = wanted !== undefined || desired.contested.has(key) ? withoutDelete(entry) : entry
  return wanted === undefined ? held : { ...held, template: wanted.template, subject: wanted.subject }
}

// It has left the set that was approved: should it be unwanted once more, a person is asked again.
const withoutDelete = (entry: Entry): Entry => {
  const { approved, ...rest } = entry
  return approved === "delete" ? rest : entry
}

// Old ones go with the next prune only: dropping them alone would be a write for nothing.
const recent = (before: Ledger, now: number) => before.prunes.filter(({ at }) => now - at < PRUNE_WINDOW_MILLIS)

const isEmptied = (entry: Entry, desired: Desired): boolean =>
  !desired.wanted.has(id(entry)) && desired.emptyRenders.has(renderingKey(entry.template, entry.subject))
