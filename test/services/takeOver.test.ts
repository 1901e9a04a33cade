import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { FIELD_MANAGER, managersOf } from "../../src/domain/ManagedFields.ts"
import type { Json, JsonObject, Manifest } from "../../src/domain/Manifest.ts"
import { id } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, OWNER_LABEL } from "../../src/domain/Owner.ts"
import { inheritance } from "../../src/domain/Takeover.ts"
import { Applier } from "../../src/services/Applier.ts"
import { Kube, type KubeObject } from "../../src/services/Kube.ts"
import { applier, apply, applyAll, key, live, manifest, OWNER } from "./applying.ts"

const TEMPLATE = { apiVersion: "vcenter-operator.stable.sap.cc/v1", kind: "VCenterTemplate", name: "t", uid: "u-t" }

/** A Deployment whose container has these fields besides. */
const deployment = (container: JsonObject = {}): Manifest =>
  manifest(
    "d",
    {
      spec: {
        selector: { matchLabels: { app: "it" } },
        template: {
          metadata: { labels: { app: "it" } },
          spec: { containers: [{ name: "it", image: "example/it:1", ...container }] }
        }
      }
    },
    "Deployment"
  )
/** As the predecessor makes it: owned by its template. */
const owned = ({ body }: Manifest, metadata: JsonObject = {}): KubeObject => {
  const made = live(body)
  return { ...made, metadata: { ...made.metadata, ...metadata, ownerReferences: [TEMPLATE] } }
}
const D = key("d", "Deployment")
const there = (of = D) =>
  Effect.map(
    Cluster.use(({ object }) => object(of)),
    Option.getOrThrow
  )
const managers = ({ metadata }: KubeObject) => managersOf(metadata.managedFields)
const isMarked = ({ metadata }: KubeObject) => JSON.stringify(metadata.labels ?? {}).includes(OWNER_LABEL)
const requests = Effect.map(
  Cluster.use(({ log }) => log),
  (log) => log.filter(({ verb }) => verb !== "list").map(({ verb, dryRun }) => `${dryRun ? "dry-run " : ""}${verb}`)
)
const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)
const probe = { livenessProbe: { exec: { command: ["true"] } } }

/** How the predecessor has written: each leaves other entries in `managedFields`. */
const WAYS: ReadonlyArray<readonly [string, (made: KubeObject) => Effect.Effect<unknown, never, Cluster>, number]> = [
  ["applied", (made) => Cluster.use(({ applyAs }) => applyAs(FIELD_MANAGER, made)), 3],
  ["put", (made) => Cluster.use(({ seed }) => seed([made], FIELD_MANAGER)), 5],
  ["made with its older client", (made) => Cluster.use(({ seed }) => seed([made], "Swagger-Codegen")), 5],
  [
    "made with one client, and then applied",
    (made) =>
      Cluster.use(({ seed, applyAs }) =>
        Effect.andThen(seed([made], "OpenAPI-Generator"), applyAs(FIELD_MANAGER, made))
      ),
    5
  ]
]

