import { assert, describe, it } from "@effect/vitest"
import { excerpt } from "../../src/domain/Excerpt.ts"

const LONG = `${"a".repeat(60)}!${"b".repeat(200)}`

describe("an excerpt", () => {
  const rows: ReadonlyArray<
    readonly [what: string, text: string, line: number, column: number | undefined, shown: string | undefined]
  > = [
    ["shows the line, and a caret below the column", "a\nbcd\ne", 2, 3, "2 | bcd\n  |   ^"],
    ["stands below the number of the line as well", `${"\n".repeat(11)}x`, 12, 1, "12 | x\n   | ^"],
    ["has no caret when the column is not known", "a\nb", 1, undefined, "1 | a"],
    ["counts every kind of line break once", "a\r\nb\rc\nd", 3, 1, "3 | c\n  | ^"],
    ["keeps tabs before the caret, so that it stands below", "\ta\tb", 1, 4, "1 | \ta\tb\n  | \t \t^"],
    ["points behind the last character where something is missing", "ab", 1, 3, "1 | ab\n  |   ^"],
    ["of a long line is its beginning when the column is there", LONG, 1, 2, `1 | ${LONG.slice(0, 100)}…\n  |  ^`],
    [
      "of a long line is what is around the column",
      LONG,
      1,
      61,
      `1 | …${LONG.slice(10, 110)}…\n  | ${" ".repeat(51)}^`
    ],
    [
      "of a long line is its end when the column is there",
      LONG,
      1,
      261,
      `1 | …${LONG.slice(161)}\n  | ${" ".repeat(100)}^`
    ],
    ["of a line that is not there is nothing", "a", 2, 1, undefined]
  ]
  for (const [what, text, line, column, shown] of rows) {
    it(what, () => assert.strictEqual(excerpt(text, line, column), shown))
  }
})
