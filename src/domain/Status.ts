import { DateTime } from "effect"
import type { Reason, Waiting } from "./Approval.ts"
import type { Condition } from "./Condition.ts"
import { counted, exactly } from "./Count.ts"
import type { Failure } from "./Desired.ts"
import type { Verdict } from "./Guards.ts"
import type { Ledger } from "./Ledger.ts"
import { canonical, label } from "./Manifest.ts"
import { isFailure, type Outcome } from "./Outcome.ts"
import type { Plan } from "./Plan.ts"
import { type Problem, type Status, storeLedger } from "./VCenterState.ts"

/** What one look at a vCenter found, for its status. */
export interface Findings {
  /** Whether the newest complete zone holds it; undefined while no zone has been read. */
  readonly discovered: boolean | undefined
  readonly connection: Connection
  readonly ledger: Ledger
  /** Why nothing may be written for this vCenter; undefined when all is well. */
  readonly stopped: { readonly reason: string; readonly message: string } | undefined
  /** Absent while nothing could be rendered and reconciled. */
  readonly run: Run | undefined
}

export type Connection =
  | { readonly _tag: "Connected"; readonly version: string; readonly clusters: number; readonly partial?: string }
  | { readonly _tag: "Disconnected"; readonly reason: string; readonly message: string }

export interface Run {
  readonly plan: Plan
  readonly verdict: Verdict
  readonly failures: ReadonlyArray<Failure>
  /** Why the readings are not whole; absent when they are. */
  readonly partial?: string
  /** What a person should know of the choices made. */
  readonly notes?: ReadonlyArray<string>
  readonly outcomes: ReadonlyArray<Outcome>
  /** What waits for a person's approval. */
  readonly waiting: ReadonlyArray<Waiting>
  /** What is to be said of an approval that approves nothing. */
  readonly stale?: string
}

/** How many problems, and objects of a set, a status lists; the counts are never cut. */
export const LISTED_PROBLEMS = 20

type Judgement = Omit<Condition, "lastTransitionTime" | "observedGeneration">

const judgement = (type: string, status: Condition["status"], reason: string, message: string): Judgement => ({
  type,
  status,
  reason,
  message
})

const discovered = ({ discovered: found, connection, ledger, run }: Findings): Judgement => {
  if (found === undefined) return judgement("Discovered", "Unknown", "NoZone", "no complete zone transfer yet")
  if (found) return judgement("Discovered", "True", "InZone", "")
  // A run without a connection works off the record: the condition PruneWithheld says how far that is.
  const goes = connection._tag === "Disconnected" && run !== undefined
  const rest = goes ? "" : ": its objects are retained"
  const what = ledger.entries.size === 0 ? "; nothing is recorded for it" : rest
  return judgement("Discovered", "False", "NotInZone", `not in the DNS zone${what}`)
}

const connected = ({ connection }: Findings): Judgement =>
  connection._tag === "Connected"
    ? connection.partial === undefined
      ? judgement("Connected", "True", "Connected", "")
      : judgement("Connected", "True", "Partial", connection.partial)
    : judgement("Connected", "False", connection.reason, connection.message)

const rendered = ({ run }: Findings): Judgement => {
  if (run === undefined) return judgement("Rendered", "Unknown", "NotRendered", "")
  const [first] = run.failures
  if (first !== undefined) {
    return judgement("Rendered", "False", "TemplateFailed", `${run.failures.length} failed; ${failureText(first)}`)
  }
  // What waits for a person is shown before what may pass by itself.
  const odd = [...run.plan.held, ...run.plan.kept].sort(
    (a, b) => Number(a.reason === "Kept") - Number(b.reason === "Kept")
  )
  const [next] = odd
  if (next !== undefined) {
    const hint = next.reason === "LostStorage" ? toApprove(run, "LostStorage") : ""
    return judgement("Rendered", "False", next.reason, `${odd.length} kept; ${next.why}${hint}`)
  }
  // What was read last stays in force over a short trouble; but nothing, of what was never read, is no success.
  const { applies, prunes, unchanged } = run.plan
  return run.partial !== undefined && applies.length + prunes.length + unchanged.length === 0
    ? judgement("Rendered", "False", "Partial", run.partial)
    : judgement("Rendered", "True", "Rendered", (run.notes ?? []).join("; "))
}

