import { Clock, Duration, Effect } from "effect"
import {
  approved,
  approves,
  forgetting,
  type StateName,
  type Waiting,
  waitingDeletes,
  waitingEmptyRenders,
  waitingInstance,
  waitingStorage
} from "../domain/Approval.ts"
import { type Claims, claimant, holder, mayHave, unheard } from "../domain/Claims.ts"
import type { Desired } from "../domain/Desired.ts"
import { type Answers, type Question, questions, unconfirmed } from "../domain/Evidence.ts"
import { type GuardFacts, judge, type Verdict } from "../domain/Guards.ts"
import { released as releasedOf } from "../domain/Handover.ts"
import type { Presence } from "../domain/Inventory.ts"
import { type Ledger, lastHour } from "../domain/Ledger.ts"
import { withinLimit } from "../domain/LedgerLimit.ts"
import { id } from "../domain/Manifest.ts"
import type { Outcome } from "../domain/Outcome.ts"
import type { Owner } from "../domain/Owner.ts"
import { type Plan, type Prune, plan } from "../domain/Plan.ts"
import type { Settings } from "../domain/Settings.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import type { Stranger } from "../domain/Stranger.ts"
import { observe, type Unwanted } from "../domain/Unwanted.ts"
import { Applier } from "../services/Applier.ts"
import type { Session } from "../services/VCenter.ts"
import { OBSERVED_GAP } from "./schedules.ts"

/** What must be known to decide what is done. */
export interface WeighInput {
  /** The VCenterState that a person would edit. */
  readonly state: StateName
  readonly settings: Settings
  readonly paused: boolean
  /** What stands in `spec.approve`. */
  readonly approve: string | undefined
  /** Milliseconds since the epoch, no faster than time passes. */
  readonly passedTime: number
  /** The vCenters of the newest zone. */
  readonly zone: ReadonlySet<string>
  readonly desired: Snapshot<Desired>
  readonly ledger: Ledger
  /** Absent for a vCenter that has gone from the zone: there is nobody to ask. */
  readonly session: Session | undefined
  /** The vCenter is another one than recorded: nothing may be written. */
  readonly stranger: Stranger | undefined
  readonly unwanted: Unwanted
  readonly owner: Owner
  /** What the other vCenters want, hold and have given up. */
  readonly claims: Claims
}

/** What is to be done, what may not be done and why, and what waits for a person. */
export interface Weighed {
  readonly plan: Plan
  readonly verdict: Verdict
  readonly unwanted: Unwanted
  /** With the approvals that have come. */
  readonly ledger: Ledger
  readonly waiting: ReadonlyArray<Waiting>
  /** What this vCenter gives up, for another that wants it. */
  readonly released: ReadonlySet<string>
  /** What of that is the other's by now, by identity. */
  readonly left: ReadonlyMap<string, Outcome>
}

/**
 * Plan → guards → approvals. What a person has approved is marked in the ledger, object by object, before anything is
 * done by it: what remains of the set stays approved, and nothing that is added later is.
 */
export const weigh = Effect.fn("weigh")(function* (input: WeighInput) {
  const { approve, desired, state } = input
  const now = yield* Clock.currentTimeMillis
  const planOf = (of: Ledger) => withinLimit(plan(desired, of), desired.value, of)
  let ledger = forgetting(input.ledger, approve)
  let planned = planOf(ledger)
  const empties = waitingEmptyRenders(state, planned)
  if (isComplete(desired) && approves(approve, ledger, empties)) {
    ledger = approved(ledger, empties)
    planned = planOf(ledger)
  }
  // What another vCenter shows does not count. Of one that has gone, the time gone is counted instead; when it is back,
  // the time unwanted starts anew.
  const unwanted: Unwanted =
    desired.value.goneFor === undefined && input.stranger === undefined
      ? observe(input.unwanted, planned, { complete: isComplete(desired), now, gap: Duration.toMillis(OBSERVED_GAP) })
      : { millis: new Map(), lookedAt: undefined }
  const facts = yield* gather(input, planned, unwanted)
  const released = releasedOf(planned.prunes, facts)
  const left = yield* handOver(input, planned, released)
  const staying = () => planned.prunes.filter(({ entry }) => !left.has(id(entry)))
  let verdict = judge(staying(), facts)
  const deletes = waitingDeletes(state, verdict)
  if (approves(approve, ledger, deletes)) {
    ledger = approved(ledger, deletes)
    planned = planOf(ledger)
    verdict = judge(staying(), facts)
  }
  const sets = [
    waitingDeletes(state, verdict),
    waitingEmptyRenders(state, planned),
    waitingStorage(state, desired.value.lost.values()),
    waitingInstance(state, input.stranger)
  ]
  return {
    plan: planned,
    verdict,
    unwanted,
    ledger,
    waiting: sets.filter((set) => set !== undefined),
    released,
    left
  } satisfies Weighed
})

