import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { FIELD_MANAGER, managersOf } from "../../src/domain/ManagedFields.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { API_VERSION } from "../../src/domain/VCenterState.ts"
import type { KubeObject, ObjectKey } from "../../src/services/Kube.ts"
import { configMap, key, NAMESPACE, stateKey, withSpec, withTemplate } from "./fixtures.ts"
import { inWorld, pass, settled, until, type World } from "./harness.ts"
import {
  applied,
  approve,
  condition,
  conditions,
  events,
  object,
  objectWrites,
  recorded,
  waiting,
  writes
} from "./looks.ts"
import type { Life } from "./mortal.ts"

const CONFIG = key("ConfigMap", "config-bb91")
const OTHER = key("ConfigMap", "config-bb92")
const owner = { apiVersion: API_VERSION, kind: TEMPLATE_KIND, name: "config", uid: "u", blockOwnerDeletion: false }

/** As the predecessor writes it: under the same manager or by its older client, owned by the template, without a mark. */
const rewrites = (of: ObjectKey, manager = FIELD_MANAGER) =>
  Effect.gen(function* () {
    const { applyAs, edit } = yield* Cluster
    const { name } = of
    const body = { ...(yield* object(of)), metadata: { name, namespace: NAMESPACE, ownerReferences: [owner] } }
    if (manager === FIELD_MANAGER) return yield* applyAs(manager, body as KubeObject)
    return yield* edit(
      of,
      (live) => ({ ...body, metadata: { ...live.metadata, ...body.metadata, labels: {} } }),
      manager
    )
  })
