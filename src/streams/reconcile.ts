import { Clock, Duration, Effect, Equal, Option, Ref, Result } from "effect"
import type { Waiting } from "../domain/Approval.ts"
import type { Cells } from "../domain/Cells.ts"
import { claimed, contestOthers, reclaimed } from "../domain/Claims.ts"
import type { Facts } from "../domain/ClusterFacts.ts"
import type { Desired, Failure } from "../domain/Desired.ts"
import { choicesIn, empty, type Ledger } from "../domain/Ledger.ts"
import { id } from "../domain/Manifest.ts"
import { isFailure, isTransient } from "../domain/Outcome.ts"
import type { Owner } from "../domain/Owner.ts"
import { isFollowed } from "../domain/RenderContext.ts"
import type { Settings } from "../domain/Settings.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import { type Connection, type Findings, statusOf, withLedger, writeDue } from "../domain/Status.ts"
import { reportOf, type TemplateReport } from "../domain/TemplateStatus.ts"
import { fromLedger, type Unwanted } from "../domain/Unwanted.ts"
import type { Spec } from "../domain/VCenterState.ts"
import { FactsFiles, type Seen } from "../services/FactsFiles.ts"
import { Journal } from "../services/Journal.ts"
import { Ledgers, type Recorded } from "../services/Ledgers.ts"
import { announce } from "./announce.ts"
import type { Zone } from "./discover.ts"
import { type Connected, isCurrent, type Reading } from "./inventory.ts"
import type { Neighbours } from "./neighbours.ts"
import { render } from "./render.ts"
import { type RunOutput, run } from "./run.ts"
import { APPROVED_PAUSE, CONFLICT_PAUSE, LOOK_AGAIN, LOOK_AT_FAILED, STATUS_PAUSE, UNWANTED_LOOK } from "./schedules.ts"
import type { Templates } from "./sources.ts"
import { tellManifests, tellPlan, tellRun } from "./tell.ts"

/** The newest of everything that one vCenter's objects depend on. */
export interface View {
  readonly settings: Settings
  readonly zone: Zone
  readonly templates: Snapshot<Templates>
  readonly cells: Snapshot<Cells>
  /** What people wish for this vCenter; nothing until the watch has seen its VCenterState. */
  readonly wish: Spec | undefined
  readonly reading: Reading
}

/** What is remembered from one look to the next. The ledger counts; this only saves requests and repetition. */
interface Memory {
  readonly recorded: Recorded
  readonly unwanted: Unwanted
  /** When a status was written last, in milliseconds since the epoch. */
  readonly written: number
  /** What was told last. */
  readonly told: string
  /** Digests of the manifests shown by a dry run, by identity. */
  readonly shown: ReadonlyMap<string, string>
  /** Digests of the sets that an Event was written for. */
  readonly announced: ReadonlyArray<string>
  /** Take-overs that a person has approved. */
  readonly takeOvers: Waiting | undefined
}

/** What reconciling one vCenter shares with the others. */
export interface Shared {
  readonly facts: Facts
  readonly neighbours: Neighbours
  /** Shows what would be applied. */
  readonly dryRun: boolean
  /** What became of each template here, for the status of the templates. */
  readonly report: (vcenter: string, report: TemplateReport) => Effect.Effect<void>
}

/**
 * Looks at one vCenter: reads its record, renders, runs, and records what came of it. A look answers when to look
 * again though nothing new has arrived.
 */