/** What has been given up and is another vCenter's by now leaves the record; until then the record may be too large. */
const handOver = Effect.fnUntraced(function* (
  { claims, owner }: WeighInput,
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

/** Everything the guards look at; asks the vCenter about absences that have lasted long enough. */
const gather = Effect.fnUntraced(function* (input: WeighInput, planned: Plan, unwanted: Unwanted) {
  const { desired, ledger, settings, session } = input
  const facts = desired.value
  const pruneDelay = Duration.toSeconds(settings.pruneDelay)
  const unwantedFor = (prune: Prune) =>
    prune.cause === "vCenter gone" ? Number.POSITIVE_INFINITY : (unwanted.millis.get(id(prune.entry)) ?? 0) / 1000
  const wantedElsewhere = (identity: string) => claimant(input.claims, input.owner.vcenter, identity)
  // What another vCenter wants need not wait: it is not deleted.
  const due = planned.prunes.filter(
    (prune) => unwantedFor(prune) >= pruneDelay || wantedElsewhere(id(prune.entry)) !== undefined
  )
  const ask = ({ type, ref }: Question) =>
    (session === undefined
      ? Effect.succeed<Presence>({ _tag: "Unknown", reason: "the vCenter is not connected" })
      : session
          .presence(type, ref)
          .pipe(Effect.catch((error) => Effect.succeed<Presence>({ _tag: "Unknown", reason: error.detail })))
    ).pipe(Effect.map((presence) => [ref, presence] as const))
  const answers: Answers = new Map(yield* Effect.forEach(questions(due, ledger, facts), ask))
  const guardFacts: GuardFacts = {
    paused: input.paused,
    partial: isComplete(desired) ? undefined : desired.reason,
    failedScopes: new Map(
      facts.failures.map(({ template }) => [
        (facts.templates.get(template) ?? ledger.templates.get(template))?.scope,
        template
      ])
    ),
    // What it was rendered for counts, too: a template may render for another scope by now.
    scopesOf: ({ entry }) =>
      [ledger.templates.get(entry.template)?.scope, ledger.subjects.get(entry.subject)?.scope].filter(
        (scope) => scope !== undefined
      ),
    unwantedFor,
    pruneDelay,
    wantedElsewhere,
    unheard: unheard(input.claims, input.owner.vcenter, input.zone),
    mayBeElsewhere: ({ cause, entry }) =>
      cause === "subject gone" || cause === "vCenter gone"
        ? mayHave(
            input.claims,
            input.owner.vcenter,
            input.zone,
            ledger.subjects.get(entry.subject)?.name ?? entry.subject
          )
        : undefined,
    unconfirmed: (prune) => unconfirmed(prune, ledger, facts, answers),
    stranger: input.stranger?.message,
    discovered: input.zone.has(input.owner.vcenter),
    goneFor: facts.goneFor,
    goneGrace: Duration.toSeconds(settings.vcenterGoneGrace),
    approved: ({ entry }) => entry.approved === "delete",
    recorded: ledger.entries.size,
    lastHour: lastHour(ledger, input.passedTime),
    allowShare: settings.allowPruneShare,
    allowMin: settings.allowPruneMin
  }
  return guardFacts
})
