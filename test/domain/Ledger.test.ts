import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { empty, entriesOf, lastHour, PRUNE_WINDOW_MILLIS, type RecordedPrune } from "../../src/domain/Ledger.ts"
import { entry, ledger } from "./fixtures.ts"

const NOW = 10 * PRUNE_WINDOW_MILLIS
const of = (...prunes: ReadonlyArray<RecordedPrune>) => ledger([entry("a"), entry("b")], { prunes })
const ago = (millis: number, count: number, recorded: number): RecordedPrune => ({
  at: NOW - millis,
  count,
  recorded
})

describe("lastHour", () => {
  it.each<[row: string, prunes: ReadonlyArray<RecordedPrune>, pruned: number, recorded: number]>([
    ["no prune: nothing, of what is recorded now", [], 0, 2],
    ["one a moment ago", [ago(0, 3, 10)], 3, 10],
    ["one almost an hour ago", [ago(PRUNE_WINDOW_MILLIS - 1, 3, 10)], 3, 10],
    ["one an hour ago: no longer", [ago(PRUNE_WINDOW_MILLIS, 3, 10)], 0, 2],
    ["several: their sum, of what was recorded at the first", [ago(2000, 3, 10), ago(1000, 2, 7)], 5, 10],
    ["an old one and a recent one: the recent", [ago(2 * PRUNE_WINDOW_MILLIS, 3, 10), ago(1, 2, 7)], 2, 7],
    ["one in the future, after the clock went back: it counts", [ago(-5 * PRUNE_WINDOW_MILLIS, 3, 10)], 3, 10]
  ])("counts %s", (_, prunes, pruned, recorded) => {
    assert.deepStrictEqual(lastHour(of(...prunes), NOW), { pruned, recorded })
  })

  const Ago = Schema.Int.check(Schema.isBetween({ minimum: -PRUNE_WINDOW_MILLIS, maximum: 3 * PRUNE_WINDOW_MILLIS }))

  it.prop("counts no more as time goes on", [Schema.Array(Ago), Ago], ([agos, later]) => {
    const self = of(...agos.map((millis) => ago(millis, 1, 10)))
    const moment = NOW + Math.abs(later)
    assert.isAtMost(lastHour(self, moment).pruned, lastHour(self, NOW).pruned)
  })
})

describe("entriesOf", () => {
  it("keys each entry by its identity, which holds no version: one object moved to another version is one entry", () => {
    const entries = entriesOf([entry("a", { apiVersion: "apps/v1beta1" }), entry("a"), entry("b")])
    assert.deepStrictEqual([...entries.keys()], ["apps/Deployment/monsoon3/a", "apps/Deployment/monsoon3/b"])
  })

  it("is empty for the empty ledger, which was written for no vCenter", () => {
    assert.deepStrictEqual([empty.entries.size, empty.instanceUuid], [0, undefined])
  })
})
