import { assert, describe, it } from "@effect/vitest"
import { absorb, managersOf } from "../../src/domain/ManagedFields.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"

const TIME = "2026-01-01T00:00:00Z"
const entry = (manager: string, operation: string, fields: JsonObject, more: JsonObject = {}): JsonObject => ({
  manager,
  operation,
  apiVersion: "v1",
  time: TIME,
  fieldsType: "FieldsV1",
  fieldsV1: fields,
  ...more
})
const V0: JsonObject = { apiVersion: "v0" }
const data = (...names: ReadonlyArray<string>): JsonObject => ({
  "f:data": Object.fromEntries(names.map((name) => [`f:${name}`, {}]))
})
const ours = (fields: JsonObject, more: JsonObject = {}) => entry("vcenter-operator", "Apply", fields, more)
const isOld = (manager: string) => manager === "old"

describe("absorb", () => {
  const stays = undefined
  it.each<[row: string, managedFields: ReadonlyArray<JsonObject>, expected: ReadonlyArray<JsonObject> | undefined]>([
    ["the operator's own alone", [ours(data("a"))], stays],
    [
      "what the predecessor has put",
      [ours(data("a")), entry("vcenter-operator", "Update", data("a", "b"))],
      [ours(data("a", "b"))]
    ],
    [
      "an old manager's, put or applied",
      [ours(data("a")), entry("old", "Apply", data("b")), entry("old", "Update", data("c"))],
      [ours(data("a", "b", "c"))]
    ],
    ["an old manager's, and none of the operator's own", [entry("old", "Update", data("b"))], [ours(data("b"))]],
    ["an old manager's of another version", [ours(data("a")), entry("old", "Update", data("b"), V0)], stays],
    [
      "an old manager's of the version that is to be applied, among others",
      [entry("old", "Update", data("a"), V0), entry("old", "Update", data("b"))],
      [ours(data("b")), entry("old", "Update", data("a"), V0)]
    ],
    [
      "an old manager's, of the version of the operator's own",
      [ours(data("a"), V0), entry("old", "Update", data("b"), V0), entry("old", "Update", data("c"))],
      [ours(data("a", "b"), V0), entry("old", "Update", data("c"))]
    ],
    ["a status", [ours(data("a")), entry("old", "Update", data("b"), { subresource: "status" })], stays],
    ["somebody else's", [ours(data("a")), entry("kubectl", "Update", data("b"))], stays],
    [
      "somebody else's beside an old manager's",
      [entry("kubectl", "Update", data("k")), entry("old", "Update", data("b"))],
      [ours(data("b")), entry("kubectl", "Update", data("k"))]
    ]
  ])("of %s", (_, managedFields, expected) => {
    assert.deepStrictEqual(absorb(managedFields, "v1", isOld), expected)
  })

  it("unites fields at every depth, and says of a field that has others below it that it is one itself", () => {
    const container = (...names: ReadonlyArray<string>) => ({
      'k:{"name":"c"}': { ".": {}, ...Object.fromEntries(names.map((name) => [`f:${name}`, {}])) }
    })
    const absorbed = absorb(
      [
        ours({ "f:spec": { "f:containers": container("image"), "f:selector": {} } }),
        entry("old", "Update", {
          "f:spec": { "f:containers": container("livenessProbe"), "f:selector": { "f:matchLabels": {} } }
        })
      ],
      "v1",
      isOld
    )
    assert.deepStrictEqual(absorbed?.[0]?.fieldsV1, {
      "f:spec": {
        "f:containers": container("image", "livenessProbe"),
        "f:selector": { ".": {}, "f:matchLabels": {} }
      }
    })
  })

  it("takes the time of the newest that it absorbs when the operator has no entry yet", () => {
    const absorbed = absorb(
      [entry("old", "Update", data("a"), { time: "2026-02-01T00:00:00Z" }), entry("old", "Apply", data("b"))],
      "v1",
      isOld
    )
    assert.strictEqual(absorbed?.[0]?.time, "2026-02-01T00:00:00Z")
  })

  it("does nothing twice", () => {
    const once = absorb([ours(data("a")), entry("old", "Update", data("b"))], "v1", isOld)
    assert.isUndefined(absorb(once, "v1", isOld))
  })
})

describe("managersOf", () => {
  it("names those that are there, and none where the fields are not as expected", () => {
    assert.deepStrictEqual(managersOf([ours(data("a")), entry("old", "Update", data("b"))]), [
      "vcenter-operator",
      "old"
    ])
    assert.deepStrictEqual(managersOf(["x", null, { manager: 1 }, {}]), [])
    assert.deepStrictEqual(managersOf("x"), [])
  })
})
