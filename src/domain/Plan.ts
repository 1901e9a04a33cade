import { type Desired, renderingKey, type Wanted } from "./Desired.ts"
import type { Entry, Ledger } from "./Ledger.ts"
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

/** One step of a plan; each object has one. */
export type Step =
  | { readonly _tag: "Apply"; readonly wanted: Wanted; readonly recorded: Entry | undefined }
  | { readonly _tag: "Unchanged"; readonly entry: Entry }
  | { readonly _tag: "Prune"; readonly entry: Entry; readonly cause: Cause }
  /** Recorded, and left as it is. */
  | { readonly _tag: "Keep"; readonly entry: Entry; readonly why: string }
  /** Not recorded, and not applied either. */
  | { readonly _tag: "Hold"; readonly object: string; readonly why: string }

export type Prune = Extract<Step, { readonly _tag: "Prune" }>
export type Apply = Extract<Step, { readonly _tag: "Apply" }>

/** Steps in the order of their identities. */
export interface Plan {
  readonly applies: ReadonlyArray<Apply>
  readonly prunes: ReadonlyArray<Prune>
  readonly unchanged: ReadonlyArray<Entry>
  readonly kept: ReadonlyArray<Extract<Step, { readonly _tag: "Keep" }>>
  readonly held: ReadonlyArray<Extract<Step, { readonly _tag: "Hold" }>>
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
 *   yes      | its unchanged template now renders nothing here | keep: EmptyRender
 *   yes      | claimed by two renderings                       | keep: neither wins
 *   yes      | rendered from Partial facts                     | keep: neither applied nor changed
 *   no       | rendered from Partial facts, or claimed twice   | hold
 */
export const plan = (desired: Snapshot<Desired>, ledger: Ledger): Plan => {
  const facts = desired.value
  const steps: Array<Step> = []
  for (const [key, wanted] of facts.wanted) steps.push(forWanted(facts, key, wanted, ledger.entries.get(key)))
  for (const [key, why] of facts.contested) {
    const entry = ledger.entries.get(key)
    steps.push(entry === undefined ? { _tag: "Hold", object: key, why } : { _tag: "Keep", entry, why })
  }
  for (const [key, entry] of ledger.entries) {
    if (facts.wanted.has(key) || facts.contested.has(key)) continue
    const why = unknown(facts, ledger, entry)
    if (why !== undefined) steps.push({ _tag: "Keep", entry, why })
    else if (isComplete(desired)) steps.push(prune(desired, entry))
    else steps.push({ _tag: "Keep", entry, why: `absence is not proved: ${desired.reason}` })
  }
  return collect(steps)
}

const forWanted = (facts: Desired, key: string, wanted: Wanted, recorded: Entry | undefined): Step => {
  const held = facts.held.get(wanted.subject)
  if (held !== undefined) {
    const why = `facts are not whole: ${held}`
    return recorded === undefined ? { _tag: "Hold", object: key, why } : { _tag: "Keep", entry: recorded, why }
  }
  if (recorded?.digest === wanted.digest) return { _tag: "Unchanged", entry: recorded }
  return { _tag: "Apply", wanted, recorded }
}

/** Why it is not known whether a recorded object that was not rendered is still wanted; undefined when it is known. */
const unknown = (facts: Desired, ledger: Ledger, entry: Entry): string | undefined => {
  const failure = facts.failures.find(
    ({ template, subject }) => template === entry.template && (subject === undefined || subject === entry.subject)
  )
  if (failure !== undefined) return `its template failed: ${failure.message}`
  const held = facts.held.get(entry.subject)
  if (held !== undefined) return `facts are not whole: ${held}`
  const template = facts.templates.get(entry.template)
  const same = template !== undefined && template.digest === ledger.templates.get(entry.template)?.digest
  return same && facts.emptyRenders.has(renderingKey(entry.template, entry.subject))
    ? `EmptyRender: ${entry.template} is unchanged, but renders nothing for ${nameOf(ledger, entry)} where it rendered objects`
    : undefined
}

const nameOf = (ledger: Ledger, entry: Entry): string => ledger.subjects.get(entry.subject)?.name ?? entry.subject

/** Takes a Complete reading only: nothing else proves an absence. */
const prune = ({ value: facts }: Complete<Desired>, entry: Entry): Prune => {
  const template = facts.templates.get(entry.template)
  if (template === undefined) return { _tag: "Prune", entry, cause: "template gone" }
  if (!facts.subjects.has(entry.subject)) return { _tag: "Prune", entry, cause: "subject gone" }
  return { _tag: "Prune", entry, cause: "no longer rendered" }
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
