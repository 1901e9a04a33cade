import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { Fault } from "../../sandbox/cluster/Faults.ts"
import { custom } from "../../sandbox/cluster/Kinds.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, mark } from "../../src/domain/Owner.ts"
import { Applier } from "../../src/services/Applier.ts"
import { type DeleteOptions, Kube, type KubeObject } from "../../src/services/Kube.ts"
import { Shutdown } from "../../src/services/Shutdown.ts"
import { applier, key, live, manifest, OTHER, OWNER, prune, pruneOne } from "./applying.ts"

const OBJECT = manifest("a", { data: { is: "old" } })
const labelsOf = (body: JsonObject) => (body.metadata as JsonObject).labels as JsonObject
const mine = live(OBJECT.body, labelsOf(mark(OBJECT, OWNER).body))
const theirs = live(OBJECT.body, labelsOf(mark(OBJECT, OTHER).body))
const copied = live(OBJECT.body, labelsOf(mark(manifest("b"), OWNER).body))
const annotated = (annotation: string): KubeObject => ({
  ...mine,
  metadata: { ...mine.metadata, annotations: { [annotation]: "true" } }
})

const uidNow = Effect.map(
  Cluster.use(({ object }) => object(key("a"))),
  Option.match({ onNone: () => undefined, onSome: ({ metadata }) => `${metadata.uid}` })
)

/** `uid`: whether the record has the live UID, another one, or none, as of an object that is pending. */
const ROWS: ReadonlyArray<{
  readonly what: string
  readonly there?: KubeObject
  readonly uid: "live" | "another" | "none"
  readonly outcome: string
  readonly says?: string
  readonly stays: boolean
}> = [
  { what: "its own object, with the recorded UID", there: mine, uid: "live", outcome: "Pruned", stays: false },
  { what: "its own object, of which it never heard", there: mine, uid: "none", outcome: "Pruned", stays: false },
  { what: "nothing", uid: "another", outcome: "Pruned", stays: false },
  {
    what: "its mark under another UID",
    there: mine,
    uid: "another",
    outcome: "PruneFailed",
    says: "made again",
    stays: true
  },
  {
    what: "its object without the mark",
    there: live(OBJECT.body),
    uid: "live",
    outcome: "AnotherWriter",
    says: "lost the operator's mark",
    stays: true
  },
  { what: "another object without a mark", there: live(OBJECT.body), uid: "another", outcome: "Foreign", stays: true },
  { what: "no mark, and never heard of it", there: live(OBJECT.body), uid: "none", outcome: "Foreign", stays: true },
  { what: "another vCenter's mark", there: theirs, uid: "live", outcome: "Foreign", stays: true },
  { what: "the mark of another object", there: copied, uid: "none", outcome: "Foreign", stays: true },
  { what: "the opt-out", there: annotated(IGNORE_ANNOTATION), uid: "live", outcome: "OptedOut", stays: true },
  {
    what: "its mark and the adopt annotation",
    there: annotated(ADOPT_ANNOTATION),
    uid: "live",
    outcome: "Pruned",
    stays: false
  }
]

describe("Applier.prune, where it finds", () => {
  for (const { what, there, uid, outcome, says, stays } of ROWS) {
    it.effect(`${what}: ${outcome}`, () =>
      Effect.gen(function* () {
        const { log, seed } = yield* Cluster
        if (there !== undefined) yield* seed([there])
        const recorded = { live: yield* uidNow, another: "another-uid", none: undefined }[uid]
        const found = yield* pruneOne(prune("a", recorded))
        assert.strictEqual(found._tag, outcome)
        if (says !== undefined) assert.include(JSON.stringify(found), says)
        assert.strictEqual((yield* uidNow) !== undefined, stays)
        const deletes = (yield* log).filter(({ verb }) => verb === "delete")
        assert.lengthOf(deletes, there !== undefined && outcome === "Pruned" ? 1 : 0)
      }).pipe(Effect.provide(applier()))
    )
  }
})