export const reconcile = Effect.fnUntraced(function* (owner: Owner, shared: Shared) {
  const { vcenter } = owner
  const ledgers = yield* Ledgers
  const read = Effect.interruptible(ledgers.read(vcenter))
  const journal = yield* Journal
  const factsFiles = yield* FactsFiles
  const memory = yield* Ref.make(Option.none<Memory>())

  const remember = Effect.fnUntraced(function* ({ wish }: View) {
    const known = yield* Ref.get(memory)
    // A dry run writes no record, but an operator beside it may: it is read at every look. A wish that is new has given
    // the record a new version: what is done by it would be done again after a conflict.
    if (Option.isSome(known)) {
      const isNew = wish !== undefined && !Equal.equals(wish, known.value.recorded.spec)
      return shared.dryRun || isNew ? { ...known.value, recorded: yield* read } : known.value
    }
    const recorded = yield* read
    const unwanted = fromLedger(Result.getOrElse(recorded.ledger, () => empty))
    return {
      recorded,
      unwanted,
      written: 0,
      told: "",
      shown: new Map(),
      announced: [],
      takeOvers: undefined
    } satisfies Memory
  })

  /** Renders and runs for a vCenter that is connected. */
  const perform = Effect.fnUntraced(function* (view: View, reading: Connected, before: Memory, found: Ledger) {
    const recorded = yield* Ref.make(before.recorded)
    const { approve } = specIn(view, before.recorded)
    const takeOvers = before.takeOvers?.digest === approve ? before.takeOvers : undefined
    const ledger = takeOvers === undefined ? found : { ...found, approval: takeOvers.digest }
    const rendered = yield* Effect.interruptible(
      render({ ...view, owner, facts: shared.facts, inventory: reading.inventory, ledger, approve })
    )
    yield* factsFiles.see(seen(vcenter, shared.facts, view, reading, rendered.value))
    const claims = yield* shared.neighbours.say(vcenter, { wanted: claimed(rendered.value), held: held(ledger) })
    const desired = { ...rendered, value: contestOthers(rendered.value, vcenter, claims) }
    const shown = shared.dryRun ? yield* tellManifests(vcenter, desired.value, before.shown) : before.shown
    const output = yield* run({
      owner,
      state: { namespace: shared.facts.ownNamespace, vcenter },
      settings: view.settings,
      paused: pausedIn(view, before.recorded),
      approve,
      takeOvers: takeOvers?.keys ?? new Set(),
      discovered: view.zone.vcenters.has(vcenter),
      desired,
      ledger: reclaimed(ledger, desired.value, vcenter, claims),
      session: reading.session,
      unwanted: before.unwanted,
      claims,
      record: Effect.fnUntraced(function* (union: Ledger) {
        const current = yield* Ref.get(recorded)
        yield* Ref.set(recorded, yield* ledgers.write(current, withLedger(current.status, union)))
      }),
      tellPlan: (plan, verdict) => tellPlan(vcenter, plan, verdict, before.told)
    })
    yield* shared.neighbours.say(vcenter, { held: held(output.ledger), released: output.released })
    return {
      recorded: yield* Ref.get(recorded),
      output,
      facts: {
        failures: desired.value.failures,
        notes: desired.value.notes ?? [],
        ...(isComplete(desired) ? {} : { partial: desired.reason })
      },
      shown,
      takeOvers: output.takeOvers ?? takeOvers
    }
  })

  const look = Effect.fnUntraced(function* (view: View) {
    // New credentials are not rendered before they have opened a session: a wrong seed would reach every agent.
    if (view.reading._tag === "Connected" && !(yield* isCurrent(vcenter, view.reading, view.settings, view.zone))) {
      return Option.none()
    }
    const before = yield* remember(view)
    if (Result.isFailure(before.recorded.ledger)) return yield* unreadable(before.recorded.ledger.failure)
    const ledger = before.recorded.ledger.success
    const { reading } = view
    // Who cannot be asked gives nothing up.
    if (reading._tag === "Disconnected") {
      yield* shared.neighbours.say(vcenter, { held: held(ledger), released: new Set() })
    }
    const done = reading._tag === "Connected" ? yield* perform(view, reading, before, ledger) : undefined
    const findings: Findings = {
      discovered: view.zone.vcenters.has(vcenter),
      connection: connectionOf(reading),
      ledger: done?.output.ledger ?? ledger,
      stopped: pausedIn(view, before.recorded)
        ? { reason: "Paused", message: "spec.paused is true: nothing is written for this vCenter" }
        : undefined,
      run: done === undefined ? undefined : { ...done.output, ...done.facts }
    }
    const waiting = findings.run?.waiting ?? []
    yield* shared.report(vcenter, reportOf(findings))
    const told =
      findings.run === undefined
        ? before.told
        : yield* tellRun(vcenter, findings.run, findings.ledger, before.told, shared.dryRun)
    const now = yield* Clock.currentTimeMillis
    const current = done?.recorded ?? before.recorded
    const status = statusOf(findings, current.status, current.generation, now)
    const pause = Math.max(0, before.written + Duration.toMillis(STATUS_PAUSE) - now)
    const due = writeDue(current.status, status, pause === 0)
    const after = due === "now" ? yield* ledgers.write(current, status) : current
    yield* Ref.set(
      memory,
      Option.some({
        recorded: after,
        unwanted: done?.output.unwanted ?? { ...before.unwanted, lookedAt: undefined },
        written: due === "now" ? now : before.written,
        told,
        shown: done?.shown ?? before.shown,
        announced: done === undefined ? before.announced : waiting.map(digestOf),
        takeOvers: done === undefined ? before.takeOvers : done.takeOvers
      })
    )
    yield* Effect.interruptible(
      announce(
        vcenter,
        waiting,
        new Set([...before.announced, ...(before.recorded.status?.approvals ?? []).map(digestOf)])
      )
    )
    return soonest([
      due === "later" ? Option.some(Duration.millis(pause)) : Option.none(),
      done === undefined ? Option.none() : waitOf(done.output, done.facts.failures, view.settings)
    ])
  })

  const unreadable = Effect.fnUntraced(function* (message: string) {
    yield* journal.tell({ _tag: "Warning", vcenter, message })
    yield* journal.tell({ _tag: "Reconciled", vcenter, objects: 0, withheld: 0, failures: [message] })
    return Option.some(LOOK_AGAIN)
  })

  return (view: View) =>
    look(view).pipe(
      Effect.catch((error) =>
        // Somebody else wrote, or the server did not answer: what is remembered may be wrong. Read again, plan again.
        Effect.gen(function* () {
          yield* Ref.set(memory, Option.none())
          yield* journal.tell({ _tag: "Warning", vcenter, message: error.message })
          if (error.reason !== "Conflict") {
            yield* journal.tell({ _tag: "Reconciled", vcenter, objects: 0, withheld: 0, failures: [error.detail] })
          }
          return Option.some(error.reason === "Conflict" ? CONFLICT_PAUSE : LOOK_AGAIN)
        })
      )
    )
})

