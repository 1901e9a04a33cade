import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { configMap, template } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { approve, changedSince, condition, conditions, objectWrites, versions, waiting } from "./looks.ts"

const NET = template("net", "cluster", configMap("net-{{ name }}", { net: "{{ bridge | default('none') }}" }))

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  yield* cluster.seed([NET])
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

/** vSphere knows it by another reference then, and its hosts and permissions may come later. */
describe("a cluster that is made anew under its name", () => {
  it.effect("keeps the objects of the old one while it cannot be read", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.batch(() => {
          world.a.remove("productionbb092")
          addCluster(world.a, "productionbb092")
          world.a.hideProperty("productionbb092", "datastore")
        })
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "Kept")
        world.a.showProperty("productionbb092", "datastore")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("keeps them as they are while it has no network yet, unless that is approved", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.batch(() => {
          world.a.remove("productionbb092")
          world.a.addCluster("productionbb092", { datastores: ["eph_bb092_0"], networks: ["management"] })
        })
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "LostStorage")
        assert.deepInclude(yield* waiting("vc-a-0", "LostStorage"), { count: 1 })
        yield* approve("vc-a-0", "LostStorage")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, ["apply ConfigMap/net-bb92"])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("goes on with the network that was chosen for the old one", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        const before = yield* versions
        world.a.batch(() => {
          world.a.remove("productionbb092")
          world.a.addCluster("productionbb092", { datastores: ["eph_bb092_0"], networks: ["br-aaa", "br-vlan092"] })
        })
        yield* pass(120)
        assert.notInclude(yield* changedSince(before), "ConfigMap/net-bb92")
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )
})
