import { Clock, Duration, Effect } from "effect"
import { isStripped, stopOf } from "../domain/AnotherWriter.ts"
import { approvedTakeOvers, approves, stale, takingOver, type Waiting, waitingTakeOvers } from "../domain/Approval.ts"
import { releaser } from "../domain/Claims.ts"
import { notAttempted } from "../domain/failedBefore.ts"
import type { Verdict } from "../domain/Guards.ts"
import type { Ledger } from "../domain/Ledger.ts"
import { id } from "../domain/Manifest.ts"
import { nextLedger } from "../domain/nextLedger.ts"
import { ranked } from "../domain/Order.ts"
import { doubted, isFailure, type Outcome, settle, union } from "../domain/Outcome.ts"
import type { Apply, Plan, Prune } from "../domain/Plan.ts"
import type { Settings } from "../domain/Settings.ts"
import type { Unwanted } from "../domain/Unwanted.ts"
import { type Admitted, Applier } from "../services/Applier.ts"
import type { Journal } from "../services/Journal.ts"
import { type Halt, halt, lookAtMarks, type MarksInput } from "./marks.ts"
import { BEGUN, pruneAll } from "./pruneAll.ts"
import { weigh } from "./weigh.ts"

/** What one run needs to know. */
export interface RunInput extends MarksInput {
  /** What a person has approved to be taken over. */
  readonly takeOvers: Waiting["keys"]
  /** Whether a person has paused it meanwhile: a run may take minutes, and must stop between two requests. */
  readonly isPaused: Effect.Effect<boolean>
  readonly tellPlan: (plan: Plan, verdict: Verdict) => Effect.Effect<void, never, Journal>
}

/** What came of it. */
export interface RunOutput {
  readonly plan: Plan
  readonly verdict: Verdict
  readonly outcomes: ReadonlyArray<Outcome>
  readonly ledger: Ledger
  readonly unwanted: Unwanted
  /** What this vCenter gives up, for another that wants it. */
  readonly released: ReadonlySet<string>
  /** Why nothing may be written for this vCenter. */
  readonly stopped?: { readonly reason: string; readonly message: string }
  /** What waits for a person. */
  readonly waiting: ReadonlyArray<Waiting>
  /** What is to be said of an approval that approves nothing. */
  readonly stale?: string
  /** Take-overs that were approved: the next run does them. */
  readonly takeOvers?: Waiting
}

/**
 * One run for one vCenter: plan → guards → look at the marks → record the union → apply in order → record what is about
 * to go → prune in reverse, only when every apply succeeded → fold the outcomes. It fails only when one of the records
 * could not be written: then nothing has been applied, or nothing deleted.
 *
 * Until the union is recorded it only reads, and may be interrupted: a server that does not answer must not hold up the
 * end of the process.
 */
