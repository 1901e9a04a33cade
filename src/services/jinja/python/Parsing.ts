import { type Int, int } from "./Numbers.ts"
import { stripEnd, stripStart } from "./Points.ts"

const PREFIX = new Map([
  [2, "0b"],
  [8, "0o"],
  [16, "0x"]
])

/** Python's `int(text, base)`; undefined when the text is no whole number. */
export const parseInteger = (text: string, base: number): Int | undefined => {
  if (base === 0) return parseLiteral(text)
  const match = /^([+-]?)(.*)$/s.exec(trimmed(text))
  const [, sign = "", written = ""] = match ?? []
  const prefix = PREFIX.get(base) ?? ""
  const hasPrefix = prefix !== "" && written.toLowerCase().startsWith(prefix)
  const digits = hasPrefix ? written.slice(2).replace(/^_/, "") : written
  if (base < 2 || base > 36 || !/^[\da-z]+(?:_[\da-z]+)*$/i.test(digits) || digits.length > MAX_DIGITS) return undefined
  let value = 0n
  for (const digit of digits.replaceAll("_", "")) {
    const number = Number.parseInt(digit, 36)
    if (number >= base) return undefined
    value = value * BigInt(base) + BigInt(number)
  }
  return int(sign === "-" ? -value : value)
}

// As in Python's source: the prefix says the base, and a decimal has no zeros in front.
const parseLiteral = (text: string): Int | undefined => {
  const written = trimmed(text).replace(/^[+-]/, "").toLowerCase()
  const base = [...PREFIX].find(([, prefix]) => written.startsWith(prefix))?.[0]
  return base === undefined && !/^(?:[1-9]|0[0_]*$)/.test(written) ? undefined : parseInteger(text, base ?? 10)
}

// Python refuses longer ones in decimal; here all are.
const MAX_DIGITS = 4300

const FLOAT = /^[+-]?(?:(?:\d+(?:_\d+)*)(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i

/** Python's `float(text)`; undefined when the text is no number. */
export const parseFloating = (text: string): number | undefined => {
  const written = trimmed(text)
  const special = SPECIAL.exec(written)
  if (special !== null) {
    if (special[2]?.toLowerCase() === "nan") return Number.NaN
    return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  return FLOAT.test(written) ? Number(written.replaceAll("_", "")) : undefined
}

// Python reads the digits of every script, which come in runs of ten.
const trimmed = (text: string): string =>
  stripEnd(stripStart(text)).replace(/(?!\p{ASCII})\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    let zero = code
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
    return String((code - zero) % 10)
  })
