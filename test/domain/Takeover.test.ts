import { assert, describe, it } from "@effect/vitest"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, mark } from "../../src/domain/Owner.ts"
import { type Admission, admit, inheritance, liveObject } from "../../src/domain/Takeover.ts"
import { manifest, OWNER, record } from "./fixtures.ts"

const A = manifest("a")
const live = (metadata: JsonObject, ...managers: ReadonlyArray<string>) =>
  liveObject({ uid: "u", ...metadata, managedFields: managers.map((manager) => ({ manager, operation: "Apply" })) })
const marked = (vcenter = OWNER.vcenter) => record(mark(A, { ...OWNER, vcenter }).body.metadata)
const annotated = (key: string) => ({ annotations: { [key]: "true" } })

const apply: Admission = { _tag: "Apply" }
const takeOver: Admission = { _tag: "TakeOver", invited: false }
const invited: Admission = { _tag: "TakeOver", invited: true }
const optedOut: Admission = { _tag: "OptedOut" }
const stripped: Admission = { _tag: "Stripped" }
const EITHER = [true, false]

describe("admit", () => {
  it.each<[row: string, ReturnType<typeof live> | undefined, recorded: ReadonlyArray<boolean>, Admission | RegExp]>([
    ["nothing", undefined, EITHER, apply],
    ["an object marked as mine", live(marked(), "vcenter-operator"), EITHER, apply],
    ["an object marked by another", live(marked("vc-b-0"), "vcenter-operator"), EITHER, /^it belongs to .*vc-b-0/],
    ["an object that has opted out", live(annotated(IGNORE_ANNOTATION), "vcenter-operator"), EITHER, optedOut],
    ["an unmarked object that invites the operator", live(annotated(ADOPT_ANNOTATION), "kubectl"), EITHER, invited],
    ["an unmarked object that was recorded", live({}, "vcenter-operator"), [true], stripped],
    ["an unmarked object that the predecessor applied", live({}, "kubectl", "vcenter-operator"), [false], takeOver],
    ["an unmarked object that the predecessor's client wrote", live({}, "OpenAPI-Generator"), [false], takeOver],
    [
      "an unmarked object of others",
      live({}, "kubectl", "helm"),
      [false],
      /^it exists and was not made by this operator \(managers: kubectl, helm\); annotate it with .*\/adopt: "true"/
    ],
    ["an unmarked object of which nothing is known", live({}), [false], /not made by this operator/]
  ])("over %s", (_, found, recordings, expected) => {
    for (const recorded of recordings) {
      const admission = admit(found, OWNER, A, recorded)
      if (!(expected instanceof RegExp)) assert.deepStrictEqual(admission, expected)
      else if (admission._tag === "Refuse") assert.match(admission.message, expected)
      else assert.fail(`not refused but ${admission._tag}`)
    }
  })

  it("applies over the mark of another vCenter that has given the object up, and over no other mark", () => {
    const released = (found: JsonObject, by?: string) => admit(live(found), OWNER, A, false, by)._tag
    assert.strictEqual(released(marked("vc-b-0"), "vc-b-0"), "Apply")
    assert.strictEqual(released(marked("vc-b-0"), "vc-c-0"), "Refuse")
    assert.strictEqual(released(marked("vc-b-0")), "Refuse")
    const stranger = record(mark(A, { operator: "other/vcenter-operator", vcenter: "vc-b-0" }).body.metadata)
    assert.strictEqual(released(stranger, "vc-b-0"), "Refuse")
    const ignored = { ...marked("vc-b-0"), ...annotated(IGNORE_ANNOTATION) }
    assert.strictEqual(released(ignored, "vc-b-0"), "OptedOut")
  })

  it.each<[what: string, live: JsonObject, manager: string, expected: string]>([
    ["its own", marked(), "vcenter-operator", "Ending"],
    ["one to be taken over", {}, "vcenter-operator", "Ending"],
    ["another's", marked("vc-b-0"), "vcenter-operator", "Refuse"],
    ["one of others", {}, "kubectl", "Refuse"]
  ])("applies to nothing that is being deleted: %s", (_, metadata, manager, expected) => {
    const ending = live({ ...metadata, deletionTimestamp: "2026-11-22T12:00:00Z" }, manager)
    assert.strictEqual(admit(ending, OWNER, A, false)._tag, expected)
  })

  it("tells an object that is somebody else's from a recorded one that somebody meddled with", () => {
    assert.strictEqual(admit(live(marked("vc-b-0")), OWNER, A, true)._tag, "Refuse")
    assert.strictEqual(admit(live({}, "kubectl"), OWNER, A, false)._tag, "Refuse")
    assert.strictEqual(admit(live({}, "kubectl"), OWNER, A, true)._tag, "Stripped")
  })
})

