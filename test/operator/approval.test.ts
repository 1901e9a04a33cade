import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { NAMESPACE, SECRET, secret, secretKey, stateKey, withSpec, ZONE } from "./fixtures.ts"
import { addCluster, all, inWorld, pass, settled, type World } from "./harness.ts"
import {
  applied,
  approve,
  condition,
  conditions,
  events,
  objectWrites,
  recorded,
  status,
  waiting,
  writes
} from "./looks.ts"

const GONE = ["094", "095", "096"]

/** vc-a-0 has six clusters, and everything is applied. */
const running = Effect.fnUntraced(function* ({ a, cluster, start }: World) {
  for (const bb of ["093", ...GONE]) addCluster(a, `productionbb${bb}`)
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

/** Three of them go: nine objects of 19, more than the share. */
const vanish = Effect.fnUntraced(function* ({ a }: World) {
  a.batch(() => {
    for (const bb of GONE) a.remove(`productionbb${bb}`)
  })
  yield* pass(40)
})
const deletes = Effect.map(objectWrites, (all) => all.filter((write) => write.startsWith("delete")))

describe("operator, with a delete that waits for a person", () => {
  it.effect("shows the set, its digest, the command and one Event, and lets exactly the set go", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world)
        yield* vanish(world)
        const set = yield* waiting("vc-a-0", "Delete")
        assert.deepInclude(set, { count: 9 })
        assert.include(set?.objects ?? [], `Deployment ${NAMESPACE}/agent-bb94`)
        const withheld = yield* condition("vc-a-0", "PruneWithheld")
        const command = `kubectl -n ${NAMESPACE} patch vcs vc-a-0.${ZONE} --type=merge -p '{"spec":{"approve":"${set?.digest}"}}'`
        assert.strictEqual(withheld?.reason, "Share")
        assert.include(withheld?.message, command)
        // A restart says nothing twice.
        yield* first.stop
        yield* settled(yield* world.start())
        yield* pass(60)
        assert.lengthOf(yield* events, 1)
        assert.include((yield* events)[0], command)
        assert.deepStrictEqual(yield* deletes, [])
        yield* approve("vc-a-0")
        yield* pass(5)
        assert.lengthOf(yield* deletes, 9)
        yield* pass(15)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        assert.isUndefined((yield* status("vc-a-0")).approvals)
        yield* world.cluster.clearLog
        yield* pass(600)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("deletes nothing by a digest of a set that has grown since, and says so", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* vanish(world)
        const old = (yield* waiting("vc-a-0", "Delete"))?.digest ?? ""
        world.a.remove("productionbb093")
        yield* pass(30)
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: old }))
        yield* pass(30)
        assert.deepStrictEqual(yield* deletes, [])
        assert.include((yield* condition("vc-a-0", "PruneWithheld"))?.message, "spec.approve names another set")
        assert.lengthOf(yield* events, 2)
      })
    )
  )

  it.effect("lets nothing go with the set that is added while the set is worked off", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* vanish(world)
        yield* world.cluster.failNext({ verb: "delete", name: "config-bb95", reason: "Forbidden", times: 1000 })
        yield* approve("vc-a-0")
        yield* pass(5)
        world.a.remove("productionbb093")
        yield* world.cluster.heal
        yield* pass(400)
        const left = yield* recorded("vc-a-0")
        assert.deepStrictEqual(
          left.filter((name) => /bb9[3-6]/.test(name)),
          ["ConfigMap/config-bb93", "Deployment/agent-bb93", "Secret/login-bb93"]
        )
        assert.deepInclude(yield* waiting("vc-a-0", "Delete"), { count: 3 })
      })
    )
  )

  it.effect("goes on with what remains of the set after it was killed among the deletes", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* running(world)
        yield* vanish(world)
        yield* first.stop
        // The record of what is about to go, and two deletes.
        const dying = { dead: false, diesAfter: 3 }
        yield* world.start({}, dying)
        yield* pass(5)
        yield* approve("vc-a-0")
        yield* pass(20)
        assert.isTrue(dying.dead)
        assert.isAbove((yield* recorded("vc-a-0")).length, 10)
        const { ledger } = yield* status("vc-a-0")
        const marked = ledger?.groups.flatMap(({ objects }) => objects.filter(({ approved }) => approved === "delete"))
        assert.lengthOf(marked ?? [], 9)
        yield* settled(yield* world.start())
        yield* pass(60)
        assert.lengthOf(yield* recorded("vc-a-0"), 10)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("does not take an approval for good once more: what is wanted again and goes again waits again", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* running(world)
        yield* cluster.failNext({ verb: "delete", reason: "Forbidden", times: 1000 })
        yield* vanish(world)
        yield* approve("vc-a-0")
        yield* pass(5)
        // They are back before any of them is gone, and go again: the same objects, so the same digest.
        for (const bb of GONE) addCluster(a, `productionbb${bb}`)
        yield* pass(30)
        yield* cluster.heal
        yield* cluster.clearLog
        yield* vanish(world)
        yield* pass(600)
        assert.deepStrictEqual(yield* deletes, [])
        assert.include((yield* condition("vc-a-0", "PruneWithheld"))?.message, "spec.approve has been used")
        yield* cluster.edit(stateKey("vc-a-0"), withSpec({}))
        yield* pass(5)
        yield* approve("vc-a-0")
        yield* pass(5)
        assert.lengthOf(yield* deletes, 9)
      })
    )
  )

  it.effect("deletes nothing approved while a reading is not whole, nor while paused", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* vanish(world)
        const digest = (yield* waiting("vc-a-0", "Delete"))?.digest ?? ""
        world.a.hideProperty("productionbb091", "network")
        yield* pass(5)
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: digest }))
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, [])
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: digest, paused: true }))
        world.a.showProperty("productionbb091", "network")
        yield* pass(120)
        assert.deepStrictEqual(yield* deletes, [])
        assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.reason, "Paused")
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: digest }))
        yield* pass(30)
        assert.lengthOf(yield* deletes, 9)
      })
    )
  )

  it.effect("deletes nothing more as soon as it is paused, in the middle of the deletes as well", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* vanish(world)
        const { cluster } = world
        yield* cluster.failNext({
          verb: "delete",
          kind: "Deployment",
          reason: "TooManyRequests",
          retryAfter: 20,
          times: 3
        })
        yield* approve("vc-a-0")
        yield* pass(5)
        yield* cluster.edit(stateKey("vc-a-0"), (state) => ({
          ...state,
          spec: { ...Object(state.spec), paused: true }
        }))
        const before = yield* applied
        yield* pass(60)
        assert.deepStrictEqual(yield* applied, before)
        assert.include(yield* conditions("vc-a-0"), "Ready=False Paused")
        yield* cluster.edit(stateKey("vc-a-0"), (state) => ({
          ...state,
          spec: { ...Object(state.spec), paused: false }
        }))
        yield* pass(60)
        assert.lengthOf(yield* applied, before.length - 9)
      })
    )
  )

  it.effect("goes on when the Event cannot be written, and says that once", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        yield* world.cluster.failNext({ verb: "create", kind: "Event", reason: "Forbidden", detail: "no", times: 1000 })
        yield* vanish(world)
        yield* pass(120)
        const told = all(operator, "Warning").filter(({ message }) => message.includes("Event could not be written"))
        assert.lengthOf(told, 1)
        yield* approve("vc-a-0")
        yield* pass(5)
        assert.lengthOf(yield* deletes, 9)
      })
    )
  )

  it.effect("asks before everything of a vCenter goes, what went within the hour included", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.edit(secretKey, () => secret({ ...SECRET, allow_prune_share: "100" }))
        yield* running(world)
        for (const bb of GONE) world.a.remove(`productionbb${bb}`)
        yield* pass(30)
        assert.lengthOf(yield* deletes, 9)
        for (const bb of ["091", "092", "093"]) world.a.remove(`productionbb${bb}`)
        yield* pass(60)
        assert.lengthOf(yield* deletes, 9)
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Everything")
        yield* approve("vc-a-0")
        yield* pass(5)
        assert.deepStrictEqual(yield* recorded("vc-a-0"), [])
      })
    )
  )
})
