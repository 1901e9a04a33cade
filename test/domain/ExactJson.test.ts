import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { parse } from "../../src/domain/ExactJson.ts"
import type { Value } from "../../src/domain/Value.ts"

const exact: ReadonlyArray<readonly [text: string, value: Value]> = [
  ["true", true],
  ["false", false],
  ["null", null],
  ['"text"', "text"],
  ['"\\u0041 \\/ \\n \\"quoted\\" \\\\"', 'A / \n "quoted" \\'],
  ['"\\ud83d\\ude00"', "😀"],
  ["12", 12],
  ["-7", -7],
  ["0", 0],
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["0.5", 0.5],
  ["120.25", 120.25],
  ["1.0", { float: 1 }],
  ["-0.0", { float: -0 }],
  ["[100.0, 1]", [{ float: 100 }, 1]],
  ["[]", []],
  ["{}", new Map()],
  [' \t[ 1 , "a" ,[ null ] ]\r\n', [1, "a", [null]]],
  [
    '{"b": 1, "10": {"__proto__": true}, "2": []}',
    new Map<string, Value>([
      ["b", 1],
      ["10", new Map([["__proto__", true]])],
      ["2", []]
    ])
  ]
]

const lossy = [
  "1.00",
  "1.10",
  "1e5",
  "1E5",
  "-0",
  "10000000000000000.0",
  "0.00001",
  "1e-7",
  "1e400",
  "0.1000000000000000055511151231257827",
  "[1, 1.10]",
  '{"a": 1e5}',
  '{"a": 1, "a": 2}',
  '"\\ud800"',
  '{"\\ud800": 1}',
  "9".repeat(5000),
  `${"[".repeat(101)}${"]".repeat(101)}`,
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`
]

const other = ["", " ", "NaN", "Infinity", "007", "+1", "'a'", "text", "True", '{"a":', "[1,]", "1 2", '"a', "0x10"]

describe("ExactJson", () => {
  it.each(exact)("decodes %s", (text, value) => {
    const decoded = parse(text)
    assert.deepStrictEqual(decoded, value)
    if (decoded instanceof Map && value instanceof Map) assert.deepStrictEqual([...decoded.keys()], [...value.keys()])
  })

  it.each(lossy)("leaves JSON that would lose something as the text that it is: %.30s", (text) => {
    assert.isUndefined(parse(text))
  })

  it.each(other)("takes no text for JSON that is none: %s", (text) => {
    assert.isUndefined(parse(text))
  })

  it.prop("never throws", [Schema.String], ([text]) => {
    parse(text)
    parse(`[${text}]`)
    parse(`{"${text}": ${text}}`)
  })

  it.prop("gives back the very text of what it decodes", [Schema.Json, Schema.Boolean], ([json, spaced]) => {
    const compact = JSON.stringify(json)
    const decoded = parse(spaced ? JSON.stringify(json, null, 2) : compact)
    if (decoded !== undefined) assert.strictEqual(write(decoded), compact)
  })
})

const write = (value: Value): string => {
  if (value instanceof Map) {
    return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(",")}}`
  }
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`
  if (typeof value === "object" && value !== null && "float" in value) return `${value.float}.0`
  return typeof value === "bigint" ? String(value) : JSON.stringify(value)
}
