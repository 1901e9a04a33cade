import { typeError } from "../Failure.ts"
import { Dict } from "../values/Dict.ts"
import { escape, Markup } from "../values/Markup.ts"
import { Thing, type Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { dotted, exponential, fixed, general, MAX_WIDTH } from "./Digits.ts"
import { doubleOf, type Int, intOf } from "./Numbers.ts"
import { ascii, repr, str, typeName } from "./Text.ts"

const CONVERSION = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]?)/g

/**
 * Python's `%` on a text (printf-style formatting; Python library reference, "printf-style String Formatting").
 * HTML escapes what is put into it.
 */
export const percent = (format: string | Markup, values: Val): Val => {
  if (format instanceof Markup) return new Markup(formatted(format.text, values, (value) => escape(value).text))
  return formatted(format, values, (value) => value)
}

type Protect = (text: string) => string

interface Field {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
}

const formatted = (format: string, values: Val, protect: Protect): string => {
  const given = values instanceof Tuple ? values.items : [values]
  let used = 0
  const next = (): Val => {
    const value = given[used++]
    if (value === undefined) throw typeError("not enough arguments for format string")
    return value
  }
  const star = (text: string | undefined): number | undefined => {
    if (text !== "*") return text === undefined ? undefined : Number(text)
    const count = intOf(next())
    if (typeof count !== "number") throw typeError("* wants int")
    return count
  }
  const text = format.replace(
    CONVERSION,
    (whole, key: string | undefined, ...rest: ReadonlyArray<string | undefined>) => {
      const [flags = "", width, precision, conversion = ""] = rest
      if (whole === "%%") return "%"
      const mapped = key === undefined ? undefined : fromMapping(values, key)
      if (key !== undefined) used = given.length
      const wide = star(width) ?? 0
      const field = { flags: wide < 0 ? `${flags}-` : flags, width: Math.abs(wide), precision: star(precision) }
      if (field.width > MAX_WIDTH || (field.precision ?? 0) > MAX_WIDTH) throw typeError("format field too wide")
      return converted(conversion, field, mapped === undefined ? next() : mapped, protect)
    }
  )
  if (used < given.length && !isMapping(values)) {
    throw typeError("not all arguments converted during string formatting")
  }
  return text
}

const fromMapping = (values: Val, key: string): Val => {
  if (values instanceof Undefined) return values.fail()
  if (!(values instanceof Dict)) throw typeError("format requires a mapping")
  const value = values.get(key)
  if (value === undefined) throw typeError("format: the mapping has no such key")
  return value
}

// What CPython takes for a mapping: whatever can be subscripted, but for texts and tuples.
const isMapping = (value: Val): boolean =>
  Array.isArray(value) ||
  (value instanceof Thing &&
    ["dict", "range", "bytes", "Undefined", "TemplateReference", "Context"].includes(value.type))

const converted = (conversion: string, field: Field, value: Val, protect: Protect): string => {
  switch (conversion) {
    case "s":
      return padded(field, cut(field, value instanceof Markup ? value.text : protect(str(value))))
    case "r":
      return padded(field, cut(field, protect(repr(value))))
    case "a":
      return padded(field, cut(field, protect(ascii(repr(value)))))
    case "c":
      return padded(field, character(value))
    case "d":
    case "i":
    case "u":
      return number(field, integer(field, decimal(conversion, value), 10))
    case "o":
    case "x":
    case "X": {
      const text = integer(field, exact(conversion, value), conversion === "o" ? 8 : 16)
      return conversion === "X" ? number(field, text).toUpperCase() : number(field, text)
    }
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G": {
      const text = number(field, float(conversion.toLowerCase(), field, value))
      return conversion === conversion.toUpperCase() ? text.toUpperCase() : text
    }
    case "":
      throw typeError("incomplete format")
    default:
      throw typeError(`unsupported format character '${conversion}'`)
  }
}

const decimal = (conversion: string, value: Val): Int => {
  const whole = intOf(value)
  if (whole !== undefined) return whole
  const double = doubleOf(value)
  if (value instanceof Undefined) return value.fail()
  if (double === undefined) throw typeError(`%${conversion} format: a real number is required, not ${typeName(value)}`)
  if (!Number.isFinite(double)) throw typeError("cannot convert float infinity or NaN to integer")
  return Number.isSafeInteger(Math.trunc(double)) ? Math.trunc(double) + 0 : BigInt(Math.trunc(double))
}

const exact = (conversion: string, value: Val): Int => {
  const whole = intOf(value)
  if (whole === undefined) throw typeError(`%${conversion} format: an integer is required, not ${typeName(value)}`)
  return whole
}

const integer = ({ flags, precision = 0 }: Field, value: Int, radix: 8 | 10 | 16): string => {
  const negative = value < 0
  const digits = (negative ? String(value.toString(radix)).slice(1) : value.toString(radix)).padStart(precision, "0")
  const prefix = !flags.includes("#") || radix === 10 ? "" : radix === 8 ? "0o" : "0x"
  return (negative ? "-" : "") + prefix + digits
}

const float = (conversion: string, { flags, precision = 6 }: Field, value: Val): string => {
  if (value instanceof Undefined) return value.fail()
  const double = doubleOf(value)
  if (double === undefined) throw typeError(`must be real number, not ${typeName(value)}`)
  if (Number.isNaN(double)) return "nan"
  if (!Number.isFinite(double)) return double < 0 ? "-inf" : "inf"
  const alternate = flags.includes("#")
  if (conversion === "g") return alternate ? dotted(general(double, precision, true)) : general(double, precision)
  const text = conversion === "f" ? fixed(double, precision) : exponential(double, precision)
  return alternate ? dotted(text) : text
}

const character = (value: Val): string => {
  const code = intOf(value)
  if (typeof code === "number" && code >= 0 && code < 0x110000) return String.fromCodePoint(code)
  const text = value instanceof Markup ? value.text : value
  if (typeof text === "string" && [...text].length === 1) return text
  throw typeError("%c requires int or char")
}

const cut = ({ precision }: Field, text: string): string =>
  precision === undefined ? text : [...text].slice(0, precision).join("")

const padded = ({ flags, width }: Field, text: string): string => {
  const missing = " ".repeat(Math.max(0, width - [...text].length))
  return flags.includes("-") ? text + missing : missing + text
}

const number = (field: Field, text: string): string => {
  const { flags, width } = field
  const sign = text.startsWith("-") ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : ""
  const rest = text.startsWith("-") ? text.slice(1) : text
  if (!flags.includes("0") || flags.includes("-")) return padded(field, sign + rest)
  const prefix = /^0[xo]/.exec(rest)?.[0] ?? ""
  return sign + prefix + rest.slice(prefix.length).padStart(width - sign.length - prefix.length, "0")
}
