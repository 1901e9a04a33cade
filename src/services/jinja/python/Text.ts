import { typeError } from "../Failure.ts"
import { Thing, type Val } from "../values/Thing.ts"

/** Python's `str()`. */
export const str = (value: Val): string => {
  if (typeof value === "string") return value
  return value instanceof Thing ? value.str() : repr(value)
}

/** Python's `repr()`. */
export const repr = (value: Val): string => {
  if (typeof value === "string") return quoted(value)
  if (value === null) return "None"
  if (value === true) return "True"
  if (value === false) return "False"
  if (value instanceof Thing) return value.repr()
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`
  const digits = String(value)
  if (digits.length > MAX_DIGITS) throw typeError(`a number of more than ${MAX_DIGITS} digits cannot be printed`)
  return digits
}

/** As in Python: longer numbers take too long to convert. */
const MAX_DIGITS = 4300

/** Python's name of a value's type. */
export const typeName = (value: Val): string => {
  if (value === null) return "NoneType"
  if (value instanceof Thing) return value.type
  if (Array.isArray(value)) return "list"
  if (typeof value === "string") return "str"
  return typeof value === "boolean" ? "bool" : "int"
}

/** Python's `bool()`. */
export const truthy = (value: Val): boolean => {
  if (typeof value === "boolean") return value
  if (value instanceof Thing) return value.truthy()
  if (Array.isArray(value)) return value.length > 0
  return typeof value === "bigint" || Boolean(value)
}

const NAMED = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"]
])

// Everything that Python does not call printable, and the characters it names.
const ESCAPED = /[\\\p{C}\p{Z}]/gu

const hexEscape = (code: number): string => {
  const hex = (width: number) => code.toString(16).padStart(width, "0")
  return code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`
}

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(ESCAPED, (character) => {
    if (character === " ") return character
    return NAMED.get(character) ?? hexEscape(character.codePointAt(0) ?? 0)
  })
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}

/** A text with everything beyond ASCII escaped, as Python's `ascii()` does. */
export const ascii = (text: string): string =>
  text.replace(/[^\p{ASCII}]/gu, (character) => hexEscape(character.codePointAt(0) ?? 0))
