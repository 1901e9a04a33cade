import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { groupOf } from "../../src/domain/Manifest.ts"
import { ownership } from "../../src/domain/Owner.ts"
import { key, NAMESPACE, SECRET, secret, secretKey, stateKey, withSpec, ZONE } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, until, type World } from "./harness.ts"
import { applied, conditions, object, objectWrites, recorded, writes } from "./looks.ts"

const MOVED = ["ConfigMap/config-bb92", "Deployment/agent-bb92", "Secret/login-bb92"]
const of92 = (names: ReadonlyArray<string>) => names.filter((name) => name.endsWith("-bb92"))

/** Whose mark the moved objects bear, in the order of `MOVED`. */
const marks = Effect.forEach(MOVED, (name) => {
  const [kind = "", called = ""] = name.split("/")
  return Effect.map(object(key(kind, called)), ({ apiVersion, metadata }) => {
    const identity = { group: groupOf(apiVersion), kind, namespace: NAMESPACE, name: called }
    const isOf = (label: string) =>
      ownership(metadata, { operator: `${NAMESPACE}/vcenter-operator`, vcenter: `${label}.${ZONE}` }, identity)._tag ===
      "Mine"
    return ["vc-a-0", "vc-b-0"].find(isOf) ?? "nobody"
  })
})
const uids = Effect.forEach(MOVED, (name) => {
  const [kind = "", called = ""] = name.split("/")
  return Effect.map(object(key(kind, called)), ({ metadata }) => [metadata.uid, metadata.generation])
})
const deletes = Effect.map(writes, (all) => all.filter((write) => write.startsWith("delete")))

const arrives = ({ b }: World) => Effect.sync(() => addCluster(b, "productionbb092"))
const leaves = ({ a }: World) => Effect.sync(() => a.remove("productionbb092"))

/** The cluster is vc-b-0's, in the cluster of Kubernetes and in both records, and nothing was made anew. */
const hasMoved = Effect.fnUntraced(function* (before: Effect.Success<typeof uids>) {
  assert.deepStrictEqual(yield* marks, ["vc-b-0", "vc-b-0", "vc-b-0"])
  assert.deepStrictEqual(yield* uids, before)
  assert.deepStrictEqual(of92(yield* recorded("vc-a-0")), [])
  assert.deepStrictEqual(of92(yield* recorded("vc-b-0")), MOVED)
  for (const vcenter of ["vc-a-0", "vc-b-0"]) {
    assert.include(yield* conditions(vcenter), "Ready=True Reconciled", vcenter)
  }
})

const running = Effect.fnUntraced(function* (world: World) {
  const operator = yield* world.start()
  yield* settled(operator)
  yield* world.cluster.clearLog
  return { operator, before: yield* uids }
})

