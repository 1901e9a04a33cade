import { Clock, Duration, Effect, Equal, Option, Ref, Result } from "effect"
import { goneBefore, returned } from "../domain/Gone.ts"
import { empty, type Ledger } from "../domain/Ledger.ts"
import type { Owner } from "../domain/Owner.ts"
import { isFollowed } from "../domain/RenderContext.ts"
import { isComplete } from "../domain/Snapshot.ts"
import { type Connection, type Findings, statusOf, writeDue } from "../domain/Status.ts"
import { statusOfUnread } from "../domain/statusOfUnread.ts"
import { reportOf, type TemplateReport } from "../domain/TemplateStatus.ts"
import { fromLedger } from "../domain/Unwanted.ts"
import type { Spec } from "../domain/VCenterState.ts"
import { Journal } from "../services/Journal.ts"
import { Ledgers, type Recorded } from "../services/Ledgers.ts"
import { soonest, waitOf } from "./again.ts"
import { announce } from "./announce.ts"
import { isCurrent, type Reading } from "./inventory.ts"
import { perform } from "./perform.ts"
import { recall } from "./recall.ts"
import { CONFLICT_PAUSE, LOOK_AGAIN } from "./schedules.ts"
import { statusPace } from "./statusPace.ts"
import { tellRun } from "./tell.ts"
import type { Memory, Shared, View } from "./View.ts"

/**
 * Looks at one vCenter: reads its record, renders, runs, and records what came of it. A look answers when to look
 * again though nothing new has arrived.
 */