const applied = ({ run }: Findings): Judgement => {
  if (run === undefined) return judgement("Applied", "Unknown", "NotApplied", "")
  const failed = run.outcomes.filter(isFailure)
  const [first] = failed
  if (first !== undefined) {
    const reason = first._tag === "TakeOverWithheld" ? "TakeOver" : first._tag
    const hint = reason === "TakeOver" || reason === "AnotherWriter" ? toApprove(run, reason) : ""
    return judgement("Applied", "False", first._tag, `${failed.length} failed; ${outcomeText(first)}${hint}`)
  }
  const left = run.outcomes.filter(({ _tag }) => _tag === "NotAttempted")
  const [next] = left
  return next === undefined
    ? judgement("Applied", "True", "Applied", "")
    : judgement("Applied", "False", next._tag, `${left.length} not attempted; ${outcomeText(next)}`)
}

const pruneWithheld = ({ run }: Findings): Judgement => {
  if (run === undefined) return judgement("PruneWithheld", "Unknown", "NotPlanned", "")
  const { withheld } = run.verdict
  const first = withheld.at(-1)
  const said = run.stale === undefined ? "" : `; ${run.stale}`
  if (first !== undefined) {
    const hint = first.liftable ? toApprove(run, "Delete") : ""
    return judgement(
      "PruneWithheld",
      "True",
      first.guard,
      `${counted(withheld.length, "object")}; ${first.message}${hint}${said}`
    )
  }
  const empties = run.waiting.find(({ reason }) => reason === "EmptyRender")
  if (empties === undefined) return judgement("PruneWithheld", "False", "NothingWithheld", run.stale ?? "")
  const why = `${counted(empties.objects.length, "object")}; unchanged templates render them no longer`
  return judgement("PruneWithheld", "True", "EmptyRender", `${why}${toApprove(run, "EmptyRender")}${said}`)
}

/** How a person approves the set of this reason. */
const toApprove = ({ waiting }: Run, reason: Reason): string => {
  const set = waiting.find((each) => each.reason === reason)
  return set === undefined ? "" : `; to approve ${exactly(set.objects.length)}: ${set.command}`
}

/** Ready: everything that should exist does, and nothing waits for a person. */
const ready = (findings: Findings, others: ReadonlyArray<Judgement>): Judgement => {
  if (findings.stopped !== undefined) {
    return judgement("Ready", "False", findings.stopped.reason, findings.stopped.message)
  }
  const bad = others.find(({ type, status }) => type !== "PruneWithheld" && status !== "True")
  if (bad !== undefined) return judgement("Ready", "False", bad.reason, bad.message)
  const withheld = others.find(
    ({ type, status, reason }) => type === "PruneWithheld" && status === "True" && reason !== "PruneDelay"
  )
  return withheld === undefined
    ? judgement("Ready", "True", "Reconciled", "")
    : judgement("Ready", "False", `PruneWithheld${withheld.reason}`, withheld.message)
}

/** A failure on one line: which template, where, for which cluster or datacenter, of which kind, and what it is. */
export const failureText = ({ template, subjectName, kind, within, line, column, message }: Failure): string => {
  const place = `${line === undefined ? "" : ` line ${line}`}${column === undefined ? "" : ` column ${column}`}`
  const subject = subjectName === undefined ? "" : ` for ${subjectName}`
  const what = `${kind === undefined ? "" : `${kind}: `}${message}`
  return within === undefined
    ? `${template}${place}${subject}: ${what}`
    : `${template}${subject}: ${within}${place}: ${what}`
}

export const outcomeText = (outcome: Outcome): string =>
  `${label(outcome.object)}: ${"message" in outcome ? outcome.message : outcome._tag}`