const changesConfig = Cluster.use(({ edit }) =>
  edit(key(TEMPLATE_KIND, "config"), withTemplate(configMap("config-{{ name }}", { is: "new" })))
)
const running = Effect.fnUntraced(function* ({ cluster, start }: World, life?: Life) {
  const operator = yield* start({}, life)
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const ready = (vcenter: string) => condition(vcenter, "Ready")
const is = (of: ObjectKey) => Effect.map(object(of), ({ data }) => data)

describe("operator, when somebody else writes what it has applied", () => {
  it.effect("stops writing for that vCenter and says which object, by whom and what to do; others go on", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* rewrites(CONFIG)
        yield* changesConfig
        yield* pass(30)
        assert.deepStrictEqual(yield* objectWrites, ["apply ConfigMap/config-bb201"])
        const said = yield* ready("vc-a-0")
        assert.strictEqual(said?.reason, "AnotherWriter")
        assert.match(
          said?.message ?? "",
          /\(1\): ConfigMap monsoon3\/config-bb91: it has lost the operator's mark: written last by vcenter-operator \(Apply\) at 2026-\S+; nothing is applied or deleted any more: stop the other writer, then take exactly this one back: kubectl -n monsoon3 patch vcs vc-a-0\./
        )
        assert.include(yield* conditions("vc-a-0"), "Applied=False AnotherWriter")
        assert.include(yield* conditions("vc-b-0"), "Ready=True Reconciled")
        assert.include((yield* events).join("\n"), "AnotherWriter: somebody else has written 1 object")
      })
    )
  )

  it.effect("stays stopped when what it wanted to write is no longer wanted, and after a restart", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster, start } = world
        const before = yield* object(key(TEMPLATE_KIND, "config"))
        const operator = yield* running(world)
        yield* rewrites(CONFIG)
        yield* changesConfig
        yield* pass(30)
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(String(before.template)))
        yield* pass(30)
        assert.strictEqual((yield* ready("vc-a-0"))?.reason, "AnotherWriter")
        yield* operator.stop
        yield* settled(yield* start())
        assert.strictEqual((yield* ready("vc-a-0"))?.reason, "AnotherWriter")
        assert.notInclude((yield* objectWrites).join(), "bb9")
      })
    )
  )

  it.effect("deletes nothing of that vCenter either, though every other object bears its mark", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a } = world
        yield* running(world)
        yield* rewrites(CONFIG)
        a.remove("productionbb092")
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* ready("vc-a-0"))?.reason, "AnotherWriter")
      })
    )
  )

  for (const manager of [FIELD_MANAGER, "OpenAPI-Generator"]) {
    it.effect(`takes back what ${manager} has written, once that is approved, with nothing left of it`, () =>
      inWorld((world) =>
        Effect.gen(function* () {
          yield* running(world)
          yield* rewrites(CONFIG, manager)
          yield* changesConfig
          yield* pass(30)
          yield* approve("vc-a-0", "AnotherWriter")
          yield* pass(15)
          const { data, metadata } = yield* object(CONFIG)
          assert.deepStrictEqual(data, { is: "new" })
          assert.isUndefined(metadata.ownerReferences)
          assert.deepStrictEqual([...new Set(managersOf(metadata.managedFields))], [FIELD_MANAGER])
          assert.deepStrictEqual(yield* is(OTHER), { is: "new" })
          assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
          yield* pass(30)
          const { length } = yield* writes
          yield* pass(600)
          assert.lengthOf(yield* writes, length)
        })
      )
    )
  }

  it.effect("deletes what it has taken back and no longer wants, by the rules for every delete", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { a } = world
        yield* running(world)
        yield* rewrites(OTHER)
        a.remove("productionbb092")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        yield* approve("vc-a-0", "AnotherWriter")
        yield* pass(30)
        assert.deepStrictEqual((yield* objectWrites).toSorted(), [
          "delete ConfigMap/config-bb92",
          "delete Deployment/agent-bb92",
          "delete Secret/login-bb92",
          // The mark, and then what the other has left behind.
          "patch ConfigMap/config-bb92",
          "patch ConfigMap/config-bb92"
        ])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("asks again when the other goes on: an approval covers what it names, once", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* rewrites(CONFIG)
        yield* changesConfig
        yield* pass(30)
        const digest = (yield* waiting("vc-a-0", "AnotherWriter"))?.digest ?? ""
        yield* rewrites(OTHER)
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: digest }))
        yield* pass(30)
        assert.notInclude((yield* objectWrites).join(), "bb9")
        assert.include((yield* ready("vc-a-0"))?.message, "spec.approve names another set")
        assert.strictEqual((yield* waiting("vc-a-0", "AnotherWriter"))?.count, 2)
        yield* approve("vc-a-0", "AnotherWriter")
        yield* pass(30)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        yield* world.cluster.clearLog
        yield* rewrites(CONFIG)
        yield* rewrites(OTHER)
        yield* world.cluster.edit(
          key(TEMPLATE_KIND, "config"),
          withTemplate(configMap("config-{{ name }}", { is: "newer" }))
        )
        yield* pass(30)
        assert.notInclude((yield* objectWrites).join(), "bb9")
        assert.include((yield* ready("vc-a-0"))?.message, "has been used for this set already")
      })
    )
  )

  it.effect("goes on by itself when the mark is put back", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        const { labels } = (yield* object(CONFIG)).metadata
        yield* rewrites(CONFIG)
        yield* changesConfig
        yield* pass(30)
        yield* world.cluster.edit(CONFIG, (live) => ({ ...live, metadata: { ...live.metadata, labels: labels ?? {} } }))
        yield* pass(310)
        assert.deepStrictEqual(yield* is(CONFIG), { is: "new" })
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("takes nothing back while it is paused, or in a dry run", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        yield* rewrites(CONFIG)
        yield* changesConfig
        yield* pass(30)
        const approved = (yield* waiting("vc-a-0", "AnotherWriter"))?.digest ?? ""
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: approved, paused: true }))
        yield* pass(30)
        assert.strictEqual((yield* ready("vc-a-0"))?.reason, "Paused")
        yield* operator.stop
        yield* world.cluster.edit(stateKey("vc-a-0"), withSpec({ approve: approved }))
        yield* world.cluster.clearLog
        const dry = yield* world.start({ dryRun: true })
        yield* settled(dry)
        yield* pass(60)
        assert.deepStrictEqual(yield* writes, [])
        assert.include(JSON.stringify(dry.told), "it would be marked again")
      })
    )
  )

  it.effect("comes to the same end when it dies at any write while it takes objects back", () =>
    Effect.gen(function* () {
      const story = (life: Life, dies = true) =>
        inWorld((world) =>
          Effect.gen(function* () {
            const first = yield* running(world)
            yield* rewrites(CONFIG)
            yield* rewrites(OTHER, "OpenAPI-Generator")
            yield* changesConfig
            yield* pass(30)
            yield* first.stop
            yield* approve("vc-a-0", "AnotherWriter")
            yield* world.cluster.clearLog
            yield* world.start({}, life)
            if (dies) {
              yield* until("dead", () => life.dead)
              yield* world.start()
            }
            yield* pass(30)
            assert.deepStrictEqual([yield* is(CONFIG), yield* is(OTHER)], [{ is: "new" }, { is: "new" }])
            assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
            assert.deepStrictEqual(
              (yield* applied).filter((name) => name.includes("bb9") || name.includes("1a")),
              yield* recorded("vc-a-0")
            )
            assert.notInclude((yield* writes).join(), "delete")
            return life.writes ?? 0
          })
        )
      const quiet = yield* story({ dead: false }, false)
      assert.isAbove(quiet, 5)
      for (let write = 1; write <= quiet; write++) {
        yield* story({ dead: false, diesBefore: write })
        yield* story({ dead: false, diesAfter: write })
      }
    })
  )

  it.effect("is not looked for while nothing is to be written: objects at rest cost no request", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* pass(600)
        const log = yield* world.cluster.log
        assert.isAbove(log.length, 0)
        assert.deepStrictEqual(
          log.filter(({ kind, verb }) => kind === "Deployment" && verb !== "discover").map(({ verb }) => verb),
          []
        )
      })
    )
  )
})
