import type { Position } from "./Position.ts"
import { int } from "./python/Numbers.ts"
import { SPACE } from "./python/Points.ts"
import { type JinjaToken, syntaxError } from "./Tokens.ts"
import { Float } from "./values/Float.ts"
import type { Val } from "./values/Thing.ts"

const WHITESPACE = new RegExp(`[${SPACE}]+`, "y")
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const WORD = /[\p{L}\p{N}_]+/uy
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y

/** What may be called a name. Everything else, a quote or a bracket above all, would be dangerous in generated code. */
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u

const CLOSING = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"]
])

/** A token inside of a block or print statement, and where it ends; white space is no token. */
interface Found {
  readonly token: JinjaToken | null
  readonly end: number
}

/**
 * The token at a position.
 *
 * @param place the same position, for people
 * @param brackets those still open, by what closes them: updated here
 * @param newline what line breaks in strings become
 */
export const codeToken = (
  text: string,
  at: number,
  place: Position,
  brackets: Array<string>,
  newline: string
): Found => {
  const matched = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0] ?? null
  }
  const found = (type: JinjaToken["type"], value: string, literal?: Val): Found => ({
    token: { type, value, at: place, ...(literal === undefined ? {} : { literal }) },
    end: at + value.length
  })
  const space = matched(WHITESPACE)
  if (space !== null) return { token: null, end: at + space.length }
  const float = matched(FLOAT)
  if (float !== null) return found("number", float, new Float(Number(float.replaceAll("_", ""))))
  const integer = matched(INTEGER)
  if (integer !== null)
    return found("number", integer, int(BigInt(integer.replaceAll("_", "").replace(/^0+(?=\d)/, ""))))
  const word = matched(WORD)
  if (word !== null) {
    if (!IDENTIFIER.test(word)) throw syntaxError("Invalid character in identifier", place)
    return found("symbol", word)
  }
  const string = matched(STRING)
  if (string !== null) {
    return found("string", string, unescaped(string.slice(1, -1).replaceAll("\n", newline), place))
  }
  const operator = matched(OPERATOR)
  if (operator === null) throw syntaxError(`unexpected character '${[...text.slice(at, at + 2)][0]}'`, place)
  balance(operator, brackets, place)
  return found("operator", operator)
}

const balance = (operator: string, brackets: Array<string>, place: Position): void => {
  const closing = CLOSING.get(operator)
  if (closing !== undefined) brackets.push(closing)
  else if ("})]".includes(operator)) {
    const expected = brackets.pop()
    if (expected === undefined) throw syntaxError(`unexpected '${operator}'`, place)
    if (expected !== operator) throw syntaxError(`unexpected '${operator}', expected '${expected}'`, place)
  }
}

const ESCAPE = /\\(?:\n|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(N\{[^}]*\}|[xuUN])|([\s\S]))/g

const SIMPLE = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"]
])

/** A string literal's text, with Python's escapes. An unknown escape stays as it is. */
const unescaped = (text: string, place: Position): string =>
  text.replace(
    ESCAPE,
    (whole, x?: string, u?: string, long?: string, octal?: string, bad?: string, simple?: string) => {
      if (bad !== undefined)
        throw syntaxError(`the escape \\${bad.charAt(0)} in a string is malformed or unsupported`, place)
      const hex = x ?? u ?? long
      const code =
        hex !== undefined ? Number.parseInt(hex, 16) : octal === undefined ? undefined : Number.parseInt(octal, 8)
      if (code !== undefined) {
        if (code > 0x10ffff) throw syntaxError("an escape in a string is beyond Unicode", place)
        // Python keeps both halves apart, and cannot write either of them anywhere.
        if (code >= 0xd800 && code <= 0xdfff)
          throw syntaxError("half of a surrogate pair in a string is not supported", place)
        return String.fromCodePoint(code)
      }
      return simple === undefined ? "" : (SIMPLE.get(simple) ?? whole)
    }
  )