describe("taking over what the predecessor has", () => {
  for (const [way, make, asked] of WAYS) {
    it.effect(`${way}: keeps generation and UID, and leaves neither old manager nor owner`, () =>
      Effect.gen(function* () {
        yield* make(owned(deployment()))
        const before = yield* there()
        assert.deepStrictEqual(tags(yield* applyAll(apply(deployment()))), ["Applied"])
        const after = yield* there()
        assert.strictEqual(after.metadata.generation, before.metadata.generation)
        assert.strictEqual(after.metadata.uid, before.metadata.uid)
        assert.isUndefined(after.metadata.ownerReferences)
        assert.isTrue(isMarked(after))
        assert.deepStrictEqual(managers(after), [FIELD_MANAGER])
        assert.lengthOf(yield* requests, asked)
      }).pipe(Effect.provide(applier()))
    )

    it.effect(`${way}: what the template does not render goes at once`, () =>
      Effect.gen(function* () {
        yield* make(owned(manifest("a", { data: { is: "new", was: "old" } })))
        assert.deepStrictEqual(tags(yield* applyAll(apply(manifest("a")))), ["Applied"])
        assert.deepStrictEqual((yield* there(key("a"))).data, { is: "new" })
      }).pipe(Effect.provide(applier()))
    )

    it.effect(`${way}: withholds it when pods would restart, and takes it over whole when that is approved`, () =>
      Effect.gen(function* () {
        yield* make(owned(deployment(probe)))
        const before = yield* there()
        const [withheld] = yield* applyAll(apply(deployment()))
        assert.strictEqual(withheld?._tag, "TakeOverWithheld")
        assert.include(JSON.stringify(withheld), `${before.metadata.uid}`)
        const untouched = yield* there()
        assert.deepStrictEqual(untouched.spec, before.spec)
        assert.strictEqual(untouched.metadata.generation, before.metadata.generation)
        assert.isFalse(isMarked(untouched))
        assert.isUndefined(untouched.metadata.ownerReferences)
        const { admit, apply: perform } = yield* Applier
        const { admitted } = yield* admit(OWNER, [apply(deployment())], (identity) => identity === id(deployment()))
        const outcomes = yield* Effect.forEach(admitted, (each) => perform(OWNER, each))
        assert.deepStrictEqual(tags(outcomes), ["Applied"])
        assert.notInclude(JSON.stringify((yield* there()).spec), "livenessProbe")
        assert.deepStrictEqual(managers(yield* there()), [FIELD_MANAGER])
      }).pipe(Effect.provide(applier()))
    )
  }

  it.effect("leaves alone what people have set by hand, and what controllers write", () =>
    Effect.gen(function* () {
      const { applyAs, edit, editStatus } = yield* Cluster
      yield* applyAs(FIELD_MANAGER, owned(deployment()))
      yield* edit(D, restarted, "kubectl-rollout")
      yield* editStatus(D, { replicas: 1 })
      const before = yield* there()
      assert.deepStrictEqual(tags(yield* applyAll(apply(deployment()))), ["Applied"])
      const after = yield* there()
      assert.deepStrictEqual(after.spec, before.spec)
      assert.strictEqual(after.metadata.generation, before.metadata.generation)
      assert.deepStrictEqual(managers(after).toSorted(), ["kube-controller-manager", "kubectl-rollout", FIELD_MANAGER])
    }).pipe(Effect.provide(applier()))
  )

  it.effect("goes on where it stopped between absorbing and applying, with no second patch", () =>
    Effect.gen(function* () {
      const { clearLog, seed } = yield* Cluster
      const kube = yield* Kube
      yield* seed([owned(deployment())], "OpenAPI-Generator")
      const { metadata } = yield* there()
      const operations = inheritance(metadata, "apps/v1", { invited: false, keepOwners: false })
      yield* kube.patch(D, { resourceVersion: `${metadata.resourceVersion}`, operations }, { dryRun: false })
      assert.isFalse(isMarked(yield* there()))
      yield* clearLog
      assert.deepStrictEqual(tags(yield* applyAll(apply(deployment()))), ["Applied"])
      assert.deepStrictEqual(yield* requests, ["get", "dry-run apply", "apply"])
      assert.deepStrictEqual(managers(yield* there()), [FIELD_MANAGER])
    }).pipe(Effect.provide(applier()))
  )

  it.effect("knows it as its own at once, when it has to change it right afterwards", () =>
    Effect.gen(function* () {
      const { seed } = yield* Cluster
      yield* seed([owned(deployment())], "OpenAPI-Generator")
      yield* applyAll(apply(deployment()))
      assert.deepStrictEqual(tags(yield* applyAll(apply(deployment(probe), "old"))), ["Applied"])
    }).pipe(Effect.provide(applier()))
  )

  it.effect("begins anew when somebody writes it in the middle", () =>
    Effect.gen(function* () {
      const { editStatus, latency, seed } = yield* Cluster
      yield* seed([owned(deployment())], "OpenAPI-Generator")
      yield* latency("1 second")
      const fiber = yield* Effect.forkChild(applyAll(apply(deployment())), { startImmediately: true })
      // The list, the object and the first try have passed.
      yield* TestClock.adjust("2750 millis")
      yield* editStatus(D, { replicas: 1 })
      for (let seconds = 0; seconds < 12; seconds++) yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(tags(yield* Fiber.join(fiber)), ["Applied"])
      assert.strictEqual((yield* requests).filter((request) => request === "get").length, 2)
      assert.isTrue(isMarked(yield* there()))
    }).pipe(Effect.provide(applier()))
  )

  it.effect("leaves alone what is opted out, or becomes another's, after it has asked", () =>
    Effect.gen(function* () {
      const { edit, seed } = yield* Cluster
      yield* seed([owned(deployment())], FIELD_MANAGER)
      const { admit, apply: perform } = yield* Applier
      const { admitted } = yield* admit(OWNER, [apply(deployment())])
      const all = () => Effect.forEach(admitted, (each) => perform(OWNER, each))
      yield* edit(D, annotated(IGNORE_ANNOTATION))
      const before = yield* there()
      assert.deepStrictEqual(tags(yield* all()), ["OptedOut"])
      assert.deepStrictEqual(yield* there(), before)
      yield* edit(D, ({ metadata: { annotations: _, ...metadata }, ...rest }) => {
        const labels = { [OWNER_LABEL]: "0123456789abcdef" }
        return { ...rest, metadata: { ...metadata, labels } } as KubeObject
      })
      assert.deepStrictEqual(tags(yield* all()), ["Foreign"])
    }).pipe(Effect.provide(applier()))
  )

  it.effect("writes nothing in a dry run", () =>
    Effect.gen(function* () {
      const { seed, writes } = yield* Cluster
      yield* seed([owned(deployment())], "OpenAPI-Generator")
      const before = yield* there()
      assert.deepStrictEqual(tags(yield* applyAll(apply(deployment()))), ["Applied"])
      assert.deepStrictEqual(yield* there(), before)
      assert.strictEqual(yield* writes, 0)
    }).pipe(Effect.provide(applier(true)))
  )
})

