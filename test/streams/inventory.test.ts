import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Option, Queue, Redacted, Semaphore, Stream } from "effect"
import { connect } from "../../sandbox/vcenter/VCenterMock.ts"
import { VCenterModel } from "../../sandbox/vcenter/VCenterModel.ts"
import type { Happening } from "../../src/domain/Happening.ts"
import type { Settings } from "../../src/domain/Settings.ts"
import type { Target } from "../../src/domain/Target.ts"
import { vcenters } from "../../src/domain/Zone.ts"
import { Journal } from "../../src/services/Journal.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { VCenter } from "../../src/services/VCenter.ts"
import type { Zone } from "../../src/streams/discover.ts"
import { inventory, type Reading } from "../../src/streams/inventory.ts"
import { LOGIN_TURN, LOGINS, SESSION_AGE } from "../../src/streams/schedules.ts"
import { settingsOf } from "../domain/settingsOf.ts"
import { due, pass } from "./time.ts"

const DOMAIN = "cc.qa-de-1.cloud.sap"
const FQDN = `vc-a-0.${DOMAIN}`
const zoneOf = (serial: number, ...addresses: ReadonlyArray<string>): Zone => ({
  serial,
  vcenters: vcenters(
    DOMAIN,
    addresses.map((data) => ({ name: FQDN, type: "A", data }))
  )
})
const ZONE = zoneOf(1, "192.0.2.1")

/** The key of a seed is the length of the seed: instant, and another one for another seed. */
const passwords = Passwords.layerWith(({ seed }) =>
  Effect.succeed(Redacted.make(new Uint8Array(64).fill(Redacted.value(seed).length)))
)

/** A reading in one line. */
const brief = (reading: Reading): string =>
  reading._tag === "Connected"
    ? `${reading.inventory._tag} ${reading.inventory.value.clusters.map(({ name }) => name)}`
    : `Disconnected ${reading.reason}`
const told = (happening: Happening): string => {
  switch (happening._tag) {
    case "Connected":
      return `Connected ${happening.version}: ${happening.clusters}`
    case "InventoryChanged":
      return `InventoryChanged + ${happening.added} - ${happening.gone}`
    case "Disconnected":
      return `Disconnected ${happening.reason}`
    default:
      return happening._tag
  }
}

const model = () => {
  const made = new VCenterModel("11111111-2222-3333-4444-555555555555")
  made.addDatacenter("QA-DE-1a")
  made.addCluster("productionbb001")
  made.addCluster("management")
  return made
}

/** One vCenter, followed; settings and zones are given one by one. */
const world = Effect.fnUntraced(function* (vcenter: VCenterModel = model(), turns = LOGINS) {
  const targets: Array<Target> = []
  const layer = VCenter.layerOver((target) => {
    targets.push(target)
    return connect(new Map([[FQDN, vcenter]]))(target)
  })
  const settings = yield* Queue.unbounded<Settings>()
  const zones = yield* Queue.unbounded<Zone>()
  const logins = yield* Semaphore.make(turns)
  const services = yield* Layer.build(Layer.mergeAll(layer, passwords, Journal.layer))
  const seen: Array<string> = []
  const fiber = yield* inventory(FQDN, Stream.fromQueue(settings), Stream.fromQueue(zones), logins).pipe(
    Stream.runForEach((reading) => Effect.sync(() => void seen.push(brief(reading)))),
    Effect.provide(services),
    Effect.forkChild({ startImmediately: true })
  )
  const journal = yield* Effect.provide(Journal, services)
  const use = (given: Settings) => Effect.andThen(Queue.offer(settings, given), due)
  const see = (zone: Zone) => Effect.andThen(Queue.offer(zones, zone), due)
  return {
    vcenter,
    targets,
    fiber,
    logins,
    use,
    see,
    begin: Effect.andThen(use(settingsOf()), see(ZONE)),
    /** What has been read since the last time. */
    readings: () => seen.splice(0),
    told: Effect.map(journal.rest, (all) => all.map(told))
  }
})

