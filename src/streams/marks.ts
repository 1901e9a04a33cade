import { Effect } from "effect"
import { type Stripped, stopOf, suspects, takingBack, unfinished } from "../domain/AnotherWriter.ts"
import { approves, forgetting, stale, type Waiting, waitingMarks } from "../domain/Approval.ts"
import type { Ledger } from "../domain/Ledger.ts"
import { id } from "../domain/Manifest.ts"
import { type Outcome, settle } from "../domain/Outcome.ts"
import { Applier } from "../services/Applier.ts"
import type { LedgerError } from "../services/Ledgers.ts"
import { BEGUN } from "./pruneAll.ts"
import type { Weighed, WeighInput } from "./weigh.ts"

/** What must be known to look at the marks, and to set them again. */
export interface MarksInput extends WeighInput {
  /** Records what is about to be done, before the first request that does it. */
  readonly record: (ledger: Ledger) => Effect.Effect<void, LedgerError>
}

/** What ends a run before it applies or deletes anything. */
export interface Halt {
  readonly outcomes: ReadonlyArray<Outcome>
  readonly ledger: Ledger
  readonly stopped: { readonly reason: string; readonly message: string }
  readonly waiting: ReadonlyArray<Waiting>
  readonly stale?: string
}

/**
 * Looks, before anything is written, whether somebody else has written what is recorded for this vCenter; undefined when
 * nobody has. Two that write the same objects would go on for ever, each over the other.
 *
 *   objects without their mark      | done                                                          | run
 *   --------------------------------+---------------------------------------------------------------+--------
 *   none                            | –                                                             | goes on
 *   some, none approved             | nothing: a person is asked                                    | ends
 *   some, all approved now          | recorded, then marked again: the next look applies or deletes | ends
 *   any, some approved before and   | those are marked again; a person is asked for the others      | ends
 *     not finished (a crash)        |                                                               |
 */
export const lookAtMarks = Effect.fn("marks")(function* (
  input: MarksInput,
  { ledger: weighed, plan, verdict }: Weighed
) {
  const applier = yield* Applier
  const asked = suspects(weighed, plan.applies, plan.prunes, verdict.allowed)
  const found = yield* Effect.interruptible(applier.stripped(input.owner, asked))
  return found.length + unfinished(weighed).length === 0 ? undefined : yield* halt(input, found)
})

/** Ends a run in which objects were found that somebody else has written. */
export const halt = Effect.fnUntraced(function* (input: MarksInput, found: ReadonlyArray<Stripped>) {
  const { approve, owner, state } = input
  const ledger = forgetting(input.ledger, approve)
  const fresh = found.filter((each) => !isApproved(each, ledger))
  const set = waitingMarks(state, fresh)
  const granted = approves(approve, ledger, set) ? set : undefined
  const taking = granted === undefined ? ledger : takingBack(ledger, granted, fresh)
  if (taking !== ledger) yield* input.record(taking)
  const applier = yield* Applier
  const marked = yield* Effect.forEach(unfinished(taking), (entry) => applier.remark(owner, entry), {
    concurrency: BEGUN
  })
  const seen = new Set(marked.map(({ object }) => id(object)))
  const outcomes = [...marked, ...(granted === undefined ? fresh : []).filter(({ object }) => !seen.has(id(object)))]
  const entries = settle(taking.entries, taking.entries, outcomes)
  return asking(input, { ...taking, entries }, outcomes, granted === undefined ? set : undefined)
})

const asking = (
  { approve }: MarksInput,
  ledger: Ledger,
  outcomes: ReadonlyArray<Outcome>,
  set: Waiting | undefined
): Halt => {
  const waiting = set === undefined ? [] : [set]
  const said = stale(approve, ledger, waiting)
  return {
    outcomes,
    ledger,
    waiting,
    stopped: stopOf(outcomes, set, said) ?? {
      reason: "AnotherWriter",
      message: "what was taken back is looked at anew"
    },
    ...(said === undefined ? {} : { stale: said })
  }
}

const isApproved = ({ object, uid }: Stripped, ledger: Ledger): boolean =>
  unfinished(ledger).some((entry) => id(entry) === id(object) && entry.uid === uid)
