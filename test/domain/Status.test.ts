import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Outcome } from "../../src/domain/Outcome.ts"
import {
  type Findings,
  failureText,
  LISTED_PROBLEMS,
  outcomeText,
  statusOf,
  withLedger,
  writeDue
} from "../../src/domain/Status.ts"
import { Status, storeLedger } from "../../src/domain/VCenterState.ts"
import { failure, keeping, OFFLINE, RECORDED, refused, run, WELL, withholding } from "./findings.ts"
import { BB1, entry, ledger, NOVA } from "./fixtures.ts"

const NOW = Date.parse("2026-03-01T12:00:00.000Z")
const LATER = "2026-03-01T13:00:00.000Z"

describe("statusOf", () => {
  it("shows reason, version, counts and record", () => {
    const { conditions: _, ledger: stored, ...rest } = statusOf(run(withholding("Share", "Share")), undefined, 7, NOW)
    assert.deepStrictEqual(rest, {
      observedGeneration: 7,
      reason: "PruneWithheldShare",
      version: "8.0.3 build-24022510",
      clusters: 2,
      objects: 1,
      withheld: 2,
      problems: [
        { object: "Deployment monsoon3/a", reason: "Share", message: "because of Share" },
        { object: "Deployment monsoon3/a", reason: "Share", message: "because of Share" }
      ]
    })
    assert.deepStrictEqual(stored, storeLedger(RECORDED))
  })

  it("counts the recorded clusters of a vCenter that is not connected, and has no version", () => {
    const status = statusOf(OFFLINE, undefined, undefined, NOW)
    assert.deepStrictEqual([status.clusters, status.version, status.observedGeneration], [2, undefined, undefined])
  })

  it("lists every kind of problem, the first 20, and never cuts the counts", () => {
    const outcomes = Array.from({ length: 30 }, (): Outcome => refused)
    const { problems, withheld: count } = statusOf(
      run({ failures: [failure], outcomes, ...withholding(...Array.from({ length: 40 }, () => "Share")) }),
      undefined,
      1,
      NOW
    )
    assert.strictEqual(problems.length, LISTED_PROBLEMS)
    assert.deepStrictEqual(problems[0], { object: NOVA, reason: "TemplateFailed", message: failureText(failure) })
    assert.deepStrictEqual(problems[1], {
      object: "Deployment monsoon3/a",
      reason: "ApplyFailed",
      message: outcomeText(refused)
    })
    assert.strictEqual(count, 40)
  })

  it("lists what is kept and what is held", () => {
    const contested = new Map([["apps/Deployment/monsoon3/x", "claimed twice"]])
    const { problems } = statusOf(
      run(keeping({ held: new Map([[BB1, "no permission"]]), contested })),
      undefined,
      1,
      NOW
    )
    assert.deepStrictEqual(problems, [
      { object: "Deployment monsoon3/a", reason: "Kept", message: "facts are not whole: no permission" },
      { object: "apps/Deployment/monsoon3/x", reason: "Held", message: "claimed twice" }
    ])
  })

  const World = Schema.Struct({
    discovered: Schema.Literals([true, false]),
    offline: Schema.Boolean,
    failing: Schema.Boolean,
    refused: Schema.Boolean,
    withheld: Schema.Boolean,
    paused: Schema.Boolean
  })
  const findingsOf = (world: typeof World.Type): Findings => ({
    ...(world.offline
      ? OFFLINE
      : run({
          failures: world.failing ? [failure] : [],
          outcomes: world.refused ? [refused] : [],
          ...(world.withheld ? withholding("Share") : {})
        })),
    discovered: world.discovered,
    stopped: world.paused ? { reason: "Paused", message: "paused" } : undefined
  })
  const Later = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1e9 }))

  it.prop(
    "gives the same text for the same findings whenever it is asked: a restart writes nothing",
    {
      world: World,
      later: Later
    },
    ({ world, later }) => {
      const first = statusOf(findingsOf(world), undefined, 1, NOW)
      const second = statusOf(findingsOf(world), first, 1, NOW + later)
      assert.strictEqual(JSON.stringify(second), JSON.stringify(first))
      assert.strictEqual(writeDue(first, second), "no")
    }
  )

  it.prop(
    "moves the time of a condition with its status alone",
    { before: World, world: World, later: Later },
    ({ before, world, later }) => {
      const first = statusOf(findingsOf(before), undefined, 1, NOW)
      const second = statusOf(findingsOf(world), first, 1, NOW + later)
      second.conditions.forEach((each, index) => {
        const previous = first.conditions[index]
        const moved = each.lastTransitionTime !== previous?.lastTransitionTime
        assert.strictEqual(moved, each.status !== previous?.status)
        if (moved) assert.strictEqual(Date.parse(each.lastTransitionTime), NOW + later)
      })
    }
  )

  it.prop("is Ready only when nothing is wrong", { world: World }, ({ world }) => {
    const bad = !world.discovered || world.offline || world.failing || world.refused || world.withheld || world.paused
    assert.strictEqual(statusOf(findingsOf(world), undefined, 1, NOW).conditions.at(-1)?.status, bad ? "False" : "True")
  })

  it.prop("can be read back as the resource's schema has it", { world: World }, ({ world }) => {
    const status = statusOf(findingsOf(world), undefined, 1, NOW)
    const decode = Schema.decodeUnknownSync(Status, { onExcessProperty: "error" })
    assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(status))), status)
  })

  it("takes over the time of a condition that was there before", () => {
    const before = statusOf(WELL, undefined, 1, Date.parse(LATER))
    assert.isTrue(statusOf(WELL, before, 1, NOW).conditions.every((each) => each.lastTransitionTime === LATER))
  })
})

describe("withLedger", () => {
  it("changes the record and its count, and nothing else", () => {
    const status = statusOf(WELL, undefined, 1, NOW)
    const larger = ledger([entry("a"), entry("b")])
    assert.deepStrictEqual(withLedger(status, larger), { ...status, objects: 2, ledger: storeLedger(larger) })
  })

  it("begins a status that says no more than what is recorded", () => {
    assert.deepStrictEqual(withLedger(undefined, RECORDED), {
      conditions: [],
      reason: "Reconciling",
      clusters: 2,
      objects: 1,
      withheld: 0,
      problems: [],
      ledger: storeLedger(RECORDED)
    })
  })
})

describe("writeDue", () => {
  const before = statusOf(WELL, undefined, 1, NOW)
  const otherLedger = withLedger(before, ledger([entry("a"), entry("b")]))
  const otherRest: Status = { ...before, withheld: 3 }
  const counted = withLedger(before, ledger([entry("a", { unwanted: 30 })]))

  it.each<[row: string, before: Status | undefined, after: Status, due: string]>([
    ["the record differs", before, otherLedger, "record"],
    ["the record and the rest differ", before, { ...otherLedger, withheld: 3 }, "record"],
    ["nothing was there before", undefined, before, "record"],
    ["a person has edited the spec", before, { ...before, observedGeneration: 2 }, "record"],
    ["the rest differs", before, otherRest, "status"],
    ["the seconds unwanted differ", before, counted, "status"],
    ["nothing differs", before, { ...before }, "no"]
  ])("%s", (_, one, other, due) => {
    assert.strictEqual(writeDue(one, other), due)
  })

  it("does not mind the order of keys, in which the server may give them back", () => {
    const shuffled = Schema.decodeUnknownSync(Status)(Object.fromEntries(Object.entries(before).reverse()))
    assert.strictEqual(writeDue(shuffled, before), "no")
  })
})
