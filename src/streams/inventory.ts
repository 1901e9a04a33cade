import { Duration, Effect, Equal, Option, Queue, Schedule, type Semaphore, Stream } from "effect"
import type { Inventory } from "../domain/Inventory.ts"
import { isFollowed } from "../domain/RenderContext.ts"
import type { Settings } from "../domain/Settings.ts"
import type { Snapshot } from "../domain/Snapshot.ts"
import type { Target } from "../domain/Target.ts"
import { Journal } from "../services/Journal.ts"
import { Passwords } from "../services/Passwords.ts"
import { type Session, VCenter } from "../services/VCenter.ts"
import type { Zone } from "./discover.ts"
import { LOGIN_TURN, reconnect, SESSION_AGE } from "./schedules.ts"

/** What is known of one vCenter right now. A disconnected one has no inventory, which is not an empty inventory. */
export type Reading = Connected | { readonly _tag: "Disconnected"; readonly reason: string; readonly message: string }

export interface Connected {
  readonly _tag: "Connected"
  readonly inventory: Snapshot<Inventory>
  readonly session: Session
  /** What the session was opened with. */
  readonly target: Target
}

/**
 * One vCenter's inventory for ever: logged in, followed, and after a failure reconnected by schedule. Every failure is
 * a `Disconnected`. New credentials, trust or address replace the session at once.
 */
export const inventory = (
  fqdn: string,
  settings: Stream.Stream<Settings>,
  zones: Stream.Stream<Zone>,
  logins: Semaphore.Semaphore
): Stream.Stream<Reading, never, VCenter | Passwords | Journal> =>
  Stream.zipLatest(settings, zones).pipe(
    Stream.mapEffect(([current, zone]) => targetOf(fqdn, current, zone)),
    Stream.changesWith<Wanted>(Equal.equals),
    Stream.switchMap((target) =>
      target._tag === "Gone"
        ? Stream.succeed<Reading>({ _tag: "Disconnected", reason: "NotInZone", message: "not in the DNS zone" })
        : sessions(target.target, logins)
    )
  )

/** Whether a session was opened as settings and zone say now; one that was not is about to be replaced. */
export const isCurrent = (fqdn: string, { target }: Connected, settings: Settings, zone: Zone) =>
  Effect.map(targetOf(fqdn, settings, zone), (wanted) =>
    Equal.equals<Wanted, Wanted>(wanted, { _tag: "Reach", target })
  )

type Wanted = { readonly _tag: "Gone" } | { readonly _tag: "Reach"; readonly target: Target }

const targetOf = Effect.fnUntraced(function* (fqdn: string, settings: Settings, zone: Zone) {
  const host = zone.vcenters.get(fqdn)
  if (host === undefined) return { _tag: "Gone" } satisfies Wanted as Wanted
  const passwords = yield* Passwords
  const address = settings.vcenterLookup === "zone" ? host.addresses[0] : undefined
  const target: Target = {
    fqdn,
    ...(address === undefined ? {} : { address }),
    port: settings.vcenterPort,
    username: settings.username,
    password: yield* passwords.derive(settings.username, settings.seed, fqdn),
    tls:
      settings.vcenterTls === "insecure"
        ? { _tag: "Insecure" }
        : { _tag: "Verify", ...(settings.vcenterCa === undefined ? {} : { ca: settings.vcenterCa }) }
  }
  return { _tag: "Reach", target } satisfies Wanted as Wanted
})

const sessions = (target: Target, logins: Semaphore.Semaphore): Stream.Stream<Reading, never, VCenter | Journal> =>
  Stream.callback<Reading, never, VCenter | Journal>(
    Effect.fnUntraced(function* (queue) {
      const vcenter = yield* VCenter
      const journal = yield* Journal
      const session = Stream.unwrap(
        Effect.gen(function* () {
          const opened = yield* vcenter.open(target).pipe(inTurn(logins))
          return opened.inventories.pipe(
            Stream.map((read) => ({ _tag: "Connected", inventory: read, session: opened, target }) as const),
            Stream.mapAccumEffect(
              () => undefined,
              (before: ReadonlySet<string> | undefined, reading) =>
                Effect.map(tell(target.fqdn, before, reading), (now) => [now, [reading]] as const)
            )
          )
        })
      )
      const told = reconnect.pipe(
        Schedule.tap(({ input: error, duration }) =>
          Effect.andThen(
            Queue.offer(queue, { _tag: "Disconnected", reason: error.reason, message: error.detail }),
            journal.tell({
              _tag: "Disconnected",
              vcenter: target.fqdn,
              reason: error.reason,
              message: error.detail,
              retryInSeconds: Math.round(Duration.toSeconds(duration))
            })
          )
        )
      )
      yield* session.pipe(
        Stream.interruptWhen(Effect.sleep(SESSION_AGE)),
        Stream.forever,
        Stream.retry(told),
        Stream.runForEach((reading) => Queue.offer(queue, reading)),
        Effect.orDie
      )
    })
  )

/** Logs in when it is its turn; one that waits too long goes on, for those before it may be hanging. */
const inTurn =
  (logins: Semaphore.Semaphore) =>
  <A, E, R>(login: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.timeoutOption(logins.take(1), LOGIN_TURN),
      () => login,
      (turn) => (Option.isSome(turn) ? logins.release(1) : Effect.void)
    )

/** Tells a new connection, then what has changed since; gives the names told. */
const tell = Effect.fnUntraced(function* (
  vcenter: string,
  before: ReadonlySet<string> | undefined,
  reading: Connected
) {
  const journal = yield* Journal
  const now = new Set(reading.inventory.value.clusters.map(({ name }) => name).filter(isFollowed))
  if (before === undefined) {
    yield* journal.tell({ _tag: "Connected", vcenter, version: reading.session.version, clusters: [...now] })
  } else if (before.symmetricDifference(now).size > 0) {
    yield* journal.tell({
      _tag: "InventoryChanged",
      vcenter,
      added: [...now.difference(before)],
      gone: [...before.difference(now)]
    })
  }
  return now
})
