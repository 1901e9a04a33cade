import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { custom } from "../../sandbox/cluster/Kinds.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { API_VERSION } from "../../src/domain/VCenterState.ts"
import { configMap, key, TEMPLATES, template, withTemplate } from "./fixtures.ts"
import { all, inWorld, pass, settled, type World } from "./harness.ts"
import { applied, condition, conditions, objectWrites, recorded, templateStatus, writes } from "./looks.ts"

const CONFIG = key(TEMPLATE_KIND, "config")
const BROKEN = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-{{ name\n"
const CLUSTERS = ["bb91", "bb92", "bb201"]

/** An operator that has applied everything, and a cluster that counts from now on. */
const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

describe("operator, when templates change", () => {
  it.effect("applies the objects of the changed template alone", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.edit(CONFIG, withTemplate(configMap("config-{{ name }}", { host: "new" })))
        yield* pass(10)
        assert.deepStrictEqual(
          (yield* objectWrites).toSorted(),
          CLUSTERS.map((name) => `apply ConfigMap/config-${name}`).toSorted()
        )
        assert.deepStrictEqual(yield* templateStatus("config"), { observedGeneration: 2, objects: 3, vcenters: 2 })
      })
    )
  )

  it.effect("applies a new template's objects, and deletes a deleted one's after prune_delay", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.seed([template("more", "cluster", configMap("more-{{ name }}", { is: "new" }))])
        yield* pass(5)
        assert.includeMembers([...(yield* applied)], ["ConfigMap/more-bb91", "ConfigMap/more-bb201"])
        yield* world.cluster.remove(key(TEMPLATE_KIND, "more"))
        yield* pass(8)
        assert.includeMembers([...(yield* applied)], ["ConfigMap/more-bb91", "ConfigMap/more-bb201"])
        yield* pass(8)
        assert.deepStrictEqual(
          (yield* objectWrites).filter((write) => write.startsWith("delete")).toSorted(),
          CLUSTERS.map((name) => `delete ConfigMap/more-${name}`).toSorted()
        )
      })
    )
  )

  it.effect("deletes nothing when a template breaks, says which line, and goes on with the others", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        yield* world.cluster.edit(CONFIG, withTemplate(BROKEN))
        yield* world.cluster.edit(
          key(TEMPLATE_KIND, "zone"),
          withTemplate(configMap("zone-{{ availability_zone }}", { is: "changed" }))
        )
        yield* pass(600)
        assert.deepStrictEqual((yield* objectWrites).toSorted(), [
          "apply ConfigMap/zone-qa-de-1a",
          "apply ConfigMap/zone-qa-de-1b"
        ])
        const { lastError, objects } = yield* templateStatus("config")
        assert.strictEqual(objects, 3)
        assert.deepStrictEqual(
          [lastError?.kind, lastError?.line, lastError?.column, lastError?.vcenter, lastError?.subject],
          ["syntax", 4, 19, "vc-a-0.cc.qa-de-1.cloud.sap", "productionbb091"]
        )
        assert.strictEqual(lastError?.excerpt, `4 |   name: config-{{ name\n  | ${" ".repeat(18)}^`)
        assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.reason, "TemplateFailed")
        assert.include(JSON.stringify(all(operator, "TemplateFailed")), "monsoon3/config")
        yield* world.cluster.edit(CONFIG, withTemplate(TEMPLATES[0]?.template as string))
        yield* pass(20)
        assert.isUndefined((yield* templateStatus("config")).lastError)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
        assert.lengthOf(yield* objectWrites, 2)
      })
    )
  )

  it.effect("holds back what another template of the scope no longer renders while one of them fails", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.edit(CONFIG, withTemplate(BROKEN))
        yield* world.cluster.remove(key(TEMPLATE_KIND, "agent"))
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "TemplateFailed")
      })
    )
  )

  it.effect("holds back what went to a template that cannot be read: its scope may be the same", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* world.start()
        yield* settled(operator)
        yield* world.cluster.clearLog
        yield* world.cluster.edit(CONFIG, withTemplate("# goes to another template"))
        yield* world.cluster.seed([template("config-new", "clustre", String(TEMPLATES[0]?.template))])
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "TemplateFailed")
        yield* world.cluster.edit(key(TEMPLATE_KIND, "config-new"), (live) => ({
          ...live,
          options: { scope: "cluster" }
        }))
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("deletes nothing when an unchanged template renders nothing all of a sudden", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.edit(
          CONFIG,
          withTemplate(`{% if rabbit_password %}${configMap("config-{{ name }}", { is: "here" })}{% endif %}`)
        )
        yield* running(world)
        yield* world.cluster.edit(key("Secret", "vcenter-operator"), (secret) => ({
          ...secret,
          data: { ...(secret.data as object), rabbit_password: "" }
        }))
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "EmptyRender")
      })
    )
  )

  it.effect("lets neither of two templates win an object that both render, and leaves what is applied", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.seed([template("rival", "cluster", configMap("config-{{ name }}", { from: "the rival" }))])
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "Kept")
        assert.include((yield* condition("vc-a-0", "Rendered"))?.message, "monsoon3/config")
        assert.include((yield* condition("vc-a-0", "Rendered"))?.message, "monsoon3/rival")
        yield* world.cluster.remove(key(TEMPLATE_KIND, "rival"))
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("shows a resource that is no template in its status, and goes on with the others", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* world.cluster.seed([template("odd", "moon", "")])
        yield* running(world)
        assert.include((yield* templateStatus("odd")).lastError?.message, "moon")
        assert.lengthOf(yield* recorded("vc-a-0"), 7)
      })
    )
  )
})

