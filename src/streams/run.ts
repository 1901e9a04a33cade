import { Clock, Duration, Effect } from "effect"
import { type Claims, claimant, holder, releaser } from "../domain/Claims.ts"
import type { Desired } from "../domain/Desired.ts"
import { type Answers, questions, unconfirmed } from "../domain/Evidence.ts"
import { notAttempted } from "../domain/failedBefore.ts"
import { type GuardFacts, judge, type Verdict } from "../domain/Guards.ts"
import { released as releasedOf } from "../domain/Handover.ts"
import type { Presence } from "../domain/Inventory.ts"
import { type Ledger, lastHour } from "../domain/Ledger.ts"
import { id } from "../domain/Manifest.ts"
import { nextLedger } from "../domain/nextLedger.ts"
import { ranked } from "../domain/Order.ts"
import { doubted, isFailure, type Outcome, settle, union } from "../domain/Outcome.ts"
import type { Owner } from "../domain/Owner.ts"
import { type Apply, type Plan, type Prune, plan } from "../domain/Plan.ts"
import type { Settings } from "../domain/Settings.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import { observe, type Unwanted } from "../domain/Unwanted.ts"
import { type Admitted, Applier } from "../services/Applier.ts"
import type { Journal } from "../services/Journal.ts"
import type { LedgerError } from "../services/Ledgers.ts"
import type { Session } from "../services/VCenter.ts"
import { OBSERVED_GAP } from "./schedules.ts"

/**
 * Requests of one vCenter that are begun at a time. The applier lets no more through, of all vCenters together; those
 * behind would only be thousands of fibers that wait for it.
 */
const BEGUN = 32

/** What one run needs to know. */
export interface RunInput {
  readonly owner: Owner
  readonly settings: Settings
  readonly paused: boolean
  /** Whether the newest zone holds this vCenter. */
  readonly discovered: boolean
  readonly desired: Snapshot<Desired>
  readonly ledger: Ledger
  readonly session: Session
  readonly unwanted: Unwanted
  /** What the other vCenters want, hold and have given up. */
  readonly claims: Claims
  /** Records the union before the first apply, and what is about to go before the first delete. */
  readonly record: (ledger: Ledger) => Effect.Effect<void, LedgerError>
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
}

/**
 * One run for one vCenter: plan → guards → record the union → apply in order → record what is about to go → prune in
 * reverse, only when every apply succeeded → fold the outcomes. It fails only when one of the two records could not be
 * written: then nothing has been applied, or nothing deleted.
 *
 * Until the union is recorded it only reads, and may be interrupted: a server that does not answer must not hold up the
 * end of the process.
 */
export const run = Effect.fn("run")(function* (input: RunInput) {
  const { desired, ledger, owner, settings } = input
  const applier = yield* Applier
  const planned = plan(desired, ledger)
  const now = yield* Clock.currentTimeMillis
  const unwanted = observe(input.unwanted, planned, {
    complete: isComplete(desired),
    now,
    gap: Duration.toMillis(OBSERVED_GAP)
  })
  const facts = yield* Effect.interruptible(gather(input, planned, unwanted, now))
  const released = releasedOf(planned.prunes, facts)
  const left = yield* Effect.interruptible(handOver(input, planned, released))
  const verdict = judge(
    planned.prunes.filter(({ entry }) => !left.has(id(entry))),
    facts
  )
  yield* input.tellPlan(planned, verdict)
  const withheld = verdict.withheld.map(
    ({ prune, guard, message }): Outcome => ({ _tag: "Withheld", object: prune.entry, guard, message })
  )
  if (input.paused)
    return { plan: planned, verdict, outcomes: withheld, ledger, unwanted, released } satisfies RunOutput

  const { admitted: permitted, refused } = yield* Effect.interruptible(
    applier.admit(owner, planned.applies, undefined, (identity) => releaser(input.claims, owner.vcenter, identity))
  )
  const late = notAttempted(stepsOf(permitted), refused, planned.applies)
  const admitted = permitted.filter(({ step }) => !late.has(id(step.wanted.manifest)))
  const pending = union(ledger, admitted)
  if (pending !== ledger.entries) {
    yield* input.record(nextLedger(ledger, desired.value, { entries: pending, pruned: 0, now }))
  }
  const outcomes: Array<Outcome> = [...left.values(), ...withheld, ...refused, ...late.values()]
  for (const group of ranked(admitted.map((each) => ({ ...each, kind: each.step.wanted.manifest.kind })))) {
    const held = notAttempted(stepsOf(group), outcomes, planned.applies)
    const apply = (each: Admitted) => {
      const outcome = held.get(id(each.step.wanted.manifest))
      return outcome === undefined ? applier.apply(owner, each) : Effect.succeed(outcome)
    }
    outcomes.push(...(yield* Effect.forEach(group, apply, { concurrency: BEGUN })))
  }
  if (outcomes.some((outcome) => isFailure(outcome) || outcome._tag === "NotAttempted")) {
    outcomes.push(...verdict.allowed.map(waiting))
  } else if (verdict.allowed.length > 0) {
    const entries = doubted(settle(ledger.entries, pending, outcomes), verdict.allowed)
    yield* input.record(nextLedger(ledger, desired.value, { entries, pruned: 0, now }))
    const groups = ranked(verdict.allowed.map((prune) => ({ prune, kind: prune.entry.kind })))
    for (const group of groups.toReversed()) {
      outcomes.push(
        ...(yield* Effect.forEach(group, ({ prune }) => applier.prune(owner, prune), { concurrency: BEGUN }))
      )
    }
  }
  const entries = settle(ledger.entries, pending, outcomes)
  const pruned = outcomes.filter(({ _tag }) => _tag === "Pruned").length
  return {
    plan: planned,
    verdict,
    outcomes,
    ledger: nextLedger(ledger, desired.value, {
      entries: new Map(
        [...entries].map(([key, entry]) => [key, { ...entry, unwanted: unwantedSeconds(unwanted, key, settings) }])
      ),
      pruned,
      now
    }),
    unwanted,
    released
  } satisfies RunOutput
})

