import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { custom } from "../../sandbox/cluster/Kinds.ts"
import { type Collection, Kube, type KubeError, type KubeObject, type ObjectKey } from "../../src/services/Kube.ts"

const cluster = Cluster.layerKube({ readOnly: false }).pipe(Layer.provideMerge(Cluster.layer))
const FORCED = { force: true, dryRun: false }
const STATE = "vcenter-operator.stable.sap.cc/v1"

const key = (name: string, namespace = "default"): ObjectKey => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace,
  name
})
const configMap = (name: string, rest: Partial<KubeObject> = {}, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  ...rest,
  metadata: { name, namespace: "default", labels }
})
const state = (rest: Partial<KubeObject> = {}, metadata: Record<string, string> = {}): KubeObject => ({
  apiVersion: STATE,
  kind: "VCenterState",
  ...rest,
  metadata: { name: "vc", namespace: "default", ...metadata }
})
const MAPS: Collection = { apiVersion: "v1", kind: "ConfigMap", namespace: "default" }

const reasonOf = <A, R>(effect: Effect.Effect<A, KubeError, R>) =>
  effect.pipe(
    Effect.flip,
    Effect.map((error) => error.reason)
  )
const versionOf = (object: KubeObject) => `${object.metadata.resourceVersion}`

describe("an object", () => {
  const refusals: ReadonlyArray<readonly [string, KubeObject, KubeError["reason"]]> = [
    [
      "in a namespace that does not exist",
      { ...configMap("a"), metadata: { name: "a", namespace: "nope" } },
      "NotFound"
    ],
    ["of a kind that is not served", { ...configMap("a"), apiVersion: "example.com/v1" }, "Unserved"],
    ["of a namespaced kind without a namespace", { ...configMap("a"), metadata: { name: "a" } }, "Rejected"],
    ["of a cluster-scoped kind in a namespace", { ...configMap("a"), kind: "Namespace" }, "Rejected"],
    ["with a name that is none", configMap("A_b"), "Rejected"],
    ["with a name that leads elsewhere", configMap(".."), "Rejected"],
    ["with a label value that is none", configMap("a", {}, { l: "a b" }), "Rejected"],
    ["whose data is no text", configMap("a", { data: { a: 1 } }), "Rejected"],
    ["larger than etcd takes", configMap("a", { data: { a: "x".repeat(1_600_000) } }), "Rejected"],
    [
      "with a resourceVersion that is not the live one",
      { ...configMap("a"), metadata: { name: "a", namespace: "default", resourceVersion: "1" } },
      "Conflict"
    ]
  ]
  it.effect.each(refusals.map(([title, object, reason]) => ({ title, object, reason })))(
    "$title is refused: $reason",
    ({ object, reason }) =>
      Effect.gen(function* () {
        const kube = yield* Kube
        assert.strictEqual(yield* reasonOf(kube.apply(object, FORCED)), reason)
        assert.deepStrictEqual(
          (yield* Cluster.use((it) => it.objects)).map(({ kind }) => kind),
          ["Namespace", "Namespace"]
        )
      }).pipe(Effect.provide(cluster))
  )

  it.effect("is created once", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      yield* kube.create(configMap("a"))
      assert.strictEqual(yield* reasonOf(kube.create(configMap("a"))), "Conflict")
    }).pipe(Effect.provide(cluster))
  )

  it.effect("is deleted with the preconditions that hold, and kept with others", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const made = yield* kube.create(configMap("a"))
      const uid = `${made.metadata.uid}`
      const conflict = (options: { uid?: string; resourceVersion?: string }) =>
        reasonOf(kube.delete(key("a"), { ...options, dryRun: false }))
      assert.strictEqual(yield* conflict({ uid: "another" }), "Conflict")
      assert.strictEqual(yield* conflict({ uid, resourceVersion: "1" }), "Conflict")
      assert.isTrue(yield* kube.delete(key("a"), { uid, dryRun: true }))
      assert.isTrue(Option.isSome(yield* kube.get(key("a"))))
      assert.isTrue(yield* kube.delete(key("a"), { uid, resourceVersion: versionOf(made), dryRun: false }))
      assert.isFalse(yield* kube.delete(key("a"), { uid, dryRun: false }))
      assert.notStrictEqual((yield* kube.create(configMap("a"))).metadata.uid, uid)
    }).pipe(Effect.provide(cluster))
  )

  it.effect("with a finalizer stays, marked as deleted, until the finalizer goes", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { seed, edit } = yield* Cluster
      const held = configMap("a")
      yield* seed([{ ...held, metadata: { ...held.metadata, finalizers: ["example.com/it"] } }])
      assert.isTrue(yield* kube.delete(key("a"), { dryRun: false }))
      const found = yield* kube.get(key("a"))
      assert.isString(Option.getOrThrow(found).metadata.deletionTimestamp)
      yield* edit(key("a"), (object) => ({ ...object, metadata: { ...object.metadata, finalizers: [] } }))
      assert.isTrue(Option.isNone(yield* kube.get(key("a"))))
    }).pipe(Effect.provide(cluster))
  )

  it.effect("goes with its namespace", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { seed, remove } = yield* Cluster
      yield* seed([{ ...configMap("a"), metadata: { name: "a", namespace: "there" } }])
      assert.isTrue(Option.isSome(yield* kube.get(key("a", "there"))))
      yield* remove({ apiVersion: "v1", kind: "Namespace", name: "there" })
      assert.isTrue(Option.isNone(yield* kube.get(key("a", "there"))))
    }).pipe(Effect.provide(cluster))
  )
})

