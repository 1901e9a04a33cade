import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { JsonObject, Manifest } from "../../src/domain/Manifest.ts"
import {
  ADOPT_ANNOTATION,
  IGNORE_ANNOTATION,
  mark,
  OBJECT_LABEL,
  OWNER_LABEL,
  type Owner,
  type Ownership,
  ownership,
  ownerValue,
  VCENTER_LABEL
} from "../../src/domain/Owner.ts"
import { manifest, OWNER, record } from "./fixtures.ts"

const A = manifest("a")
const NEIGHBOUR: Owner = { ...OWNER, vcenter: "vc-b-0.cc.qa-de-1.cloud.sap" }

const metadataOf = ({ body }: Manifest): JsonObject => record(body.metadata)
/** Metadata with the labels that mark an object. */
const marked = (owner: Owner, of = A) => metadataOf(mark(of, owner))
const annotated = (annotations: Record<string, string>, metadata: JsonObject = {}): JsonObject => ({
  ...metadata,
  annotations: { ...record(metadata.annotations), ...annotations }
})
const labelled = (labels: Record<string, string>): JsonObject => ({ labels })

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
    ["with a mark that names no object", labelled({ [OWNER_LABEL]: ownerValue(OWNER) }), "Another"],
    ["with the object label alone", labelled({ [OBJECT_LABEL]: "0123456789abcdef" }), "Nobody", nobody],
    ["with null labels", { labels: null }, "Nobody", nobody]
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
    assert.include(["Another", "Nobody"], ownership(labelled({ [OWNER_LABEL]: text }), OWNER, A)._tag)
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

  it("adds labels to those of the object, and touches nothing else: pods would restart", () => {
    const { body } = mark(deployment, OWNER)
    assert.deepStrictEqual(body, {
      ...deployment.body,
      metadata: {
        name: "a",
        namespace: "monsoon3",
        labels: {
          app: "a",
          [OWNER_LABEL]: "c3ad366029f107c5",
          [OBJECT_LABEL]: "23235c0a432f4696",
          [VCENTER_LABEL]: "vc-a-0"
        },
        annotations: { note: "hello" }
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

describe("ownerValue", () => {
  it("is a valid label value, the same at every start, and differs by operator and vCenter", () => {
    assert.strictEqual(ownerValue(OWNER), "c3ad366029f107c5")
    const values = [OWNER, NEIGHBOUR, { ...OWNER, operator: "other/vcenter-operator" }].map(ownerValue)
    assert.strictEqual(new Set(values).size, 3)
    assert.isTrue(values.every((value) => /^[0-9a-f]{16}$/.test(value)))
  })
})
