import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import {
  type Collection,
  Kube,
  type KubeError,
  type KubeObject,
  type ObjectKey,
  type WatchEvent
} from "../../src/services/Kube.ts"

const cluster = Cluster.layerKube({ readOnly: false }).pipe(Layer.provideMerge(Cluster.layer))
const FORCED = { force: true, dryRun: false }

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
const MAPS: Collection = { apiVersion: "v1", kind: "ConfigMap", namespace: "default" }

const reasonOf = <A, R>(effect: Effect.Effect<A, KubeError, R>) =>
  effect.pipe(
    Effect.flip,
    Effect.map((error) => error.reason)
  )
const brief = (event: WatchEvent) =>
  event._tag === "Bookmark" ? event._tag : `${event._tag} ${event.object.metadata.name}`

/** Reads a watch in the background until `count` events have come. */
const watching = (collection: Collection, resourceVersion: string, count: number) =>
  Kube.use((kube) =>
    kube
      .watch(collection, resourceVersion)
      .pipe(Stream.take(count), Stream.map(brief), Stream.runCollect, Effect.forkChild({ startImmediately: true }))
  )

const opened = Effect.repeat(
  Cluster.use((it) => Effect.andThen(Effect.yieldNow, it.openWatches)),
  { until: (count) => count === 1 }
)

describe("a watch", () => {
  it.effect("tells what came before it began, and what comes", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { resourceVersion } = yield* kube.list(MAPS)
      yield* kube.create(configMap("a"))
      const seen = yield* watching(MAPS, resourceVersion, 3)
      yield* kube.apply(configMap("a", { data: { a: "1" } }), FORCED)
      yield* kube.apply({ ...configMap("b"), kind: "Secret" }, FORCED)
      yield* kube.delete(key("a"), { dryRun: false })
      assert.deepStrictEqual(yield* Fiber.join(seen), ["Upserted a", "Upserted a", "Deleted a"])
    }).pipe(Effect.provide(cluster))
  )
  it.effect("with a selector tells when objects enter and leave by their labels", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const seen = yield* watching({ ...MAPS, labelSelector: "in=yes" }, "1", 2)
      yield* kube.apply(configMap("a", {}, { in: "no" }), FORCED)
      yield* kube.apply(configMap("a", {}, { in: "yes" }), FORCED)
      yield* kube.apply(configMap("a", {}, { in: "no" }), FORCED)
      assert.deepStrictEqual(yield* Fiber.join(seen), ["Upserted a", "Deleted a"])
    }).pipe(Effect.provide(cluster))
  )
  it.effect("tells every minute how far it has come, and is ended by the server after five", () =>
    Effect.gen(function* () {
      const seen = yield* watching(MAPS, "1", 100)
      yield* TestClock.adjust("61 seconds")
      assert.strictEqual(yield* Cluster.use((it) => it.openWatches), 1)
      yield* TestClock.adjust("4 minutes")
      assert.deepStrictEqual(yield* Fiber.join(seen), ["Bookmark", "Bookmark", "Bookmark", "Bookmark"])
      assert.strictEqual(yield* Cluster.use((it) => it.openWatches), 0)
    }).pipe(Effect.provide(cluster))
  )

  const levers: ReadonlyArray<
    readonly [string, (it: Cluster["Service"]) => Effect.Effect<void>, KubeError["reason"] | "ended"]
  > = [
    ["expireWatches", (it) => it.expireWatches, "Gone"],
    ["dropWatches", (it) => it.dropWatches, "Unreachable"],
    ["disconnect", (it) => it.disconnect, "Unreachable"],
    ["endWatches", (it) => it.endWatches, "ended"]
  ]
  it.effect.each(levers.map(([title, pull, expected]) => ({ title, pull, expected })))(
    "after $title: $expected",
    ({ pull, expected }) =>
      Effect.gen(function* () {
        const seen = yield* watching(MAPS, "1", 1)
        yield* opened
        yield* Cluster.use(pull)
        const result = yield* Effect.result(Fiber.join(seen))
        assert.strictEqual(result._tag === "Failure" ? result.failure.reason : "ended", expected)
        assert.strictEqual(yield* Cluster.use((it) => it.openWatches), 0)
      }).pipe(Effect.provide(cluster))
  )
  it.effect("cannot go on from before an expiry, but from a new list", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      const { resourceVersion } = yield* kube.list(MAPS)
      yield* Cluster.use((it) => it.expireWatches)
      assert.strictEqual(yield* reasonOf(kube.watch(MAPS, resourceVersion).pipe(Stream.runDrain)), "Gone")
      const seen = yield* watching(MAPS, (yield* kube.list(MAPS)).resourceVersion, 1)
      yield* kube.create(configMap("a"))
      assert.deepStrictEqual(yield* Fiber.join(seen), ["Upserted a"])
    }).pipe(Effect.provide(cluster))
  )
})
