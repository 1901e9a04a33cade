import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { patch } from "../../sandbox/cluster/patch.ts"
import type { Json } from "../../src/domain/Manifest.ts"
import type { PatchOperation } from "../../src/domain/Patch.ts"
import { Kube, type ObjectKey } from "../../src/services/Kube.ts"
import { cluster, configMap, live, NAMESPACE, ownedBy, perform, withData } from "./steps.ts"

const KEY: ObjectKey = { apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE, name: "it" }
const versioned = Effect.map(live, ({ metadata }) => `${metadata.resourceVersion}`)
const send = (operations: ReadonlyArray<PatchOperation>, resourceVersion: string, dryRun = false) =>
  Kube.use((kube) => kube.patch(KEY, { resourceVersion, operations }, { dryRun }))
const OWNERS: Json = [{ apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" }]
const disown: PatchOperation = { op: "remove", path: "/metadata/ownerReferences" }

describe("a JSON patch", () => {
  it.each<[row: string, value: Json, PatchOperation, expected: Json | undefined]>([
    ["adds a field", { a: 1 }, { op: "add", path: "/b", value: 2 }, { a: 1, b: 2 }],
    ["replaces a field", { a: { b: 1 } }, { op: "replace", path: "/a/b", value: 2 }, { a: { b: 2 } }],
    ["replaces no field that is not there", { a: 1 }, { op: "replace", path: "/b", value: 2 }, undefined],
    ["removes a field", { a: 1, b: 2 }, { op: "remove", path: "/a" }, { b: 2 }],
    ["removes no field that is not there", { a: 1 }, { op: "remove", path: "/b/c" }, undefined],
    ["reads ~1 as a slash and ~0 as a tilde", { "a/b~c": 1 }, { op: "remove", path: "/a~1b~0c" }, {}],
    ["adds an item", [1, 3], { op: "add", path: "/1", value: 2 }, [1, 2, 3]],
    ["adds an item at the end", [1], { op: "add", path: "/-", value: 2 }, [1, 2]],
    ["replaces within an item", [{ a: 1 }], { op: "replace", path: "/0/a", value: 2 }, [{ a: 2 }]],
    ["removes an item", [1, 2], { op: "remove", path: "/0" }, [2]],
    ["removes no item that is not there", [1], { op: "remove", path: "/1" }, undefined]
  ])("%s", (_, value, operation, expected) => {
    assert.deepStrictEqual(patch(value, [operation]), expected)
  })
})

describe("patching an object", () => {
  it.effect("changes it, as the version that was meant", () =>
    Effect.gen(function* () {
      yield* perform({ apply: configMap({ a: "1" }, { ownerReferences: OWNERS }) })
      const before = yield* versioned
      const after = yield* send([disown], before)
      assert.isUndefined(after.metadata.ownerReferences)
      assert.notStrictEqual(after.metadata.resourceVersion, before)
      assert.deepStrictEqual(yield* live, after)
    }).pipe(Effect.provide(cluster))
  )

  it.effect("is a conflict for any other version, and changes nothing", () =>
    Effect.gen(function* () {
      yield* perform({ apply: configMap({ a: "1" }, { ownerReferences: OWNERS }) })
      const old = yield* versioned
      yield* perform({ edit: withData({ a: "2" }) })
      const before = yield* live
      assert.strictEqual((yield* Effect.flip(send([disown], old))).reason, "Conflict")
      assert.deepStrictEqual(yield* live, before)
    }).pipe(Effect.provide(cluster))
  )

  it.effect("takes managed fields as they are written, and those that are left for owners in the next apply", () =>
    Effect.gen(function* () {
      yield* perform({ applyAs: "old", object: configMap({ a: "1", b: "1" }) })
      const mine = { manager: "vcenter-operator", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" }
      const fieldsV1 = { "f:data": { "f:a": {}, "f:b": {} } }
      const value = [{ ...mine, time: "2026-01-01T00:00:00Z", fieldsV1 }]
      yield* send([{ op: "replace", path: "/metadata/managedFields", value }], yield* versioned)
      assert.deepStrictEqual(ownedBy(yield* live, "vcenter-operator"), fieldsV1)
      assert.isNull(ownedBy(yield* live, "old"))
      yield* perform({ apply: configMap({ a: "1" }) })
      assert.deepStrictEqual((yield* live).data, { a: "1" })
    }).pipe(Effect.provide(cluster))
  )

  it.effect("changes nothing in a dry run", () =>
    Effect.gen(function* () {
      yield* perform({ apply: configMap({}, { ownerReferences: OWNERS }) })
      const before = yield* live
      assert.isUndefined((yield* send([disown], yield* versioned, true)).metadata.ownerReferences)
      assert.deepStrictEqual(yield* live, before)
    }).pipe(Effect.provide(cluster))
  )

  it.effect("of what is not there says so", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(send([disown], "1"))).reason, "NotFound")
    }).pipe(Effect.provide(cluster))
  )
})
