import { type Desired, hasSameKey, renderedOf, renderingKey, type Wanted } from "./Desired.ts"
import { type Entry, isUnattributed, type Ledger } from "./Ledger.ts"
import { id, label } from "./Manifest.ts"
import { type Complete, isComplete, type Snapshot } from "./Snapshot.ts"

/** Why a recorded object is no longer wanted. */
export type Cause =
  /** Its cluster or datacenter is not in the inventory any more: the vCenter is asked before it is believed. */
  | "subject gone"
  /** Its template has been deleted, or renders for another scope now. */
  | "template gone"
  /** Its template, changed, no longer renders it. */
  | "no longer rendered"
  /** Nothing renders it, and what it was rendered for is not known: its record was rebuilt from the marks. */
  | "unknown origin"
  /** Its vCenter is not in the zone any more. */
  | "vCenter gone"

/** Why an object is left as it is; the reason of a condition. */
export type KeptBecause = "Kept" | "EmptyRender" | "LostStorage" | "LedgerFull"

/**
 * One step of a plan; each object has one. A step that changes or deletes says by what it was decided: `facts` can be
 * taken from a `Complete` reading only, so that code which makes one from a `Partial` reading does not compile.
 */
export type Step =
  | {
      readonly _tag: "Apply"
      readonly wanted: Wanted
      readonly recorded: Entry | undefined
      readonly facts: Complete<Wanted>["_tag"]
    }
  | { readonly _tag: "Unchanged"; readonly entry: Entry }
  | {
      readonly _tag: "Prune"
      readonly entry: Entry
      readonly cause: Cause
      readonly facts: Complete<Desired>["_tag"]
    }
  /** Recorded, and left as it is. */
  | { readonly _tag: "Keep"; readonly entry: Entry; readonly reason: KeptBecause; readonly why: string }
  /** Not recorded, and not applied either. */
  | { readonly _tag: "Hold"; readonly object: string; readonly reason: KeptBecause; readonly why: string }

export type Prune = Extract<Step, { readonly _tag: "Prune" }>
export type Apply = Extract<Step, { readonly _tag: "Apply" }>
export type Keep = Extract<Step, { readonly _tag: "Keep" }>
export type Hold = Extract<Step, { readonly _tag: "Hold" }>

/** Steps in the order of their identities. */
export interface Plan {
  readonly applies: ReadonlyArray<Apply>
  readonly prunes: ReadonlyArray<Prune>
  readonly unchanged: ReadonlyArray<Entry>
  readonly kept: ReadonlyArray<Keep>
  readonly held: ReadonlyArray<Hold>
}

/**
 * The steps from what is recorded to what is wanted.
 *
 *   recorded | wanted                                          | step
 *   ---------+-------------------------------------------------+------------------------------------
 *   no       | yes                                             | apply
 *   yes      | yes, digest differs (or pending)                | apply
 *   yes      | yes, same digest                                | unchanged
 *   yes      | no, everything Complete                         | prune
 *   yes      | no, something Partial                           | keep: absence is not proved
 *   yes      | its template failed to render                   | keep: unknown, not absent
 *   yes      | its unchanged template now renders nothing here | keep: EmptyRender; approved: prune
 *   yes      | claimed by two renderings                       | keep: neither wins
 *   yes      | rendered from Partial facts, digest differs     | keep: neither applied nor changed
 *   yes      | its cluster has lost its storage                | keep: LostStorage
 *   yes      | no, of unknown origin, and anything of the above | keep: it may be that
 *   no       | rendered from Partial facts, or claimed twice   | hold
 */
export const plan = (desired: Snapshot<Desired>, ledger: Ledger): Plan => {
  const facts = desired.value
  const steps: Array<Step> = []
  for (const [key, wanted] of facts.wanted) steps.push(forWanted(facts, key, wanted, ledger.entries.get(key)))
  for (const [key, why] of facts.contested) {
    const entry = ledger.entries.get(key)
    steps.push(entry === undefined ? { _tag: "Hold", object: key, reason: "Kept", why } : keep(entry, why))
  }
  for (const [key, entry] of ledger.entries) {
    if (facts.wanted.has(key) || facts.contested.has(key)) continue
    const unsure = unknown(facts, ledger, entry)
    if (unsure !== undefined) steps.push(unsure)
    else if (isComplete(desired)) steps.push(prune(desired, entry))
    else steps.push(keep(entry, `absence is not proved: ${desired.reason}`))
  }
  return collect(steps)
}

