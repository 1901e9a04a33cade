import { assert, describe, it } from "@effect/vitest"
import { asProof, desiredWithout, type Gone, goneBefore, goneNow, returned } from "../../src/domain/Gone.ts"
import { nextLedger } from "../../src/domain/nextLedger.ts"
import { plan } from "../../src/domain/Plan.ts"
import { complete, partial } from "../../src/domain/Snapshot.ts"
import { desired, entry, ledger } from "./fixtures.ts"

const GAP = 20_000
const ZONE = complete("zone")
const UNSURE = partial("zone", "no answer")

/** Seconds gone after looks, each written as its second and what the zone is. */
const counted = (looks: ReadonlyArray<`${number} ${"whole" | "unsure"}`>, start = goneBefore(ledger([]))): number =>
  looks.reduce((before: Gone, look) => {
    const [second, zone] = look.split(" ")
    return goneNow(before, zone === "whole" ? ZONE : UNSURE, { now: Number(second) * 1000, gap: GAP })
  }, start).millis / 1000

describe("the time for which a vCenter is gone", () => {
  it.each<[row: string, looks: ReadonlyArray<`${number} ${"whole" | "unsure"}`>, seconds: number]>([
    ["stays as it was after a zone that was not confirmed", ["0 whole", "10 whole", "20 unsure"], 10],
    ["begins with the first look", ["100 whole"], 0],
    ["does not count up to a zone that was not confirmed, nor after it", ["0 whole", "10 unsure", "20 whole"], 0],
    ["counts what passes between two looks", ["0 whole", "10 whole", "20 whole"], 20],
    ["counts of a long gap only what is allowed", ["0 whole", "3600 whole"], 20],
    ["counts nothing when the clock jumps back", ["100 whole", "50 whole"], 0]
  ])("%s", (_, looks, seconds) => {
    assert.strictEqual(counted(looks), seconds)
  })

  it("goes on with what the record has kept, without the time in which nobody looked", () => {
    assert.strictEqual(counted(["1000000 whole"], goneBefore({ ...ledger([]), gone: 120 })), 120)
  })

  it("is recorded in whole minutes, and forgotten when the vCenter is back", () => {
    const recorded = ledger([entry("a")])
    const gone = desiredWithout(ZONE, recorded, { millis: 179_000, lookedAt: 0 }).value
    const after = nextLedger(recorded, gone, { entries: recorded.entries, pruned: 0, now: 0 })
    assert.strictEqual(after.gone, 120)
    assert.isUndefined(nextLedger(after, desired(), { entries: after.entries, pruned: 0, now: 0 }).gone)
    assert.deepStrictEqual([after.instanceUuid, after.entries], [recorded.instanceUuid, recorded.entries])
  })
})

describe("a vCenter that is in the zone again", () => {
  it("is asked for anew: the time it was gone and what was approved for it are forgotten", () => {
    const taken = entry("b", { approved: "take-over" })
    const gone = { ...ledger([entry("a", { approved: "delete" }), taken]), gone: 600 }
    assert.deepStrictEqual(returned(gone), ledger([entry("a"), taken]))
  })

  it("keeps its record as it is when it was not gone", () => {
    const approved = ledger([entry("a", { approved: "delete" })])
    assert.strictEqual(returned(approved), approved)
  })
})

describe("a zone", () => {
  it.each<[row: string, confirmedAt: number | undefined, proves: boolean]>([
    ["proves an absence while it is being confirmed", 80_000, true],
    ["proves none when it has not been confirmed lately", 79_999, false],
    ["proves none before it was ever confirmed", undefined, false]
  ])("%s", (_, confirmedAt, proves) => {
    assert.strictEqual(asProof("zone", confirmedAt, { now: 100_000, gap: GAP })._tag, proves ? "Complete" : "Partial")
  })

  it("without a vCenter makes everything of it unwanted when it is whole, and nothing when it is not", () => {
    const recorded = ledger([entry("a")])
    const gone: Gone = { millis: 0, lookedAt: undefined }
    assert.deepStrictEqual(
      plan(desiredWithout(ZONE, recorded, gone), recorded).prunes.map(({ cause }) => cause),
      ["vCenter gone"]
    )
    assert.deepStrictEqual(plan(desiredWithout(UNSURE, recorded, gone), recorded).prunes, [])
  })
})
