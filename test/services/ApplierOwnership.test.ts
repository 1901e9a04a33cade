import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { FIELD_MANAGER } from "../../src/domain/ManagedFields.ts"
import { id, type JsonObject } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, mark } from "../../src/domain/Owner.ts"
import { Applier } from "../../src/services/Applier.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { applier, apply, applyAll, key, live, manifest, OTHER, OWNER, podsOf } from "./applying.ts"

const OLD = manifest("a", { data: { is: "old" } })
const labelsOf = (body: JsonObject) => (body.metadata as JsonObject).labels as JsonObject
const annotated = (object: KubeObject, annotation: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { [annotation]: "true" } }
})
const mine = live(OLD.body, labelsOf(mark(OLD, OWNER).body))
const theirs = live(OLD.body, labelsOf(mark(OLD, OTHER).body))
const nobodys = live(OLD.body)
const copied = live(OLD.body, labelsOf(mark(manifest("b"), OWNER).body))

/** What lies there already, whether it was applied before, and what becomes of it. */
const ROWS: ReadonlyArray<{
  readonly what: string
  readonly there?: KubeObject
  readonly by?: string
  readonly recorded?: boolean
  readonly outcome: string
  readonly says?: string
}> = [
  { what: "nothing", outcome: "Applied" },
  { what: "nothing, though it was applied before", recorded: true, outcome: "Applied" },
  { what: "its own object", there: mine, outcome: "Applied" },
  { what: "its own object, applied before", there: mine, recorded: true, outcome: "Applied" },
  { what: "another vCenter's object", there: theirs, outcome: "Foreign", says: "it belongs to vc-b-0" },
  { what: "what has become another vCenter's", there: theirs, recorded: true, outcome: "Foreign", says: "vc-b-0" },
  {
    what: "an object that is opted out",
    there: annotated(mine, IGNORE_ANNOTATION),
    recorded: true,
    outcome: "OptedOut"
  },
  { what: "an unmarked object, opted out", there: annotated(nobodys, IGNORE_ANNOTATION), outcome: "OptedOut" },
  { what: "an unmarked object that invites it", there: annotated(nobodys, ADOPT_ANNOTATION), outcome: "Applied" },
  {
    what: "its own object without its mark",
    there: nobodys,
    recorded: true,
    outcome: "AnotherWriter",
    says: "lost the operator's mark"
  },
  { what: "the predecessor's object", there: nobodys, by: FIELD_MANAGER, outcome: "Applied" },
  { what: "what the predecessor's Python client wrote", there: nobodys, by: "OpenAPI-Generator", outcome: "Applied" },
  { what: "somebody's object", there: nobodys, outcome: "Foreign", says: ADOPT_ANNOTATION },
  { what: "a copy of another object with its labels", there: copied, outcome: "Foreign", says: ADOPT_ANNOTATION }
]

