import { assert, describe, it } from "@effect/vitest"
import {
  type Stripped,
  type Suspect,
  stopOf,
  strippedOf,
  suspects,
  takingBack,
  unfinished
} from "../../src/domain/AnotherWriter.ts"
import { waitingMarks } from "../../src/domain/Approval.ts"
import { type Entry, entriesOf } from "../../src/domain/Ledger.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, mark } from "../../src/domain/Owner.ts"
import type { Apply } from "../../src/domain/Plan.ts"
import { liveObject } from "../../src/domain/Takeover.ts"
import { apply, entry, ledger, manifest, OWNER, pending, prune, record, VCENTER } from "./fixtures.ts"

const STATE = { namespace: "operators", vcenter: VCENTER }
const labelsOf = (vcenter?: string) => ({
  labels: record(mark(manifest("a"), { ...OWNER, vcenter: vcenter ?? OWNER.vcenter }).body.metadata).labels ?? {}
})
const noted = (key: string) => ({ annotations: { [key]: "true" } })
const live = (metadata: JsonObject, uid = "uid-a") => liveObject({ name: "a", uid, ...metadata })

const { digest: _, ...unsure } = entry("a")
const config = (name: string, over: Partial<Entry> = {}): Entry =>
  entry(name, { apiVersion: "v1", group: "", kind: "ConfigMap", ...over })
const lost = (name: string, uid = `uid-${name}`): Stripped => ({
  _tag: "AnotherWriter",
  object: manifest(name),
  uid,
  message: "it has lost the operator's mark: written last by vcenter-operator (Apply) at 2026-11-22T12:00:00Z"
})

describe("strippedOf", () => {
  it.each<[row: string, found: JsonObject | undefined, uid: string, Suspect["unwanted"], stripped: boolean]>([
    ["nothing", undefined, "uid-a", "no", false],
    ["an object marked as mine", labelsOf(), "uid-a", "no", false],
    ["an object marked by another", labelsOf("vc-b-0"), "uid-a", "no", false],
    ["an unmarked object that has opted out", noted(IGNORE_ANNOTATION), "uid-a", "now", false],
    ["an unmarked object", {}, "uid-a", "no", true],
    ["an unmarked object that is unwanted", {}, "uid-a", "later", true],
    ["an unmarked object that is to be deleted", {}, "uid-a", "now", true],
    ["an unmarked object that invites the operator", noted(ADOPT_ANNOTATION), "uid-a", "no", false],
    ["an unmarked object that invites it, unwanted", noted(ADOPT_ANNOTATION), "uid-a", "later", false],
    ["an unmarked object that invites it, to be deleted", noted(ADOPT_ANNOTATION), "uid-a", "now", true],
    ["an unmarked object that was made again", {}, "another", "no", true],
    ["an unmarked object that was made again and is unwanted", {}, "another", "later", false],
    ["an unmarked object that was made again, where one is to be deleted", {}, "another", "now", false]
  ])("over %s", (_, metadata, uid, unwanted, expected) => {
    const found = metadata === undefined ? undefined : live(metadata, uid)
    const outcome = strippedOf({ entry: entry("a"), apiVersion: "apps/v1", unwanted }, found, OWNER)
    assert.strictEqual(outcome !== undefined, expected)
    if (outcome !== undefined) assert.strictEqual(outcome.uid, uid)
  })

  it("says who has written it last and when, as far as that is known", () => {
    const by = (...managedFields: ReadonlyArray<JsonObject>) =>
      strippedOf({ entry: entry("a"), apiVersion: "apps/v1", unwanted: "no" }, live({ managedFields }), OWNER)?.message
    const written = { manager: "vcenter-operator", operation: "Apply", time: "2026-11-22T12:00:00Z" }
    const status = { manager: "controller", operation: "Update", time: "2026-11-22T13:00:00Z", subresource: "status" }
    const older = { manager: "kubectl", operation: "Update", time: "2026-11-22T11:00:00Z" }
    const said = "it has lost the operator's mark: written last by vcenter-operator (Apply) at 2026-11-22T12:00:00Z"
    assert.strictEqual(by(older, status, written), said)
    assert.strictEqual(by(), "it has lost the operator's mark")
    assert.strictEqual(
      by({ manager: "x", operation: "Update" }),
      "it has lost the operator's mark: written last by x (Update)"
    )
  })
})