describe("the status subresource", () => {
  it.effect("alone writes status, over the version that was read, without counting a generation", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const made = yield* kube.create(state({ spec: {}, status: { ready: true } }))
      assert.isUndefined(made.status)
      const resourceVersion = versionOf(made)
      const written = yield* kube.replaceStatus(
        state({ spec: { paused: true }, status: { ready: true } }, { resourceVersion })
      )
      assert.deepStrictEqual([written.status, written.spec, written.metadata.generation], [{ ready: true }, {}, 1])
      assert.strictEqual(yield* reasonOf(kube.replaceStatus(state({ status: {} }, { resourceVersion }))), "Conflict")
      assert.strictEqual(yield* reasonOf(kube.replaceStatus(state({ status: {} }))), "Rejected")
      const applied = yield* kube.apply(state({ spec: { paused: true }, status: { ready: false } }), FORCED)
      assert.deepStrictEqual([applied.status, applied.metadata.generation], [{ ready: true }, 2])
    }).pipe(Effect.provide(cluster))
  )
  it.effect("is not served by a definition without it", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      yield* Cluster.use((it) => it.install(custom(STATE, "VCenterState", "vcenter-states", { status: false })))
      const made = yield* kube.create(state())
      assert.strictEqual(
        yield* reasonOf(kube.replaceStatus(state({}, { resourceVersion: versionOf(made) }))),
        "Unserved"
      )
    }).pipe(Effect.provide(cluster))
  )
})

describe("a list", () => {
  const rows: ReadonlyArray<readonly [string, Partial<Collection>, ReadonlyArray<string>]> = [
    ["of a namespace", {}, ["a", "b", "c"]],
    ["of one name", { name: "b" }, ["b"]],
    ["with tier=web", { labelSelector: "tier=web" }, ["a"]],
    ["with tier!=web", { labelSelector: "tier!=web" }, ["b", "c"]],
    ["with tier in (web, db)", { labelSelector: "tier in (web, db),app" }, ["a", "b"]],
    ["with tier notin (web)", { labelSelector: "tier notin (web)" }, ["b", "c"]],
    ["with tier", { labelSelector: "tier" }, ["a", "b"]],
    ["without tier", { labelSelector: "!tier" }, ["c"]],
    ["of an empty namespace", { namespace: "kube-system" }, []]
  ]
  it.effect.each(rows.map(([title, collection, names]) => ({ title, collection, names })))(
    "$title gives $names",
    ({ collection, names }) =>
      Effect.gen(function* () {
        const kube = yield* Kube
        yield* Cluster.use((it) =>
          it.seed([
            configMap("b", {}, { tier: "db", app: "x" }),
            configMap("a", { data: { x: "y" } }, { tier: "web", app: "x" }),
            configMap("c")
          ])
        )
        assert.deepStrictEqual(
          (yield* kube.list({ ...MAPS, ...collection })).items.map(({ metadata }) => metadata.name),
          names
        )
        const metadata = yield* kube.listMetadata({ ...MAPS, ...collection })
        assert.isTrue(
          metadata.items.every((item) => item.data === undefined && Array.isArray(item.metadata.managedFields))
        )
      }).pipe(Effect.provide(cluster))
  )
})

