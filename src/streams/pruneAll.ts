import { Effect, Ref } from "effect"
import { ranked } from "../domain/Order.ts"
import type { Outcome } from "../domain/Outcome.ts"
import type { Owner } from "../domain/Owner.ts"
import type { Prune } from "../domain/Plan.ts"
import { Applier } from "../services/Applier.ts"

/**
 * Requests of one vCenter that are begun at a time. The applier lets no more through, of all vCenters together; those
 * behind would only be thousands of fibers that wait for it.
 */
export const BEGUN = 32

/**
 * Deletes in the reverse order of applying. It ends, but for what is under way, at the first object that turns out to
 * have been written by somebody else since it was looked at.
 *
 * @param isPaused asked before each request
 */
export const pruneAll = Effect.fnUntraced(function* (
  owner: Owner,
  prunes: ReadonlyArray<Prune>,
  isPaused?: Effect.Effect<boolean>
) {
  const applier = yield* Applier
  const met = yield* Ref.make(false)
  const one = Effect.fnUntraced(function* (prune: Prune) {
    if (yield* Ref.get(met)) return afterAnother(prune)
    const outcome = yield* applier.prune(owner, prune, isPaused)
    if (outcome._tag === "AnotherWriter") yield* Ref.set(met, true)
    return outcome
  })
  const outcomes: Array<Outcome> = []
  for (const group of ranked(prunes.map((prune) => ({ prune, kind: prune.entry.kind }))).toReversed()) {
    outcomes.push(...(yield* Effect.forEach(group, ({ prune }) => one(prune), { concurrency: BEGUN })))
  }
  return outcomes
})

const afterAnother = ({ entry }: Prune): Outcome => ({
  _tag: "NotAttempted",
  object: entry,
  message: "somebody else writes objects of this vCenter: nothing more is deleted"
})
