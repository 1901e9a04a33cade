import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  approved,
  approvedTakeOvers,
  approves,
  forgetting,
  notice,
  stale,
  takingOver,
  type Waiting,
  waitingDeletes,
  waitingEmptyRenders,
  waitingStorage,
  waitingTakeOvers
} from "../../src/domain/Approval.ts"
import type { Verdict } from "../../src/domain/Guards.ts"
import { type Entry, entriesOf, type Ledger } from "../../src/domain/Ledger.ts"
import { id } from "../../src/domain/Manifest.ts"
import { nextLedger } from "../../src/domain/nextLedger.ts"
import type { Outcome } from "../../src/domain/Outcome.ts"
import { plan } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import { BB1, desired, entry, ledger, manifest, NOVA, pending, prune, VCENTER, wanted } from "./fixtures.ts"

const STATE = { namespace: "operators", vcenter: VCENTER }
const A = id(entry("a"))

const withheld = (entries: ReadonlyArray<Partial<Entry> & { readonly name: string }>, liftable = true): Verdict => ({
  allowed: [],
  withheld: entries.map(({ name, ...over }) => ({
    prune: prune(name, over),
    guard: "Share",
    message: "too many",
    liftable
  }))
})
const setOf = (...names: ReadonlyArray<string>): Waiting => {
  const set = waitingDeletes(STATE, withheld(names.map((name) => ({ name }))))
  if (set === undefined) throw new Error("nothing waits")
  return set
}
const takeOver: Outcome = { _tag: "TakeOverWithheld", object: manifest("a"), uid: "uid-live", message: "restarts" }

describe("a set that waits", () => {
  it("has the same digest in whatever order its objects come", () => {
    assert.strictEqual(setOf("a", "b").digest, setOf("b", "a").digest)
    assert.match(setOf("a").digest, /^[0-9a-f]{32}$/)
  })

  it.each<[row: string, other: Waiting | undefined]>([
    ["an object more", setOf("a", "b", "c")],
    ["an object less", setOf("a")],
    ["another object", setOf("a", "c")],
    ["another UID", waitingDeletes(STATE, withheld([{ name: "a" }, { name: "b", uid: "uid-anew" }]))],
    ["another vCenter", waitingDeletes({ ...STATE, vcenter: "vc-b-0" }, withheld([{ name: "a" }, { name: "b" }]))],
    [
      "another reason",
      waitingEmptyRenders(
        STATE,
        plan(complete(desired({ emptyRenders: [[NOVA, BB1]] })), ledger([entry("a"), entry("b")]))
      )
    ]
  ])("has another digest with %s", (_, other) => {
    assert.isDefined(other)
    assert.notStrictEqual(other?.digest, setOf("a", "b").digest)
  })

  it("is none where nothing waits, and where no person may lift what withholds", () => {
    assert.isUndefined(waitingDeletes(STATE, { allowed: [prune("a")], withheld: [] }))
    assert.isUndefined(waitingDeletes(STATE, withheld([{ name: "a" }], false)))
    assert.isUndefined(waitingTakeOvers(STATE, []))
    assert.isUndefined(waitingStorage(STATE, []))
  })

  it("says by which command it is approved", () => {
    const { command, digest } = setOf("a")
    assert.strictEqual(
      command,
      `kubectl -n operators patch vcs ${VCENTER} --type=merge -p '{"spec":{"approve":"${digest}"}}'`
    )
  })

  it("of take-overs names the live objects by their UIDs", () => {
    const set = waitingTakeOvers(STATE, [takeOver])
    assert.deepStrictEqual(
      [set?.reason, set?.objects, [...(set?.keys ?? [])]],
      ["TakeOver", ["Deployment monsoon3/a"], [[A, takeOver.uid]]]
    )
    assert.notStrictEqual(set?.digest, waitingTakeOvers(STATE, [{ ...takeOver, uid: "uid-anew" }])?.digest)
  })

  it("of lost storage names the clusters, and what each of them lost", () => {
    const lost = { ref: BB1, name: "productionbb001", message: "" }
    const set = waitingStorage(STATE, [{ ...lost, what: ["datastores"] }])
    assert.deepStrictEqual(set?.objects, ["productionbb001: datastores"])
    assert.notStrictEqual(set?.digest, waitingStorage(STATE, [{ ...lost, what: ["network"] }])?.digest)
  })

  it("is told with its count, the command and the first five objects", () => {
    const { message, reason } = notice(setOf("a", "b", "c", "d", "e", "f", "g"))
    assert.strictEqual(reason, "PruneWithheld")
    assert.match(
      message,
      /^the delete of 7 objects waits for approval; to approve exactly these 7: kubectl -n .* and 2 more$/
    )
  })
})

