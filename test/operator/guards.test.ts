import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { CELLS_SELECTOR } from "../../src/domain/Cells.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { configMap, key, NAMESPACE, SECRET, secret, secretKey, withTemplate } from "./fixtures.ts"
import { addCluster, all, inWorld, pass, settled, type World } from "./harness.ts"
import { applied, condition, conditions, objectWrites, recorded, writes } from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const deletes = Effect.map(objectWrites, (all) => all.filter((write) => write.startsWith("delete")))

describe("operator, before it deletes", () => {
  it.effect("withholds more than the share, and lets it go when the share is widened", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        for (const bb of ["093", "094", "095", "096"]) addCluster(world.a, `productionbb${bb}`)
        yield* running(world)
        world.a.batch(() => {
          for (const bb of ["094", "095", "096"]) world.a.remove(`productionbb${bb}`)
        })
        yield* pass(600)
        assert.deepStrictEqual(yield* deletes, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Share")
        yield* world.cluster.edit(secretKey, () => secret({ ...SECRET, allow_prune_share: "50" }))
        yield* pass(5)
        assert.lengthOf(yield* deletes, 9)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("adds up what it deleted within the hour: clusters that go one after the other are withheld too", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        for (const bb of ["093", "094", "095", "096"]) addCluster(world.a, `productionbb${bb}`)
        const first = yield* running(world)
        world.a.remove("productionbb096")
        yield* pass(60)
        assert.lengthOf(yield* deletes, 3)
        yield* first.stop
        yield* world.start()
        world.a.remove("productionbb095")
        yield* pass(60)
        // 6 of 19 would be more than 30 percent.
        assert.lengthOf(yield* deletes, 3)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Share")
        yield* pass(3600)
        assert.lengthOf(yield* deletes, 6)
      })
    )
  )

  it.effect("adds up the same when the clock is set ahead meanwhile", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        for (const bb of ["093", "094", "095", "096"]) addCluster(world.a, `productionbb${bb}`)
        yield* running(world)
        world.a.remove("productionbb096")
        yield* pass(60)
        assert.lengthOf(yield* deletes, 3)
        world.clock.aheadMillis += 7_200_000
        world.a.remove("productionbb095")
        yield* pass(120)
        assert.lengthOf(yield* deletes, 3)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Share")
        yield* pass(7200)
        assert.lengthOf(yield* deletes, 6)
      })
    )
  )

  it.effect("deletes nothing when it sees nothing at all any more of a vCenter", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.b.batch(() => {
          world.b.hide("productionbb201")
          world.b.hide("QA-DE-1b")
        })
        yield* pass(600)
        assert.deepStrictEqual(yield* deletes, [])
        assert.strictEqual((yield* condition("vc-b-0", "PruneWithheld"))?.reason, "Unconfirmed")
      })
    )
  )

  it.effect("deletes the objects of a datacenter whose last cluster is gone, though the datacenter is there", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.b.remove("productionbb201")
        yield* pass(60)
        assert.deepStrictEqual(yield* recorded("vc-b-0"), [])
        assert.lengthOf(yield* deletes, 4)
      })
    )
  )

  it.effect("deletes the objects of a datacenter that its clusters have left for another one", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        world.a.addDatacenter("QA-DE-1z")
        addCluster(world.a, "productionbb099")
        world.a.move("productionbb099", "QA-DE-1z")
        yield* running(world)
        assert.include(yield* applied, "ConfigMap/zone-qa-de-1z")
        world.a.move("productionbb099", "QA-DE-1a")
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, ["delete ConfigMap/zone-qa-de-1z"])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("keeps the objects of a cluster that was made anew under its name, and follows the new one", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.remove("productionbb092")
        yield* pass(5)
        addCluster(world.a, "productionbb092")
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        world.a.remove("productionbb092")
        yield* pass(60)
        assert.lengthOf(yield* deletes, 3)
      })
    )
  )

  it.effect("does not count the time in which it could not look: a cluster that went before an outage of the API", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        a.remove("productionbb092")
        yield* pass(5)
        yield* cluster.disconnect
        yield* pass(600)
        yield* cluster.connect
        a.addFolder("anything that changes")
        yield* pass(2)
        assert.deepStrictEqual(yield* deletes, [])
        yield* pass(120)
        assert.lengthOf(yield* deletes, 3)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )
})

describe("operator, with the cells of nova", () => {
  const cells = (names: string): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "nova-cells",
      namespace: NAMESPACE,
      labels: Object.fromEntries(CELLS_SELECTOR.split(",").map((term) => term.split("=") as [string, string]))
    },
    data: { cells: names }
  })

  it.effect("renders again when they change, what uses them and nothing else", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster } = world
        yield* cluster.seed([cells("cell1,cell2")])
        yield* cluster.edit(
          key(TEMPLATE_KIND, "zone"),
          withTemplate(configMap("zone-{{ availability_zone }}", { cells: "{{ cells | sort | join(',') }}" }))
        )
        yield* running(world)
        yield* cluster.seed([cells("cell1,cell2,cell3")])
        yield* pass(10)
        assert.deepStrictEqual((yield* objectWrites).toSorted(), [
          "apply ConfigMap/zone-qa-de-1a",
          "apply ConfigMap/zone-qa-de-1b"
        ])
        yield* cluster.remove(key("ConfigMap", "nova-cells"))
        yield* pass(120)
        assert.lengthOf(yield* objectWrites, 2)
        assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.reason, "TemplateFailed")
      })
    )
  )
})

describe("two operators at once", () => {
  it.effect("lose no record and delete nothing, and come to rest", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.latency("300 millis")
        const both = [yield* world.start(), yield* world.start()]
        yield* pass(120)
        assert.lengthOf(yield* applied, 11)
        assert.deepStrictEqual([(yield* recorded("vc-a-0")).length, (yield* recorded("vc-b-0")).length], [7, 4])
        assert.deepStrictEqual(yield* deletes, [])
        for (const operator of both) assert.isNotEmpty(all(operator, "Reconciled"))
        yield* world.cluster.clearLog
        yield* pass(600)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )
})
