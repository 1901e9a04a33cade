import { counted } from "./Count.ts"
import { isUnattributed } from "./Ledger.ts"
import { id } from "./Manifest.ts"
import type { Prune } from "./Plan.ts"
import type { Scope } from "./Template.ts"

/** Everything that a guard may look at. */
export interface GuardFacts {
  /** `spec.paused` of the VCenterState. */
  readonly paused: boolean
  /** Why the readings are not whole; undefined when they are. */
  readonly partial: string | undefined
  /** Templates that failed, by scope; undefined: one whose scope is not known, so that it may be any. */
  readonly failedScopes: ReadonlyMap<Scope | undefined, string>
  /** Scopes of what a recorded object was rendered by and for; none when they are not known any more. */
  readonly scopesOf: (prune: Prune) => ReadonlyArray<Scope>
  /** Seconds for which an object has been unwanted, counted in observed time. */
  readonly unwantedFor: (prune: Prune) => number
  /** Seconds, from the setting `prune_delay`. */
  readonly pruneDelay: number
  /** FQDN of another vCenter that wants this identity. */
  readonly wantedElsewhere: (identity: string) => string | undefined
  /** FQDN of another vCenter of the zone of which it is not known yet what it wants. */
  readonly unheard: string | undefined
  /** Why another vCenter may want this object, for it shows what this was made for; undefined when none does. */
  readonly mayBeElsewhere: (prune: Prune) => string | undefined
  /** Why the vCenter does not confirm that the object's subject is gone; undefined when it does, or need not. */
  readonly unconfirmed: (prune: Prune) => string | undefined
  /** Why the vCenter does not look like the one recorded; undefined when it does. */
  readonly stranger: string | undefined
  /** Whether the newest complete zone holds this vCenter. */
  readonly discovered: boolean
  /** Seconds of observed time for which it has been gone, where that may end in deletes; else undefined. */
  readonly goneFor?: number | undefined
  /** Seconds, from the setting `vcenter_gone_grace`. */
  readonly goneGrace: number
  /** Objects recorded now. */
  readonly recorded: number
  /** Objects pruned in the last hour, and recorded when it began. */
  readonly lastHour: { readonly pruned: number; readonly recorded: number }
  /** Whether a person has approved this delete. */
  readonly approved: (prune: Prune) => boolean
  /** Percent, from the setting `allow_prune_share`. */
  readonly allowShare: number
  /** From the setting `allow_prune_min`: a set no larger is judged neither by its share nor as "everything". */
  readonly allowMin: number
}

/**
 * One reason to withhold deletes. It sees those that no earlier guard withheld and answers with its objections, by
 * identity; the message says what to do.
 */
export interface Guard {
  readonly name: string
  /** Whether a person's approval lifts its objection: only those do that judge how much goes, or what no reading can tell. */
  readonly liftable: boolean
  readonly judge: (prunes: ReadonlyArray<Prune>, facts: GuardFacts) => ReadonlyMap<string, string>
}

export interface Withheld {
  readonly prune: Prune
  readonly guard: string
  readonly message: string
  /** Whether a person may lift it by an approval. */
  readonly liftable: boolean
}

/** What may be deleted, and what may not and why. */
export interface Verdict {
  readonly allowed: ReadonlyArray<Prune>
  readonly withheld: ReadonlyArray<Withheld>
}

const NOTHING: ReadonlyMap<string, string> = new Map()

const all = (prunes: ReadonlyArray<Prune>, message: string | undefined): ReadonlyMap<string, string> =>
  message === undefined ? NOTHING : new Map(prunes.map(({ entry }) => [id(entry), message]))

const each = (
  prunes: ReadonlyArray<Prune>,
  objection: (prune: Prune) => string | undefined
): ReadonlyMap<string, string> =>
  new Map(
    prunes.flatMap((prune) => {
      const message = objection(prune)
      return message === undefined ? [] : [[id(prune.entry), message] as const]
    })
  )

const paused: Guard = {
  name: "Paused",
  liftable: false,
  judge: (prunes, facts) => all(prunes, facts.paused ? "spec.paused is true: set it to false to go on" : undefined)
}

const partial: Guard = {
  name: "Partial",
  liftable: false,
  judge: (prunes, facts) =>
    all(prunes, facts.partial === undefined ? undefined : `absence is not proved: ${facts.partial}`)
}

const templateFailed: Guard = {
  name: "TemplateFailed",
  liftable: false,
  judge: (prunes, facts) =>
    each(prunes, (prune) => {
      const scopes = facts.scopesOf(prune)
      const known = scopes.length === 0 ? [...facts.failedScopes.keys()] : scopes
      const failed = known.map((scope) => facts.failedScopes.get(scope)).find((name) => name !== undefined)
      if (failed !== undefined) return `template ${failed} of the same scope fails: mend it first`
      const other = facts.failedScopes.get(undefined)
      return other === undefined ? undefined : `template ${other} fails, and may be of the same scope: mend it first`
    })
}