describe("what stands in spec.approve", () => {
  const set = setOf("a", "b")
  const used: Ledger = { ...ledger([entry("a")]), approval: set.digest }

  it.each<[row: string, approve: string | undefined, Ledger, expected: boolean, said: RegExp | undefined]>([
    ["is absent: approves nothing", undefined, ledger([]), false, undefined],
    ["is empty: approves nothing", "", ledger([]), false, undefined],
    ["is the digest: approves the set", set.digest, ledger([]), true, /another set/],
    ["is the digest, used before: approves nothing", set.digest, used, false, /has been used/],
    ["is the digest of another set: approves nothing", setOf("a").digest, ledger([]), false, /names another set/],
    ["is any other text: approves nothing", "yes", used, false, /names another set/]
  ])("%s", (_, approve, recorded, expected, said) => {
    assert.strictEqual(approves(approve, recorded, set), expected)
    assert.match(stale(approve, recorded, [set]) ?? "nothing", said ?? /^nothing$/)
  })

  it("approves nothing where nothing waits, and is not mentioned after it was used", () => {
    assert.isFalse(approves(set.digest, ledger([]), undefined))
    assert.isUndefined(stale(set.digest, used, []))
  })

  it("can be used again after it was taken away", () => {
    assert.strictEqual(forgetting(used, set.digest), used)
    for (const now of [undefined, "", "another"]) {
      assert.isTrue(approves(set.digest, forgetting(used, now), set))
    }
  })
})

describe("an approval", () => {
  const both = ledger([entry("a"), entry("b")])

  it("marks exactly the objects of its set, and is used by that", () => {
    const after = approved(both, setOf("a"))
    assert.deepStrictEqual(after.entries, entriesOf([entry("a", { approved: "delete" }), entry("b")]))
    assert.strictEqual(after.approval, setOf("a").digest)
  })

  it("prunes what an unchanged template renders no longer", () => {
    const wants = complete(desired({ emptyRenders: [[NOVA, BB1]] }))
    const { kept, prunes } = plan(wants, approved(both, setOf("a")))
    assert.deepStrictEqual(
      [prunes.map(({ entry: { name } }) => name), kept.map(({ entry: { name } }) => name)],
      [["a"], ["b"]]
    )
  })

  const next = (before: Ledger, wants: ReturnType<typeof desired>) =>
    nextLedger(before, wants, { entries: before.entries, pruned: 0, now: 0 })
  const marks = (self: Ledger) => [...self.entries.values()].map(({ approved: mark }) => mark)

  it.each<[row: string, wants: ReturnType<typeof desired>, mark: "delete" | undefined]>([
    ["stays with an object that is still unwanted", desired(), "delete"],
    ["stays while a template fails", desired({ failures: [{ template: NOVA, message: "line 1" }] }), "delete"],
    ["ends for an object that is wanted again", desired({ wanted: [wanted("a", { digest: "old" })] }), undefined],
    ["ends for an object that is claimed twice", desired({ contested: new Map([[A, "twice"]]) }), undefined]
  ])("%s", (_, wants, mark) => {
    const after = next(approved(ledger([entry("a")]), setOf("a")), wants)
    assert.deepStrictEqual(marks(after), [mark])
    assert.strictEqual(after.approval, setOf("a").digest)
  })

  it("of take-overs is marked on what has not been applied yet, and found there after a crash", () => {
    const entries = takingOver(entriesOf([pending("a"), entry("b")]), new Set([A, id(entry("b"))]))
    assert.deepStrictEqual(entries, entriesOf([pending("a", { approved: "take-over" }), entry("b")]))
    const recorded = next({ ...ledger([]), entries }, desired({ wanted: [wanted("a")] }))
    const found = approvedTakeOvers(new Map(), recorded)
    assert.deepStrictEqual(
      [A, id(entry("b"))].map((key) => found(key, "uid")),
      [true, false]
    )
  })

  it("of take-overs is for the objects that were shown, and for none that was made since under the same name", () => {
    const covers = approvedTakeOvers(new Map([[A, "uid-a"]]), ledger([]))
    assert.deepStrictEqual(
      [covers(A, "uid-a"), covers(A, "uid-anew"), covers("another", "uid-a")],
      [true, false, false]
    )
  })

  const Names = Schema.UniqueArray(Schema.Literals(["a", "b", "c", "d"]))

  it.prop("is never good for an object outside its set", { set: Names, all: Names }, ({ set, all }) => {
    if (set.length === 0) return
    const after = approved(ledger(all.map((name) => entry(name))), setOf(...set))
    const marked = [...after.entries.values()].flatMap(({ name, approved: mark }) => (mark === "delete" ? [name] : []))
    assert.deepStrictEqual(marked.sort(), all.filter((name) => set.includes(name)).sort())
  })
})
