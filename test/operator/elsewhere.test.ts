import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, key, withTemplate } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { approve, condition, objectWrites, recorded, waiting } from "./looks.ts"

const MOVED = ["ConfigMap/config-bb92", "Deployment/agent-bb92", "Secret/login-bb92"]

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const deletes = Effect.map(objectWrites, (all) => all.filter((write) => write.startsWith("delete")))
const of92 = Effect.map(recorded("vc-b-0"), (all) => all.filter((name) => name.endsWith("-bb92")))
const withheld = (reason: string) =>
  Effect.map(condition("vc-a-0", "PruneWithheld"), (found) => {
    assert.strictEqual(found?.reason, reason, found?.message)
    return found?.message ?? ""
  })

/** What it cannot say is not "no": a cluster that has left one vCenter may be another's. */
describe("a cluster that has left a vCenter for another that does not say what it wants", () => {
  it.effect("loses them when that one is not connected: a vCenter that is down holds up no other", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.b.disconnect()
        world.a.remove("productionbb092")
        yield* pass(60)
        assert.lengthOf(yield* deletes, 3)
      })
    )
  )

  it.effect("keeps what its template cannot render there yet", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const text = configMap("config-{{ name }}", { datastores: "{{ datastore_regex }}" })
        yield* world.cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(text))
        yield* running(world)
        world.a.remove("productionbb092")
        world.b.addCluster("productionbb092", { datastores: [], networks: [] })
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, [])
        assert.include(yield* withheld("MayBeElsewhere"), "has no datastore that starts with eph")
        world.b.disconnect()
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, [])
        world.b.reconnect()
        world.b.mount("productionbb092", world.b.addDatastore("eph_bb092_0"))
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, [])
        assert.deepStrictEqual(yield* of92, MOVED)
      })
    )
  )

  it.effect("lets them go all the same once a person has approved it", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.remove("productionbb092")
        world.b.addCluster("productionbb092", { datastores: [], networks: [] })
        yield* world.cluster.edit(
          key(TEMPLATE_KIND, "config"),
          withTemplate(configMap("config-{{ name }}", { datastores: "{{ datastore_regex }}" }))
        )
        yield* pass(60)
        assert.deepStrictEqual((yield* waiting("vc-a-0", "Delete"))?.objects, ["ConfigMap monsoon3/config-bb92"])
        yield* approve("vc-a-0")
        yield* pass(10)
        assert.deepStrictEqual(yield* deletes, ["delete ConfigMap/config-bb92"])
      })
    )
  )

  it.effect("keeps them over a restart in which that one is slow to say what it wants", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world)
        yield* world.cluster.failNext({ verb: "apply", name: "login-bb92", reason: "Rejected", times: 1000 })
        world.a.remove("productionbb092")
        addCluster(world.b, "productionbb092")
        // It has been unwanted for as long as it takes, and that is recorded.
        yield* pass(60)
        assert.deepStrictEqual(yield* deletes, [])
        yield* first.stop
        world.b.hang("Login")
        yield* world.start()
        yield* pass(8)
        yield* withheld("Unheard")
        yield* world.cluster.heal
        world.b.resume()
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, [])
        assert.deepStrictEqual(yield* of92, MOVED)
      })
    )
  )
})
