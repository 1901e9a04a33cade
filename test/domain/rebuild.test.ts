import { assert, describe, it } from "@effect/vitest"
import { empty, isUnattributed } from "../../src/domain/Ledger.ts"
import type { Lost } from "../../src/domain/LostStorage.ts"
import { id, type JsonObject } from "../../src/domain/Manifest.ts"
import { IGNORE_ANNOTATION, mark, type Owner } from "../../src/domain/Owner.ts"
import { plan } from "../../src/domain/Plan.ts"
import { completed, type Marked, rebuild } from "../../src/domain/rebuild.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import { readLedger, storeLedger } from "../../src/domain/VCenterState.ts"
import { BB1, BB2, type DesiredParts, desired, entry, ledger, manifest, NOVA, OWNER, wanted } from "./fixtures.ts"

const ANOTHER: Owner = { ...OWNER, vcenter: "vc-b-0.cc.qa-de-1.cloud.sap" }

/** As it lives when it was applied for an owner. */
const live = (name: string, owner: Owner = OWNER, change: JsonObject = {}): Marked => {
  const { metadata } = mark(manifest(name), owner).body
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...Object(metadata), uid: `uid-${name}`, ...change, name: String(change.name ?? name) }
  }
}

const names = (found: ReadonlyArray<Marked>) =>
  [...rebuild(OWNER, found, []).entries.values()].map(({ name, uid }) => `${name} ${uid}`)

describe("rebuild", () => {
  it.each<[row: string, Marked, recorded: ReadonlyArray<string>]>([
    ["what is marked as this owner's, with its UID", live("a"), ["a uid-a"]],
    ["not what has opted out", live("a", OWNER, { annotations: { [IGNORE_ANNOTATION]: "true" } }), []],
    ["not what is marked by another vCenter", live("a", ANOTHER), []],
    ["not a copy of a mark, on what a controller has made from it", live("a", OWNER, { name: "a-7d9f" }), []]
  ])("records %s", (_, found, expected) => assert.deepStrictEqual(names([found]), expected))

  it("records neither digest nor cluster nor template, which no mark tells", () => {
    const { entries, instanceUuid, subjects, templates } = rebuild(OWNER, [live("a")], [])
    const found = entries.get(id(manifest("a")))
    assert.isTrue(found !== undefined && isUnattributed(found))
    assert.strictEqual(found?.digest, undefined)
    assert.deepStrictEqual([instanceUuid, subjects.size, templates.size], [undefined, 0, 0])
  })

  it("names the kinds that could not be listed, also in the record as it is stored", () => {
    const rebuilt = rebuild(OWNER, [live("a")], ["example.com/v1 Thing", "apps/v1 StatefulSet"])
    assert.deepStrictEqual(rebuilt.unlisted, ["apps/v1 StatefulSet", "example.com/v1 Thing"])
    const read = readLedger(JSON.parse(JSON.stringify(storeLedger(rebuilt))))
    assert.deepStrictEqual(read._tag === "Success" ? read.success : undefined, rebuilt)
  })
})

describe("plan, for an object of unknown origin", () => {
  const failure = { template: NOVA, subject: BB1, message: "unexpected end" }
  const lost: Lost = { ref: BB1, name: "productionbb001", what: ["datastores"], message: "LostStorage: gone" }
  it.each<[row: string, DesiredParts, ReadonlyArray<string>]>([
    ["deletes it when nothing renders it: the guard Rebuilt withholds that", {}, ["prune (unknown origin)"]],
    ["knows its origin again when it is rendered", { wanted: [wanted("a")] }, ["change"]],
    ["keeps it while any template fails", { failures: [failure] }, ["keep: unexpected end"]],
    ["keeps it while any cluster's facts are not whole", { held: new Map([[BB2, "hidden"]]) }, ["keep: hidden"]],
    ["keeps it while any cluster has lost its storage", { lost: new Map([[BB1, lost]]) }, ["keep: LostStorage: gone"]]
  ])("%s", (_, parts, expected) => {
    const { applies, kept, prunes } = plan(complete(desired(parts)), rebuild(OWNER, [live("a")], []))
    assert.deepStrictEqual(
      [
        ...applies.map(({ recorded }) => (recorded === undefined ? "create" : "change")),
        ...prunes.map(({ cause }) => `prune (${cause})`),
        ...kept.map(({ why }) => why.replace("what it was rendered from is not known, and ", "keep: "))
      ],
      expected
    )
  })
})

describe("completed", () => {
  const before = { ...ledger([entry("a")]), unlisted: ["example.com/v1 Thing"] }

  it("adds what was not recorded, and leaves what was as it is", () => {
    const found = rebuild(OWNER, [live("a"), live("b")], [])
    const after = completed(before, found)
    assert.deepStrictEqual(after.entries.get(id(manifest("a"))), entry("a"))
    assert.isTrue(after.entries.has(id(manifest("b"))))
    assert.strictEqual(after.unlisted, undefined)
  })

  it("still names what could not be listed again", () => {
    assert.deepStrictEqual(completed(before, { ...empty, unlisted: ["example.com/v1 Thing"] }), before)
  })
})
