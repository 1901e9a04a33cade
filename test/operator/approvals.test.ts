import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, key, NAMESPACE, SECRET, secret, secretKey, stateKey, template, withTemplate } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { applied, approve, condition, conditions, object, objectWrites, waiting, writes } from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const deletes = Effect.map(objectWrites, (all) => all.filter((write) => write.startsWith("delete")))

describe("operator, with other things that wait for a person", () => {
  it.effect("deletes what an unchanged template renders no longer, once that is approved", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        const text = `{% if bridge == "br-vlan091" %}${configMap("odd-{{ name }}", { is: "odd" })}{% endif %}`
        yield* cluster.seed([template("odd", "cluster", text)])
        yield* running(world)
        a.attach("productionbb091", "br-other")
        a.detach("productionbb091", "br-vlan091")
        yield* pass(60)
        assert.deepStrictEqual(yield* deletes, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "EmptyRender")
        yield* approve("vc-a-0", "EmptyRender")
        yield* pass(30)
        assert.deepStrictEqual(yield* deletes, ["delete ConfigMap/odd-bb91"])
        yield* pass(15)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("waits for that approval also after the key of the digests was lost", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster } = world
        const text = configMap("config-{{ name }}", {})
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(`{% if rabbit_password %}${text}{% endif %}`))
        const first = yield* running(world)
        const { rabbit_password: _, ...rest } = SECRET
        yield* cluster.edit(secretKey, () => secret({ ...rest, prune_delay: "0s" }))
        yield* pass(30)
        yield* first.stop
        yield* cluster.remove(key("Secret", "vcenter-operator-digest-key"))
        for (const times of [1, 2]) {
          const next = yield* cluster.clearLog.pipe(Effect.andThen(world.start()))
          yield* pass(60)
          assert.deepStrictEqual(yield* deletes, [], `start ${times}`)
          assert.strictEqual((yield* waiting("vc-a-0", "EmptyRender"))?.count, 2)
          yield* next.stop
        }
      })
    )
  )

  it.effect("changes the objects of a cluster that has lost its network, once that is approved", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* cluster.seed([
          template("net", "cluster", configMap("net-{{ name }}", { net: "{{ bridge | default('none') }}" }))
        ])
        yield* running(world)
        a.detach("productionbb091", "br-vlan091")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include((yield* condition("vc-a-0", "Rendered"))?.message, "kubectl -n")
        yield* approve("vc-a-0", "LostStorage")
        yield* pass(30)
        assert.deepStrictEqual(yield* objectWrites, ["apply ConfigMap/net-bb91"])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        yield* pass(60)
        yield* cluster.clearLog
        yield* pass(600)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("takes an approval that outlived its record for used", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* cluster.seed([
          template("net", "cluster", configMap("net-{{ name }}", { net: "{{ bridge | default('none') }}" }))
        ])
        const first = yield* running(world)
        a.detach("productionbb091", "br-vlan091")
        yield* pass(30)
        yield* approve("vc-a-0", "LostStorage")
        yield* pass(30)
        yield* first.stop
        // As a backup tool puts it back.
        yield* cluster.editStatus(stateKey("vc-a-0"), {})
        a.attach("productionbb091", "br-vlan091")
        yield* world.start()
        yield* pass(30)
        yield* cluster.clearLog
        a.detach("productionbb091", "br-vlan091")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.deepInclude(yield* waiting("vc-a-0", "LostStorage"), { count: 1 })
      })
    )
  )

  it.effect("takes over what it would change, once that is approved, and only then what comes after it", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster, start } = world
        const first = yield* start()
        yield* settled(first)
        yield* first.stop
        const agent = JSON.stringify((yield* object(key("Deployment", "agent-bb91"))).spec)
        /** As the predecessor leaves it: without a mark, and with another image. */
        const asPredecessor = Effect.fnUntraced(function* (name: string, image: string) {
          yield* cluster.remove(key("Deployment", name))
          yield* cluster.applyAs("vcenter-operator", {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name, namespace: NAMESPACE },
            spec: JSON.parse(agent.replaceAll("agent-bb91", name).replace("agent:1.0", image))
          })
        })
        for (const name of ["agent-bb91", "agent-bb92"]) yield* asPredecessor(name, "agent:0.9")
        yield* cluster.remove(stateKey("vc-a-0"))
        yield* cluster.clearLog
        yield* settled(yield* start())
        yield* pass(30)
        assert.deepInclude(yield* waiting("vc-a-0", "TakeOver"), {
          count: 2,
          objects: [`Deployment ${NAMESPACE}/agent-bb91`, `Deployment ${NAMESPACE}/agent-bb92`]
        })
        assert.include((yield* condition("vc-a-0", "Applied"))?.message, "kubectl -n")
        assert.notInclude((yield* objectWrites).join(), "agent-bb9")
        yield* approve("vc-a-0", "TakeOver")
        yield* pass(10)
        assert.includeMembers([...(yield* applied)], ["Deployment/agent-bb91", "Deployment/agent-bb92"])
        yield* pass(15)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(configMap("config-{{ name }}", { new: "yes" })))
        yield* pass(15)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        // The approval still stands, but what the predecessor makes anew was never shown to anybody.
        world.a.remove("productionbb092")
        yield* pass(40)
        assert.notInclude(yield* applied, "Deployment/agent-bb92")
        yield* asPredecessor("agent-bb92", "agent:0.8")
        addCluster(world.a, "productionbb092")
        yield* pass(40)
        assert.include(JSON.stringify((yield* object(key("Deployment", "agent-bb92"))).spec), "agent:0.8")
        assert.deepInclude(yield* waiting("vc-a-0", "TakeOver"), { count: 1 })
      })
    )
  )
})
