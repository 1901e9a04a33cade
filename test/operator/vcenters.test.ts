import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Fault } from "../../sandbox/dns/Fault.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, key, secretKey, template, withTemplate, ZONE } from "./fixtures.ts"
import { all, inWorld, pass, settled, vcenter, type World } from "./harness.ts"
import {
  applied,
  condition,
  conditions,
  object,
  objectWrites,
  recorded,
  status,
  templateStatus,
  writes
} from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

describe("operator, with its vCenters", () => {
  it.effect("deletes nothing of a vCenter that is down, follows the others, and catches up when it is back", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        world.a.disconnect()
        world.a.remove("productionbb092")
        yield* world.cluster.edit(
          key(TEMPLATE_KIND, "login"),
          withTemplate(configMap("login-{{ name }}", { new: "yes" }))
        )
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, ["apply ConfigMap/login-bb201", "delete Secret/login-bb201"])
        assert.strictEqual((yield* condition("vc-a-0", "Connected"))?.reason, "Unreachable")
        assert.strictEqual((yield* status("vc-a-0")).objects, 7)
        assert.isAbove(all(operator, "Disconnected").length, 5)
        world.a.reconnect()
        yield* pass(120)
        assert.deepStrictEqual(
          (yield* recorded("vc-a-0")).filter((name) => /login|bb92/.test(name)),
          ["ConfigMap/login-bb91"]
        )
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("writes nothing when a vCenter drops its connections and comes back, but for its own status", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.disconnect()
        yield* pass(20)
        world.a.reconnect()
        yield* pass(120)
        assert.deepStrictEqual(new Set(yield* writes), new Set([`update status VCenterState/vc-a-0.${ZONE}`]))
      })
    )
  )

  it.effect("deletes nothing of a vCenter that rejects the login, and tries no more than the account bears", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        world.a.refuse("Login", "InvalidLogin")
        const operator = yield* world.start()
        yield* pass(1200)
        assert.isAtMost(world.a.calls.get("Login") ?? 0, 6)
        assert.include(all(operator, "Disconnected")[0]?.reason, "LoginRejected")
        assert.lengthOf(yield* recorded("vc-b-0"), 4)
      })
    )
  )

  it.effect("finds a vCenter that is added to the zone", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.vcenters.set(
          `vc-c-0.${ZONE}`,
          vcenter("33333333-3333-4333-8333-333333333333", "QA-DE-1c", ["productionbb301"])
        )
        yield* world.zone.addHost("vc-c-0", "192.0.2.12")
        yield* pass(15)
        assert.lengthOf(yield* recorded("vc-c-0"), 4)
        assert.deepStrictEqual(
          (yield* objectWrites).filter((write) => !/bb301|1c/.test(write)),
          []
        )
        assert.strictEqual((yield* templateStatus("agent")).vcenters, 3)
      })
    )
  )

  it.effect("writes at most five statuses a second when many vCenters are lost at the same time", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const models = Array.from({ length: 30 }, (_, index) =>
          vcenter(`33333333-3333-4333-8333-3333333333${index + 10}`, `QA-DE-1-${index}`, [`productionbb${index + 310}`])
        )
        for (const [index, model] of models.entries()) {
          world.vcenters.set(`vc-many-${index}.${ZONE}`, model)
          yield* world.zone.addHost(`vc-many-${index}`, `192.0.2.${index + 20}`)
        }
        yield* running(world)
        yield* pass(30)
        yield* world.cluster.clearLog
        for (const model of models) model.disconnect()
        const counts: Array<number> = []
        for (let second = 1; second <= 12; second++) {
          yield* pass(1)
          counts.push((yield* writes).length)
        }
        for (const [second, count] of counts.entries()) assert.isAtMost(count, 5 + 5 * (second + 1))
        assert.deepStrictEqual(new Set(yield* writes).size, 30)
        for (const index of models.keys()) {
          assert.strictEqual((yield* condition(`vc-many-${index}`, "Connected"))?.status, "False")
        }
      })
    )
  )

  it.effect(
    "retains the objects of a vCenter that left the zone, also after a restart, and goes on when it is back",
    () =>
      inWorld((world) =>
        Effect.gen(function* () {
          const first = yield* running(world)
          yield* world.zone.removeHost("vc-a-0")
          yield* pass(600)
          assert.strictEqual((yield* condition("vc-a-0", "Discovered"))?.status, "False")
          assert.strictEqual(world.a.openSessions, 0)
          yield* first.stop
          yield* world.cluster.clearLog
          yield* settled(yield* world.start(), "vc-b-0")
          yield* pass(600)
          assert.deepStrictEqual(yield* writes, [])
          assert.lengthOf(yield* applied, 11)
          yield* world.zone.addHost("vc-a-0", "192.0.2.10")
          yield* pass(30)
          assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
          assert.deepStrictEqual(yield* objectWrites, [])
        })
      )
  )

  it.effect("lets neither of two vCenters win an object that both render", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.seed([
          template("shared", "datacenter", configMap("shared", { for: "{{ vcenter_name }}" }))
        ])
        yield* pass(60)
        const first = yield* object(key("ConfigMap", "shared"))
        yield* world.cluster.clearLog
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* object(key("ConfigMap", "shared"))).metadata.uid, first.metadata.uid)
        yield* world.cluster.edit(secretKey, (secret) => ({
          ...secret,
          data: { ...(secret.data as object), more: "YQ==" }
        }))
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        for (const name of ["vc-a-0", "vc-b-0"]) {
          assert.strictEqual((yield* condition(name, "Ready"))?.status, "False", name)
        }
      })
    )
  )

  it.effect("prunes nothing when another vCenter answers under the name", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world)
        yield* first.stop
        world.vcenters.set(
          `vc-a-0.${ZONE}`,
          vcenter("44444444-4444-4444-8444-444444444444", "QA-DE-1a", ["productionbb091"])
        )
        yield* world.cluster.clearLog
        yield* settled(yield* world.start())
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "AnotherVCenter")
      })
    )
  )
})

describe("operator, when the zone cannot be read", () => {
  const SERIAL: ReadonlyArray<Fault> = ["drop", "forged", "unsigned", "stale", "empty", "mute", { rcode: 5 }]
  const TRANSFER: ReadonlyArray<Fault> = ["truncate", "reset", "forgedLast", "servfailInTheMiddle"]
  /** Takes the turn of a query without spoiling it. */
  const NONE: Fault = { clockAhead: 0 }
  const rows = [
    ...SERIAL.map((fault) => ({ what: "serial", name: JSON.stringify(fault), faults: [fault, fault, fault] })),
    ...TRANSFER.map((fault) => ({ what: "transfer", name: fault, faults: [NONE, fault, NONE, fault, NONE, fault] }))
  ]

  it.effect.each(rows)(
    "keeps the last good zone when the answer to the $what is $name, and says it once",
    ({ faults }) =>
      inWorld((world) =>
        Effect.gen(function* () {
          const operator = yield* running(world)
          for (const fault of faults) yield* world.zone.failNext(fault)
          yield* world.zone.removeHost("vc-a-0")
          yield* pass(25)
          assert.strictEqual((yield* condition("vc-a-0", "Discovered"))?.status, "True")
          assert.lengthOf(all(operator, "DiscoverFailed"), 1)
          assert.deepStrictEqual(yield* writes, [])
          yield* pass(240)
          assert.strictEqual((yield* condition("vc-a-0", "Discovered"))?.status, "False")
        })
      )
  )

  it.effect("retains everything when a complete zone holds no vCenter any more", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.zone.set([])
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-b-0", "Discovered"))?.reason, "NotInZone")
      })
    )
  )
})
