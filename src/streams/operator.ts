import { Clock, Effect, Equal, Option, Ref, Semaphore, Stream } from "effect"
import { SETTINGS_SECRET } from "../domain/OwnObjects.ts"
import type { Snapshot } from "../domain/Snapshot.ts"
import type { Spec } from "../domain/VCenterState.ts"
import { ClusterFacts } from "../services/ClusterFacts.ts"
import { Journal } from "../services/Journal.ts"
import { discover, type Zone } from "./discover.ts"
import { inventory } from "./inventory.ts"
import { latest } from "./latest.ts"
import { level } from "./level.ts"
import { mergeKeyed } from "./mergeKeyed.ts"
import { neighbours } from "./neighbours.ts"
import { passedTime } from "./passedTime.ts"
import { reconcile } from "./reconcile.ts"
import { LOGINS } from "./schedules.ts"
import { cells, type States, settings, states, templates } from "./sources.ts"
import type { StatusTurn } from "./statusPace.ts"
import type { TemplateStatuses } from "./templateStatus.ts"
import type { View } from "./View.ts"

/**
 * The whole operator: discover → inventory → render → reconcile.
 *
 * Each source is read once and shared as its newest value. Each vCenter has a stream of its own, so that a slow one
 * delays nobody; what one of them needs is joined, and looked at when any part has changed. It never ends; it fails
 * only by a defect, which ends the process with its cause.
 */
export const operator = (dryRun: boolean, statuses: TemplateStatuses, statusTurns: StatusTurn) =>
  Effect.gen(function* () {
    const facts = yield* ClusterFacts
    const journal = yield* Journal
    yield* journal.tell({ _tag: "Started", dryRun, ...facts })

    const current = {
      settings: yield* latest(settings(facts.ownNamespace)),
      templates: yield* latest(templates),
      cells: yield* latest(cells),
      states: yield* latest(states(facts.ownNamespace))
    }
    const confirmed = yield* Ref.make<number | undefined>(undefined)
    const confirm = Effect.flatMap(Clock.currentTimeMillis, (now) => Ref.set(confirmed, now))
    const zones = yield* latest(discover(facts.domain, current.settings.changes, confirm))
    const logins = yield* Semaphore.make(LOGINS)
    const among = yield* neighbours
    const time = yield* passedTime

    const isPaused = (vcenter: string) =>
      Effect.map(current.states.newest, (states) =>
        Option.exists(states, ({ value }) => value.get(vcenter)?.paused === true)
      )

    const one = Effect.fnUntraced(function* (vcenter: string) {
      const owner = { operator: `${facts.ownNamespace}/${SETTINGS_SECRET}`, vcenter }
      const look = yield* reconcile(owner, {
        facts,
        neighbours: among,
        zoneConfirmed: Ref.get(confirmed),
        passedTime: time,
        isPaused,
        dryRun,
        report: statuses.report,
        statusTurns
      })
      const views = Stream.zipLatestAll(
        current.settings.changes,
        zones.changes,
        current.templates.changes,
        current.cells.changes,
        wishes(vcenter, current.states.changes),
        inventory(vcenter, current.settings.changes, zones.changes, logins),
        among.news(vcenter)
      ).pipe(
        Stream.map(
          ([settings, zone, templates, cells, wish, reading]): View => ({
            settings,
            zone,
            templates,
            cells,
            ...wish,
            reading
          })
        )
      )
      yield* level(views, look)
    })

    const vcenters = Stream.zipLatest(zones.changes, current.states.changes).pipe(
      Stream.mapAccum(
        (): ReadonlySet<string> => new Set(),
        (known, [zone, states]) => {
          const all = known.union(followed(zone, states.value))
          return [all, [all]] as const
        }
      )
    )

    yield* Effect.all(
      [
        current.settings.fill,
        current.templates.fill,
        current.cells.fill,
        current.states.fill,
        zones.fill,
        ...(dryRun ? [] : [statuses.follow(vcenters, current.templates.changes)]),
        Stream.runDrain(mergeKeyed(vcenters, (vcenter) => Stream.fromEffect(one(vcenter))))
      ],
      { concurrency: "unbounded", discard: true }
    )
  })

interface Wish {
  readonly wish: Spec | undefined
  readonly removed: number
}

const NO_WISH: Spec = {}

/** The spec of one vCenter's state. What happens to the states of the others is no reason to look at this one. */
const wishes = (vcenter: string, states: Stream.Stream<Snapshot<States>>): Stream.Stream<Wish> =>
  states.pipe(
    Stream.mapAccum(
      (): Wish | undefined => undefined,
      (before, { value }) => {
        const wish = value.get(vcenter)
        const gone = before?.wish !== undefined && wish === undefined
        const now: Wish = { wish, removed: (before?.removed ?? 0) + Number(gone) }
        const isNew = before === undefined || gone || !Equal.equals(before.wish ?? NO_WISH, wish ?? NO_WISH)
        return [now, isNew ? [now] : []] as const
      }
    )
  )

/** A vCenter that has left the zone is still looked after: its objects are retained, and its state says so. */
const followed = (zone: Zone, states: States): ReadonlySet<string> =>
  new Set([...zone.vcenters.keys(), ...states.keys()])