const forWanted = (facts: Desired, key: string, wanted: Wanted, recorded: Entry | undefined): Step => {
  if (recorded?.digest === wanted.digest) return { _tag: "Unchanged", entry: recorded }
  const rendered = renderedOf(facts, wanted)
  if (isComplete(rendered)) return apply(rendered, recorded)
  const why = `facts are not whole: ${rendered.reason}`
  return recorded === undefined ? { _tag: "Hold", object: key, reason: "Kept", why } : keep(recorded, why)
}

const keep = (entry: Entry, why: string, reason: KeptBecause = "Kept"): Keep => ({ _tag: "Keep", entry, reason, why })

/** Keeps a recorded object of which it is not known whether it is still wanted; undefined when it is known. */
const unknown = (facts: Desired, ledger: Ledger, entry: Entry): Keep | undefined => {
  const lost = facts.lost.get(entry.subject)
  if (lost !== undefined) return keep(entry, lost.message, "LostStorage")
  if (isUnattributed(entry)) {
    const [failed] = facts.failures.map(({ message }) => message)
    const [other] = [...facts.lost.values()].map(({ message }) => message)
    const why = failed ?? [...facts.held.values()][0] ?? other
    return why === undefined ? undefined : keep(entry, `what it was rendered from is not known, and ${why}`)
  }
  const failure = facts.failures.find(
    ({ template, subject }) => template === entry.template && (subject === undefined || subject === entry.subject)
  )
  if (failure !== undefined) return keep(entry, `its template failed: ${failure.message}`)
  const held = facts.held.get(entry.subject)
  if (held !== undefined) return keep(entry, `facts are not whole: ${held}`)
  const template = facts.templates.get(entry.template)
  if (entry.approved === "delete") return undefined
  // With another key no digest is the same: what cannot be compared is not taken for changed.
  const same =
    template !== undefined &&
    (!hasSameKey(facts, ledger) || template.digest === ledger.templates.get(entry.template)?.digest)
  if (!same || !facts.emptyRenders.has(renderingKey(entry.template, entry.subject))) return undefined
  const where = `renders nothing for ${nameOf(ledger, entry)} where it rendered objects`
  return keep(entry, `EmptyRender: ${entry.template} is unchanged, but ${where}`, "EmptyRender")
}

const nameOf = (ledger: Ledger, entry: Entry): string => ledger.subjects.get(entry.subject)?.name ?? entry.subject

/** The step that applies what was rendered from whole facts: nothing else may change an object. */
export const apply = (rendered: Complete<Wanted>, recorded: Entry | undefined): Apply => ({
  _tag: "Apply",
  wanted: rendered.value,
  recorded,
  facts: rendered._tag
})

/** The step that deletes what a whole reading does not want: nothing else proves an absence. */
export const prune = ({ _tag: facts, value: desired }: Complete<Desired>, entry: Entry): Prune => ({
  _tag: "Prune",
  entry,
  cause: causeOf(desired, entry),
  facts
})

const causeOf = (desired: Desired, entry: Entry): Cause => {
  if (desired.goneFor !== undefined) return "vCenter gone"
  if (isUnattributed(entry)) return "unknown origin"
  if (!desired.templates.has(entry.template)) return "template gone"
  return desired.subjects.has(entry.subject) ? "no longer rendered" : "subject gone"
}

const collect = (steps: ReadonlyArray<Step>): Plan => {
  const sorted = [...steps].sort((a, b) => (objectOf(a) < objectOf(b) ? -1 : 1))
  const of = <T extends Step["_tag"]>(tag: T) =>
    sorted.filter((step): step is Extract<Step, { readonly _tag: T }> => step._tag === tag)
  return {
    applies: of("Apply"),
    prunes: of("Prune"),
    unchanged: of("Unchanged").map(({ entry }) => entry),
    kept: of("Keep"),
    held: of("Hold")
  }
}

const objectOf = (step: Step): string => {
  if (step._tag === "Apply") return id(step.wanted.manifest)
  return step._tag === "Hold" ? step.object : id(step.entry)
}

/** The plan as text, a line a step that does something or declines to; the same for a real run and `--dry-run`. */
export const print = (self: Plan): ReadonlyArray<string> => [
  ...self.applies.map(
    ({ wanted, recorded }) => `${recorded === undefined ? "create" : "change"} ${label(wanted.manifest)}`
  ),
  ...self.prunes.map(({ entry, cause }) => `prune ${label(entry)} (${cause})`),
  ...self.kept.map(({ entry, why }) => `keep ${label(entry)} (${why})`),
  ...self.held.map(({ object, why }) => `hold ${object} (${why})`)
]
