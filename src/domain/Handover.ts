import { type GuardFacts, guards, judge } from "./Guards.ts"
import { id } from "./Manifest.ts"
import type { Prune } from "./Plan.ts"

/** Guards that speak of deleting. The others speak of whether the vCenter still has what the object was made for. */
const OF_DELETING: ReadonlySet<string> = new Set([
  "PruneDelay",
  "WantedElsewhere",
  "Unheard",
  "MayBeElsewhere",
  "Everything",
  "Share"
])

/**
 * What a vCenter gives up for another that wants it, by identity: what it no longer wants itself, and that beyond the
 * doubts which would withhold a delete. A cluster that has moved is not deleted, so neither delay nor share hold it up.
 *
 *   no longer wanted | wanted by another | a guard that does not speak of deleting | given up
 *   -----------------+-------------------+-----------------------------------------+---------
 *   no               | any               | any                                     | no
 *   yes              | no                | any                                     | no
 *   yes              | yes               | objects                                 | no
 *   yes              | yes               | does not object                         | yes
 */
export const released = (prunes: ReadonlyArray<Prune>, facts: GuardFacts): ReadonlySet<string> => {
  const wanted = prunes.filter(({ entry }) => facts.wantedElsewhere(id(entry)) !== undefined)
  const { allowed } = judge(
    wanted,
    facts,
    guards.filter(({ name }) => !OF_DELETING.has(name))
  )
  return new Set(allowed.map(({ entry }) => id(entry)))
}
