import { assert, describe, it } from "@effect/vitest"
import { type GuardFacts, guards, judge } from "../../src/domain/Guards.ts"
import { prune } from "./fixtures.ts"
import { CLEAR, many } from "./guarding.ts"

describe("the guard against deleting everything", () => {
  it.each<[prunes: number, recorded: number, pruned: number, allowMin: number, withheld: boolean]>([
    [6, 6, 0, 5, true],
    [6, 7, 0, 5, false],
    [5, 5, 0, 5, false],
    [1, 1, 0, 5, false],
    [1, 1, 0, 0, true],
    // The record may hold fewer than are to be deleted only by a mistake.
    [7, 6, 0, 5, true],
    // The last hour's deletes belong to the set: otherwise small sets would empty everything.
    [3, 3, 5, 5, true],
    [3, 3, 2, 5, false],
    [3, 4, 5, 5, false]
  ])("for %i of %i objects after %i, with allow_prune_min %i: %s", (prunes, recorded, pruned, allowMin, withheld) => {
    const facts = { ...CLEAR, recorded, allowMin, allowShare: 100, lastHour: { pruned, recorded: recorded + pruned } }
    const guard = judge(many(prunes), facts).withheld.map((each) => each.guard)
    assert.deepStrictEqual(guard, withheld ? Array.from({ length: prunes }, () => guard[0]) : [])
    if (withheld && prunes === recorded) assert.strictEqual(guard[0], "Everything")
  })
})

describe("the guard of the share", () => {
  it.each<[prunes: number, lastHour: GuardFacts["lastHour"], allowShare: number, allowMin: number, withheld: boolean]>([
    // On the boundary of the share.
    [30, { pruned: 0, recorded: 100 }, 30, 5, false],
    [31, { pruned: 0, recorded: 100 }, 30, 5, true],
    // A part of an object is none.
    [6, { pruned: 0, recorded: 20 }, 30, 5, false],
    [6, { pruned: 0, recorded: 19 }, 30, 5, true],
    // On the boundary of allow_prune_min: a set no larger than this is not judged by its share.
    [5, { pruned: 0, recorded: 6 }, 30, 5, false],
    [6, { pruned: 0, recorded: 7 }, 30, 5, true],
    [1, { pruned: 0, recorded: 2 }, 30, 0, true],
    // The last hour's deletes belong to the set: otherwise small sets would empty everything.
    [20, { pruned: 10, recorded: 100 }, 30, 5, false],
    [21, { pruned: 10, recorded: 100 }, 30, 5, true],
    [4, { pruned: 1, recorded: 10 }, 30, 5, false],
    [5, { pruned: 1, recorded: 10 }, 30, 5, true],
    // Switched off, and allowing nothing above the minimum.
    [99, { pruned: 0, recorded: 100 }, 100, 5, false],
    [6, { pruned: 0, recorded: 1000 }, 0, 5, true],
    [5, { pruned: 0, recorded: 1000 }, 0, 5, false]
  ])(
    "for %i objects after %o, with allow_prune_share %i and allow_prune_min %i: %s",
    (prunes, lastHour, allowShare, allowMin, withheld) => {
      const { allowed, withheld: refused } = judge(many(prunes), {
        ...CLEAR,
        recorded: 10_000,
        lastHour,
        allowShare,
        allowMin
      })
      assert.deepStrictEqual([allowed.length, refused.length], withheld ? [0, prunes] : [prunes, 0])
      assert.isTrue(refused.every(({ guard }) => guard === "Share"))
    }
  )

  it("says the numbers and the setting", () => {
    const facts = { ...CLEAR, lastHour: { pruned: 30, recorded: 100 } }
    assert.strictEqual(
      judge([prune("a")], facts).withheld[0]?.message,
      "this would delete 1 object, 31 with the last hour's, of 100: more than allow_prune_share (30 %)"
    )
  })

  it("judges only what no earlier guard withheld", () => {
    const facts: GuardFacts = {
      ...CLEAR,
      unwantedFor: ({ entry: { name } }) => (name === "p0" ? 0 : 300),
      lastHour: { pruned: 0, recorded: 100 }
    }
    const { allowed, withheld } = judge(many(31), facts)
    assert.deepStrictEqual([allowed.length, withheld.map(({ guard }) => guard)], [30, ["PruneDelay"]])
  })
})

describe("a delete that a person has approved", () => {
  /** What is approved, of three objects that are all there is. */
  const judged = (facts: Partial<GuardFacts>, approved: ReadonlyArray<string>) => {
    const { allowed, withheld } = judge([prune("a"), prune("b"), prune("c")], {
      ...CLEAR,
      recorded: 3,
      allowMin: 0,
      lastHour: { pruned: 0, recorded: 3 },
      ...facts,
      approved: ({ entry: { name } }) => approved.includes(name)
    })
    return [
      allowed.map(({ entry: { name } }) => name).join(""),
      [...new Set(withheld.map(({ guard }) => guard))].join(" "),
      withheld.every(({ liftable }) => liftable)
    ]
  }

  it.each<[row: string, Partial<GuardFacts>, guard: string, liftable: boolean]>([
    ["nothing approved lifts a pause", { paused: true }, "Paused", false],
    ["nor a partial reading", { partial: "no answer" }, "Partial", false],
    ["nor a failing template", { failedScopes: new Map([["cluster", "monsoon3/nova"]]) }, "TemplateFailed", false],
    ["nor the delay", { unwantedFor: () => 0 }, "PruneDelay", false],
    ["nor another vCenter's wish", { wantedElsewhere: () => "vc-b-0" }, "WantedElsewhere", false],
    ["nor another vCenter behind the name", { stranger: "another one" }, "AnotherVCenter", false],
    ["nor an absence that is not confirmed", { unconfirmed: () => "hidden" }, "Unconfirmed", false],
    ["nor the grace of a vCenter that is gone", { discovered: false, goneFor: 3599 }, "VCenterRetained", false],
    ["nor that its objects are retained", { discovered: false }, "VCenterRetained", false],
    ["it lifts the loss of the vCenter", { discovered: false, goneFor: 3600 }, "VCenterGone", true],
    ["it lifts everything", {}, "Everything", true],
    ["it lifts the share", { recorded: 4, lastHour: { pruned: 0, recorded: 4 } }, "Share", true]
  ])("%s", (_, facts, guard, liftable) => {
    assert.deepStrictEqual(judged(facts, []), ["", guard, liftable])
    assert.deepStrictEqual(judged(facts, ["a", "b", "c"]), liftable ? ["abc", "", true] : ["", guard, false])
  })

  it("goes alone: what is added later waits, and is judged together with what goes", () => {
    assert.deepStrictEqual(judged({}, ["a", "b"]), ["ab", "Everything", true])
    const facts: Partial<GuardFacts> = { recorded: 10, lastHour: { pruned: 0, recorded: 10 }, allowMin: 2 }
    assert.deepStrictEqual(judged({ ...facts, allowShare: 20 }, ["a", "b"]), ["ab", "Share", true])
    assert.deepStrictEqual(judged({ ...facts, allowShare: 30 }, ["a", "b"]), ["abc", "", true])
  })

  it("can be one only where a person may know better than any reading", () => {
    assert.deepStrictEqual(
      guards.filter(({ liftable }) => liftable).map(({ name }) => name),
      ["VCenterGone", "Rebuilt", "Everything", "Share", "MayBeElsewhere"]
    )
  })
})