describe("inheritance", () => {
  const field = (manager: string, operation = "Update", subresource?: string) => ({
    manager,
    operation,
    apiVersion: "v1",
    fieldsV1: { "f:data": { [`f:${manager}`]: {} } },
    ...(subresource === undefined ? {} : { subresource })
  })
  const reference = (kind: string, apiVersion: string) => ({ apiVersion, kind, name: "t", uid: "u" })
  const template = reference("VCenterTemplate", "vcenter-operator.stable.sap.cc/v1")
  const other = reference("ConfigMap", "v1")
  const stranger = reference("VCenterTemplate", "example.com/v1")
  const uninvited = { invited: false, keepOwners: false }
  const gone = { op: "remove", path: "/metadata/ownerReferences" } as const
  const absorbed = "replace /metadata/managedFields"

  it.each<[row: string, metadata: JsonObject, terms: typeof uninvited, ReadonlyArray<string>]>([
    ["what the predecessor has put", { managedFields: [field("vcenter-operator")] }, uninvited, [absorbed]],
    ["what its Python client has put", { managedFields: [field("OpenAPI-Generator")] }, uninvited, [absorbed]],
    ["what its older client has put", { managedFields: [field("Swagger-Codegen")] }, uninvited, [absorbed]],
    ["what nobody is known to have put", { managedFields: [field("before-first-apply")] }, uninvited, [absorbed]],
    ["what it has applied", { managedFields: [field("vcenter-operator", "Apply")] }, uninvited, []],
    ["what was set by hand", { managedFields: [field("kubectl-rollout")] }, uninvited, []],
    [
      "what was set by hand, invited",
      { managedFields: [field("kubectl-client-side-apply")] },
      { ...uninvited, invited: true },
      [absorbed]
    ],
    ["what Helm has set, invited", { managedFields: [field("helm")] }, { ...uninvited, invited: true }, [absorbed]],
    [
      "what a controller has set, invited",
      { managedFields: [field("kube-controller-manager")] },
      { ...uninvited, invited: true },
      []
    ],
    [
      "what was written to the status",
      { managedFields: [field("vcenter-operator", "Update", "status")] },
      uninvited,
      []
    ],
    [
      "an owner reference to a template",
      { ownerReferences: [template] },
      uninvited,
      ["remove /metadata/ownerReferences"]
    ],
    [
      "an owner reference to a template among others",
      { ownerReferences: [other, template, stranger] },
      uninvited,
      ["replace /metadata/ownerReferences"]
    ],
    ["owner references to others", { ownerReferences: [other, stranger] }, uninvited, []],
    [
      "an owner reference to a template that is wanted",
      { ownerReferences: [template] },
      { ...uninvited, keepOwners: true },
      []
    ],
    ["nothing", {}, uninvited, []]
  ])("of %s", (_, metadata, terms, expected) => {
    assert.deepStrictEqual(
      inheritance(metadata, "v1", terms).map(({ op, path }) => `${op} ${path}`),
      expected
    )
  })

  it("leaves the owner references of others as they are", () => {
    assert.deepStrictEqual(inheritance({ ownerReferences: [other, template] }, "v1", uninvited), [
      { op: "replace", path: "/metadata/ownerReferences", value: [other] }
    ])
    assert.deepStrictEqual(inheritance({ ownerReferences: [template, template] }, "v1", uninvited), [gone])
  })
})

describe("liveObject", () => {
  it("keeps the UID, the metadata and the managers' names, and not the managed fields, which are large", () => {
    const found = live({ name: "a", generation: 3 }, "kubectl", "helm")
    assert.deepStrictEqual(found, {
      uid: "u",
      metadata: { uid: "u", name: "a", generation: 3 },
      managers: ["kubectl", "helm"],
      writer: found.writer
    })
  })

  it("reads no manager from managed fields that are not as expected", () => {
    assert.deepStrictEqual(liveObject({ managedFields: ["x", null, { manager: 1 }, {}] }).managers, [])
    assert.deepStrictEqual(liveObject({ managedFields: "x" }), {
      uid: "",
      metadata: {},
      managers: [],
      writer: undefined
    })
  })
})
