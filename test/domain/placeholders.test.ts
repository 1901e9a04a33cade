import { assert, describe, it } from "@effect/vitest"
import { parse } from "../../src/domain/ExactJson.ts"
import { placeholders } from "../../src/domain/placeholders.ts"
import type { Value } from "../../src/domain/Value.ts"

/** As the Secret holds it, and as the Settings decode it. */
const decoded = (text: string): Value => {
  const value = parse(text)
  return value === undefined ? text : value
}

describe("what stands for the values of the Secret", () => {
  it.each<[row: string, text: string, expected: string]>([
    ["true stays", "true", "true"],
    ["false stays", "false", "false"],
    ["null stays", "null", "null"],
    ["a text that says true stays", '"true"', '"true"'],
    ["a text that says False stays", "False", "False"],
    ["an empty text stays", "", ""],
    ["an empty list stays", "[]", "[]"],
    ["an empty mapping stays", "{}", "{}"],
    ["a whole number", "4711", "1"],
    ["a whole number of any size", "12345678901234567890", "1"],
    ["another number", "47.11", "0.5"],
    ["a float that is whole", "4711.0", "0.5"],
    ["a text", "hush", "PLACEHOLDER-k"],
    ["a text with a line break at its end", "hush\n", "PLACEHOLDER-k\n"],
    ["a text of several lines", "hush\nhush", "PLACEHOLDER-k"],
    ["a text that is JSON", '"hush"', "PLACEHOLDER-k"],
    ["a list", '[1, "hush", [true]]', '[1, "PLACEHOLDER-k.1", [true]]'],
    ["a mapping, in its order", '{"10": "hush", "9": 2}', '{"10": "PLACEHOLDER-k.10", "9": 1}'],
    ["a mapping with an odd key", '{"__proto__": "hush"}', '{"__proto__": "PLACEHOLDER-k.__proto__"}']
  ])("%s", (_, text, expected) => {
    const shown = placeholders(new Map([["k", decoded(text)]]))
    assert.deepStrictEqual(shown, { k: expected })
  })

  it("are of the same kind as the value, or templates would branch otherwise", () => {
    const kindOf = (value: Value): string =>
      value === null ? "null" : Array.isArray(value) ? "list" : value instanceof Map ? "map" : typeof value
    for (const text of ["true", "null", "0.25", "12", "x", "[1]", '{"a": 1}', '"true"', "False", ""]) {
      const [shown = ""] = Object.values(placeholders(new Map([["k", decoded(text)]])))
      assert.strictEqual(kindOf(decoded(shown)), kindOf(decoded(text)), text)
    }
  })
})
