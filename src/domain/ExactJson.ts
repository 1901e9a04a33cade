import { Result } from "effect"
import type { Float, Value } from "./Value.ts"

/** Deeper texts are left alone. */
const MAX_DEPTH = 100

/** Longer whole numbers are left alone; Python refuses them too. */
const MAX_DIGITS = 4300

/**
 * The value of a JSON text (RFC 8259), or undefined when the text is no JSON or decoding would lose something: then it
 * is better used as the text that it is.
 *
 *   text                          | value
 *   ------------------------------+----------------------------------------------------------------
 *   true, null, "text", "\u0041"  | as JSON says; escapes lose nothing
 *   12, -7                        | number
 *   9007199254740993              | bigint
 *   0.5, 120.25                   | number
 *   1.0, -0.0                     | Float
 *   1.10, 1e5, -0, 0.00001        | –     would print differently (1.1, 100000.0, 0, 1e-05)
 *   [1, "a"], {"b": 1, "10": 2}   | array, Map in the order of the text; – when any member is –
 *   {"a": 1, "a": 2}              | –     one of the two would be dropped
 *   "\ud800"                      | –     half a character cannot be written again
 *   NaN, 007, 'a', no JSON at all | –
 */
export const parse = (text: string): Value | undefined => (isJson(text) ? scan(text) : undefined)

const isJson = (text: string): boolean => Result.isSuccess(Result.try((): unknown => JSON.parse(text)))

// The text is known to be JSON. `undefined` from any part gives up the whole.
const scan = (text: string): Value | undefined => {
  let at = 0

  const peek = (): string => {
    while (" \t\r\n".includes(text.charAt(at)) && at < text.length) at++
    return text.charAt(at)
  }

  const take = (length: number): string => {
    at += length
    return text.slice(at - length, at)
  }

  const string = (): string | undefined => {
    let end = at + 1
    while (text.charAt(end) !== '"') end += text.charAt(end) === "\\" ? 2 : 1
    const value = String(JSON.parse(take(end + 1 - at)))
    return value.isWellFormed() ? value : undefined
  }

  const array = (depth: number): Value | undefined => {
    const items: Array<Value> = []
    take(1)
    while (peek() !== "]") {
      const item = value(depth)
      if (item === undefined) return undefined
      items.push(item)
      if (peek() === ",") take(1)
    }
    take(1)
    return items
  }

  const object = (depth: number): Value | undefined => {
    const members = new Map<string, Value>()
    take(1)
    while (peek() !== "}") {
      const key = string()
      if (key === undefined || members.has(key)) return undefined
      peek()
      take(1)
      const member = value(depth)
      if (member === undefined) return undefined
      members.set(key, member)
      if (peek() === ",") take(1)
    }
    take(1)
    return members
  }

  const value = (depth: number): Value | undefined => {
    if (depth >= MAX_DEPTH) return undefined
    switch (peek()) {
      case "{":
        return object(depth + 1)
      case "[":
        return array(depth + 1)
      case '"':
        return string()
      case "t":
        return take(4) === "true"
      case "f":
        return take(5) !== "false"
      case "n":
        take(4)
        return null
      default:
        return number(take(numberLength(text, at)))
    }
  }

  return value(0)
}

const numberLength = (text: string, from: number): number => {
  let end = from
  while (end < text.length && "+-.0123456789eE".includes(text.charAt(end))) end++
  return end - from
}

const number = (token: string): number | bigint | Float | undefined => {
  const value = Number(token)
  if (/^-?\d+$/.test(token)) {
    if (token === "-0" || token.length > MAX_DIGITS) return undefined
    return Number.isSafeInteger(value) ? value : BigInt(token)
  }
  // From 1e16 on Python prints an exponent.
  if (/^-?\d+\.0$/.test(token))
    return Math.abs(value) < 1e16 && wholeText(value) === token ? { float: value } : undefined
  // Below 0.0001 Python prints an exponent.
  return String(value) === token && Math.abs(value) >= 1e-4 ? value : undefined
}

const wholeText = (value: number): string => `${Object.is(value, -0) ? "-0" : String(value)}.0`
