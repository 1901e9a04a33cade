import { typeError } from "../Failure.ts"
import { Float } from "../values/Float.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { dotted, exponential, fixed, general, MAX_WIDTH } from "./Digits.ts"
import { doubleOf, type Int, intOf } from "./Numbers.ts"
import { points } from "./Points.ts"
import { str, typeName } from "./Text.ts"

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su

interface Spec {
  readonly fill: string
  readonly align: string
  /** The alignment is that of a zero before the width. */
  readonly isZeroed: boolean
  readonly sign: string
  readonly alternate: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | undefined
  readonly type: string
}

/**
 * Python's `format(value, spec)` (Python library reference, "Format Specification Mini-Language").
 *
 *   value      | types
 *   -----------+--------------------------------
 *   text       | s
 *   int, bool  | b c d o x X, and those of floats
 *   float      | e E f F g G %
 *   others     | none, and no spec at all
 */
export const formatted = (value: Val, text: string): string => {
  if (text === "") return str(value)
  const spec = parse(text)
  if (typeof value === "string" || value instanceof Markup) return formatText(str(value), spec)
  if (!(GROUPED.get(spec.grouping) ?? spec.type).includes(spec.type)) {
    throw typeError(`Cannot specify '${spec.grouping}' with '${spec.type}'.`)
  }
  const whole = intOf(value)
  if (whole !== undefined && "bcdnoxX".includes(spec.type)) return formatInt(whole, spec)
  const double = doubleOf(value)
  if (double === undefined) throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`)
  return formatFloat(double, spec)
}

const parse = (text: string): Spec => {
  const match = SPEC.exec(text)
  if (match === null) throw typeError("Invalid format specifier")
  const [, fill, align = "", sign = "", alternate, zero, width = "0", grouping = "", precision, type = ""] = match
  if (Number(width) > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH) throw typeError("format field too wide")
  return {
    fill: fill ?? (zero === undefined ? " " : "0"),
    align: align === "" && zero !== undefined ? "=" : align,
    isZeroed: align === "" && zero !== undefined,
    sign,
    alternate: alternate !== undefined,
    width: Number(width),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type
  }
}

const formatText = (text: string, given: Spec): string => {
  // A zero before the width only fills up, for a text.
  const spec = given.isZeroed ? { ...given, align: "" } : given
  const { type, align, sign, alternate, grouping, precision } = spec
  if ((type !== "" && type !== "s") || align === "=" || sign !== "" || alternate || grouping !== "") {
    throw typeError(`Unknown format code '${type || align || sign || grouping}' for object of type 'str'`)
  }
  return aligned("", precision === undefined ? text : points(text).slice(0, precision).join(""), spec, "<")
}

/** The types that group their digits, by the separator; the text of no type is empty and in all of them. */
const GROUPED = new Map([
  [",", "deEfFgG%"],
  ["_", "bdeEfFgGoxX%"]
])

const RADIX = new Map([
  ["b", 2],
  ["o", 8],
  ["x", 16],
  ["X", 16]
])

const formatInt = (value: Int, spec: Spec): string => {
  const { type, precision, alternate } = spec
  if (precision !== undefined) throw typeError("Precision not allowed in integer format specifier")
  if (type === "c") {
    if (spec.sign !== "" || alternate) throw typeError("Sign not allowed with integer format specifier 'c'")
    if (value < 0 || value > 0x10ffff) throw typeError("%c arg not in range(0x110000)")
    return aligned("", String.fromCodePoint(Number(value)), spec, "<")
  }
  const digits = value.toString(RADIX.get(type) ?? 10).replace("-", "")
  const prefix = alternate && RADIX.has(type) ? `0${type}` : ""
  const shown = type === "X" ? digits.toUpperCase() : digits
  const sign = signOf(value < 0, spec) + prefix
  return aligned(sign, grouped(shown, spec, sign.length), spec, ">")
}

const formatFloat = (value: number, spec: Spec): string => {
  const { type, precision = 6 } = spec
  if (!"eEfFgGn%".includes(type)) throw typeError(`Unknown format code '${type}' for object of type 'float'`)
  const magnitude = Math.abs(value)
  const negative = value < 0 || Object.is(value, -0)
  const digits = Number.isFinite(value) ? finite(magnitude, type.toLowerCase(), precision, spec) : text(value)
  const [whole = "", ...rest] = digits.split(/(?=[.e%])/)
  const sign = signOf(negative, spec)
  const shown = grouped(whole, spec, sign.length + digits.length - whole.length) + rest.join("")
  return aligned(sign, /[EFG]/.test(type) ? shown.toUpperCase() : shown, spec, ">")
}

const text = (value: number): string => (Number.isNaN(value) ? "nan" : "inf")

const finite = (value: number, type: string, precision: number, spec: Spec): string => {
  const shown = spec.alternate ? dotted : (digits: string) => digits
  switch (type) {
    case "e":
      return shown(exponential(value, precision))
    case "f":
      return shown(fixed(value, precision))
    case "%":
      return `${shown(fixed(value * 100, precision))}%`
    case "g":
    case "n":
      return shown(general(value, precision, spec.alternate))
    default:
      return spec.precision === undefined ? shown(new Float(value).repr()) : shown(untyped(value, precision, spec))
  }
}

// As `g`, but always with a digit after the point, and with an exponent one digit earlier.
const untyped = (value: number, precision: number, { alternate }: Spec): string => {
  const text = general(value, precision, alternate, 1)
  return /[.e]/.test(text) ? text : `${text}.0`
}

const signOf = (negative: boolean, { sign }: Spec): string => (negative ? "-" : sign === "-" ? "" : sign)

// Zeros in front are grouped as well: as many as fill the field next to what else stands in it.
const grouped = (digits: string, { grouping, type, fill, align, width }: Spec, others: number): string => {
  if (grouping === "") return digits
  const size = "boxX".includes(type) && type !== "" ? 4 : 3
  const length = align === "=" && fill === "0" ? width - others : 0
  const whole = digits.padStart(length - Math.floor(Math.max(0, length - 1) / (size + 1)), "0")
  return whole.replace(new RegExp(`\\B(?=(?:\\w{${size}})+$)`, "g"), grouping)
}

const aligned = (sign: string, body: string, { fill, align, width }: Spec, usual: string): string => {
  const missing = Math.max(0, width - points(sign + body).length)
  switch (align === "" ? usual : align) {
    case "<":
      return sign + body + fill.repeat(missing)
    case "=":
      return sign + fill.repeat(missing) + body
    case "^":
      return fill.repeat(Math.floor(missing / 2)) + sign + body + fill.repeat(Math.ceil(missing / 2))
    default:
      return fill.repeat(missing) + sign + body
  }
}