describe("suspects", () => {
  const recorded = ledger([entry("a"), entry("b"), pending("c"), config("d"), config("e", { namespace: "other" })])
  const asked = (...[applies = [], prunes = [], allowed = [], of = recorded]: ReadonlyArray<never> | Parts) =>
    suspects(of, applies, prunes, allowed).map(
      ({ entry: { kind, name }, apiVersion, unwanted }) => `${apiVersion} ${kind} ${name} ${unwanted}`
    )
  type Parts = Partial<
    [Array<Apply>, Array<ReturnType<typeof prune>>, Array<ReturnType<typeof prune>>, typeof recorded]
  >

  it("are none when nothing is to be written: objects at rest cost no request", () => {
    assert.deepStrictEqual(asked(), [])
    assert.deepStrictEqual(asked([], [prune("a")], []), [])
  })

  it("are all recorded objects of the kinds and namespaces that are written to, and that have been there for certain", () => {
    assert.deepStrictEqual(asked([apply("a", entry("a"))]), ["apps/v1 Deployment a no", "apps/v1 Deployment b no"])
    assert.deepStrictEqual(asked([apply("new")]), ["apps/v1 Deployment a no", "apps/v1 Deployment b no"])
    assert.deepStrictEqual(asked([], [prune("a"), prune("b")], [prune("a")]), [
      "apps/v1 Deployment a now",
      "apps/v1 Deployment b later"
    ])
  })

  it("are asked for in the version of the apply, so that one listing serves both", () => {
    const old = ledger([entry("a", { apiVersion: "apps/v1beta2" })])
    assert.deepStrictEqual(asked([apply("a", entry("a"))], [], [], old), ["apps/v1 Deployment a no"])
  })

  it("are also those of which somebody may have written one already", () => {
    assert.deepStrictEqual(asked([], [], [], ledger([unsure, entry("b"), config("d")])), [
      "apps/v1 Deployment a no",
      "apps/v1 Deployment b no"
    ])
  })
})

describe("what follows for the vCenter", () => {
  const set = waitingMarks(STATE, [lost("a"), lost("b")])

  it("is nothing while nobody else writes", () => {
    assert.isUndefined(stopOf([{ _tag: "Pruned", object: manifest("a") }], undefined))
  })

  it("is a stop that names the first object, how many there are, and what to do", () => {
    const stop = stopOf([lost("a"), lost("b")], set)
    assert.strictEqual(stop?.reason, "AnotherWriter")
    assert.include(stop?.message, "(2): Deployment monsoon3/a: it has lost the operator's mark")
    assert.include(
      stop?.message,
      "stop the other writer, then take exactly these 2 back: kubectl -n operators patch vcs"
    )
    assert.include(stop?.message, set?.digest)
    assert.include(stopOf([lost("a")], set, "spec.approve names another set")?.message, "names another set")
  })

  it("is a set of its own: of these objects as they live now, and no others", () => {
    const digestOf = (...outcomes: ReadonlyArray<Stripped>) => waitingMarks(STATE, outcomes)?.digest
    assert.strictEqual(digestOf(lost("b"), lost("a")), set?.digest)
    for (const other of [[lost("a")], [lost("a"), lost("b"), lost("c")], [lost("a"), lost("b", "made-again")]]) {
      assert.notStrictEqual(digestOf(...other), set?.digest)
    }
    assert.isUndefined(digestOf())
  })

  it("is, once approved, a record of what may be taken back: each object as it lives now", () => {
    if (set === undefined) return assert.fail("no set")
    const after = takingBack(ledger([entry("a"), entry("b")]), set, [lost("a", "made-again")])
    assert.strictEqual(after.approval, set.digest)
    assert.deepStrictEqual(
      after.entries,
      entriesOf([{ ...unsure, uid: "made-again", approved: "take-over" }, entry("b")])
    )
    assert.deepStrictEqual(
      unfinished(after).map(({ name }) => name),
      ["a"]
    )
    // What is to be taken over for the first time has no UID yet.
    assert.deepStrictEqual(unfinished(ledger([pending("a", { approved: "take-over" })])), [])
  })
})