export const run = Effect.fn("run")(function* (input: RunInput) {
  const { approve, desired, owner, settings, state } = input
  const applier = yield* Applier
  const now = yield* Clock.currentTimeMillis
  const weighed = yield* Effect.interruptible(weigh(input))
  const { ledger, left, plan: planned, unwanted, verdict } = weighed
  yield* input.tellPlan(planned, verdict)
  const withheld = verdict.withheld.map(
    ({ prune, guard, message }): Outcome => ({ _tag: "Withheld", object: prune.entry, guard, message })
  )
  if (input.paused) return { ...weighed, outcomes: withheld, ledger: input.ledger } satisfies RunOutput
  if (input.stranger !== undefined) {
    const { message } = input.stranger
    const how = weighed.waiting.find(({ reason }) => reason === "AnotherVCenter")?.command ?? ""
    return {
      ...weighed,
      outcomes: withheld,
      ledger: input.ledger,
      stopped: { reason: "AnotherVCenter", message: `${message}; nothing is written; to accept it: ${how}` }
    } satisfies RunOutput
  }

  const ended = ({ outcomes, waiting, ...rest }: Halt): RunOutput => ({
    ...weighed,
    ...rest,
    outcomes: [...withheld, ...outcomes],
    waiting: [...weighed.waiting, ...waiting],
    released: new Set()
  })
  const halted = yield* lookAtMarks(input, weighed)
  if (halted !== undefined) return ended(halted)

  const { admitted: permitted, refused } = yield* Effect.interruptible(
    applier.admit(owner, planned.applies, approvedTakeOvers(input.takeOvers, ledger), (key) =>
      releaser(input.claims, owner.vcenter, key)
    )
  )
  const theirs = refused.filter(isStripped)
  if (theirs.length > 0) return ended(yield* halt(input, theirs))
  const late = notAttempted(stepsOf(permitted), refused, planned.applies)
  const admitted = permitted.filter(({ step }) => !late.has(id(step.wanted.manifest)))
  const taken = admitted.filter(({ takeOver }) => takeOver?.approved === true)
  const pending = takingOver(union(ledger, admitted), new Set(taken.map(({ step }) => id(step.wanted.manifest))))
  if (pending !== ledger.entries) {
    yield* input.record(nextLedger(ledger, desired.value, { entries: pending, pruned: 0, now }))
  }
  const outcomes: Array<Outcome> = [...left.values(), ...withheld, ...refused, ...late.values()]
  for (const group of ranked(admitted.map((each) => ({ ...each, kind: each.step.wanted.manifest.kind })))) {
    const held = notAttempted(stepsOf(group), outcomes, planned.applies)
    const apply = (each: Admitted) => {
      const outcome = held.get(id(each.step.wanted.manifest))
      return outcome === undefined ? applier.apply(owner, each, input.isPaused) : Effect.succeed(outcome)
    }
    outcomes.push(...(yield* Effect.forEach(group, apply, { concurrency: BEGUN })))
  }
  if (outcomes.some((outcome) => isFailure(outcome) || outcome._tag === "NotAttempted")) {
    outcomes.push(...verdict.allowed.map(tooEarly))
  } else if (verdict.allowed.length > 0) {
    const entries = doubted(settle(ledger.entries, pending, outcomes), verdict.allowed)
    yield* input.record(nextLedger(ledger, desired.value, { entries, pruned: 0, now }))
    outcomes.push(...(yield* pruneAll(owner, verdict.allowed, input.isPaused)))
  }
  const entries = settle(ledger.entries, pending, outcomes)
  const pruned = outcomes.filter(({ _tag }) => _tag === "Pruned").length
  const takeOvers = waitingTakeOvers(state, outcomes)
  const stopped = stopOf(outcomes, undefined)
  const waiting = takeOvers === undefined ? weighed.waiting : [...weighed.waiting, takeOvers]
  const granted = approves(approve, ledger, takeOvers) ? takeOvers : undefined
  const said = granted === undefined && approve !== desired.value.approval ? stale(approve, ledger, waiting) : undefined
  return {
    ...weighed,
    waiting,
    ...(granted === undefined ? {} : { takeOvers: granted }),
    ...(said === undefined ? {} : { stale: said }),
    ...(stopped === undefined ? {} : { stopped }),
    outcomes,
    ledger: nextLedger(ledger, desired.value, {
      entries: new Map(
        [...entries].map(([key, entry]) => [key, { ...entry, unwanted: unwantedSeconds(unwanted, key, settings) }])
      ),
      pruned,
      now,
      passedTime: input.passedTime
    })
  } satisfies RunOutput
})

// No more than the guard asks for: what is withheld for weeks must not change the record at every look.
const unwantedSeconds = ({ millis }: Unwanted, key: string, { pruneDelay }: Settings): number =>
  Math.floor(Math.min((millis.get(key) ?? 0) / 1000, Duration.toSeconds(pruneDelay)))

const tooEarly = ({ entry }: Prune): Outcome => ({
  _tag: "NotAttempted",
  object: entry,
  message: "an apply failed: nothing is deleted before every apply has succeeded"
})

const stepsOf = (admitted: ReadonlyArray<Admitted>): ReadonlyArray<Apply> => admitted.map(({ step }) => step)
