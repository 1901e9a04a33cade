import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, key, TEMPLATES, template } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { applied, condition, conditions, objectWrites, status, writes } from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

/** Uses what a cluster has: every change of it shows. */
const STORAGE = template(
  "storage",
  "cluster",
  configMap("storage-{{ name }}", { eph: "{{ datastore_regex }}", net: "{{ bridge }}" })
)

describe("operator, when a cluster loses its storage", () => {
  it.effect.each([
    { what: "datastore that starts with eph", lose: (w: World) => w.a.unmount("productionbb091", "eph_bb091_0") },
    { what: "network that starts with br-", lose: (w: World) => w.a.detach("productionbb091", "br-vlan091") }
  ])("keeps its objects as they are without its last $what, names it, and goes on when it is back", ({ lose, what }) =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* cluster.seed([STORAGE])
        const first = yield* running(world)
        lose(world)
        yield* pass(30)
        yield* first.stop
        yield* settled(yield* world.start())
        yield* cluster.seed([template("more", "cluster", configMap("more-{{ name }}", { is: "new" }))])
        yield* pass(600)
        // The others go on.
        assert.deepStrictEqual((yield* objectWrites).toSorted(), [
          "apply ConfigMap/more-bb201",
          "apply ConfigMap/more-bb92"
        ])
        const rendered = yield* condition("vc-a-0", "Rendered")
        assert.strictEqual(rendered?.reason, "LostStorage")
        assert.include(rendered?.message, `cluster productionbb091 has lost its last ${what}`)
        assert.include(yield* conditions("vc-a-0"), "Ready=False LostStorage")
        a.mount("productionbb091", "eph_bb091_new")
        a.attach("productionbb091", "br-vlan091")
        yield* pass(30)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        assert.include(yield* applied, "ConfigMap/more-bb91")
      })
    )
  )

  it.effect("records nothing to lose of a cluster that never had any", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        world.a.addCluster("productionbb095", { datastores: ["vmfs"], networks: ["management"] })
        yield* running(world)
        yield* pass(60)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        const { ledger } = yield* status("vc-a-0")
        const found = ledger?.subjects.find(({ name }) => name === "productionbb095")
        assert.deepStrictEqual([found?.eph, found?.bridge], [undefined, undefined])
      })
    )
  )
})

describe("operator, when its readings are not whole", () => {
  it.effect("changes nothing that is recorded by templates that it cannot list, and makes nothing new by them", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* cluster.seed([STORAGE])
        yield* running(world)
        yield* cluster.failNext({ verb: "watch", kind: TEMPLATE_KIND, reason: "Forbidden", times: 1000 })
        yield* cluster.failNext({ verb: "list", kind: TEMPLATE_KIND, reason: "Forbidden", times: 1000 })
        yield* cluster.dropWatches
        yield* pass(5)
        a.mount("productionbb091", "ephemeral_other")
        addCluster(a, "productionbb093")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "Kept")
        yield* cluster.heal
        yield* pass(120)
        assert.includeMembers(
          [...(yield* objectWrites)],
          ["apply ConfigMap/storage-bb91", "apply ConfigMap/storage-bb93"]
        )
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("loses nothing when all templates vanish for long and come back one by one, each within prune_delay", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster } = world
        yield* running(world)
        for (const { metadata } of TEMPLATES) yield* cluster.remove(key(TEMPLATE_KIND, metadata.name))
        // Far longer than prune_delay.
        yield* pass(600)
        for (const one of TEMPLATES) {
          yield* cluster.seed([one])
          yield* pass(3)
        }
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        for (const name of ["vc-a-0", "vc-b-0"]) assert.include(yield* conditions(name), "Ready=True Reconciled")
        yield* cluster.clearLog
        yield* pass(120)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )
})
