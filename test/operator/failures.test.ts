import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { IGNORE_ANNOTATION } from "../../src/domain/Owner.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { API_VERSION, KIND } from "../../src/domain/VCenterState.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { configMap, key, NAMESPACE, stateKey, withSpec, withTemplate } from "./fixtures.ts"
import { addCluster, all, inWorld, pass, settled, type World } from "./harness.ts"
import { applied, condition, conditions, object, objectWrites, recorded, status, writes } from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

const somebodys = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: NAMESPACE },
  data: { is: "somebody's" }
})

describe("operator, when the cluster refuses", () => {
  it.effect("applies what does not come after a refused object, deletes nothing meanwhile, and says which", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        const operator = yield* running(world)
        yield* cluster.failNext({
          verb: "apply",
          name: "config-bb93",
          reason: "Rejected",
          detail: "denied",
          times: 1000
        })
        a.batch(() => {
          addCluster(a, "productionbb093")
          a.remove("productionbb092")
        })
        yield* pass(120)
        assert.includeMembers([...(yield* applied)], ["Secret/login-bb93", "Secret/login-bb92"])
        assert.include((yield* condition("vc-a-0", "Applied"))?.message, "ConfigMap monsoon3/config-bb93")
        // Its pods would start without their configuration.
        assert.notInclude(yield* applied, "Deployment/agent-bb93")
        assert.deepInclude(
          all(operator, "Outcome").find(({ object }) => object === "Deployment monsoon3/agent-bb93"),
          { outcome: "not attempted", message: "ConfigMap monsoon3/config-bb93 comes first, and failed" }
        )
        assert.isEmpty((yield* objectWrites).filter((write) => write.startsWith("delete")))
        assert.notInclude(yield* recorded("vc-a-0"), "ConfigMap/config-bb93")
        assert.include(all(operator, "Reconciled").at(-1)?.failures[0], "config-bb93")
        yield* cluster.heal
        yield* pass(330)
        assert.include(yield* applied, "Deployment/agent-bb93")
        assert.deepStrictEqual(
          (yield* recorded("vc-a-0")).filter((name) => name.includes("bb92")),
          []
        )
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("tries what may pass by itself again after half a minute, and what somebody has to mend after five", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        const tries = (name: string) =>
          Effect.map(objectWrites, (all) => all.filter((write) => write.includes(name)).length)
        yield* cluster.failNext({ verb: "apply", name: "config-bb93", reason: "ServerError", times: 1000 })
        addCluster(a, "productionbb093")
        yield* pass(29)
        const first = yield* tries("config-bb93")
        yield* pass(5)
        assert.strictEqual(yield* tries("config-bb93"), 2 * first)
        yield* cluster.heal
        yield* pass(60)
        yield* cluster.failNext({ verb: "apply", name: "config-bb94", reason: "Forbidden", times: 1000 })
        addCluster(a, "productionbb094")
        yield* pass(290)
        assert.strictEqual(yield* tries("config-bb94"), 1)
        yield* pass(20)
        assert.strictEqual(yield* tries("config-bb94"), 2)
      })
    )
  )

  it.effect("keeps an object recorded whose apply was not answered: it may exist", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        yield* cluster.failNext({ verb: "apply", name: "config-bb93", reason: "Timeout", afterEffect: true, times: 3 })
        addCluster(a, "productionbb093")
        yield* pass(10)
        assert.include(yield* recorded("vc-a-0"), "ConfigMap/config-bb93")
        assert.strictEqual((yield* condition("vc-a-0", "Applied"))?.reason, "ApplyFailed")
        a.remove("productionbb093")
        yield* pass(60)
        assert.notInclude(yield* applied, "ConfigMap/config-bb93")
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("applies nothing while the record cannot be written, and catches up", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        yield* cluster.failNext({ verb: "update status", kind: KIND, reason: "Forbidden", times: 3 })
        addCluster(a, "productionbb093")
        yield* pass(25)
        assert.deepStrictEqual(yield* objectWrites, [])
        yield* pass(120)
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
      })
    )
  )

  it.effect("plans anew when somebody else has written the record", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        const operator = yield* running(world)
        yield* cluster.edit(stateKey("vc-a-0"), (state) => ({
          ...state,
          metadata: { ...state.metadata, annotations: { from: "somebody" } }
        }))
        addCluster(a, "productionbb093")
        yield* pass(5)
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
        assert.lengthOf(all(operator, "Warning"), 1)
        assert.lengthOf(
          all(operator, "Reconciled").filter(({ failures }) => failures.length > 0),
          0
        )
      })
    )
  )

  it.effect("records everything again when the record was removed under it", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        yield* cluster.remove(stateKey("vc-a-0"))
        addCluster(a, "productionbb093")
        yield* pass(60)
        assert.lengthOf(yield* recorded("vc-a-0"), 10)
        assert.isEmpty((yield* objectWrites).filter((write) => write.startsWith("delete")))
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("applies nothing where the definition of the record has no status, and says so", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.install({
          apiVersion: API_VERSION,
          kind: KIND,
          plural: "vcenter-states",
          namespaced: true,
          generation: true,
          status: false,
          builtIn: false
        })
        const operator = yield* start()
        yield* pass(60)
        assert.deepStrictEqual(yield* applied, [])
        assert.isNotEmpty(all(operator, "Warning"))
      })
    )
  )
})

