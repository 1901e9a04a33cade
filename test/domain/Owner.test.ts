import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { JsonObject, Manifest } from "../../src/domain/Manifest.ts"
import {
  ADOPT_ANNOTATION,
  IGNORE_ANNOTATION,
  labelValue,
  mark,
  OWNER_ANNOTATION,
  OWNER_LABEL,
  type Owner,
  type Ownership,
  ownership
} from "../../src/domain/Owner.ts"
import { manifest, OWNER, record } from "./fixtures.ts"

const A = manifest("a")
const NEIGHBOUR: Owner = { ...OWNER, vcenter: "vc-b-0.cc.qa-de-1.cloud.sap" }

const metadataOf = ({ body }: Manifest): JsonObject => record(body.metadata)
/** Metadata with the annotation that marks an object. */
const marked = (owner: Owner, of = A) => metadataOf(mark(of, owner))
const annotated = (annotations: Record<string, string>, metadata: JsonObject = {}): JsonObject => ({
  ...metadata,
  annotations: { ...record(metadata.annotations), ...annotations }
})

describe("ownership", () => {
  const mine: Ownership = { _tag: "Mine" }
  const nobody: Ownership = { _tag: "Nobody", adopt: false }

  it.each<[row: string, metadata: JsonObject, expected: Ownership["_tag"], exactly?: Ownership]>([
    ["opted out, unmarked", annotated({ [IGNORE_ANNOTATION]: "true" }), "OptedOut"],
    ["opted out, marked as mine", annotated({ [IGNORE_ANNOTATION]: "true" }, marked(OWNER)), "OptedOut"],
    ["opted out, marked by another", annotated({ [IGNORE_ANNOTATION]: "true" }, marked(NEIGHBOUR)), "OptedOut"],
    ["not opted out: the annotation is not true", annotated({ [IGNORE_ANNOTATION]: "false" }, marked(OWNER)), "Mine"],
    ["without annotations", {}, "Nobody", nobody],
    ["with foreign annotations", annotated({ note: "hello" }), "Nobody", nobody],
    ["with null annotations", { annotations: null }, "Nobody", nobody],
    [
      "unmarked, with an invitation",
      annotated({ [ADOPT_ANNOTATION]: "true" }),
      "Nobody",
      { _tag: "Nobody", adopt: true }
    ],
    ["marked by this owner for this object", marked(OWNER), "Mine", mine],
    ["marked by this owner for another object: a copy", marked(OWNER, manifest("b")), "Nobody", nobody],
    ["marked by another owner for another object: a copy", marked(NEIGHBOUR, manifest("b")), "Nobody", nobody],
    ["marked by another vCenter", marked(NEIGHBOUR), "Another"],
    ["marked by another operator", marked({ ...OWNER, operator: "other/vcenter-operator" }), "Another"],
    ["marked by another, with an invitation", annotated({ [ADOPT_ANNOTATION]: "true" }, marked(NEIGHBOUR)), "Another"],
    ["with an unreadable mark", annotated({ [OWNER_ANNOTATION]: "{" }), "Another", { _tag: "Another", owner: "{" }],
    ["with a mark that names no object", annotated({ [OWNER_ANNOTATION]: "{}" }), "Another"],
    ["with a mark that is no object", annotated({ [OWNER_ANNOTATION]: "null" }), "Another"]
  ])("of an object %s", (_, metadata, expected, exactly) => {
    const found = ownership(metadata, OWNER, A)
    assert.strictEqual(found._tag, expected)
    if (exactly !== undefined) assert.deepStrictEqual(found, exactly)
  })

  const Text = Schema.String
  const Pair = { operator: Text, vcenter: Text, other: Text }

  it.prop(
    "of what an owner marked is its own, and another's for every other owner",
    Pair,
    ({ operator, vcenter, other }) => {
      const owner: Owner = { operator, vcenter }
      const metadata = metadataOf(mark(A, owner))
      assert.strictEqual(ownership(metadata, owner, A)._tag, "Mine")
      for (const stranger of [
        { operator, vcenter: `${vcenter}${other}x` },
        { operator: `x${other}${operator}`, vcenter }
      ]) {
        assert.strictEqual(ownership(metadata, stranger, A)._tag, "Another")
      }
    }
  )

  it.prop("never fails, whatever the mark says", { text: Text }, ({ text }) => {
    assert.include(["Another", "Nobody"], ownership(annotated({ [OWNER_ANNOTATION]: text }), OWNER, A)._tag)
  })
})

describe("mark", () => {
  const pod = { metadata: { labels: { app: "a" } }, spec: { containers: [] } }
  const deployment: Manifest = {
    ...A,
    body: {
      ...A.body,
      metadata: { name: "a", namespace: "monsoon3", labels: { app: "a" }, annotations: { note: "hello" } },
      spec: { template: pod }
    }
  }

  it("adds a label and an annotation to those of the object, and touches nothing else: pods would restart", () => {
    const { body } = mark(deployment, OWNER)
    assert.deepStrictEqual(body, {
      ...deployment.body,
      metadata: {
        name: "a",
        namespace: "monsoon3",
        labels: { app: "a", [OWNER_LABEL]: labelValue(OWNER) },
        annotations: {
          note: "hello",
          [OWNER_ANNOTATION]:
            '{"operator":"operators/vcenter-operator","vcenter":"vc-a-0.cc.qa-de-1.cloud.sap","object":"apps/Deployment/monsoon3/a"}'
        }
      }
    })
  })

  it("changes nothing the second time", () => {
    assert.deepStrictEqual(mark(mark(deployment, OWNER), OWNER), mark(deployment, OWNER))
  })

  it("replaces a mark that the template itself wrote", () => {
    assert.deepStrictEqual(mark(mark(A, NEIGHBOUR), OWNER), mark(A, OWNER))
  })
})

describe("labelValue", () => {
  it("is a valid label value, the same at every start, and differs by operator and vCenter", () => {
    assert.strictEqual(labelValue(OWNER), "c3ad366029f107c5")
    const values = [OWNER, NEIGHBOUR, { ...OWNER, operator: "other/vcenter-operator" }].map(labelValue)
    assert.strictEqual(new Set(values).size, 3)
    assert.isTrue(values.every((value) => /^[0-9a-f]{16}$/.test(value)))
  })
})
