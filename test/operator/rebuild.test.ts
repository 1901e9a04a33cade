import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { key, stateKey, withSpec, withTemplate } from "./fixtures.ts"
import { addCluster, all, inWorld, type Operator, pass, settled, type World } from "./harness.ts"
import {
  applied,
  approve,
  changedSince,
  condition,
  conditions,
  objectWrites,
  recorded,
  status,
  versions,
  waiting
} from "./looks.ts"

const GONE = ["ConfigMap/config-bb92", "Deployment/agent-bb92", "Secret/login-bb92"]

/** Everything is applied, and the operator is down. */
const down = Effect.fnUntraced(function* (world: World) {
  const operator = yield* world.start()
  yield* settled(operator)
  yield* operator.stop
  yield* world.cluster.clearLog
})

const lose = Cluster.use((cluster) => cluster.remove(stateKey("vc-a-0")))

/** Lists by label of kinds that nothing renders: only a search asks for them. */
const searches = Effect.map(
  Cluster.use(({ log }) => log),
  (log) => log.filter(({ verb, kind }) => verb === "list" && kind === "StatefulSet").length
)

const rebuilt = (operator: Operator) => all(operator, "Rebuilt").map(({ vcenter, objects }) => [vcenter, objects])

describe("operator, without the record of a vCenter", () => {
  it.effect("rebuilds it from the marks, changes no object, and has the same record as before", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        const [before, objects] = [yield* status("vc-a-0"), yield* versions]
        yield* lose
        const operator = yield* world.start()
        yield* settled(operator)
        assert.deepStrictEqual(rebuilt(operator), [["vc-a-0.cc.qa-de-1.cloud.sap", 7]])
        assert.deepStrictEqual((yield* status("vc-a-0")).ledger, before.ledger)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.deepStrictEqual(yield* changedSince(objects), ["VCenterState/vc-a-0.cc.qa-de-1.cloud.sap"])
      })
    )
  )

  it.effect("rebuilds it at once when it is removed while the operator runs, also for the second time", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* world.start()
        yield* settled(operator)
        for (const times of [1, 2]) {
          yield* lose
          yield* pass(5)
          assert.lengthOf(rebuilt(operator), times)
          assert.lengthOf(yield* recorded("vc-a-0"), 7)
          assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        }
      })
    )
  )

  it.effect("deletes nothing of a cluster that went meanwhile before a person has approved it", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        world.a.remove("productionbb092")
        yield* settled(yield* world.start())
        yield* pass(300)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Rebuilt")
        assert.strictEqual((yield* waiting("vc-a-0", "Delete"))?.count, 3)
        yield* approve("vc-a-0")
        yield* pass(10)
        assert.sameMembers(
          yield* objectWrites,
          GONE.map((name) => `delete ${name}`)
        )
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("knows again what an object was made for when it is rendered, and deletes it by the usual rules then", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        yield* settled(yield* world.start())
        world.a.remove("productionbb092")
        yield* pass(30)
        assert.sameMembers(
          yield* objectWrites,
          GONE.map((name) => `delete ${name}`)
        )
      })
    )
  )

  it.effect("keeps what nothing renders while a template fails", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        world.a.remove("productionbb092")
        yield* world.cluster.edit(key(TEMPLATE_KIND, "zone"), withTemplate("{{ nothing.at.all }}"))
        yield* settled(yield* world.start())
        yield* pass(60)
        assert.isUndefined(yield* waiting("vc-a-0", "Delete"))
        assert.includeMembers(yield* recorded("vc-a-0"), GONE)
        assert.includeMembers(yield* applied, GONE)
      })
    )
  )

  it.effect("applies what is new and changes what has changed meanwhile", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        addCluster(world.a, "productionbb093")
        yield* world.cluster.edit(key(TEMPLATE_KIND, "login"), (template) =>
          withTemplate(`${template.template}  more: "yes"\n`)(template)
        )
        yield* settled(yield* world.start())
        assert.sameMembers(yield* objectWrites, [
          ...["ConfigMap/config-bb93", "Secret/login-bb93", "Deployment/agent-bb93"].map((name) => `apply ${name}`),
          ...["91", "92", "201"].map((bb) => `apply Secret/login-bb${bb}`)
        ])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("searches once for all vCenters that start together, and never while there is a record", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* world.start()
        yield* settled(operator)
        assert.deepStrictEqual(rebuilt(operator), [])
        assert.strictEqual(yield* searches, 1)
        yield* operator.stop
        yield* world.cluster.clearLog
        yield* settled(yield* world.start())
        addCluster(world.a, "productionbb093")
        yield* pass(60)
        assert.strictEqual(yield* searches, 0)
      })
    )
  )

  it.effect("writes nothing for this vCenter while it cannot be searched, and goes on with the others", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        yield* world.cluster.failNext({ verb: "discover", kind: "", reason: "ServerError", times: 1000 })
        addCluster(world.a, "productionbb093")
        addCluster(world.b, "productionbb202")
        const operator = yield* world.start()
        yield* settled(operator, "vc-b-0")
        yield* pass(60)
        assert.notInclude((yield* objectWrites).join(), "bb93")
        assert.include((yield* objectWrites).join(), "bb202")
        assert.match(all(operator, "Warning").at(-1)?.message ?? "", /there is no record, and it cannot be rebuilt yet/)
        yield* world.cluster.heal
        yield* settled(operator, "vc-a-0")
        assert.lengthOf(yield* recorded("vc-a-0"), 10)
      })
    )
  )

  it.effect("names what may not be listed, and goes on", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        yield* world.cluster.failNext({ verb: "list", kind: "Pod", reason: "Forbidden", times: 1000 })
        const operator = yield* world.start()
        yield* settled(operator)
        assert.deepStrictEqual(all(operator, "Rebuilt")[0]?.forbidden, ["v1 Pod"])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("names what could not be listed, and finds it at the next start", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* down(world)
        yield* lose
        yield* world.cluster.edit(key(TEMPLATE_KIND, "agent"), withTemplate("# renders nothing any more"))
        yield* world.cluster.failNext({ verb: "list", kind: "Deployment", reason: "ServerError", times: 3 })
        const first = yield* world.start()
        yield* settled(first)
        assert.match(all(first, "Rebuilt")[0]?.failed.join() ?? "", /^apps\/v1 Deployment: /)
        const { object, reason } = (yield* status("vc-a-0")).problems[0] ?? {}
        assert.deepStrictEqual([object, reason], ["apps/v1 Deployment", "NotListed"])
        assert.notInclude((yield* recorded("vc-a-0")).join(), "Deployment/")
        yield* first.stop
        const second = yield* world.start()
        yield* settled(second)
        assert.deepStrictEqual(rebuilt(second), [["vc-a-0.cc.qa-de-1.cloud.sap", 2]])
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb92")
        assert.notInclude(JSON.stringify((yield* status("vc-a-0")).problems), "NotListed")
      })
    )
  )

  it.effect("goes by what a person writes into the one that is made anew", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* world.start()
        yield* settled(operator)
        yield* lose
        yield* pass(5)
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ paused: true }))
        yield* pass(5)
        yield* world.cluster.clearLog
        addCluster(world.a, "productionbb093")
        yield* pass(30)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=False Paused")
      })
    )
  )
})
