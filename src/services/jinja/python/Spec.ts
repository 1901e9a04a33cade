import { typeError, unsupported } from "../Failure.ts"
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

const RADIX = new Map([
  ["b", 2],
  ["o", 8],
  ["x", 16],
  ["X", 16]
])

const formatInt = (value: Int, spec: Spec): string => {
  const { type, precision, alternate } = spec
  if (precision !== undefined) throw typeError("Precision not allowed in integer format specifier")
  if (type === "c") return aligned("", String.fromCodePoint(Number(value)), spec, "<")
  const digits = value.toString(RADIX.get(type) ?? 10).replace("-", "")
  const prefix = alternate && RADIX.has(type) ? `0${type}` : ""
  const shown = type === "X" ? digits.toUpperCase() : digits
  return aligned(signOf(value < 0, spec) + prefix, grouped(shown, spec), spec, ">")
}

const formatFloat = (value: number, spec: Spec): string => {
  const { type, precision = 6 } = spec
  if (!"eEfFgGn%".includes(type)) throw typeError(`Unknown format code '${type}' for object of type 'float'`)
  const magnitude = Math.abs(value)
  const negative = value < 0 || Object.is(value, -0)
  const digits = Number.isFinite(value) ? finite(magnitude, type.toLowerCase(), precision, spec) : text(value)
  const [whole = "", ...rest] = digits.split(/(?=[.e%])/)
  const shown = grouped(whole, spec) + rest.join("")
  return aligned(signOf(negative, spec), /[EFG]/.test(type) ? shown.toUpperCase() : shown, spec, ">")
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
  const text = general(value, precision, alternate, precision - 1)
  return /[.e]/.test(text) ? text : `${text}.0`
}

const signOf = (negative: boolean, { sign }: Spec): string => (negative ? "-" : sign === "-" ? "" : sign)

const grouped = (digits: string, { grouping, type, fill, align }: Spec): string => {
  if (grouping === "") return digits
  if (align === "=" && fill === "0") throw unsupported("grouping together with zeros in front")
  const size = "boxX".includes(type) && type !== "" ? 4 : 3
  return digits.replace(new RegExp(`\\B(?=(?:\\w{${size}})+$)`, "g"), grouping)
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