describe("the levers", () => {
  it.effect("make a request fail before or after its effect, as often as ordered", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { failNext, object } = yield* Cluster
      yield* failNext({ verb: "apply", kind: "ConfigMap", reason: "TooManyRequests", retryAfter: 3, times: 2 })
      yield* kube.get(key("a"))
      for (const _ of [1, 2]) {
        const error = yield* Effect.flip(kube.apply(configMap("a"), FORCED))
        assert.deepStrictEqual([error.reason, error.retryAfter], ["TooManyRequests", 3])
      }
      assert.isTrue(Option.isNone(yield* object(key("a"))))
      yield* failNext({ reason: "Timeout", afterEffect: true })
      assert.strictEqual(yield* reasonOf(kube.apply(configMap("a"), FORCED)), "Timeout")
      assert.isTrue(Option.isSome(yield* object(key("a"))))
      yield* kube.apply(configMap("a"), FORCED)
    }).pipe(Effect.provide(cluster))
  )
  it.effect("delay answers; what is interrupted before the middle has no effect", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { latency, object } = yield* Cluster
      yield* latency("2 seconds")
      const early = yield* Effect.forkChild(kube.create(configMap("early")), { startImmediately: true })
      yield* TestClock.adjust("900 millis")
      yield* Fiber.interrupt(early)
      const late = yield* Effect.forkChild(kube.create(configMap("late")), { startImmediately: true })
      yield* TestClock.adjust("1100 millis")
      yield* Fiber.interrupt(late)
      assert.deepStrictEqual(
        [Option.isSome(yield* object(key("early"))), Option.isSome(yield* object(key("late")))],
        [false, true]
      )
    }).pipe(Effect.provide(cluster))
  )
  it.effect("take a kind away with its objects, and serve it again", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { install, uninstall } = yield* Cluster
      yield* kube.create(state())
      yield* uninstall(STATE, "VCenterState")
      assert.strictEqual(yield* reasonOf(kube.list({ apiVersion: STATE, kind: "VCenterState" })), "Unserved")
      yield* install(custom(STATE, "VCenterState", "vcenter-states"))
      assert.deepStrictEqual((yield* kube.list({ apiVersion: STATE, kind: "VCenterState" })).items, [])
    }).pipe(Effect.provide(cluster))
  )
  it.effect("count the writes: neither reads, nor dry runs, nor what is done through levers", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { seed, writes, log } = yield* Cluster
      yield* seed([configMap("a")])
      yield* kube.get(key("a"))
      yield* kube.apply(configMap("a"), { force: true, dryRun: true })
      yield* kube.delete(key("a"), { dryRun: true })
      assert.strictEqual(yield* writes, 0)
      yield* kube.apply(configMap("a"), FORCED)
      yield* kube.delete(key("a"), { dryRun: false })
      assert.strictEqual(yield* writes, 2)
      assert.deepStrictEqual(
        (yield* log).map(({ verb, dryRun }) => [verb, dryRun]),
        [
          ["get", false],
          ["apply", true],
          ["delete", true],
          ["apply", false],
          ["delete", false]
        ]
      )
    }).pipe(Effect.provide(cluster))
  )
  it.effect("read-only, a write is a defect and a dry run is none", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      yield* kube.apply(configMap("a"), { force: true, dryRun: true })
      const exit = yield* Effect.exit(kube.apply(configMap("a"), FORCED))
      assert.match(`${exit}`, /a write in read-only mode: apply ConfigMap a/)
      assert.strictEqual(yield* Cluster.use((it) => it.writes), 0)
    }).pipe(Effect.provide(Cluster.layerKube({ readOnly: true }).pipe(Layer.provideMerge(Cluster.layer))))
  )
})
