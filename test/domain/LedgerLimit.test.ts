import { assert, describe, it } from "@effect/vitest"
import { type Ledger, withoutDigest } from "../../src/domain/Ledger.ts"
import { sizeOf, withinLimit } from "../../src/domain/LedgerLimit.ts"
import { nextLedger } from "../../src/domain/nextLedger.ts"
import { plan } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import { BB1, BB2, desired, entry, ledger, wanted } from "./fixtures.ts"

const NEW = [
  wanted("b", { subject: BB2 }),
  wanted("a", { subject: BB1 }),
  wanted("c", { subject: BB1, digest: "a".repeat(22) })
]
const RECORDED = [entry("recorded"), entry("gone")]
const WANTED = desired({ wanted: [...NEW, wanted("recorded")] })

const planned = (limit: number, self: Ledger = ledger(RECORDED)) =>
  withinLimit(plan(complete(WANTED), self), WANTED, self, limit)

/** Bytes of a record in which each is applied: a UID and a digest of the lengths they have. */
const bytesWith = (...names: ReadonlyArray<readonly [name: string, subject: string]>): number => {
  const entries = names.map(([name, subject]) =>
    entry(name, { subject, digest: "d".repeat(22), uid: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6" })
  )
  const all = ledger([...RECORDED, ...entries])
  return sizeOf(nextLedger(all, WANTED, { entries: all.entries, pruned: 0, now: 0 }))
}

const ALL = bytesWith(["a", BB1], ["b", BB2], ["c", BB1])
const FIRST = bytesWith(["a", BB1], ["c", BB1])

describe("withinLimit", () => {
  it.each<readonly [row: string, limit: number, applied: ReadonlyArray<string>, held: ReadonlyArray<string>]>([
    ["applies all that is new when all fits to the byte", ALL, ["a", "b", "c", "recorded"], []],
    ["applies what is new of the first cluster when only that fits", ALL - 1, ["a", "c", "recorded"], ["b"]],
    ["applies it when that fits to the byte", FIRST, ["a", "c", "recorded"], ["b"]],
    ["never applies a part of a cluster", FIRST - 1, ["recorded"], ["a", "b", "c"]],
    ["applies nothing new when the record is too large already", 1, ["recorded"], ["a", "b", "c"]]
  ])("%s", (_, limit, applied, held) => {
    const { applies, held: left } = planned(limit)
    assert.deepStrictEqual(
      applies.map(({ wanted: { manifest } }) => manifest.name),
      applied
    )
    assert.deepStrictEqual(
      left.map(({ object, reason }) => `${reason} ${object.split("/").at(-1)}`),
      held.map((name) => `LedgerFull ${name}`)
    )
  })

  it("goes on deleting what is not wanted: that makes room", () => {
    assert.deepStrictEqual(
      planned(1).prunes.map(({ entry: { name } }) => name),
      ["gone"]
    )
  })

  it("says how many wait, and what to do", () => {
    assert.match(planned(1).held[0]?.why ?? "", /full \(1 bytes\): 3 new objects are not applied; render fewer/)
  })

  it("counts what is recorded without a digest as recorded: it may exist", () => {
    const self = ledger([...RECORDED, withoutDigest(entry("a"))])
    assert.include(
      planned(1, self).applies.map(({ wanted: { manifest } }) => manifest.name),
      "a"
    )
  })
})
