import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { Snapshot } from "../../src/domain/Snapshot.ts"
import { Journal } from "../../src/services/Journal.ts"
import type { Collection, KubeObject } from "../../src/services/Kube.ts"
import { follow, type Objects } from "../../src/streams/follow.ts"
import { due, pass } from "./time.ts"

const world = Cluster.layerKube({ readOnly: true }).pipe(
  Layer.provideMerge(Layer.mergeAll(Cluster.layer, Journal.layer))
)

const MAPS: Collection = { apiVersion: "v1", kind: "ConfigMap", labelSelector: "type=nova-cell" }
const configMap = (name: string, value = "1"): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "monsoon3", labels: { type: "nova-cell" } },
  data: { value }
})
const keyOf = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: "monsoon3", name })

/** A reading in one line: `Complete a=1 b=2`. */
const brief = (reading: Snapshot<Objects>): string =>
  [
    reading._tag,
    ...[...reading.value].map(([key, { data }]) => `${key.replace("monsoon3/", "")}=${JSON.stringify(data)}`)
  ]
    .join(" ")
    .replaceAll(/\{"value":"(\w*)"\}/g, "$1")

/** Follows in the background; readings are taken out of `seen`. */
const following = Effect.gen(function* () {
  const seen: Array<Snapshot<Objects>> = []
  yield* follow("nova cells", MAPS).pipe(
    Stream.runForEach((reading) => Effect.sync(() => void seen.push(reading))),
    Effect.forkChild({ startImmediately: true })
  )
  /** What has been read since the last time, after some more seconds. */
  const within = Effect.fnUntraced(function* (seconds: number) {
    yield* seconds === 0 ? due : pass(seconds)
    return seen.splice(0).map(brief)
  })
  yield* due
  return { seen, within }
})

const asked = (verb: string) =>
  Cluster.use(({ log }) => Effect.map(log, (all) => all.filter((each) => each.verb === verb).length))
const told = Effect.flatMap(Journal, ({ rest }) =>
  Effect.map(rest, (all) =>
    all.map((each) => (each._tag === "WatchFailed" ? `${each.what}: ${each.message}` : each._tag))
  )
)

describe("follow", () => {
  it.effect("lists once, then tells every change", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.seed([configMap("a"), configMap("b")])
      const { within } = yield* following
      assert.deepStrictEqual(yield* within(0), ["Complete a=1 b=1"])
      yield* cluster.seed([configMap("c")])
      yield* cluster.edit(keyOf("a"), (live) => ({ ...live, data: { value: "2" } }))
      yield* cluster.remove(keyOf("b"))
      assert.deepStrictEqual(yield* within(1), ["Complete a=1 b=1 c=1", "Complete a=2 b=1 c=1", "Complete a=2 c=1"])
      assert.strictEqual(yield* asked("list"), 1)
      assert.deepStrictEqual(yield* told, [])
    }).pipe(Effect.provide(world))
  )

  it.effect("is complete and empty when there is nothing: that is something else than nothing known", () =>
    Effect.gen(function* () {
      const { within } = yield* following
      assert.deepStrictEqual(yield* within(0), ["Complete"])
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "is partial, with what was read last, while the server does not answer, and complete again afterwards",
    () =>
      Effect.gen(function* () {
        const cluster = yield* Cluster
        yield* cluster.seed([configMap("a")])
        const { seen, within } = yield* following
        yield* within(0)
        yield* cluster.disconnect
        yield* due
        const [reading] = seen
        assert.strictEqual(reading?._tag === "Partial" ? reading.reason : "", (yield* told)[0])
        assert.isTrue((yield* within(10)).every((each) => each === "Partial a=1"))
        yield* cluster.remove(keyOf("a"))
        yield* cluster.seed([configMap("b")])
        yield* cluster.connect
        assert.deepStrictEqual((yield* within(30)).at(-1), "Complete b=1")
      }).pipe(Effect.provide(world))
  )

  it.effect("is partial from the beginning when the first list fails", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.seed([configMap("a")])
      yield* cluster.failNext({ verb: "list", reason: "Forbidden", detail: "no permission" })
      const { within } = yield* following
      assert.deepStrictEqual(yield* within(0), ["Partial"])
      assert.deepStrictEqual(yield* within(2), ["Complete a=1"])
    }).pipe(Effect.provide(world))
  )

  it.effect("lists anew when its position has expired, silently, and finds what was deleted meanwhile", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.seed([configMap("a"), configMap("b")])
      const { within } = yield* following
      yield* within(0)
      yield* cluster.expireWatches
      yield* cluster.remove(keyOf("b"))
      assert.deepStrictEqual(yield* within(5), ["Complete a=1"])
      assert.deepStrictEqual([yield* told, yield* asked("list")], [[], 2])
    }).pipe(Effect.provide(world))
  )

  it.effect("is partial while the list itself has expired, page after page, and says so", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.seed([configMap("a")])
      const { within } = yield* following
      yield* within(0)
      yield* cluster.failNext({ verb: "list", reason: "Gone", detail: "the continue token has expired", times: 2 })
      yield* cluster.expireWatches
      assert.deepStrictEqual(new Set(yield* within(6)), new Set(["Partial a=1"]))
      assert.include((yield* told).join(), "the continue token has expired")
      assert.deepStrictEqual(yield* within(20), ["Complete a=1"])
    }).pipe(Effect.provide(world))
  )

  it.effect("goes on where it was when the server ends a watch: nothing is missed, and nothing is listed", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.seed([configMap("a")])
      const { within } = yield* following
      yield* within(0)
      yield* cluster.seed([configMap("b")])
      yield* within(1)
      yield* cluster.endWatches
      yield* cluster.seed([configMap("c")])
      assert.deepStrictEqual(yield* within(2), ["Complete a=1 b=1 c=1"])
      assert.deepStrictEqual([yield* asked("list"), yield* asked("watch"), yield* told], [1, 2, []])
    }).pipe(Effect.provide(world))
  )

  it.effect("says nothing of bookmarks", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      const { within } = yield* following
      yield* within(0)
      yield* cluster.bookmark
      assert.deepStrictEqual(yield* within(1), [])
    }).pipe(Effect.provide(world))
  )

  it.effect("does not trust a watch for ever: it lists anew every ten minutes, with one watch open", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      const { within } = yield* following
      yield* within(3599)
      assert.deepStrictEqual([yield* asked("list"), yield* cluster.openWatches], [6, 1])
    }).pipe(Effect.provide(world))
  )

  it.effect("asks a server that lists but does not let it watch less and less often, to once a minute", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.failNext({ verb: "watch", reason: "Forbidden", times: 10_000 })
      const { within } = yield* following
      yield* within(600)
      const before = yield* asked("list")
      assert.isAtMost(before, 20)
      yield* within(600)
      assert.isAtMost((yield* asked("list")) - before, 14)
    }).pipe(Effect.provide(world))
  )

  it.effect("asks a server that does not answer less and less often, to once a minute", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.disconnect
      const { within } = yield* following
      yield* within(600)
      assert.isAtMost(yield* asked("list"), 20)
    }).pipe(Effect.provide(world))
  )

  it.effect("comes back at once from a single failure after a long time of quiet", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      const { within } = yield* following
      for (let hour = 0; hour < 5; hour++) {
        yield* within(3700)
        yield* cluster.dropWatches
        assert.deepStrictEqual(yield* within(3), ["Partial", "Complete"])
      }
    }).pipe(Effect.provide(world))
  )
})
