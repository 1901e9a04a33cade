import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { id } from "../../src/domain/Manifest.ts"
import { plan } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import { fromLedger, observe, type Unwanted } from "../../src/domain/Unwanted.ts"
import { BB1, desired, entry, ledger, NOVA, wanted } from "./fixtures.ts"

const GAP = 20_000
const A = id(entry("a"))
const START = fromLedger(ledger([]))

const gone = plan(complete(desired()), ledger([entry("a")]))
const others = new Map([
  ["wanted", plan(complete(desired({ wanted: [wanted("a")] })), ledger([entry("a")]))],
  ["kept", plan(complete(desired({ emptyRenders: [[NOVA, BB1]] })), ledger([entry("a")]))]
])
type Look = `${number} ${"gone" | "wanted" | "kept" | "partial"}`

/** What is counted after looks, each written as its second and what it finds; undefined when nothing is. */
const counted = (looks: ReadonlyArray<Look>, start: Unwanted = START): number | undefined => {
  const { millis } = looks.reduce((before, look) => {
    const [second, found = ""] = look.split(" ")
    const now = Number(second) * 1000
    return observe(before, others.get(found) ?? gone, { complete: found !== "partial", now, gap: GAP })
  }, start)
  const found = millis.get(A)
  return found === undefined ? undefined : found / 1000
}

describe("observe", () => {
  it.each<[row: string, looks: ReadonlyArray<Look>, seconds: number | undefined]>([
    ["leaves everything as it was after a partial look", ["0 gone", "5 gone", "10 partial"], 5],
    ["counts no time up to a partial look, and none after it", ["0 gone", "5 partial", "10 gone"], 0],
    ["forgets an object that is wanted again", ["0 gone", "5 gone", "10 wanted"], undefined],
    ["forgets an object that is kept for another reason", ["0 gone", "5 gone", "10 kept"], undefined],
    ["starts over when the object is unwanted anew", ["0 gone", "5 gone", "10 wanted", "15 gone"], 0],
    ["begins with nothing when it is unwanted for the first time", ["0 gone"], 0],
    ["adds the time since the last complete look", ["0 gone", "5 gone", "12 gone"], 12],
    ["adds of a long gap only what is allowed", ["0 gone", "3600 gone"], 20],
    ["adds nothing when the clock jumps back, and goes on from there", ["100 gone", "50 gone", "60 gone"], 10],
    ["adds the allowed gap at most when the clock jumps ahead", ["0 gone", "1000000 gone", "1000005 gone"], 25]
  ])("%s", (_, looks, seconds) => {
    assert.strictEqual(counted(looks), seconds)
  })

  it("goes on with what the record has kept, without the time in which nobody looked", () => {
    const start = fromLedger(ledger([entry("a", { unwanted: 200 }), entry("b")]))
    assert.deepStrictEqual([...start.millis], [[A, 200_000]])
    assert.strictEqual(counted(["1000000 gone"], start), 200)
    assert.strictEqual(counted(["1000000 gone", "1000010 gone"], start), 210)
  })

  const Step = Schema.Struct({
    millis: Schema.Int.check(Schema.isBetween({ minimum: -100_000, maximum: 100_000 })),
    complete: Schema.Boolean
  })

  it.prop(
    "counts at most the gap between two complete looks, at most what has passed, and never less",
    {
      steps: Schema.Array(Step)
    },
    ({ steps }) => {
      let state = START
      let [now, allowed, before] = [0, 0, 0]
      let previous: number | undefined
      for (const step of steps) {
        now += step.millis
        state = observe(state, gone, { complete: step.complete, now, gap: GAP })
        if (step.complete && previous !== undefined) allowed += Math.min(GAP, Math.max(0, now - previous))
        previous = step.complete ? now : undefined
        const millis = state.millis.get(A) ?? 0
        assert.isAtMost(millis, allowed)
        assert.isAtLeast(millis, before)
        before = millis
      }
    }
  )

  it.prop(
    "counts all the time that is observed without a gap, whatever the pace of the looks",
    {
      steps: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: GAP })))
    },
    ({ steps }) => {
      let [now, state] = [0, observe(START, gone, { complete: true, now: 0, gap: GAP })]
      for (const step of steps) {
        now += step
        state = observe(state, gone, { complete: true, now, gap: GAP })
      }
      assert.strictEqual(state.millis.get(A), now)
    }
  )
})
