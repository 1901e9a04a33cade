import { assert, describe, it } from "@effect/vitest"
import { type Entry, entriesOf } from "../../src/domain/Ledger.ts"
import { id } from "../../src/domain/Manifest.ts"
import { doubted, isFailure, isTransient, type Outcome, type Sending, settle, union } from "../../src/domain/Outcome.ts"
import type { Apply } from "../../src/domain/Plan.ts"
import { apply, entry, ledger, manifest, pending, prune } from "./fixtures.ts"

const A = manifest("a")
const failed = (answered: boolean, transient = false): Outcome => ({
  _tag: "ApplyFailed",
  object: A,
  step: apply("a"),
  answered,
  transient,
  message: "no"
})
const applied = (recorded?: Entry): Outcome => ({
  _tag: "Applied",
  object: A,
  step: apply("a", recorded),
  uid: "uid-live",
  created: recorded === undefined
})
const handedOver: Outcome = { _tag: "HandedOver", object: manifest("a"), message: "it belongs to vc-b-0" }
const sending = (step: Apply, over: Partial<Sending> = {}): Sending => ({
  step,
  exists: true,
  applied: undefined,
  ...over
})
const foreign: Outcome = { _tag: "Foreign", object: A, message: "another's" }
const optedOut: Outcome = { _tag: "OptedOut", object: A }
const pruned: Outcome = { _tag: "Pruned", object: A }
const pruneFailed = (transient = false): Outcome => ({ _tag: "PruneFailed", object: A, transient, message: "no" })
const withheld: Outcome = { _tag: "Withheld", object: A, guard: "Share", message: "too many" }
const takeOver: Outcome = { _tag: "TakeOverWithheld", object: A, uid: "uid-live", message: "its pods would restart" }
const stripped: Outcome = { _tag: "AnotherWriter", object: A, uid: "uid-live", message: "no mark" }
const remarked: Outcome = { _tag: "Remarked", object: A, uid: "uid-live" }
const notAttempted: Outcome = { _tag: "NotAttempted", object: A, message: "stopping" }

describe("settle", () => {
  const old = entry("a", { unwanted: 60 })
  const { digest: _, ...unsure } = old
  const fresh: Entry = { ...pending("a"), digest: "new", uid: "uid-live" }

  it.each<[row: string, before: Entry | undefined, ReadonlyArray<Outcome>, after: Entry | undefined]>([
    ["a new object that was applied: digest and UID", undefined, [applied()], fresh],
    ["a recorded object that was applied: its new digest and UID", old, [applied(old)], fresh],
    ["a pending object that was applied: digest and UID", pending("a"), [applied(pending("a"))], fresh],
    ["a recorded object whose apply was rejected: no digest", old, [failed(true)], unsure],
    ["a recorded object whose apply had no answer: no digest, it may be changed", old, [failed(false)], unsure],
    ["a pending object whose apply was rejected: still pending", pending("a"), [failed(true)], pending("a")],
    ["a new object whose apply was rejected: nothing", undefined, [failed(true)], undefined],
    ["a new object whose apply had no answer: pending, it may exist", undefined, [failed(false)], pending("a")],
    ["a recorded object that was not attempted: as it was", old, [notAttempted], old],
    ["a new object that was not attempted: nothing", undefined, [notAttempted], undefined],
    ["a recorded object whose take-over is withheld: as it was", old, [takeOver], old],
    ["a new object whose take-over is withheld: nothing", undefined, [takeOver], undefined],
    ["a deleted object: nothing", old, [pruned], undefined],
    ["an object whose delete failed: no digest, it may be gone", old, [pruneFailed()], unsure],
    ["an object that somebody else has written: no digest", old, [stripped], unsure],
    [
      "an object that was taken back: no digest and no approval, and its UID",
      { ...old, approved: "take-over" },
      [remarked],
      { ...unsure, uid: "uid-live" }
    ],
    ["an object whose delete was withheld: as it was", old, [withheld], old],
    ["a recorded object that is another's now: nothing", old, [foreign], undefined],
    ["a new object that is another's: nothing", undefined, [foreign], undefined],
    ["an object that was handed over: nothing", old, [handedOver], undefined],
    ["a recorded object that has opted out: nothing", old, [optedOut], undefined],
    ["an object without any outcome: as it was", old, [], old]
  ])("leaves for %s", (_, before, outcomes, after) => {
    const recorded = ledger(before === undefined ? [] : [before])
    const steps = outcomes.some(({ _tag }) => _tag === "Applied" || _tag === "ApplyFailed" || before === undefined)
    const entries = settle(recorded.entries, union(recorded, steps ? [sending(apply("a", before))] : []), outcomes)
    assert.deepStrictEqual(entries, entriesOf(after === undefined ? [] : [after]))
  })

  it("leaves an object that was refused before anything was recorded as it was not: absent", () => {
    assert.deepStrictEqual(settle(new Map(), new Map(), [foreign, failed(true)]), new Map())
  })

  it("touches no other object", () => {
    const before = ledger([entry("a"), entry("b")])
    assert.deepStrictEqual(settle(before.entries, before.entries, [pruned]), entriesOf([entry("b")]))
  })
})

