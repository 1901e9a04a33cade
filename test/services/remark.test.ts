import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { FIELD_MANAGER, managersOf } from "../../src/domain/ManagedFields.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { IGNORE_ANNOTATION, mark, OWNER_LABEL } from "../../src/domain/Owner.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { API_VERSION } from "../../src/domain/VCenterState.ts"
import { Applier } from "../../src/services/Applier.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { applier, apply, applyAll, key, live, manifest, OTHER, OWNER, prune } from "./applying.ts"

const labelsOf = (body: JsonObject) => (body.metadata as KubeObject["metadata"]).labels as JsonObject
const nobodys = live(manifest("a").body)
const mine = live(manifest("a").body, labelsOf(mark(manifest("a"), OWNER).body))
const theirs = live(manifest("a").body, labelsOf(mark(manifest("a"), OTHER).body))
const ignored: KubeObject = {
  ...nobodys,
  metadata: { ...nobodys.metadata, annotations: { [IGNORE_ANNOTATION]: "true" } }
}
const now = Effect.map(
  Cluster.use((cluster) => cluster.object(key("a"))),
  Option.getOrUndefined
)
const remark = (uid: string) => Applier.use((each) => each.remark(OWNER, prune("a", uid).entry))

const ROWS: ReadonlyArray<{
  readonly what: string
  readonly there?: KubeObject
  readonly uid?: string
  readonly outcome: string
  readonly marked: boolean
}> = [
  { what: "nothing", uid: "gone", outcome: "Remarked", marked: false },
  { what: "an object marked as its own", there: mine, outcome: "Remarked", marked: true },
  { what: "an object marked by another", there: theirs, outcome: "Foreign", marked: false },
  { what: "an object that is opted out", there: ignored, outcome: "OptedOut", marked: false },
  { what: "the unmarked object that was approved", there: nobodys, outcome: "Remarked", marked: true },
  { what: "an unmarked object made since", there: nobodys, uid: "other", outcome: "AnotherWriter", marked: false }
]

describe("Applier.remark, where it finds", () => {
  for (const { what, there, uid, outcome, marked } of ROWS) {
    it.effect(`${what}: ${outcome}`, () =>
      Effect.gen(function* () {
        const { seed } = yield* Cluster
        if (there !== undefined) yield* seed([there], "OpenAPI-Generator")
        const before = yield* now
        const found = yield* remark(uid ?? String(before?.metadata.uid))
        assert.strictEqual(found._tag, outcome)
        const after = yield* now
        const expected = labelsOf(mark(manifest("a"), OWNER).body)
        assert.strictEqual(JSON.stringify(after?.metadata.labels ?? {}).includes(String(expected[OWNER_LABEL])), marked)
        if (marked) assert.deepInclude(after?.metadata.labels, expected)
        else assert.deepStrictEqual(after, before)
        assert.deepStrictEqual(after?.data, before?.data)
      }).pipe(Effect.provide(applier()))
    )
  }

  it.effect(
    "leaves nothing of the other writer, so that its next write under the same name takes the mark off again",
    () =>
      Effect.gen(function* () {
        const { applyAs } = yield* Cluster
        yield* applyAll(apply(manifest("a")))
        const owner = { apiVersion: API_VERSION, kind: TEMPLATE_KIND, name: "t", uid: "u" }
        const plain: KubeObject = {
          ...nobodys,
          data: { is: "theirs" },
          metadata: { ...nobodys.metadata, ownerReferences: [owner] }
        }
        yield* applyAs("OpenAPI-Generator", plain)
        yield* applyAs(FIELD_MANAGER, plain)
        const uid = String((yield* now)?.metadata.uid)
        assert.strictEqual((yield* remark(uid))._tag, "Remarked")
        const after = yield* now
        assert.deepStrictEqual(managersOf(after?.metadata.managedFields), [FIELD_MANAGER])
        assert.isUndefined(after?.metadata.ownerReferences)
        assert.deepStrictEqual(after?.data, { is: "theirs" })
        yield* applyAs(FIELD_MANAGER, plain)
        assert.notProperty((yield* now)?.metadata.labels ?? {}, OWNER_LABEL)
      }).pipe(Effect.provide(applier()))
  )

  it.effect("begins anew when somebody writes in between, and says why when it cannot mark", () =>
    Effect.gen(function* () {
      const { failNext, seed } = yield* Cluster
      yield* seed([nobodys], "OpenAPI-Generator")
      const uid = String((yield* now)?.metadata.uid)
      yield* failNext({ verb: "patch", reason: "Conflict" })
      assert.strictEqual((yield* remark(uid))._tag, "Remarked")
      yield* seed([{ ...nobodys, metadata: { ...nobodys.metadata, name: "b" } }])
      yield* failNext({ verb: "patch", reason: "Forbidden", detail: "may not patch" })
      const other = yield* Cluster.use((cluster) => cluster.object(key("b")))
      const found = yield* Applier.use((each) =>
        each.remark(OWNER, prune("b", String(Option.getOrUndefined(other)?.metadata.uid)).entry)
      )
      assert.deepInclude(found, { _tag: "AnotherWriter", transient: false })
      assert.include(JSON.stringify(found), "could not be marked again: may not patch")
    }).pipe(Effect.provide(applier()))
  )

  it.effect("writes nothing in a dry run", () =>
    Effect.gen(function* () {
      const { clearLog, seed, writes } = yield* Cluster
      yield* seed([nobodys])
      yield* clearLog
      const found = yield* remark(String((yield* now)?.metadata.uid))
      assert.deepInclude(found, { _tag: "NotAttempted", message: "it would be marked again" })
      assert.strictEqual(yield* writes, 0)
    }).pipe(Effect.provide(applier(true)))
  )
})
