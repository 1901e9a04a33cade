import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { configMap, key, template } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { condition, object, objectWrites, recorded, status } from "./looks.ts"

const SHARED = key("ConfigMap", "shared")
const shared = template("shared", "datacenter", configMap("shared", { for: "{{ vcenter_name }}" }))

/** What each vCenter says of the object, `reason: message`. */
const said = (vcenter: string) =>
  Effect.map(status(vcenter), ({ problems }) =>
    problems.filter(({ object }) => object.endsWith("/shared")).map(({ reason, message }) => `${reason}: ${message}`)
  )
const bothNameIt = Effect.gen(function* () {
  assert.deepStrictEqual(yield* said("vc-a-0"), [
    "Kept: ConfigMap monsoon3/shared is rendered for vc-b-0.cc.qa-de-1.cloud.sap too: give the objects different names"
  ])
  assert.deepStrictEqual(yield* said("vc-b-0"), [
    "Held: ConfigMap monsoon3/shared is rendered for vc-a-0.cc.qa-de-1.cloud.sap too: give the objects different names"
  ])
})

/** vc-a-0 has applied it, while vc-b-0, which renders it too, was away. */
const contested = Effect.fnUntraced(function* (world: World) {
  world.b.disconnect()
  yield* world.cluster.seed([shared])
  const operator = yield* world.start()
  yield* settled(operator, "vc-a-0")
  assert.include(yield* recorded("vc-a-0"), "ConfigMap/shared")
  world.b.reconnect()
  yield* pass(90)
  yield* world.cluster.clearLog
  return { operator, before: yield* object(SHARED) }
})
const stays = Effect.fnUntraced(function* (before: Effect.Success<ReturnType<typeof object>>) {
  assert.deepStrictEqual(yield* object(SHARED), before)
  assert.include(yield* recorded("vc-a-0"), "ConfigMap/shared")
  assert.notInclude(yield* recorded("vc-b-0"), "ConfigMap/shared")
})

describe("an object that two vCenters render", () => {
  it.effect("stays as it is applied, and both name the other, as soon as both render it", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { before } = yield* contested(world)
        yield* bothNameIt
        yield* stays(before)
        assert.deepStrictEqual(yield* objectWrites, [])
      })
    )
  )

  for (const [first, second] of [
    ["a", "b"],
    ["b", "a"]
  ] as const) {
    it.effect(`stays as it is over a restart when vc-${first}-0 is there first`, () =>
      inWorld((world) =>
        Effect.gen(function* () {
          const { before, operator } = yield* contested(world)
          yield* operator.stop
          world[second].disconnect()
          yield* settled(yield* world.start(), `vc-${first}-0`)
          yield* pass(60)
          yield* stays(before)
          // Who holds it cannot know of the other yet; who does not, sees whose it is.
          if (first === "b") assert.match((yield* said("vc-b-0")).join(), /^Foreign: .*it belongs to vc-a-0/)
          world[second].reconnect()
          yield* pass(90)
          yield* stays(before)
          yield* bothNameIt
          assert.deepStrictEqual(yield* objectWrites, [])
        })
      )
    )
  }

  it.effect("stays with the one that has applied it while that one is not connected, whatever the other renders", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { before } = yield* contested(world)
        world.a.disconnect()
        yield* pass(5)
        addCluster(world.b, "productionbb202")
        yield* pass(120)
        yield* stays(before)
        assert.strictEqual((yield* condition("vc-b-0", "Ready"))?.status, "False")
      })
    )
  )

  it.effect("goes to the other when the one that has applied it renders it no more", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* contested(world)
        const text = configMap("{% if vcenter_name == 'vc-b-0' %}shared{% else %}other{% endif %}", {
          for: "{{ vcenter_name }}"
        })
        yield* world.cluster.edit(key("VCenterTemplate", "shared"), (live) => ({ ...live, template: text }))
        yield* pass(30)
        assert.deepStrictEqual((yield* object(SHARED)).data, { for: "vc-b-0" })
        assert.include(yield* recorded("vc-b-0"), "ConfigMap/shared")
        assert.notInclude(yield* recorded("vc-a-0"), "ConfigMap/shared")
        for (const vcenter of ["vc-a-0", "vc-b-0"]) {
          assert.strictEqual((yield* condition(vcenter, "Ready"))?.reason, "Reconciled", vcenter)
        }
      })
    )
  )
})

describe("an object that two clusters of one vCenter render", () => {
  const AGENT = key("Deployment", "agent-bb91")

  it.effect(
    "stays as it is applied, also over a restart, and the conflict names both; it is settled when one goes",
    () =>
      inWorld((world) =>
        Effect.gen(function* () {
          const first = yield* world.start()
          yield* settled(first)
          const before = yield* object(AGENT)
          yield* world.cluster.clearLog
          addCluster(world.a, "productionbb91")
          yield* pass(30)
          yield* first.stop
          yield* settled(yield* world.start())
          yield* pass(60)
          assert.deepStrictEqual(yield* object(AGENT), before)
          assert.deepStrictEqual(yield* objectWrites, [])
          const { problems } = yield* status("vc-a-0")
          const message = problems.find(({ object }) => object.endsWith("/agent-bb91"))?.message
          assert.match(`${message}`, /productionbb091 and productionbb91/)
          world.a.remove("productionbb91")
          yield* pass(30)
          assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.reason, "Reconciled")
          assert.deepStrictEqual(yield* object(AGENT), before)
        })
      )
  )
})