describe("union", () => {
  it("adds each new object as pending, without digest or UID, and keeps what is recorded as it is", () => {
    const before = ledger([entry("a"), pending("b")])
    const steps = [sending(apply("b", pending("b"))), sending(apply("c"), { exists: false })]
    assert.deepStrictEqual(union(before, steps), entriesOf([entry("a"), pending("b"), pending("c")]))
  })

  it("takes the digest of what is about to be changed: wanted again as it was, it would else look unchanged", () => {
    const { digest: _, ...unsure } = entry("a")
    assert.deepStrictEqual(union(ledger([entry("a")]), [sending(apply("a", entry("a")))]), entriesOf([unsure]))
  })

  it("makes pending what is not there any more: it comes back with another UID", () => {
    const { digest: _, ...unsure } = entry("a")
    for (const recorded of [entry("a"), unsure]) {
      const steps = [sending(apply("a", recorded), { exists: false })]
      assert.deepStrictEqual(union(ledger([recorded]), steps), entriesOf([pending("a")]))
    }
  })

  it("is the very same map when nothing is new, so that nothing needs to be written", () => {
    const before = ledger([entry("a")])
    assert.strictEqual(union(before, []), before.entries)
    assert.strictEqual(union(before, [sending(apply("a", entry("a")), { applied: "uid-a" })]), before.entries)
    const unsure = ledger([pending("a")])
    assert.strictEqual(union(unsure, [sending(apply("a", pending("a")))]), unsure.entries)
  })

  it("records the version in use, by which the object is found again", () => {
    assert.strictEqual(union(ledger([]), [sending(apply("a"))]).get(id(A))?.apiVersion, "apps/v1")
  })
})

describe("doubted", () => {
  it("takes the digest of what is about to be deleted, and nothing else: wanted again, it is applied again", () => {
    const before = ledger([entry("a", { unwanted: 60 }), entry("b"), pending("c")])
    const { digest: _, ...unsure } = entry("a", { unwanted: 60 })
    assert.deepStrictEqual(
      doubted(before.entries, [prune("a", { unwanted: 60 })]),
      entriesOf([unsure, entry("b"), pending("c")])
    )
    assert.deepStrictEqual(doubted(before.entries, []), before.entries)
  })
})

describe("an outcome", () => {
  it.each<[Outcome, failure: boolean, transient: boolean]>([
    [applied(), false, false],
    [failed(true), true, false],
    [failed(false, true), true, true],
    [takeOver, true, false],
    [stripped, true, false],
    [{ ...stripped, transient: true }, true, true],
    [remarked, false, false],
    [foreign, true, false],
    [optedOut, false, false],
    [pruned, false, false],
    [pruneFailed(), true, false],
    [pruneFailed(true), true, true],
    [withheld, false, false],
    [notAttempted, false, false]
  ])("%o: a failure is %s, and may pass by itself is %s", (outcome, failure, transient) => {
    assert.deepStrictEqual([isFailure(outcome), isTransient(outcome)], [failure, transient])
  })
})
