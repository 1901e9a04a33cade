import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect, Exit, Fiber, FileSystem, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { DIGEST_KEY_SECRET } from "../../src/domain/OwnObjects.ts"
import { ClusterFacts } from "../../src/services/ClusterFacts.ts"
import { DigestKey } from "../../src/services/DigestKey.ts"
import type { KubeObject } from "../../src/services/Kube.ts"

const NAMESPACE = "monsoon3"
const KEY = { apiVersion: "v1", kind: "Secret", namespace: NAMESPACE, name: DIGEST_KEY_SECRET }

/** One start of the operator over the cluster that is there. */
const start = (dryRun = false) =>
  Effect.scoped(
    Layer.build(
      DigestKey.layer(dryRun).pipe(
        Layer.provide(ClusterFacts.layer),
        Layer.provide(Cluster.layerKube({ readOnly: dryRun })),
        Layer.provide(
          ConfigProvider.layer(ConfigProvider.fromUnknown({ REGION: "qa-de-1", POD_NAMESPACE: NAMESPACE }))
        ),
        Layer.provide(FileSystem.layerNoop({}))
      )
    )
  ).pipe(
    Effect.map((context) => Buffer.from(Effect.runSync(Effect.provideContext(DigestKey, context))).toString("base64"))
  )

const inCluster = <A, E>(test: Effect.Effect<A, E, Cluster>) =>
  Cluster.use(({ clearLog, seed }) =>
    Effect.andThen(seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } }]), clearLog)
  ).pipe(Effect.andThen(test), Effect.provide(Cluster.layer))

const held = Effect.map(
  Cluster.use(({ object }) => object(KEY)),
  (found) => Option.match(found, { onNone: () => undefined, onSome: ({ data }) => data })
)

const secret = (data: JsonObject | undefined): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: DIGEST_KEY_SECRET, namespace: NAMESPACE },
  ...(data === undefined ? {} : { data })
})

describe("DigestKey", () => {
  it.effect("is made at the first start and is the same ever after", () =>
    inCluster(
      Effect.gen(function* () {
        const first = yield* start()
        assert.lengthOf(Buffer.from(first, "base64"), 32)
        assert.deepStrictEqual(yield* held, { key: first })
        assert.strictEqual(yield* start(), first)
        assert.strictEqual(yield* Cluster.use(({ writes }) => writes), 1)
      })
    )
  )

  it.effect("is another one in another cluster", () =>
    Effect.gen(function* () {
      assert.notStrictEqual(yield* inCluster(start()), yield* inCluster(start()))
    })
  )

  it.effect("is the other's when two start at the same time", () =>
    inCluster(
      Effect.gen(function* () {
        yield* Cluster.use(({ latency }) => latency("1 second"))
        const both = yield* Effect.forkChild(Effect.all([start(), start()], { concurrency: 2 }))
        for (let n = 0; n < 20; n++) yield* TestClock.adjust("500 millis")
        const exit = both.pollUnsafe()
        const [one, two] = exit !== undefined && Exit.isSuccess(exit) ? exit.value : ["not over", ""]
        assert.strictEqual(one, two)
        assert.deepStrictEqual(yield* held, { key: one })
      })
    )
  )

  it.effect("is forgotten by a dry run when there is none, and read when there is one", () =>
    inCluster(
      Effect.gen(function* () {
        assert.lengthOf(Buffer.from(yield* start(true), "base64"), 32)
        assert.isUndefined(yield* held)
        const real = yield* start()
        assert.strictEqual(yield* start(true), real)
      })
    )
  )

  it.effect.each([
    { what: "is too short", data: { key: Buffer.from("test-only").toString("base64") } },
    { what: "has another name", data: { other: Buffer.alloc(32).toString("base64") } },
    { what: "is missing", data: undefined }
  ] as const satisfies ReadonlyArray<{ what: string; data: JsonObject | undefined }>)(
    "ends the process when the key in the Secret $what, and names the Secret but not its content",
    ({ data }) =>
      inCluster(
        Effect.gen(function* () {
          yield* Cluster.use(({ seed }) => seed([secret(data)]))
          const exit = yield* Effect.exit(start())
          const text = Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""
          assert.include(text, DIGEST_KEY_SECRET)
          assert.include(text, "delete the Secret")
          assert.notInclude(text, Buffer.from("test-only").toString("base64"))
          assert.deepStrictEqual(yield* held, data)
        })
      )
  )

  it.effect("ends the process when the Secret cannot be read: a new key would apply everything again", () =>
    inCluster(
      Effect.gen(function* () {
        yield* Cluster.use(({ failNext }) => failNext({ verb: "get", kind: "Secret", reason: "Forbidden" }))
        assert.strictEqual((yield* Effect.flip(start()))._tag, "KubeError")
        assert.isUndefined(yield* held)
      })
    )
  )

  it.effect("waits for an API server that is starting, for a minute", () =>
    inCluster(
      Effect.gen(function* () {
        yield* Cluster.use(({ disconnect }) => disconnect)
        const waiting = yield* Effect.forkChild(start())
        yield* TestClock.adjust("30 seconds")
        yield* Cluster.use(({ connect }) => connect)
        yield* TestClock.adjust("6 seconds")
        assert.deepStrictEqual(yield* held, { key: yield* Fiber.join(waiting) })

        yield* Cluster.use(({ disconnect }) => disconnect)
        const tired = yield* Effect.forkChild(Effect.flip(start()))
        yield* TestClock.adjust("70 seconds")
        assert.strictEqual((yield* Fiber.join(tired))._tag, "KubeError")
      })
    )
  )
})