describe("a cluster that moves to another vCenter", () => {
  const ORDERS: ReadonlyArray<readonly [string, (world: World) => Effect.Effect<unknown, never, Cluster>]> = [
    [
      "is seen there before it has left",
      (world) => Effect.andThen(arrives(world), Effect.andThen(pass(40), leaves(world)))
    ],
    [
      "has left before it is seen there",
      (world) => Effect.andThen(leaves(world), Effect.andThen(pass(5), arrives(world)))
    ],
    ["is seen there just when it has left", (world) => Effect.andThen(leaves(world), arrives(world))],
    ["has left while the operator was down", (world) => Effect.andThen(leaves(world), arrives(world))]
  ]
  for (const [what, moves] of ORDERS) {
    const down = what.includes("down")
    it.effect(`takes its objects along when it ${what}`, () =>
      inWorld((world) =>
        Effect.gen(function* () {
          const { operator, before } = yield* running(world)
          if (down) yield* operator.stop
          yield* moves(world)
          if (down) yield* world.start()
          yield* pass(30)
          yield* hasMoved(before)
          assert.deepStrictEqual(yield* deletes, [])
          yield* world.cluster.clearLog
          yield* pass(120)
          assert.deepStrictEqual(yield* writes, [])
        })
      )
    )
  }

  it.effect("is contested while both have it, and stays as it is applied", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* arrives(world)
        yield* pass(30)
        assert.deepStrictEqual(yield* marks, ["vc-a-0", "vc-a-0", "vc-a-0"])
        assert.deepStrictEqual(
          (yield* objectWrites).filter((write) => write.endsWith("-bb92")),
          []
        )
        for (const vcenter of ["vc-a-0", "vc-b-0"]) {
          assert.include(yield* conditions(vcenter), "Rendered=False Kept", vcenter)
        }
      })
    )
  )

  it.effect(
    "keeps its objects where it was while that vCenter is not connected, or does not confirm that it is gone",
    () =>
      inWorld((world) =>
        Effect.gen(function* () {
          const { before } = yield* running(world)
          world.a.disconnect()
          yield* leaves(world)
          yield* arrives(world)
          yield* pass(60)
          assert.deepStrictEqual(yield* marks, ["vc-a-0", "vc-a-0", "vc-a-0"])
          world.a.reconnect()
          yield* pass(120)
          yield* hasMoved(before)
          assert.deepStrictEqual(yield* deletes, [])
        })
      )
  )

  it.effect("keeps its objects where it was when it is only hidden there", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.hide("productionbb092")
        yield* arrives(world)
        yield* pass(120)
        assert.deepStrictEqual(yield* marks, ["vc-a-0", "vc-a-0", "vc-a-0"])
        assert.deepStrictEqual(yield* deletes, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=False PruneWithheldWantedElsewhere")
      })
    )
  )

  it.effect("comes back with its objects", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { before } = yield* running(world)
        yield* leaves(world)
        yield* arrives(world)
        yield* pass(30)
        yield* hasMoved(before)
        world.b.remove("productionbb092")
        addCluster(world.a, "productionbb092")
        yield* pass(30)
        assert.deepStrictEqual(yield* marks, ["vc-a-0", "vc-a-0", "vc-a-0"])
        assert.deepStrictEqual(yield* uids, before)
        assert.deepStrictEqual(of92(yield* recorded("vc-b-0")), [])
        assert.deepStrictEqual(of92(yield* recorded("vc-a-0")), MOVED)
        assert.deepStrictEqual(yield* deletes, [])
      })
    )
  )

  it.effect(
    "comes back with its objects also when the operator died before the old record was brought up to date",
    () =>
      Effect.gen(function* () {
        let tried = 0
        for (let diesAfter = 1; diesAfter <= 8; diesAfter++) {
          yield* inWorld((world) =>
            Effect.gen(function* () {
              const { operator, before } = yield* running(world)
              yield* operator.stop
              yield* leaves(world)
              yield* arrives(world)
              const first = yield* world.start({}, { dead: false, diesAfter })
              yield* pass(30)
              first.life.dead = true
              const both = [yield* recorded("vc-a-0"), yield* recorded("vc-b-0")].every(
                (names) => of92(names).length === 3
              )
              if (!both || (yield* marks)[0] !== "vc-b-0") return
              tried++
              world.b.remove("productionbb092")
              addCluster(world.a, "productionbb092")
              yield* world.start()
              yield* pass(40)
              assert.deepStrictEqual(yield* marks, ["vc-a-0", "vc-a-0", "vc-a-0"])
              assert.deepStrictEqual(yield* uids, before)
              assert.deepStrictEqual(of92(yield* recorded("vc-b-0")), [])
            })
          )
        }
        assert.isAbove(tried, 0)
      })
  )

  it.effect("is not taken on the word of a vCenter that is not connected any more", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.edit(stateKey("vc-b-0"), withSpec({ paused: true }))
        yield* leaves(world)
        yield* arrives(world)
        yield* pass(9)
        world.a.disconnect()
        addCluster(world.a, "productionbb092")
        yield* pass(10)
        yield* world.cluster.edit(stateKey("vc-b-0"), withSpec({ paused: false }))
        yield* pass(30)
        assert.deepStrictEqual(yield* marks, ["vc-a-0", "vc-a-0", "vc-a-0"])
        assert.include(yield* conditions("vc-b-0"), "Ready=False Foreign")
      })
    )
  )

  it.effect("takes all objects of a vCenter along when its last cluster moves, however small the share", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.edit(secretKey, () => secret({ ...SECRET, allow_prune_share: "0", allow_prune_min: "0" }))
        yield* running(world)
        for (const name of ["productionbb091", "productionbb092"]) {
          world.a.remove(name)
          addCluster(world.b, name)
        }
        yield* pass(40)
        assert.lengthOf(
          (yield* recorded("vc-b-0")).filter((name) => /bb9[12]$/.test(name)),
          6
        )
        assert.deepStrictEqual(
          (yield* recorded("vc-a-0")).filter((name) => /bb9[12]$/.test(name)),
          []
        )
        assert.deepStrictEqual(
          (yield* deletes).filter((write) => /bb9[12]$/.test(write)),
          []
        )
      })
    )
  )

  it.effect("ends right when the operator dies at any write on the way", () =>
    Effect.gen(function* () {
      const story = (diesAfter?: number) =>
        inWorld((world) =>
          Effect.gen(function* () {
            const { operator, before } = yield* running(world)
            yield* operator.stop
            yield* leaves(world)
            yield* arrives(world)
            yield* world.cluster.clearLog
            const first = yield* world.start({}, { dead: false, ...(diesAfter === undefined ? {} : { diesAfter }) })
            if (diesAfter === undefined) yield* pass(30)
            else {
              yield* until(`dead after write ${diesAfter}`, () => first.life.dead)
              yield* world.start()
              yield* pass(40)
            }
            yield* hasMoved(before)
            assert.deepStrictEqual(yield* deletes, [])
            return (yield* writes).length
          })
        )
      const quiet = yield* story()
      assert.isAbove(quiet, 4)
      for (let diesAfter = 1; diesAfter <= quiet; diesAfter++) yield* story(diesAfter)
    })
  )

  it.effect("ends right when the operator dies on the way and only the new vCenter is there afterwards", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { operator, before } = yield* running(world)
        yield* operator.stop
        yield* leaves(world)
        yield* arrives(world)
        const first = yield* world.start({}, { dead: false, diesAfter: 3 })
        yield* until("dead", () => first.life.dead)
        world.a.disconnect()
        yield* world.start()
        yield* pass(60)
        assert.deepStrictEqual(of92(yield* applied), MOVED)
        world.a.reconnect()
        yield* pass(120)
        yield* hasMoved(before)
        assert.deepStrictEqual(yield* deletes, [])
      })
    )
  )
})