describe("Applier.prune", () => {
  /** The object changes, or is made again, between the look and the delete. */
  const RACES: ReadonlyArray<{ readonly what: string; readonly race: Effect.Effect<unknown, never, Cluster> }> = [
    {
      what: "has changed",
      race: Cluster.use(({ edit }) => edit(key("a"), (object) => ({ ...object, data: { is: "newer" } })))
    },
    {
      what: "was made again",
      race: Cluster.use(({ remove, seed }) => Effect.andThen(remove(key("a")), seed([mine])))
    }
  ]
  it.effect.each(RACES)("deletes nothing that $what since it looked, and tries again later", ({ race }) =>
    Effect.gen(function* () {
      const { latency, seed } = yield* Cluster
      yield* seed([mine])
      const recorded = yield* uidNow
      yield* latency("1 second")
      const fiber = yield* Effect.forkChild(pruneOne(prune("a", recorded)))
      // The GET is answered after a second; the DELETE takes effect half a second later.
      yield* TestClock.adjust("1200 millis")
      yield* race
      yield* TestClock.adjust("10 seconds")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "PruneFailed", transient: true })
      assert.isDefined(yield* uidNow)
    }).pipe(Effect.provide(applier()))
  )

  const FAULTS: ReadonlyArray<{
    readonly what: string
    readonly fault: Fault
    readonly outcome: object
    readonly stays: boolean
  }> = [
    {
      what: "is refused",
      fault: { verb: "delete", reason: "Forbidden", times: 9 },
      outcome: { _tag: "PruneFailed", transient: false },
      stays: true
    },
    {
      what: "is not answered",
      fault: { verb: "delete", reason: "Timeout", times: 9 },
      outcome: { _tag: "PruneFailed", transient: true },
      stays: true
    },
    {
      what: "is answered at the second try",
      fault: { verb: "delete", reason: "ServerError" },
      outcome: { _tag: "Pruned" },
      stays: false
    },
    {
      what: "took effect without an answer",
      fault: { verb: "delete", reason: "Timeout", afterEffect: true },
      outcome: { _tag: "Pruned" },
      stays: false
    },
    {
      what: "cannot be prepared by a look",
      fault: { verb: "get", reason: "Forbidden" },
      outcome: { _tag: "PruneFailed", transient: false },
      stays: true
    }
  ]
  it.effect.each(FAULTS)("says what became of a delete that $what", ({ fault, outcome, stays }) =>
    Effect.gen(function* () {
      const { failNext, seed } = yield* Cluster
      yield* seed([mine])
      yield* failNext(fault)
      const fiber = yield* Effect.forkChild(pruneOne(prune("a", yield* uidNow)))
      for (let n = 0; n < 20; n++) yield* TestClock.adjust("500 millis")
      assert.deepInclude(yield* Fiber.join(fiber), outcome)
      assert.strictEqual((yield* uidNow) !== undefined, stays)
    }).pipe(Effect.provide(applier()))
  )

  it.effect("keeps what it cannot ask for: its kind is not served any more", () =>
    Effect.gen(function* () {
      const { seed, uninstall } = yield* Cluster
      yield* seed([mine])
      const recorded = yield* uidNow
      yield* uninstall("v1", "ConfigMap")
      assert.deepInclude(yield* pruneOne(prune("a", recorded)), { _tag: "PruneFailed", transient: false })
    }).pipe(Effect.provide(applier()))
  )

  it.effect("deletes in another version of its group what was applied in one that is not served any more", () =>
    Effect.gen(function* () {
      const { install, object, seed } = yield* Cluster
      const step = prune("a")
      const entry = { ...step.entry, apiVersion: "example.com/v1beta1", group: "example.com", kind: "Widget" }
      const { name, namespace } = entry
      const body = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name, namespace } }
      yield* install(custom("example.com/v1", "Widget", "widgets"))
      yield* seed([live(body, labelsOf(mark({ ...entry, body }, OWNER).body))])
      assert.deepInclude(yield* pruneOne({ ...step, entry }), { _tag: "Pruned" })
      assert.isTrue(Option.isNone(yield* object({ apiVersion: "example.com/v1", kind: "Widget", namespace, name })))
    }).pipe(Effect.provide(applier()))
  )

  it.effect("asks for the delete of this very UID in this very version, so that the server refuses any other", () =>
    Effect.gen(function* () {
      const cluster = yield* Cluster
      yield* cluster.seed([mine])
      const asked: Array<DeleteOptions> = []
      const kube = cluster.kube({ readOnly: false })
      const listening = Layer.succeed(Kube, {
        ...kube,
        delete: (of, options) =>
          Effect.andThen(
            Effect.sync(() => void asked.push(options)),
            kube.delete(of, options)
          )
      })
      const { metadata } = Option.getOrThrow(yield* cluster.object(key("a")))
      const through = Applier.layer(false).pipe(Layer.provide(Layer.merge(listening, Shutdown.layer)))
      yield* pruneOne(prune("a", `${metadata.uid}`)).pipe(Effect.provide(through))
      assert.deepStrictEqual(asked, [
        { uid: `${metadata.uid}`, resourceVersion: `${metadata.resourceVersion}`, dryRun: false }
      ])
    }).pipe(Effect.provide(Cluster.layer))
  )

  it.effect("in a dry run has the server try the delete, and deletes nothing", () =>
    Effect.gen(function* () {
      const { log, seed, writes } = yield* Cluster
      yield* seed([mine])
      assert.strictEqual((yield* pruneOne(prune("a", yield* uidNow)))._tag, "Pruned")
      assert.isDefined(yield* uidNow)
      assert.strictEqual(yield* writes, 0)
      assert.deepInclude((yield* log).at(-1), { verb: "delete", dryRun: true })
    }).pipe(Effect.provide(applier(true)))
  )
})

describe("Applier, letting go of what its vCenter has given up", () => {
  it.each<[what: string, there: KubeObject | undefined, outcome: string | undefined]>([
    ["another vCenter's mark: handed over", theirs, "HandedOver"],
    ["nothing: handed over", undefined, "HandedOver"],
    ["the opt-out: ignored", annotated(IGNORE_ANNOTATION), "OptedOut"],
    ["its own mark: not yet", mine, undefined],
    ["no mark: not yet, somebody has meddled", live(OBJECT.body), undefined]
  ])("finds %s", (_, there, outcome) =>
    Effect.gen(function* () {
      const { seed, writes } = yield* Cluster
      if (there !== undefined) yield* seed([there])
      const { letGo } = yield* Applier
      assert.strictEqual((yield* letGo(OWNER, prune("a", "any")))?._tag, outcome)
      assert.strictEqual(yield* writes, 0)
    }).pipe(Effect.provide(applier()), Effect.runPromise)
  )

  it.effect("finds nothing when it gets no answer", () =>
    Effect.gen(function* () {
      const { failNext } = yield* Cluster
      yield* failNext({ verb: "list", reason: "Unreachable" })
      const { letGo } = yield* Applier
      assert.isUndefined(yield* letGo(OWNER, prune("a", "any")))
    }).pipe(Effect.provide(applier()))
  )
})
