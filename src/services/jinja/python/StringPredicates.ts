import { type Run, takesInOrder } from "../values/Callable.ts"
import type { Val } from "../values/Thing.ts"
import { isSpace, points } from "./Points.ts"
import { textOf } from "./textOf.ts"

const CASED = /[\p{Lu}\p{Ll}\p{Lt}]/u
const UPPER = /[\p{Lu}\p{Lt}]/u
const LOWER = /\p{Ll}/u

const is = (test: (text: string) => boolean): Run => takesInOrder(["self"], ([self]): Val => test(textOf(self)))

/** Whether each letter that follows no letter, and only those, is in upper case. */
const isTitle = (text: string): boolean => {
  let follows = false
  for (const character of points(text)) {
    if (CASED.test(character) && UPPER.test(character) === follows) return false
    follows = CASED.test(character)
  }
  return CASED.test(text)
}

/** Python's `islower` and `isupper`: some letter with a case, and none in the other. */
export const isLower = (text: string): boolean => LOWER.test(text) && !UPPER.test(text)
export const isUpper = (text: string): boolean => UPPER.test(text) && !LOWER.test(text) && !/\p{Lt}/u.test(text)

/** The methods of `str` that answer a question. */
export const stringPredicates: ReadonlyArray<readonly [string, Run]> = [
  ["isalnum", is((text) => /^[\p{L}\p{N}]+$/u.test(text))],
  ["isalpha", is((text) => /^\p{L}+$/u.test(text))],
  ["isascii", is((text) => /^\p{ASCII}*$/u.test(text))],
  ["isdecimal", is((text) => /^\p{Nd}+$/u.test(text))],
  ["isdigit", is((text) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨]+$/u.test(text))],
  ["isidentifier", is((text) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text))],
  ["islower", is(isLower)],
  ["isnumeric", is((text) => /^\p{N}+$/u.test(text))],
  ["isprintable", is((text) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(" ", "")))],
  ["isspace", is(isSpace)],
  ["istitle", is(isTitle)],
  ["isupper", is(isUpper)]
]