// No more than the guard asks for: what is withheld for weeks must not change the record at every look.
const unwantedSeconds = ({ millis }: Unwanted, key: string, { pruneDelay }: Settings): number =>
  Math.floor(Math.min((millis.get(key) ?? 0) / 1000, Duration.toSeconds(pruneDelay)))

const waiting = ({ entry }: Prune): Outcome => ({
  _tag: "NotAttempted",
  object: entry,
  message: "an apply failed: nothing is deleted before every apply has succeeded"
})

/** What has been given up and is another vCenter's by now leaves the record; until then the record may be too large. */
const handOver = Effect.fnUntraced(function* (
  { claims, owner }: RunInput,
  planned: Plan,
  released: ReadonlySet<string>
) {
  const applier = yield* Applier
  const left = new Map<string, Outcome>()
  for (const prune of planned.prunes) {
    const key = id(prune.entry)
    if (!released.has(key) || holder(claims, owner.vcenter, key) === undefined) continue
    const outcome = yield* applier.letGo(owner, prune)
    if (outcome !== undefined) left.set(key, outcome)
  }
  return left
})

const stepsOf = (admitted: ReadonlyArray<Admitted>): ReadonlyArray<Apply> => admitted.map(({ step }) => step)

/** Everything the guards look at; asks the vCenter about absences that have lasted long enough. */
const gather = Effect.fnUntraced(function* (input: RunInput, planned: Plan, unwanted: Unwanted, now: number) {
  const { desired, ledger, settings, session } = input
  const facts = desired.value
  const pruneDelay = Duration.toSeconds(settings.pruneDelay)
  const unwantedFor = (prune: Prune) => (unwanted.millis.get(id(prune.entry)) ?? 0) / 1000
  const wantedElsewhere = (identity: string) => claimant(input.claims, input.owner.vcenter, identity)
  // What another vCenter wants need not wait: it is not deleted.
  const due = planned.prunes.filter(
    (prune) => unwantedFor(prune) >= pruneDelay || wantedElsewhere(id(prune.entry)) !== undefined
  )
  const answers: Answers = new Map(
    yield* Effect.forEach(questions(due, ledger, facts), ({ type, ref }) =>
      session.presence(type, ref).pipe(
        Effect.catch((error) => Effect.succeed<Presence>({ _tag: "Unknown", reason: error.detail })),
        Effect.map((presence) => [ref, presence] as const)
      )
    )
  )
  const guardFacts: GuardFacts = {
    paused: input.paused,
    partial: isComplete(desired) ? undefined : desired.reason,
    failedScopes: new Map(
      facts.failures.flatMap(({ template }) => {
        const scope = (facts.templates.get(template) ?? ledger.templates.get(template))?.scope
        return scope === undefined ? [] : [[scope, template] as const]
      })
    ),
    scopeOf: ({ entry }) => ledger.templates.get(entry.template)?.scope ?? ledger.subjects.get(entry.subject)?.scope,
    unwantedFor,
    pruneDelay,
    wantedElsewhere,
    unconfirmed: (prune) => unconfirmed(prune, ledger, facts, answers),
    stranger:
      ledger.instanceUuid === undefined || ledger.instanceUuid === facts.instanceUuid
        ? undefined
        : `the vCenter behind this name is another one (instanceUuid ${facts.instanceUuid}, recorded ${ledger.instanceUuid})`,
    discovered: input.discovered,
    recorded: ledger.entries.size,
    lastHour: lastHour(ledger, now),
    allowShare: settings.allowPruneShare,
    allowMin: settings.allowPruneMin
  }
  return guardFacts
})
