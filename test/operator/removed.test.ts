import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, key, stateKey, template, withTemplate } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { changedSince, condition, conditions, objectWrites, recorded, versions } from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const deletes = Effect.map(objectWrites, (all) => all.filter((write) => write.startsWith("delete")))
const remove = Cluster.use((cluster) => cluster.remove(stateKey("vc-a-0")))
const NET = template("net", "cluster", configMap("net-{{ name }}", { net: "{{ bridge | default('none') }}" }))

/** Who removes a VCenterState because it shows a trouble gets rid of no limit, and changes nothing by it. */
describe("operator, whose record is removed while it runs", () => {
  it.effect("still counts what it has deleted within the hour", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        for (const bb of ["093", "094", "095", "096"]) addCluster(world.a, `productionbb${bb}`)
        yield* running(world)
        world.a.remove("productionbb096")
        yield* pass(60)
        assert.lengthOf(yield* deletes, 3)
        yield* remove
        yield* pass(20)
        world.a.remove("productionbb095")
        yield* pass(120)
        assert.lengthOf(yield* deletes, 3)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Share")
      })
    )
  )

  it.effect("writes nothing by another vCenter that answers behind the name", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.instanceUuid = "99999999-1111-4111-8111-111111111111"
        world.a.endSessions()
        yield* pass(60)
        yield* world.cluster.edit(
          key(TEMPLATE_KIND, "config"),
          withTemplate(configMap("config-{{ name }}", { is: "new" }))
        )
        yield* pass(10)
        yield* world.cluster.clearLog
        yield* remove
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=False AnotherVCenter")
        assert.lengthOf(yield* recorded("vc-a-0"), 7)
      })
    )
  )

  it.effect("keeps the objects of a cluster that has lost its network as they are", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.seed([NET])
        yield* running(world)
        world.a.detach("productionbb091", "br-vlan091")
        yield* pass(60)
        const before = yield* versions
        yield* remove
        yield* pass(60)
        assert.notInclude(yield* changedSince(before), "ConfigMap/net-bb91")
        assert.include(yield* conditions("vc-a-0"), "Rendered=False LostStorage")
      })
    )
  )

  it.effect("goes on with the network that it has chosen for a cluster", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.seed([NET])
        yield* running(world)
        world.a.attach("productionbb091", world.a.addNetwork("br-aaa"))
        yield* pass(30)
        const before = yield* versions
        yield* remove
        yield* pass(60)
        assert.notInclude(yield* changedSince(before), "ConfigMap/net-bb91")
      })
    )
  )
})