/** Whether so many turns are free. */
const free = (logins: Semaphore.Semaphore, turns: number) =>
  Effect.map(logins.withPermitsIfAvailable(turns)(Effect.void), Option.isSome)

describe("inventory", () => {
  it.effect("logs in and tells the inventory, then every change of the clusters that count", () =>
    Effect.gen(function* () {
      const { begin, readings, told: happenings, vcenter } = yield* world()
      yield* begin
      assert.deepStrictEqual(readings(), ["Complete management,productionbb001"])
      vcenter.addCluster("storagebb7")
      yield* pass(5)
      vcenter.remove("productionbb001")
      yield* pass(5)
      vcenter.addCluster("other")
      yield* pass(5)
      assert.deepStrictEqual(readings(), [
        "Complete management,productionbb001,storagebb7",
        "Complete management,storagebb7",
        "Complete management,other,storagebb7"
      ])
      assert.deepStrictEqual(yield* happenings, [
        "Connected 8.0.3 build 24022515: productionbb001",
        "InventoryChanged + storagebb7 - ",
        "InventoryChanged +  - productionbb001"
      ])
    })
  )

  it.effect("is disconnected, not empty, when the vCenter is not in the zone, and logs out", () =>
    Effect.gen(function* () {
      const { begin, readings, see, vcenter } = yield* world()
      yield* begin
      yield* see(zoneOf(2))
      assert.deepStrictEqual(readings(), ["Complete management,productionbb001", "Disconnected NotInZone"])
      assert.deepStrictEqual([vcenter.logouts, vcenter.openSessions], [1, 0])
      yield* see(zoneOf(3, "192.0.2.1"))
      assert.deepStrictEqual(readings(), ["Complete management,productionbb001"])
    })
  )

  it.effect("is disconnected after each attempt that fails, and comes back by schedule", () =>
    Effect.gen(function* () {
      const { begin, readings, told: happenings, vcenter } = yield* world()
      vcenter.disconnect()
      yield* begin
      yield* pass(9)
      assert.deepStrictEqual(
        readings(),
        Array.from({ length: 4 }, () => "Disconnected Unreachable")
      )
      vcenter.reconnect()
      yield* pass(10)
      assert.deepStrictEqual(readings(), ["Complete management,productionbb001"])
      assert.deepStrictEqual(yield* happenings, [
        ...Array.from({ length: 4 }, () => "Disconnected Unreachable"),
        "Connected 8.0.3 build 24022515: productionbb001"
      ])
    })
  )

  it.effect("is disconnected when the session ends, and reads the whole inventory in a new one", () =>
    Effect.gen(function* () {
      const { begin, readings, vcenter } = yield* world()
      yield* begin
      readings()
      vcenter.batch(() => {
        vcenter.endSessions()
        vcenter.remove("productionbb001")
      })
      yield* pass(5)
      assert.deepStrictEqual(readings(), ["Disconnected SessionLost", "Complete management"])
      assert.deepStrictEqual([vcenter.logins, vcenter.openSessions], [2, 1])
    })
  )

  it.effect("waits five minutes after a rejected login, but tries new credentials at once", () =>
    Effect.gen(function* () {
      const { begin, readings, targets, use, vcenter } = yield* world()
      vcenter.refuse("Login", "InvalidLogin")
      yield* begin
      yield* pass(299)
      assert.strictEqual(vcenter.calls.get("Login"), 1)
      yield* pass(2)
      assert.strictEqual(vcenter.calls.get("Login"), 2)
      vcenter.allow("Login")
      yield* use(settingsOf({ password: "another-test-seed" }))
      assert.deepStrictEqual(readings(), [
        "Disconnected LoginRejected",
        "Disconnected LoginRejected",
        "Complete management,productionbb001"
      ])
      const [one, , other] = targets.map(({ password }) => Redacted.value(password))
      assert.notStrictEqual(one, other)
    })
  )

  it.effect("keeps its session when settings change that have nothing to do with it, or the zone's serial does", () =>
    Effect.gen(function* () {
      const { begin, readings, see, use, vcenter } = yield* world()
      yield* begin
      yield* use(settingsOf({ prune_delay: "1m", tsig_key: "b3RoZXI=", any_extra: "value" }))
      yield* see(zoneOf(2, "192.0.2.1"))
      yield* see(zoneOf(3, "192.0.2.9"))
      assert.deepStrictEqual([vcenter.logins, readings().length], [1, 1])
    })
  )

  it.effect.each<[setting: Record<string, string>, expected: Partial<Target>]>([
    [{ vcenter_port: "8443" }, { port: 8443 }],
    [{ vcenter_tls: "insecure" }, { tls: { _tag: "Insecure" } }],
    [{ vcenter_lookup: "zone" }, { address: "192.0.2.1" }],
    [{ username: "other" }, { username: "other" }]
  ])("logs in anew when this changes: %j", ([setting, expected]) =>
    Effect.gen(function* () {
      const { begin, targets, use, vcenter } = yield* world()
      yield* begin
      yield* use(settingsOf(setting))
      assert.deepStrictEqual([vcenter.logins, vcenter.logouts, vcenter.openSessions], [2, 1, 1])
      const [before, after] = targets
      assert.isUndefined(before?.address)
      assert.deepStrictEqual(after, { ...before, ...expected, password: after?.password })
    })
  )

  it.effect("connects to another address when the zone has one, and the zone is where it is looked up", () =>
    Effect.gen(function* () {
      const { see, targets, use } = yield* world()
      yield* use(settingsOf({ vcenter_lookup: "zone" }))
      yield* see(ZONE)
      yield* see(zoneOf(2, "192.0.2.9"))
      assert.deepStrictEqual(
        targets.map(({ address }) => address),
        ["192.0.2.1", "192.0.2.9"]
      )
    })
  )

  it.effect(
    "does not trust a session for ever: after its age it logs out and in again, and is never disconnected by that",
    () =>
      Effect.gen(function* () {
        const { begin, readings, vcenter } = yield* world()
        yield* begin
        yield* pass(Duration.toSeconds(SESSION_AGE) + 1)
        assert.deepStrictEqual([vcenter.logins, vcenter.logouts, vcenter.openSessions], [2, 1, 1])
        assert.isFalse(readings().some((reading) => reading.startsWith("Disconnected")))
      })
  )

  it.effect("waits for its turn to log in, but not for ever: those before it may be hanging", () =>
    Effect.gen(function* () {
      const { begin, logins, readings } = yield* world(model(), 1)
      yield* logins.take(1)
      yield* begin
      yield* pass(Duration.toSeconds(LOGIN_TURN) - 1)
      assert.deepStrictEqual(readings(), [])
      yield* pass(1)
      assert.deepStrictEqual(readings(), ["Complete management,productionbb001"])
      yield* logins.release(1)
      assert.deepStrictEqual([yield* free(logins, 1), yield* free(logins, 2)], [true, false])
    })
  )

  it.effect("gives its turn back after a login that failed", () =>
    Effect.gen(function* () {
      const { begin, logins, vcenter } = yield* world(model(), 1)
      vcenter.disconnect()
      yield* begin
      yield* pass(60)
      assert.deepStrictEqual([yield* free(logins, 1), yield* free(logins, 2)], [true, false])
    })
  )

  it.effect("logs out at the end", () =>
    Effect.gen(function* () {
      const { begin, fiber, vcenter } = yield* world()
      yield* begin
      vcenter.delayMillis = 300
      const ended = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* pass(2)
      yield* Fiber.join(ended)
      assert.deepStrictEqual([vcenter.logouts, vcenter.openSessions], [1, 0])
    })
  )
})
