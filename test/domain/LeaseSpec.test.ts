import { assert, describe, it } from "@effect/vitest"
import { type Decision, decide, held, type LeaseSpec, read, released } from "../../src/domain/LeaseSpec.ts"

const ME = "operator-0"
const OTHER = "operator-1"
const NOW = Date.UTC(2026, 10, 22, 12, 0, 5)
const TIME = "2026-11-22T12:00:05.000000Z"
const BEFORE = "2026-11-22T11:00:00.000000Z"

describe("decide", () => {
  it.each<[row: string, LeaseSpec | undefined, unchanged: number, Decision]>([
    ["none: create", undefined, 0, { _tag: "Create" }],
    ["nobody's, given back: take", { holderIdentity: "", leaseDurationSeconds: 1 }, 0, { _tag: "Take" }],
    ["nobody's, unreadable: take", {}, 0, { _tag: "Take" }],
    ["mine: renew", { holderIdentity: ME, leaseDurationSeconds: 15 }, 0, { _tag: "Renew" }],
    ["mine, long expired: renew", { holderIdentity: ME, leaseDurationSeconds: 15 }, 99_000, { _tag: "Renew" }],
    [
      "another's, unchanged for its whole duration: take",
      { holderIdentity: OTHER, leaseDurationSeconds: 15 },
      15_000,
      { _tag: "Take" }
    ],
    [
      "another's, changed since: wait",
      { holderIdentity: OTHER, leaseDurationSeconds: 15 },
      14_999,
      { _tag: "Wait", holder: OTHER }
    ],
    [
      "another's, which says that it holds longer: wait",
      { holderIdentity: OTHER, leaseDurationSeconds: 60 },
      59_999,
      { _tag: "Wait", holder: OTHER }
    ],
    [
      "another's, which does not say how long: wait 15 s",
      { holderIdentity: OTHER },
      14_999,
      { _tag: "Wait", holder: OTHER }
    ]
  ])("%s", (_, lease, unchanged, expected) => assert.deepStrictEqual(decide(ME, lease, unchanged), expected))
})

describe("held", () => {
  it.each<[row: string, LeaseSpec | undefined, acquireTime: string, leaseTransitions: number]>([
    ["a new one", undefined, TIME, 0],
    ["taken from another", { holderIdentity: OTHER, acquireTime: BEFORE, leaseTransitions: 3 }, TIME, 4],
    ["taken from nobody", { holderIdentity: "", acquireTime: BEFORE, leaseTransitions: 3 }, TIME, 4],
    ["renewed: held since it was acquired", { holderIdentity: ME, acquireTime: BEFORE, leaseTransitions: 3 }, BEFORE, 3]
  ])("%s", (_, before, acquireTime, leaseTransitions) =>
    assert.deepStrictEqual(held(ME, before, NOW), {
      holderIdentity: ME,
      leaseDurationSeconds: 15,
      acquireTime,
      renewTime: TIME,
      leaseTransitions
    })
  )
})

describe("released", () => {
  it("is nobody's, and keeps how often it has changed hands", () => {
    const mine = { holderIdentity: ME, leaseDurationSeconds: 15, acquireTime: BEFORE, leaseTransitions: 3 }
    assert.deepStrictEqual(released(mine, NOW), {
      holderIdentity: "",
      leaseDurationSeconds: 1,
      acquireTime: BEFORE,
      renewTime: TIME,
      leaseTransitions: 3
    })
    assert.deepStrictEqual(decide(OTHER, read(released(mine, NOW)), 0), { _tag: "Take" })
  })
})

describe("read", () => {
  it.each<[row: string, unknown]>([
    ["no spec at all", undefined],
    ["a duration that is no number", { holderIdentity: OTHER, leaseDurationSeconds: "15" }]
  ])("takes for nobody's: %s", (_, spec) => assert.deepStrictEqual(read(spec), {}))
})