describe("operator, when templates cannot be read", () => {
  const kind = custom(API_VERSION, TEMPLATE_KIND, "vcenter-templates")

  it.effect.each([
    { how: "forbidden", reason: "Forbidden" } as const,
    { how: "not answered", reason: "Timeout" } as const,
    { how: "refused by a server in trouble", reason: "ServerError" } as const
  ])("deletes nothing while the list is $how", ({ reason }) =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster } = world
        const operator = yield* running(world)
        yield* cluster.failNext({ verb: "list", kind: TEMPLATE_KIND, reason, times: 1000 })
        yield* cluster.failNext({ verb: "watch", kind: TEMPLATE_KIND, reason, times: 1000 })
        yield* cluster.expireWatches
        yield* cluster.remove(CONFIG)
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.isNotEmpty(all(operator, "WatchFailed"))
        yield* cluster.heal
        yield* cluster.seed([TEMPLATES[0] ?? template("", "", "")])
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("deletes nothing when it starts while the list fails", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster, start } = world
        yield* (yield* running(world)).stop
        yield* cluster.failNext({ verb: "list", kind: TEMPLATE_KIND, reason: "Forbidden", times: 1000 })
        const operator = yield* start()
        yield* pass(120)
        assert.isNotEmpty(all(operator, "WatchFailed"))
        yield* cluster.heal
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("deletes nothing while their definition is uninstalled, nor when they are back within prune_delay", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster } = world
        yield* running(world)
        yield* cluster.uninstall(API_VERSION, TEMPLATE_KIND)
        yield* cluster.dropWatches
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "Kept")
        yield* cluster.install(kind)
        yield* cluster.seed(TEMPLATES)
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("deletes nothing when every template is gone, however few the objects are", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        for (const { metadata } of TEMPLATES) yield* world.cluster.remove(key(TEMPLATE_KIND, metadata.name))
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        for (const name of ["vc-a-0", "vc-b-0"]) {
          assert.include((yield* condition(name, "Rendered"))?.message, "no VCenterTemplate exists")
        }
      })
    )
  )

  it.effect("goes on without the status of templates where their definition has none, and says it once", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { cluster } = world
        yield* cluster.install({ ...kind, status: false })
        const operator = yield* running(world)
        yield* cluster.edit(CONFIG, withTemplate(configMap("config-{{ name }}", { host: "new" })))
        yield* pass(60)
        assert.lengthOf(
          all(operator, "Warning").filter(({ message }) => message.includes("crds/vcentertemplate.yaml")),
          1
        )
        assert.lengthOf(yield* objectWrites, 3)
        assert.notInclude((yield* writes).join(), "update status VCenterTemplate/zone")
      })
    )
  )
})
