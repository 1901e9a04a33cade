import { Effect } from "effect"
import type { Desired, Failure } from "../domain/Desired.ts"
import type { Verdict, Withheld } from "../domain/Guards.ts"
import type { Happening } from "../domain/Happening.ts"
import type { Ledger } from "../domain/Ledger.ts"
import { label } from "../domain/Manifest.ts"
import { isFailure, type Outcome } from "../domain/Outcome.ts"
import { type Plan, print } from "../domain/Plan.ts"
import { failureText, outcomeText, type Run } from "../domain/Status.ts"
import { Journal } from "../services/Journal.ts"

/** Tells what a run is about to do; silent when there is nothing to do, and when the same was told before. */
export const tellPlan = (vcenter: string, plan: Plan, verdict: Verdict, told: string) =>
  textOf(plan, verdict) === told ? Effect.void : tellAll(planned(vcenter, plan, verdict))

/**
 * Tells what became of each object, and of the run as a whole; a run that did nothing and ended as the one before is
 * not told again.
 *
 * @returns what was told, to be given to the next run
 */
export const tellRun = Effect.fnUntraced(function* (
  vcenter: string,
  run: Run,
  ledger: Ledger,
  told: string,
  dryRun: boolean
) {
  const text = textOf(run.plan, run.verdict)
  const done = run.outcomes.filter(({ _tag }) => _tag !== "Withheld")
  if (done.length > 0 || text !== told) yield* tellAll(finished(vcenter, run, ledger, dryRun))
  return text
})

/**
 * Shows what a dry run would apply; a manifest that was shown before is not shown again.
 *
 * @returns the digests of what has been shown
 */
export const tellManifests = Effect.fnUntraced(function* (
  vcenter: string,
  { wanted }: Desired,
  shown: ReadonlyMap<string, string>
) {
  const fresh = [...wanted]
    .filter(([key, { digest }]) => shown.get(key) !== digest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  yield* tellAll(
    fresh.map(([, { manifest, template }]) => ({ _tag: "Manifest", vcenter, template, body: manifest.body }) as const)
  )
  return new Map([...wanted].map(([key, { digest }]) => [key, digest]))
})

const tellAll = Effect.fnUntraced(function* (happenings: ReadonlyArray<Happening>) {
  const journal = yield* Journal
  yield* Effect.forEach(happenings, journal.tell, { discard: true })
})

const textOf = (plan: Plan, verdict: Verdict): string =>
  JSON.stringify([print(plan), verdict.withheld.map(({ guard, message }) => [guard, message])])

const planned = (vcenter: string, plan: Plan, verdict: Verdict): ReadonlyArray<Happening> => {
  const steps = print(plan)
  const counts = {
    apply: plan.applies.length,
    prune: verdict.allowed.length,
    withheld: verdict.withheld.length,
    unchanged: plan.unchanged.length,
    kept: plan.kept.length + plan.held.length
  }
  return [
    ...(steps.length === 0 ? [] : [{ _tag: "Planned", vcenter, counts, steps } as const]),
    ...[...Map.groupBy(verdict.withheld, (each: Withheld) => each.guard)].map(
      ([guard, withheld]) =>
        ({
          _tag: "Withheld",
          vcenter,
          guard,
          objects: withheld.map(({ prune }) => label(prune.entry)),
          message: withheld[0]?.message ?? ""
        }) as const
    )
  ]
}

const finished = (vcenter: string, run: Run, ledger: Ledger, dryRun: boolean): ReadonlyArray<Happening> => [
  ...run.outcomes.filter(({ _tag }) => _tag !== "Withheld").map((outcome) => outcomeOf(vcenter, outcome, dryRun)),
  ...run.failures.map((failure) => templateFailed(vcenter, failure)),
  {
    _tag: "Reconciled",
    vcenter,
    objects: ledger.entries.size,
    withheld: run.verdict.withheld.length,
    failures: [
      ...(run.partial === undefined ? [] : [run.partial]),
      ...run.failures.map(failureText),
      ...run.outcomes.filter(isFailure).map(outcomeText)
    ]
  }
]

const templateFailed = (vcenter: string, failure: Failure): Happening => {
  const { subject: _, subjectName, message: __, ...place } = failure
  const subject = subjectName === undefined ? {} : { subject: subjectName }
  return { _tag: "TemplateFailed", vcenter, ...place, ...subject, message: failureText(failure) }
}

const outcomeOf = (vcenter: string, outcome: Outcome, dryRun: boolean): Happening => ({
  _tag: "Outcome",
  vcenter,
  object: label(outcome.object),
  outcome: outcome._tag === "Applied" ? (outcome.created ? "created" : "configured") : NAMES[outcome._tag],
  ...(dryRun && (outcome._tag === "Applied" || outcome._tag === "Pruned") ? { dryRun } : {}),
  ...("message" in outcome ? { message: outcome.message } : {})
})

const NAMES = {
  ApplyFailed: "failed",
  TakeOverWithheld: "not taken over",
  AnotherWriter: "another writer",
  Remarked: "marked again",
  Foreign: "refused",
  HandedOver: "handed over",
  OptedOut: "ignored",
  Pruned: "pruned",
  PruneFailed: "not pruned",
  Withheld: "withheld",
  NotAttempted: "not attempted"
} as const
