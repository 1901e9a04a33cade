import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { KIND } from "../../src/domain/VCenterState.ts"
import { configMap, key, stateKey, withTemplate } from "./fixtures.ts"
import { all, inWorld, pass, settled, type World } from "./harness.ts"
import { object, objectWrites, recorded, templateStatus, writes } from "./looks.ts"

/** The record of vc-a-0 is another one when the operator starts again; a cluster has gone and a template changed. */
const restarted = Effect.fnUntraced(function* (world: World, change: (ledger: object) => unknown) {
  const { a, cluster, start } = world
  const first = yield* start()
  yield* settled(first)
  yield* first.stop
  const { ledger, ...rest } = Object(yield* statusNow)
  yield* cluster.editStatus(stateKey("vc-a-0"), { ...rest, ledger: change(ledger) })
  a.remove("productionbb092")
  yield* cluster.edit(key("VCenterTemplate", "login"), withTemplate(configMap("login-{{ name }}", { new: "yes" })))
  yield* cluster.clearLog
  return yield* start()
})

const statusNow = Effect.map(object(stateKey("vc-a-0")), ({ status }) => Object(status))
const ready = Effect.map(statusNow, ({ conditions }) =>
  conditions.find(({ type }: { readonly type: string }) => type === "Ready")
)
const ledgerNow = Effect.map(statusNow, ({ ledger }) => JSON.stringify(ledger))

const UNREADABLE: ReadonlyArray<{
  readonly what: string
  readonly change: (ledger: object) => unknown
  readonly why: RegExp
}> = [
  {
    what: "of a later version",
    change: (ledger) => ({ ...ledger, version: 99, shards: [{ of: "a later version" }] }),
    why: /^status\.ledger is of version 99, this operator reads 2: nothing is applied or deleted/
  },
  { what: "without its lists", change: () => ({ version: 2 }), why: /^status\.ledger cannot be read: / },
  { what: "no ledger at all", change: () => "cut off", why: /^status\.ledger has no version/ }
]

describe("operator, with a record that it cannot read", () => {
  it.effect.each(UNREADABLE)(
    "touches no object when it is $what, keeps it to the byte and says why",
    ({ change, why }) =>
      inWorld((world) =>
        Effect.gen(function* () {
          const operator = yield* restarted(world, change)
          const before = yield* ledgerNow
          yield* pass(120)
          assert.deepStrictEqual(
            (yield* objectWrites).filter((write) => /91|92|1a/.test(write)),
            []
          )
          assert.strictEqual(yield* ledgerNow, before)
          const { status, reason, message } = yield* ready
          assert.deepStrictEqual([status, reason], ["False", "LedgerUnreadable"])
          assert.match(message, why)
          // The numbers are those that were known last.
          const { objects, clusters } = yield* statusNow
          assert.deepStrictEqual([objects, clusters], [7, 2])
          assert.lengthOf(all(operator, "Warning"), 1)
          assert.lengthOf(
            (yield* writes).filter((write) => write.includes("VCenterState/vc-a-0")),
            1
          )
        })
      )
  )

  it.effect("goes on with the other vCenters, and shows what the templates render there", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* restarted(world, (ledger) => ({ ...ledger, version: 99 }))
        yield* pass(10)
        assert.include(yield* recorded("vc-b-0"), "ConfigMap/login-bb201")
        assert.strictEqual((yield* templateStatus("login")).vcenters, 1)
      })
    )
  )

  it.effect("writes nothing more after another restart", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* restarted(world, (ledger) => ({ ...ledger, version: 99 }))
        yield* pass(10)
        yield* operator.stop
        yield* world.cluster.clearLog
        yield* world.start()
        yield* pass(60)
        assert.notInclude((yield* writes).join(), "vc-a-0")
      })
    )
  )

  it.effect("goes on where it was when the record is put back, without a restart", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        let whole: object = {}
        const operator = yield* restarted(world, (ledger) => {
          whole = ledger
          return { ...ledger, version: 99 }
        })
        yield* pass(40)
        yield* world.cluster.editStatus(stateKey("vc-a-0"), { ...(yield* statusNow), ledger: whole })
        yield* pass(90)
        assert.notInclude(yield* recorded("vc-a-0"), "Deployment/agent-bb92")
        assert.include((yield* objectWrites).join(), "delete Deployment/agent-bb92")
        assert.lengthOf(all(operator, "Warning"), 1)
      })
    )
  )

  it.effect("tells once that the status cannot say so, and goes on", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* restarted(world, (ledger) => ({ ...ledger, version: 99 }))
        yield* world.cluster.failNext({
          verb: "update status",
          kind: KIND,
          name: stateKey("vc-a-0").name,
          reason: "Rejected",
          times: 100
        })
        yield* pass(100)
        assert.lengthOf(all(operator, "Warning"), 1)
        assert.include(all(operator, "Warning")[0]?.message, "its status cannot say so")
      })
    )
  )
})
