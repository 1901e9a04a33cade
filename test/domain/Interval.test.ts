import { assert, describe, it } from "@effect/vitest"
import { Duration, Schema } from "effect"
import { parse } from "../../src/domain/Interval.ts"

describe("Interval", () => {
  it.each([
    ["90s", 90],
    ["5m", 300],
    ["1h", 3600],
    ["45", 45],
    ["0", 0],
    ["0s", 0],
    ["007", 7]
  ])("reads %s as %i seconds", (text, seconds) => {
    assert.strictEqual(Duration.toSeconds(parse(text) ?? Duration.infinity), seconds)
  })

  it.each(["", " ", "5 m", "5M", "-5s", "1.5h", "1h30m", "5d", "s", "1e3", "999999999", "٥s", "5m\n"])(
    "does not guess at %j",
    (text) => {
      assert.isUndefined(parse(text))
    }
  )

  it.prop("is never negative, infinite or not a number", [Schema.String], ([text]) => {
    const parsed = parse(text)
    if (parsed !== undefined) assert.isTrue(Duration.isFinite(parsed) && Duration.toMillis(parsed) >= 0)
  })
})
