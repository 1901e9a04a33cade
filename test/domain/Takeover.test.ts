import { assert, describe, it } from "@effect/vitest"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, mark } from "../../src/domain/Owner.ts"
import { type Admission, admit, liveObject } from "../../src/domain/Takeover.ts"
import { manifest, OWNER, record } from "./fixtures.ts"

const A = manifest("a")
const live = (metadata: JsonObject, ...managers: ReadonlyArray<string>) =>
  liveObject({ uid: "u", ...metadata, managedFields: managers.map((manager) => ({ manager, operation: "Apply" })) })
const marked = (vcenter = OWNER.vcenter) => record(mark(A, { ...OWNER, vcenter }).body.metadata)
const annotated = (key: string) => ({ annotations: { [key]: "true" } })

const apply: Admission = { _tag: "Apply" }
const ifUnchanged: Admission = { _tag: "ApplyIfUnchanged" }
const optedOut: Admission = { _tag: "OptedOut" }
const EITHER = [true, false]

describe("admit", () => {
  it.each<[row: string, ReturnType<typeof live> | undefined, recorded: ReadonlyArray<boolean>, Admission | RegExp]>([
    ["nothing", undefined, EITHER, apply],
    ["an object marked as mine", live(marked(), "vcenter-operator"), EITHER, apply],
    ["an object marked by another", live(marked("vc-b-0"), "vcenter-operator"), EITHER, /^it belongs to .*vc-b-0/],
    ["an object that has opted out", live(annotated(IGNORE_ANNOTATION), "vcenter-operator"), EITHER, optedOut],
    ["an unmarked object that invites the operator", live(annotated(ADOPT_ANNOTATION), "kubectl"), EITHER, apply],
    [
      "an unmarked object that was recorded",
      live({}, "vcenter-operator"),
      [true],
      /^AnotherWriter: somebody removed the operator's mark$/
    ],
    ["an unmarked object that the predecessor applied", live({}, "kubectl", "vcenter-operator"), [false], ifUnchanged],
    ["an unmarked object that the predecessor's client wrote", live({}, "OpenAPI-Generator"), [false], ifUnchanged],
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

  it("tells an object that is somebody else's from a recorded one that somebody meddled with", () => {
    const theirs = (found: ReturnType<typeof live>, recorded: boolean) => {
      const admission = admit(found, OWNER, A, recorded)
      return admission._tag === "Refuse" && admission.theirs
    }
    assert.isTrue(theirs(live(marked("vc-b-0")), true))
    assert.isTrue(theirs(live({}, "kubectl"), false))
    assert.isFalse(theirs(live({}, "kubectl"), true))
  })
})

describe("liveObject", () => {
  it("keeps the UID, the metadata and the managers' names, and not the managed fields, which are large", () => {
    const found = live({ name: "a", generation: 3 }, "kubectl", "helm")
    assert.deepStrictEqual(found, {
      uid: "u",
      metadata: { uid: "u", name: "a", generation: 3 },
      managers: ["kubectl", "helm"]
    })
  })

  it("reads no manager from managed fields that are not as expected", () => {
    assert.deepStrictEqual(liveObject({ managedFields: ["x", null, { manager: 1 }, {}] }).managers, [])
    assert.deepStrictEqual(liveObject({ managedFields: "x" }), { uid: "", metadata: {}, managers: [] })
  })
})