describe("Applier, where it finds", () => {
  for (const { what, there, by, recorded = false, outcome, says } of ROWS) {
    it.effect(`${what}: ${outcome}`, () =>
      Effect.gen(function* () {
        const { object, seed, writes } = yield* Cluster
        if (there !== undefined) yield* seed([there], by)
        const before = Option.getOrUndefined(yield* object(key("a")))
        const [found] = yield* applyAll(apply(manifest("a"), recorded ? "old" : undefined))
        assert.strictEqual(found?._tag, outcome)
        const after = Option.getOrUndefined(yield* object(key("a")))
        if (outcome === "Applied") {
          assert.deepStrictEqual(after?.data, { is: "new" })
          assert.deepInclude(found, { created: there === undefined })
          assert.deepInclude(after?.metadata.labels, labelsOf(mark(OLD, OWNER).body))
        } else {
          assert.deepStrictEqual(after, before)
          assert.strictEqual(yield* writes, 0)
        }
        if (says !== undefined) assert.include(JSON.stringify(found), says)
      }).pipe(Effect.provide(applier()))
    )
  }

  it.effect("a Deployment of the predecessor's that stays as it is: takes it over without a new generation", () =>
    Effect.gen(function* () {
      const { object, seed } = yield* Cluster
      const deployment = manifest("d", podsOf("example/it:1"), "Deployment")
      yield* seed([live(deployment.body)], FIELD_MANAGER)
      const [outcome] = yield* applyAll(apply(deployment))
      assert.strictEqual(outcome?._tag, "Applied")
      const { metadata } = Option.getOrThrow(yield* object(key("d", "Deployment")))
      assert.strictEqual(metadata.generation, 1)
      assert.deepInclude(metadata.labels, labelsOf(mark(deployment, OWNER).body))
    }).pipe(Effect.provide(applier()))
  )

  it.effect("a Deployment of the predecessor's that would change: leaves it, for its pods would restart", () =>
    Effect.gen(function* () {
      const { log, object, seed, writes } = yield* Cluster
      yield* seed([live(manifest("d", podsOf("example/it:1"), "Deployment").body)], FIELD_MANAGER)
      const before = yield* object(key("d", "Deployment"))
      const [outcome] = yield* applyAll(apply(manifest("d", podsOf("example/it:2"), "Deployment")))
      assert.strictEqual(outcome?._tag, "TakeOverWithheld")
      assert.include(JSON.stringify(outcome), "restart its pods")
      assert.deepStrictEqual(yield* object(key("d", "Deployment")), before)
      assert.strictEqual(yield* writes, 0)
      assert.deepInclude((yield* log).at(-1), { verb: "apply", dryRun: true })
    }).pipe(Effect.provide(applier()))
  )

  it.effect("one that would change, approved by a person: takes it over all the same", () =>
    Effect.gen(function* () {
      const { seed } = yield* Cluster
      const deployment = manifest("d", podsOf("example/it:2"), "Deployment")
      yield* seed([live(manifest("d", podsOf("example/it:1"), "Deployment").body)], FIELD_MANAGER)
      const { admit, apply: perform } = yield* Applier
      const { admitted } = yield* admit(OWNER, [apply(deployment)], (identity) => identity === id(deployment))
      const outcomes = yield* Effect.forEach(admitted, (each) => perform(OWNER, each))
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["Applied"]
      )
    }).pipe(Effect.provide(applier()))
  )

  it.effect("no answer when it asks who owns what: applies nothing of that kind, and the others", () =>
    Effect.gen(function* () {
      const { failNext, object } = yield* Cluster
      yield* failNext({ verb: "list", kind: "ConfigMap", reason: "Forbidden", detail: "no permission" })
      const outcomes = yield* applyAll(
        apply(manifest("a")),
        apply(manifest("b"), "old"),
        apply(manifest("d", podsOf("i"), "Deployment"))
      )
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["ApplyFailed", "ApplyFailed", "Applied"]
      )
      assert.isTrue(Option.isNone(yield* object(key("a"))))
    }).pipe(Effect.provide(applier()))
  )

  it.effect("an object that came after it had asked: looks again two seconds later", () =>
    Effect.gen(function* () {
      const { seed } = yield* Cluster
      yield* applyAll(apply(manifest("b")))
      yield* seed([nobodys])
      yield* TestClock.adjust("2001 millis")
      const [outcome] = yield* applyAll(apply(manifest("a")))
      assert.strictEqual(outcome?._tag, "Foreign")
    }).pipe(Effect.provide(applier()))
  )
})

describe("Applier in a dry run", () => {
  it.effect("has the server try each apply, and changes nothing", () =>
    Effect.gen(function* () {
      const { log, objects, seed, writes } = yield* Cluster
      yield* seed([mine])
      const before = yield* objects
      const outcomes = yield* applyAll(apply(manifest("a"), "old"), apply(manifest("new")), apply(manifest("Bad Name")))
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["Applied", "Applied", "ApplyFailed"]
      )
      assert.deepStrictEqual(yield* objects, before)
      assert.strictEqual(yield* writes, 0)
      assert.lengthOf(
        (yield* log).filter(({ verb, dryRun }) => verb === "apply" && dryRun),
        3
      )
    }).pipe(Effect.provide(applier(true)))
  )
})
