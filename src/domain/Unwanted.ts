import type { Ledger } from "./Ledger.ts"
import { id } from "./Manifest.ts"
import type { Plan } from "./Plan.ts"

/**
 * For how long objects have been unwanted, in observed time: only time between two complete looks counts, and of a
 * long gap only `OBSERVED_GAP`. A clock that jumps and an operator that was down add nothing.
 */
export interface Unwanted {
  /** Milliseconds by identity. */
  readonly millis: ReadonlyMap<string, number>
  /** When the last complete look was, in milliseconds since the epoch; absent before the first, and after a partial one. */
  readonly lookedAt: number | undefined
}

/** At the start: what the ledger has kept. */
export const fromLedger = (ledger: Ledger): Unwanted => ({
  millis: new Map(
    [...ledger.entries].filter(([, entry]) => entry.unwanted > 0).map(([key, { unwanted }]) => [key, unwanted * 1000])
  ),
  lookedAt: undefined
})

/**
 * After one more look.
 *
 *   look     | object                       | milliseconds
 *   ---------+------------------------------+------------------------------------------
 *   partial  | any                          | as they were
 *   complete | wanted                       | none
 *   complete | kept for another reason      | none
 *   complete | unwanted for the first time  | 0
 *   complete | unwanted before              | + the time since the last complete look, at most `gap`
 */
export const observe = (
  before: Unwanted,
  plan: Plan,
  look: { readonly complete: boolean; readonly now: number; readonly gap: number }
): Unwanted => {
  if (!look.complete) return { millis: before.millis, lookedAt: undefined }
  const passed = before.lookedAt === undefined ? 0 : Math.min(Math.max(look.now - before.lookedAt, 0), look.gap)
  return {
    millis: new Map(
      plan.prunes.map(({ entry }) => {
        const millis = before.millis.get(id(entry))
        return [id(entry), millis === undefined ? 0 : millis + passed]
      })
    ),
    lookedAt: look.now
  }
}
