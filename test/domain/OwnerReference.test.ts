import { assert, describe, it } from "@effect/vitest"
import { Equal } from "effect"
import type { Json } from "../../src/domain/Manifest.ts"
import { isTemplate, ownedBy } from "../../src/domain/OwnerReference.ts"
import { forRender, notices } from "../../src/domain/Settings.ts"
import type { Template } from "../../src/domain/Template.ts"
import { manifest, record } from "./fixtures.ts"
import { settingsOf } from "./settingsOf.ts"

const TEMPLATE: Template = {
  namespace: "monsoon3",
  name: "nova",
  uid: "uid-nova",
  generation: 1,
  scope: "cluster",
  options: {},
  source: ""
}
const REFERENCE = {
  apiVersion: "vcenter-operator.stable.sap.cc/v1",
  kind: "VCenterTemplate",
  name: "nova",
  uid: "uid-nova",
  blockOwnerDeletion: false
}
const OTHER = { apiVersion: "v1", kind: "ConfigMap", name: "other", uid: "uid-other" }

describe("ownedBy", () => {
  const A = manifest("a")
  const withOther = { ...A, body: { ...A.body, metadata: { ...record(A.body.metadata), ownerReferences: [OTHER] } } }

  it.each<[row: string, of: typeof A, Template, Json | undefined]>([
    ["in its template's namespace: the template", A, TEMPLATE, [REFERENCE]],
    ["that has another owner: both", withOther, TEMPLATE, [OTHER, REFERENCE]],
    [
      "in another namespace: nobody, for the owner would count as gone",
      A,
      { ...TEMPLATE, namespace: "else" },
      undefined
    ]
  ])("of an object %s", (_, of, template, expected) => {
    const { body, ...identity } = ownedBy(of, template)
    assert.deepStrictEqual(record(body.metadata).ownerReferences, expected)
    const { body: __, ...before } = of
    assert.deepStrictEqual(identity, before)
  })
})

describe("isTemplate", () => {
  it.each<[row: string, Json, boolean]>([
    ["a VCenterTemplate", REFERENCE, true],
    ["one of another version", { ...REFERENCE, apiVersion: "vcenter-operator.stable.sap.cc/v2" }, true],
    ["a kind of this name of another group", { ...REFERENCE, apiVersion: "example.com/v1" }, false],
    ["another kind", OTHER, false],
    ["no reference", "VCenterTemplate", false],
    ["a list", [REFERENCE], false]
  ])("of %s", (_, reference, expected) => {
    assert.strictEqual(isTemplate(reference), expected)
  })
})

describe("dangerous_owner_references", () => {
  const [off, on] = [settingsOf(), settingsOf({ dangerous_owner_references: "true" })]

  it("is off by default, and said loudly when it is on", () => {
    assert.isFalse(off.ownerReferences)
    assert.isTrue(on.ownerReferences)
    assert.match(notices(on).join(), /^dangerous_owner_references: .*deletes its objects/)
    assert.deepStrictEqual(notices(settingsOf({ dangerous_owner_references: "false" })), [])
  })

  it("renders everything anew when it changes", () => {
    assert.isFalse(Equal.equals(forRender(off), forRender(on)))
  })
})
