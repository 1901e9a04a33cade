import { typeError } from "../Failure.ts"
import { fixed, rounded } from "../python/Digits.ts"
import { arithmetic, doubleOf, type Int, indexOf, int, intOf } from "../python/Numbers.ts"
import { binary } from "../python/Operators.ts"
import { parseFloating, parseInteger } from "../python/Parsing.ts"
import { truthy, typeName } from "../python/Text.ts"
import { textIn } from "../python/textOf.ts"
import { type Run, takes } from "../values/Callable.ts"
import { Float } from "../values/Float.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"

const truncated = (value: number): Int | undefined => {
  if (Number.isNaN(value)) return undefined
  if (!Number.isFinite(value)) throw typeError("cannot convert float infinity to integer")
  return int(BigInt(Math.trunc(value)))
}

/** Python's `int(value, base)`, with the detour over a float that Jinja2 makes; undefined when it is no number. */
const toInt = (value: Val, base: Val): Int | undefined => {
  if (value instanceof Undefined) return value.fail()
  const text = textIn(value)
  const whole = text === undefined ? intOf(value) : parseInteger(text, baseOf(base))
  if (whole !== undefined) return whole
  const double = toFloat(value)
  return double === undefined ? undefined : truncated(double)
}

// What cannot be a base only means that the text is no whole number.
const baseOf = (base: Val): number => {
  const whole = intOf(base)
  return typeof whole === "number" ? whole : -1
}

const toFloat = (value: Val): number | undefined => {
  if (value instanceof Undefined) return value.fail()
  const text = textIn(value)
  return text === undefined ? doubleOf(value) : parseFloating(text)
}

const absolute = (value: Val): Val => {
  if (value instanceof Float) return new Float(Math.abs(value.value))
  const whole = intOf(value)
  if (whole === undefined) throw typeError(`bad operand type for abs(): '${typeName(value)}'`)
  return whole < 0 ? -whole : whole
}

const round = (value: Val, digits: Val, method: Val): Val => {
  if (method !== "common" && method !== "ceil" && method !== "floor") {
    throw typeError("method must be common, ceil or floor")
  }
  const whole = intOf(value)
  if (method === "common") {
    if (value instanceof Float) return new Float(rounded(value.value, indexOf(digits, "a precision")))
    if (whole === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`)
    const precision = indexOf(digits, "a precision")
    return precision >= 0 ? whole : roundedInt(BigInt(whole), 10n ** BigInt(-precision))
  }
  const power = binary("**", 10, digits)
  if (value instanceof Undefined) return value.fail()
  const number = whole ?? (value instanceof Float ? value : undefined)
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`)
  const product = arithmetic("*", number, power) ?? 0
  // A whole number is its own floor, whatever its size.
  if (intOf(product) !== undefined) return arithmetic("/", product, power) ?? 0
  const scaled = doubleOf(product) ?? 0
  if (!Number.isFinite(scaled)) throw typeError("cannot convert float infinity or NaN to integer")
  const cut = int(BigInt(method === "ceil" ? Math.ceil(scaled) : Math.floor(scaled)))
  return arithmetic("/", cut, power) ?? 0
}

// Half to even, as Python rounds.
const roundedInt = (value: bigint, unit: bigint): Int => {
  const rest = ((value % unit) + unit) % unit
  const down = value - rest
  const isUp = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n !== 0n)
  return int(isUp ? down + unit : down)
}

const PREFIXES = ["k", "M", "G", "T", "P", "E", "Z", "Y"]

const fileSize = (bytes: number, binary: boolean): string => {
  const base = binary ? 1024 : 1000
  if (bytes === 1) return "1 Byte"
  if (bytes < base) return `${truncated(bytes) ?? 0} Bytes`
  const at = PREFIXES.findIndex((_, index) => bytes < base ** (index + 2))
  const index = at === -1 ? PREFIXES.length - 1 : at
  const prefix = binary ? `${PREFIXES[index]?.toUpperCase()}iB` : `${PREFIXES[index]}B`
  const count = (base * bytes) / base ** (index + 2)
  return `${Number.isFinite(count) ? fixed(count, 1) : String(new Float(count).repr())} ${prefix}`
}

/** Filters on numbers. */
export const NUMBER_FILTERS: Readonly<Record<string, Run>> = {
  abs: takes(["x"], ([value]) => absolute(value)),
  filesizeformat: takes(["value", ["binary", false]], ([value, binary]) => {
    const bytes = toFloat(value)
    if (bytes === undefined) throw typeError("filesizeformat needs a number")
    return fileSize(bytes, truthy(binary))
  }),
  float: takes(["value", ["default", new Float(0)]], ([value, otherwise]) => {
    const number = toFloat(value)
    return number === undefined ? otherwise : new Float(number)
  }),
  int: takes(["value", ["default", 0], ["base", 10]], ([value, otherwise, base]) => {
    return toInt(value, base) ?? otherwise
  }),
  round: takes(["value", ["precision", 0], ["method", "common"]], ([value, precision, method]) =>
    round(value, precision, method)
  )
}