describe("operator, with the objects of others", () => {
  it.effect("never touches an object that somebody else has made, and applies what does not come after it", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.seed([somebodys("config-bb91")])
        const before = yield* object(key("ConfigMap", "config-bb91"))
        const operator = yield* start()
        yield* settled(operator)
        yield* pass(700)
        assert.deepStrictEqual(yield* object(key("ConfigMap", "config-bb91")), before)
        // All but that object and the Deployment that comes after it.
        assert.lengthOf(yield* applied, 9)
        assert.include((yield* condition("vc-a-0", "Applied"))?.message, "was not made by this operator")
        assert.notInclude(yield* recorded("vc-a-0"), "ConfigMap/config-bb91")
        yield* operator.stop
        yield* cluster.clearLog
        yield* settled(yield* start())
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("leaves alone what somebody has opted out, whether it is wanted or not", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        for (const name of ["config-bb91", "config-bb92"]) {
          yield* cluster.edit(key("ConfigMap", name), (live) => ({
            ...live,
            metadata: { ...live.metadata, annotations: { [IGNORE_ANNOTATION]: "true" } }
          }))
        }
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(configMap("config-{{ name }}", { new: "yes" })))
        a.remove("productionbb092")
        yield* pass(60)
        assert.deepStrictEqual(
          (yield* objectWrites).filter((write) => /config-bb9/.test(write)),
          []
        )
        assert.notInclude(yield* applied, "Deployment/agent-bb92")
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("does not delete what was deleted and made again by somebody else, though it bears the mark", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        const { metadata, ...rest } = yield* object(key("ConfigMap", "config-bb92"))
        yield* cluster.remove(key("ConfigMap", "config-bb92"))
        const { uid: _, resourceVersion: __, ...copied } = metadata
        yield* cluster.seed([{ ...rest, metadata: { ...copied, name: "config-bb92" } }])
        a.remove("productionbb092")
        yield* pass(60)
        assert.include(yield* applied, "ConfigMap/config-bb92")
        assert.notInclude(yield* applied, "Deployment/agent-bb92")
        assert.include(JSON.stringify((yield* status("vc-a-0")).problems), "deleted and made again")
      })
    )
  )

  it.effect("writes nothing while paused but its status, and goes on when it is no longer", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        const before = yield* recorded("vc-a-0")
        yield* cluster.edit(stateKey("vc-a-0"), withSpec({ paused: true }))
        yield* pass(2)
        a.remove("productionbb092")
        addCluster(a, "productionbb093")
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.deepStrictEqual(yield* recorded("vc-a-0"), before)
        assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.reason, "Paused")
        yield* cluster.edit(stateKey("vc-a-0"), withSpec({ paused: false }))
        yield* pass(30)
        assert.include(yield* applied, "Deployment/agent-bb93")
        assert.notInclude(yield* applied, "Deployment/agent-bb92")
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )
})
