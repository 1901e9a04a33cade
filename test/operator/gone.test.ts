import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ADOPT_ANNOTATION, OWNER_LABEL } from "../../src/domain/Owner.ts"
import { key, SECRET, secret, secretKey, stateKey, withSpec, ZONE } from "./fixtures.ts"
import { inWorld, pass, settled, vcenter, type World } from "./harness.ts"
import { applied, approve, condition, conditions, events, objectWrites, recorded, waiting, writes } from "./looks.ts"

const running = Effect.fnUntraced(function* (
  { cluster, start }: World,
  settings: Readonly<Record<string, string>> = { vcenter_gone: "prune", vcenter_gone_grace: "10m" }
) {
  yield* cluster.edit(secretKey, () => secret({ ...SECRET, ...settings }))
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const GIVEN = [
  ["Secret", "login-bb91"],
  ["ConfigMap", "config-bb91"],
  ["Deployment", "agent-bb91"]
] as const
const deletes = Effect.map(objectWrites, (all) => all.filter((write) => write.startsWith("delete")))

describe("operator, when a vCenter has left the zone and its objects may go", () => {
  it.effect("asks a person after the grace, across a restart, and lets them go once that is approved", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world)
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(400)
        assert.isUndefined(yield* waiting("vc-a-0", "Delete"))
        yield* first.stop
        // Nobody looks: this time does not count.
        yield* pass(600)
        yield* settled(yield* world.start(), "vc-b-0")
        yield* pass(60)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "VCenterRetained")
        yield* pass(300)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "VCenterGone")
        assert.deepInclude(yield* waiting("vc-a-0", "Delete"), { count: 7 })
        assert.lengthOf(yield* events, 1)
        assert.deepStrictEqual(yield* deletes, [])
        yield* approve("vc-a-0")
        yield* pass(30)
        assert.lengthOf(yield* deletes, 7)
        assert.deepStrictEqual(yield* recorded("vc-a-0"), [])
        assert.lengthOf(yield* applied, 4)
        yield* pass(60)
        yield* world.cluster.clearLog
        yield* pass(600)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("loses nothing when it comes back, and counts anew when it goes again", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(700)
        const digest = (yield* waiting("vc-a-0", "Delete"))?.digest ?? ""
        yield* world.zone.addHost("vc-a-0", "192.0.2.10")
        yield* pass(60)
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: digest }))
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({}))
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(500)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "VCenterRetained")
        assert.deepStrictEqual(yield* objectWrites, [])
      })
    )
  )

  it.effect("asks anew, after the grace, when it was back without an answer in between, over a restart as well", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world)
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(700)
        yield* world.cluster.failNext({ verb: "delete", reason: "Forbidden", times: 1000 })
        yield* approve("vc-a-0")
        yield* pass(30)
        world.a.disconnect()
        yield* world.zone.addHost("vc-a-0", "192.0.2.10")
        yield* pass(60)
        yield* first.stop
        yield* world.cluster.heal
        yield* world.zone.removeHost("vc-a-0")
        yield* world.cluster.clearLog
        yield* settled(yield* world.start(), "vc-b-0")
        yield* pass(500)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "VCenterRetained")
        yield* pass(300)
        assert.deepInclude(yield* waiting("vc-a-0", "Delete"), { count: 7 })
        assert.deepStrictEqual(yield* deletes, [])
      })
    )
  )

  it.effect("counts nothing while the zone is not confirmed", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(60)
        for (let n = 0; n < 90; n++) yield* world.zone.failNext("forged")
        yield* pass(800)
        assert.isUndefined(yield* waiting("vc-a-0", "Delete"))
        assert.deepStrictEqual(yield* deletes, [])
      })
    )
  )

  it.effect("retains them for ever unless told otherwise, whatever is approved", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world, {})
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(7200)
        assert.isUndefined(yield* waiting("vc-a-0", "Delete"))
        assert.deepStrictEqual(yield* objectWrites, [])
      })
    )
  )
})

describe("operator, when another vCenter answers", () => {
  const STRANGER = "44444444-4444-4444-8444-444444444444"

  it.effect("writes nothing by it, names both, and goes on with it once that is approved", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world, {})
        yield* first.stop
        world.vcenters.set(`vc-a-0.${ZONE}`, vcenter(STRANGER, "QA-DE-1a", ["productionbb091", "productionbb095"]))
        yield* world.cluster.clearLog
        yield* settled(yield* world.start())
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        const ready = yield* condition("vc-a-0", "Ready")
        assert.strictEqual(ready?.reason, "AnotherVCenter")
        assert.include(ready?.message, `instanceUuid ${STRANGER}, recorded 11111111-1111-4111-8111-111111111111`)
        yield* approve("vc-a-0", "AnotherVCenter")
        yield* pass(120)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        assert.include(yield* applied, "Deployment/agent-bb95")
        assert.notInclude(yield* applied, "Deployment/agent-bb92")
        yield* world.cluster.clearLog
        yield* pass(600)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("writes nothing for a new name that leads to a vCenter which another name has already", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world, {})
        world.vcenters.set(`vc-c-0.${ZONE}`, world.a)
        yield* world.zone.addHost("vc-c-0", "192.0.2.12")
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        const ready = yield* condition("vc-c-0", "Ready")
        assert.strictEqual(ready?.reason, "AnotherVCenter")
        assert.include(ready?.message, `is the one behind vc-a-0.${ZONE}`)
      })
    )
  )

  it.effect("deletes nothing when its name changes, and gives the new one what a person hands over", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world, { vcenter_gone: "prune", vcenter_gone_grace: "1m" })
        world.vcenters.set(`vc-c-0.${ZONE}`, world.a)
        yield* world.zone.addHost("vc-c-0", "192.0.2.12")
        yield* world.zone.removeHost("vc-a-0")
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "WantedElsewhere")
        yield* approve("vc-c-0", "AnotherVCenter")
        yield* pass(30)
        assert.include((yield* condition("vc-c-0", "Ready"))?.message, "it belongs to vc-a-0")
        for (const [kind, name] of GIVEN) {
          yield* world.cluster.edit(key(kind, name), (live) => {
            const { [OWNER_LABEL]: _, ...labels } = Object(live.metadata.labels)
            return { ...live, metadata: { ...live.metadata, labels, annotations: { [ADOPT_ANNOTATION]: "true" } } }
          })
        }
        yield* pass(330)
        assert.includeMembers(yield* recorded("vc-c-0"), [
          "Secret/login-bb91",
          "ConfigMap/config-bb91",
          "Deployment/agent-bb91"
        ])
        assert.deepStrictEqual(yield* deletes, [])
      })
    )
  )
})