const delay: Guard = {
  name: "PruneDelay",
  liftable: false,
  judge: (prunes, facts) =>
    each(prunes, (prune) => {
      const left = facts.pruneDelay - facts.unwantedFor(prune)
      return left > 0 ? `unwanted for less than prune_delay (${facts.pruneDelay} s)` : undefined
    })
}

const wantedElsewhere: Guard = {
  name: "WantedElsewhere",
  liftable: false,
  judge: (prunes, facts) =>
    each(prunes, ({ entry }) => {
      const other = facts.wantedElsewhere(id(entry))
      return other === undefined ? undefined : `${other} wants this object`
    })
}

const unheard: Guard = {
  name: "Unheard",
  liftable: false,
  judge: (prunes, { unheard: other }) =>
    all(prunes, other === undefined ? undefined : `${other} has not been looked at yet, and may want this object`)
}

const mayBeElsewhere: Guard = {
  name: "MayBeElsewhere",
  liftable: true,
  judge: (prunes, facts) => each(prunes, facts.mayBeElsewhere)
}

const stranger: Guard = {
  name: "AnotherVCenter",
  liftable: false,
  judge: (prunes, facts) => all(prunes, facts.stranger)
}

const unconfirmed: Guard = {
  name: "Unconfirmed",
  liftable: false,
  judge: (prunes, facts) => each(prunes, facts.unconfirmed)
}

const retained: Guard = {
  name: "VCenterRetained",
  liftable: false,
  judge: (prunes, facts) => {
    if (facts.discovered) return NOTHING
    if (facts.goneFor === undefined) {
      return all(prunes, "the vCenter is not in the DNS zone any more: its objects are retained")
    }
    const early = facts.goneFor < facts.goneGrace
    return all(
      prunes,
      early ? `gone from the DNS zone for less than vcenter_gone_grace (${facts.goneGrace} s)` : undefined
    )
  }
}

const gone: Guard = {
  name: "VCenterGone",
  liftable: true,
  judge: (prunes, facts) =>
    all(
      prunes,
      facts.discovered
        ? undefined
        : "the vCenter is not in the DNS zone any more: its objects go with a person's approval only"
    )
}

const rebuilt: Guard = {
  name: "Rebuilt",
  liftable: true,
  judge: (prunes) =>
    each(prunes, ({ entry }) =>
      isUnattributed(entry)
        ? "the record of this vCenter was lost, and with it what this object was made for: it goes with a person's approval only"
        : undefined
    )
}

const everything: Guard = {
  name: "Everything",
  liftable: true,
  judge: (prunes, facts) =>
    all(
      prunes,
      prunes.length + facts.lastHour.pruned > facts.allowMin && prunes.length >= facts.recorded
        ? `this would delete everything of this vCenter (${counted(prunes.length, "object")}${hourly(facts)})`
        : undefined
    )
}

// The last hour's deletes belong to the set: otherwise small sets would empty everything.
const hourly = ({ lastHour: { pruned } }: GuardFacts): string =>
  pruned === 0 ? "" : ` after ${pruned} in the last hour`

const share: Guard = {
  name: "Share",
  liftable: true,
  judge: (prunes, facts) => {
    const total = prunes.length + facts.lastHour.pruned
    const limit = (facts.lastHour.recorded * facts.allowShare) / 100
    return all(
      prunes,
      total > facts.allowMin && total > limit
        ? `this would delete ${counted(prunes.length, "object")}, ${total} with the last hour's, of ${facts.lastHour.recorded}: more than allow_prune_share (${facts.allowShare} %)`
        : undefined
    )
  }
}

/** In this order; the first objection to an object wins. */
export const guards: ReadonlyArray<Guard> = [
  paused,
  stranger,
  partial,
  templateFailed,
  delay,
  wantedElsewhere,
  unconfirmed,
  retained,
  gone,
  rebuilt,
  everything,
  share,
  mayBeElsewhere,
  unheard
]

/** Puts a delete set before the guards. */
export const judge = (
  prunes: ReadonlyArray<Prune>,
  facts: GuardFacts,
  order: ReadonlyArray<Guard> = guards
): Verdict => {
  let allowed = prunes
  const withheld: Array<Withheld> = []
  for (const guard of order) {
    if (allowed.length === 0) break
    // What is approved is part of the set that is judged: it counts, and is not withheld.
    const objections = guard.judge(allowed, facts)
    const lifted = (prune: Prune) => guard.liftable && facts.approved(prune)
    for (const prune of allowed) {
      const message = objections.get(id(prune.entry))
      if (message === undefined || lifted(prune)) continue
      withheld.push({ prune, guard: guard.name, message, liftable: guard.liftable })
    }
    allowed = allowed.filter((prune) => !objections.has(id(prune.entry)) || lifted(prune))
  }
  return { allowed, withheld }
}