const problems = ({ ledger, run }: Findings): ReadonlyArray<Problem> =>
  run === undefined
    ? []
    : [
        ...(ledger.unlisted ?? []).map((kind) => ({
          object: kind,
          reason: "NotListed",
          message:
            "it could not be listed when the record was rebuilt from the marks: what lives of it may not be recorded; it is tried again at the next start"
        })),
        ...run.failures.map((failure) => ({
          object: failure.template,
          reason: "TemplateFailed",
          message: failureText(failure)
        })),
        ...run.outcomes.filter(isFailure).map((outcome) => ({
          object: label(outcome.object),
          reason: outcome._tag,
          message: outcomeText(outcome)
        })),
        ...run.plan.kept.map(({ entry, reason, why }) => ({ object: label(entry), reason, message: why })),
        ...run.plan.held.map(({ object, why }) => ({ object, reason: "Held", message: why })),
        ...run.verdict.withheld.map(({ prune, guard, message }) => ({
          object: label(prune.entry),
          reason: guard,
          message
        }))
      ].slice(0, LISTED_PROBLEMS)

const approvals = ({ run }: Findings): Pick<Status, "approvals"> =>
  run === undefined || run.waiting.length === 0
    ? {}
    : {
        approvals: run.waiting.map(({ reason, digest, objects }) => ({
          reason,
          digest,
          count: objects.length,
          objects: objects.slice(0, LISTED_PROBLEMS)
        }))
      }

/**
 * The status of one vCenter. It holds no time but those of its conditions' last transitions, so that the same findings
 * give the same status and a restart writes nothing.
 *
 * @param now milliseconds since the epoch
 */
export const statusOf = (
  findings: Findings,
  previous: Pick<Status, "conditions"> | undefined,
  generation: number | undefined,
  now: number
): Status => {
  const others = [discovered, connected, rendered, applied, pruneWithheld].map((judge) => judge(findings))
  const all = [...others, ready(findings, others)]
  const observed = generation === undefined ? {} : { observedGeneration: generation }
  return {
    ...observed,
    conditions: all.map((condition) => {
      const before = previous?.conditions.find(({ type }) => type === condition.type)
      const same = before !== undefined && before.status === condition.status
      return {
        ...condition,
        lastTransitionTime: same ? before.lastTransitionTime : DateTime.formatIso(DateTime.makeUnsafe(now)),
        ...observed
      }
    }),
    reason: all.at(-1)?.reason ?? "",
    ...(findings.connection._tag === "Connected" ? { version: findings.connection.version } : {}),
    clusters: findings.connection._tag === "Connected" ? findings.connection.clusters : clustersOf(findings.ledger),
    objects: findings.ledger.entries.size,
    withheld: findings.run?.verdict.withheld.length ?? 0,
    problems: problems(findings),
    ...approvals(findings),
    ledger: storeLedger(findings.ledger)
  }
}

const clustersOf = (ledger: Ledger): number =>
  [...ledger.subjects.values()].filter(({ scope }) => scope !== "datacenter").length

/** The status with another ledger, as it is written before a run: the rest is as it was. */
export const withLedger = (status: Status | undefined, ledger: Ledger): Status => ({
  ...(status ?? { conditions: [], reason: "Reconciling", clusters: clustersOf(ledger), withheld: 0, problems: [] }),
  objects: ledger.entries.size,
  ledger: storeLedger(ledger)
})

/**
 * What makes a status due.
 *
 *   ledger differs | spec was edited | the rest differs | due
 *   ---------------+-----------------+------------------+-------------------------------------------
 *   yes            | any             | any              | record: now
 *   no             | yes             | any              | record: now, a person waits for the answer
 *   no             | no              | yes              | status: when there has been time since the last one
 *   no             | no              | no               | no
 *
 * The seconds for which an object has been unwanted, or the vCenter gone, count as the rest: they change at every look.
 */
export const writeDue = (before: Status | undefined, after: Status): "record" | "status" | "no" => {
  if (text(before) === text(after)) return "no"
  if (before?.observedGeneration !== after.observedGeneration) return "record"
  return text(recordOf(before)) === text(recordOf(after)) ? "status" : "record"
}

const text = (value: unknown): string => canonical(JSON.parse(JSON.stringify(value ?? null)))

const recordOf = (status: Status | undefined): unknown =>
  status?.ledger === undefined
    ? undefined
    : {
        ...status.ledger,
        gone: undefined,
        groups: status.ledger.groups.map((group) => ({
          ...group,
          objects: group.objects.map(({ unwanted: _, ...object }) => object)
        }))
      }