const held = ({ entries }: Ledger): ReadonlySet<string> =>
  new Set([...entries].filter(([, { digest }]) => digest !== undefined).map(([key]) => key))

const digestOf = ({ digest }: { readonly digest: string }): string => digest

const seen = (vcenter: string, facts: Facts, view: View, { inventory }: Connected, { subjects }: Desired): Seen => ({
  vcenter,
  facts,
  settings: view.settings,
  cells: view.cells.value,
  known: view.zone.vcenters.has(vcenter) ? { inventory: inventory.value, choices: choicesIn(subjects) } : undefined
})

// The watch may be late or blind; what was read with the record counts until it has seen this vCenter.
const specIn = ({ wish }: View, { spec }: Recorded): Spec => wish ?? spec

const pausedIn = (view: View, recorded: Recorded): boolean => specIn(view, recorded).paused === true

const connectionOf = (reading: Reading): Connection =>
  reading._tag === "Disconnected"
    ? reading
    : {
        _tag: "Connected",
        version: reading.session.version,
        clusters: reading.inventory.value.clusters.filter(({ name }) => isFollowed(name)).length,
        ...(isComplete(reading.inventory) ? {} : { partial: reading.inventory.reason })
      }

/** When to look again: while something waits for `prune_delay`, soon after what may pass, later after what may be mended. */
const waitOf = (
  output: RunOutput,
  failures: ReadonlyArray<Failure>,
  settings: Settings
): Option.Option<Duration.Duration> => {
  const delay = Duration.toMillis(settings.pruneDelay)
  const waits = output.verdict.withheld
    .filter(({ guard }) => guard === "PruneDelay")
    .map(({ prune }) => delay - (output.unwanted.millis.get(id(prune.entry)) ?? 0))
  const next =
    waits.length === 0
      ? Option.none()
      : Option.some(Duration.min(Duration.millis(Math.max(1, Math.min(...waits))), UNWANTED_LOOK))
  const retry =
    output.verdict.withheld.some(({ guard }) => guard === "Unconfirmed" || guard === "WantedElsewhere") ||
    output.outcomes.some(isTransient)
  const failed = failures.length > 0 || output.outcomes.some(isFailure)
  const approved = output.takeOvers === undefined ? Option.none() : Option.some(APPROVED_PAUSE)
  return soonest([
    approved,
    next,
    retry ? Option.some(LOOK_AGAIN) : failed ? Option.some(LOOK_AT_FAILED) : Option.none()
  ])
}

const soonest = (waits: ReadonlyArray<Option.Option<Duration.Duration>>): Option.Option<Duration.Duration> => {
  const given = waits.filter(Option.isSome).map(({ value }) => value)
  return given.length === 0 ? Option.none() : Option.some(given.reduce((a, b) => Duration.min(a, b)))
}