describe("taking over what somebody hands over by annotation", () => {
  it.effect("makes it what the template renders, whatever was set by hand, and uses the invitation up", () =>
    Effect.gen(function* () {
      const { seed } = yield* Cluster
      const handed = owned(manifest("a", { data: { is: "old", by: "hand" } }), {
        annotations: { [ADOPT_ANNOTATION]: "true" }
      })
      yield* seed([handed], "kubectl-client-side-apply")
      assert.deepStrictEqual(tags(yield* applyAll(apply(manifest("a")))), ["Applied"])
      const after = yield* there(key("a"))
      assert.deepStrictEqual(after.data, { is: "new" })
      assert.deepStrictEqual(managers(after), [FIELD_MANAGER])
      assert.isUndefined(after.metadata.annotations)
      assert.isUndefined(after.metadata.ownerReferences)
    }).pipe(Effect.provide(applier()))
  )
})

const annotated =
  (annotation: string) =>
  ({ metadata, ...rest }: KubeObject): KubeObject =>
    ({ ...rest, metadata: { ...metadata, annotations: { [annotation]: "true" } } }) as KubeObject

/** As `kubectl rollout restart` does it. */
const restarted = (object: KubeObject): KubeObject => {
  const spec = object.spec as { readonly template: { readonly metadata: JsonObject } & JsonObject } & JsonObject
  const annotations: Json = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" }
  return {
    ...object,
    spec: { ...spec, template: { ...spec.template, metadata: { ...spec.template.metadata, annotations } } }
  }
}
