import type { Desired } from "./Desired.ts"
import type { Ledger } from "./Ledger.ts"
import { isComplete, partial, type Snapshot } from "./Snapshot.ts"

/** For how long a vCenter has been gone from the zone, in observed time. */
export interface Gone {
  readonly millis: number
  /** When a whole zone without it was looked at last, in milliseconds since the epoch. */
  readonly lookedAt: number | undefined
}

/** At the start: what the ledger has kept. */
export const goneBefore = ({ gone }: Ledger): Gone => ({ millis: (gone ?? 0) * 1000, lookedAt: undefined })

/**
 * After one more look at the zone. Like `prune_delay`, only time between two looks at a whole zone counts, and of a long
 * gap only `gap`: a clock that jumps and an operator that was down add nothing.
 *
 *   zone     | look before        | milliseconds
 *   ---------+--------------------+------------------------------
 *   Partial  | any                | as they were
 *   Complete | none, or a Partial | as they were
 *   Complete | Complete           | + what has passed, at most `gap`
 */
export const goneNow = (
  before: Gone,
  zone: Snapshot<unknown>,
  look: { readonly now: number; readonly gap: number }
): Gone => {
  if (!isComplete(zone)) return { millis: before.millis, lookedAt: undefined }
  const passed = before.lookedAt === undefined ? 0 : Math.min(Math.max(look.now - before.lookedAt, 0), look.gap)
  return { millis: before.millis + passed, lookedAt: look.now }
}

/**
 * The record of a vCenter that is in the zone again, whether or not it answers: should it go once more, its time counts
 * anew, and a person is asked anew.
 */
export const returned = (ledger: Ledger): Ledger => {
  const { gone, ...rest } = ledger
  if (gone === undefined) return ledger
  const entries = [...ledger.entries].map(([key, entry]) => {
    const { approved, ...plain } = entry
    return [key, approved === "delete" ? plain : entry] as const
  })
  return { ...rest, entries: new Map(entries) }
}

/**
 * The newest zone, as proof of what is not in it. It was transferred whole and verified; it proves something as long as
 * the name server goes on confirming it by its serial.
 */
export const asProof = <A>(
  zone: A,
  confirmedAt: number | undefined,
  look: { readonly now: number; readonly gap: number }
): Snapshot<A> =>
  confirmedAt !== undefined && look.now - confirmedAt <= look.gap
    ? { _tag: "Complete", value: zone }
    : partial(zone, "the zone has not been confirmed lately")

/**
 * What should exist for a vCenter that is not in the zone: nothing. There is no inventory to ask: the zone is the
 * evidence, and what is recorded is worked off by the record alone.
 */
export const desiredWithout = (
  zone: Snapshot<unknown>,
  { instanceUuid }: Ledger,
  { millis }: Gone
): Snapshot<Desired> => {
  const value: Desired = {
    instanceUuid: instanceUuid ?? "",
    wanted: new Map(),
    contested: new Map(),
    failures: [],
    held: new Map(),
    lost: new Map(),
    subjects: new Map(),
    templates: new Map(),
    emptyRenders: new Set(),
    goneFor: Math.floor(millis / 1000)
  }
  return isComplete(zone) ? { ...zone, value } : { ...zone, value }
}