export const reconcile = Effect.fnUntraced(function* (owner: Owner, shared: Shared) {
  const { vcenter } = owner
  const ledgers = yield* Ledgers
  const journal = yield* Journal
  const pace = yield* statusPace(shared.statusTurns)
  const memory = yield* Ref.make(Option.none<Memory>())
  /** The record as it was written or read last: what is remembered of it when it is removed. */
  const last = yield* Ref.make<Ledger | undefined>(undefined)
  /** What stands in the way of the record, as it was told last. */
  const complained = yield* Ref.make("")

  const remember = Effect.fnUntraced(function* (view: View) {
    const { removed, wish } = view
    const known = Option.getOrUndefined(yield* Ref.get(memory))
    if (known !== undefined && known.removed === removed) {
      // A dry run writes no record, but an operator beside it may: it is read at every look. A wish that is new has given
      // the record a new version: what is done by it would be done again after a conflict.
      const isNew = wish !== undefined && !Equal.equals(wish, known.recorded.spec)
      if (!(isNew || shared.dryRun)) return known
      const recorded = yield* Effect.interruptible(ledgers.read(vcenter))
      if (!recorded.isMissing) return { ...known, recorded }
      if (known.recorded.isMissing) return { ...known, recorded: { ...recorded, ledger: known.recorded.ledger } }
    }
    const recorded = yield* Effect.interruptible(recall(owner, view, yield* Ref.get(last)))
    const ledger = Result.getOrElse(recorded.ledger, () => empty)
    const unwanted = fromLedger(ledger)
    const gone = goneBefore(ledger)
    return {
      recorded,
      removed,
      unwanted,
      gone,
      told: "",
      shown: new Map(),
      announced: [],
      takeOvers: undefined
    } satisfies Memory
  })

  const look = Effect.fnUntraced(function* (view: View) {
    // New credentials are not rendered before they have opened a session: a wrong seed would reach every agent.
    if (view.reading._tag === "Connected" && !(yield* isCurrent(vcenter, view.reading, view.settings, view.zone))) {
      return Option.none()
    }
    const before = yield* remember(view)
    if (Result.isFailure(before.recorded.ledger)) {
      return yield* unreadable(view, before.recorded, before.recorded.ledger.failure)
    }
    const isThere = view.zone.vcenters.has(vcenter)
    const ledger = isThere ? returned(before.recorded.ledger.success) : before.recorded.ledger.success
    const { reading } = view
    const done = yield* perform(owner, shared, { view, before, ledger, spec: specIn(view, before.recorded) })
    const findings: Findings = {
      discovered: isThere,
      connection: connectionOf(reading),
      ledger: done?.output.ledger ?? ledger,
      stopped: pausedIn(view, before.recorded)
        ? { reason: "Paused", message: "spec.paused is true: nothing is written for this vCenter" }
        : done?.output.stopped,
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
    const due = writeDue(current.status, status)
    const wait = due === "status" ? yield* pace.wait : 0
    const isWritten = due !== "no" && wait === 0
    const after = isWritten ? yield* Effect.tap(ledgers.write(current, status), () => pace.wrote) : current
    yield* Ref.set(
      memory,
      Option.some({
        recorded: after,
        removed: view.removed,
        unwanted: done?.output.unwanted ?? { ...before.unwanted, lookedAt: undefined },
        gone: done?.gone ?? { millis: 0, lookedAt: undefined },
        told,
        shown: done?.shown ?? before.shown,
        announced: done === undefined ? before.announced : waiting.map(digestOf),
        takeOvers: done === undefined ? before.takeOvers : done.takeOvers
      })
    )
    yield* Ref.set(
      last,
      Result.getOrElse(after.ledger, () => findings.ledger)
    )
    yield* Effect.interruptible(
      announce(
        vcenter,
        waiting,
        new Set([...before.announced, ...(before.recorded.status?.approvals ?? []).map(digestOf)])
      )
    )
    yield* Ref.set(complained, "")
    return soonest([
      wait > 0 ? Option.some(Duration.millis(wait)) : Option.none(),
      done === undefined ? Option.none() : waitOf(done.output, done.facts.failures, view.settings)
    ])
  })

  /** Told when it is new: a record that stays as it is would be told at every look. */
  const complain = Effect.fnUntraced(function* (message: string, failure: string) {
    if ((yield* Ref.getAndSet(complained, message)) === message) return
    yield* journal.tell({ _tag: "Warning", vcenter, message })
    yield* journal.tell({ _tag: "Reconciled", vcenter, objects: 0, withheld: 0, failures: [failure] })
  })

  /** Says why, where people look, and leaves the ledger as it lies there. It is not remembered: it may be mended. */
  const unreadable = Effect.fnUntraced(function* (view: View, recorded: Recorded, why: string) {
    yield* Ref.set(memory, Option.none())
    yield* shared.neighbours.say(vcenter, { isHeard: true })
    yield* shared.report(vcenter, NOTHING)
    const seen = { discovered: view.zone.vcenters.has(vcenter), connection: connectionOf(view.reading) }
    const now = yield* Clock.currentTimeMillis
    const status = statusOfUnread(why, seen, recorded.status, recorded.generation, now)
    const due = writeDue(recorded.status, status)
    const shown = yield* Effect.result(due === "no" ? Effect.void : Effect.asVoid(ledgers.write(recorded, status)))
    const unshown = Result.isFailure(shown) && shown.failure.reason !== "Conflict"
    yield* complain(unshown ? `${why}; its status cannot say so: ${shown.failure.detail}` : why, why)
    return Option.some(LOOK_AGAIN)
  })

  return (view: View) =>
    look(view).pipe(
      Effect.catch((error) =>
        // Somebody else wrote, or the server did not answer: what is remembered may be wrong. Read again, plan again.
        Effect.gen(function* () {
          yield* Ref.set(memory, Option.none())
          if (error.reason === "Conflict") yield* journal.tell({ _tag: "Warning", vcenter, message: error.message })
          else {
            yield* shared.neighbours.say(vcenter, { isHeard: true })
            yield* complain(error.message, error.detail)
          }
          // These last until somebody mends them, and must not hold up what is shown of the other vCenters.
          if (error.reason === "Unreadable" || error.reason === "Dropped") yield* shared.report(vcenter, NOTHING)
          return Option.some(error.reason === "Conflict" ? CONFLICT_PAUSE : LOOK_AGAIN)
        })
      )
    )
})

const digestOf = ({ digest }: { readonly digest: string }): string => digest

const NOTHING: TemplateReport = new Map()

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
