import { typeError, unsupported } from "../Failure.ts"
import { Dict } from "../values/Dict.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { checked, lengthOf } from "./Iteration.ts"
import { attributeOf, getItem } from "./Lookup.ts"
import { formatted } from "./Spec.ts"
import { isSliceable } from "./slice.ts"
import { ascii, repr, str } from "./Text.ts"

/** What becomes of a field once it is formatted: HTML escapes it. */
type Protect = (value: Val, spec: string, text: string) => string

interface Given {
  readonly values: ReadonlyArray<Val>
  readonly named: ReadonlyMap<string, Val>
  readonly protect: Protect
  /** The next value for `{}`. */
  next: number
  numbering: "automatic" | "manual" | undefined
}

/** Python's `str.format` (Python library reference, "Format String Syntax"). */
export const format = (
  template: string,
  values: ReadonlyArray<Val>,
  named: ReadonlyMap<string, Val>,
  protect: Protect = (_, __, text) => text
): string => checked(expand(template, { values, named, protect, next: 0, numbering: undefined }, 2))

/** Python's `str.format_map`: names from a mapping, and no values by position. */
export const formatMap = (template: string, mapping: Val, protect?: Protect): string => {
  if (!(mapping instanceof Dict)) throw unsupported("format_map with anything but a dict")
  const named = new Map(
    [...mapping.entries()].flatMap(([key, value]) => (typeof key === "string" ? [[key, value]] : []))
  )
  return format(template, [], named, protect)
}

const expand = (template: string, given: Given, depth: number): string => {
  if (depth === 0) throw typeError("Max string recursion exceeded")
  let text = ""
  let at = 0
  while (at < template.length) {
    const character = template.charAt(at)
    if (character !== "{" && character !== "}") {
      text += character
      at++
    } else if (template.charAt(at + 1) === character) {
      text += character
      at += 2
    } else if (character === "}") {
      throw typeError("Single '}' encountered in format string")
    } else {
      const end = closing(template, at)
      text += field(template.slice(at + 1, end), given, depth)
      at = end + 1
    }
  }
  return text
}

const closing = (template: string, from: number): number => {
  let depth = 0
  for (let at = from; at < template.length; at++) {
    if (template.charAt(at) === "{") depth++
    if (template.charAt(at) === "}" && --depth === 0) return at
  }
  throw typeError("expected '}' before end of string")
}

const FIELD = /^([^!:[.]*)((?:\.[^!:[.]+|\[[^\]]+\])*)(?:!([rsa]))?(?::([\s\S]*))?$/

const field = (text: string, given: Given, depth: number): string => {
  const match = FIELD.exec(text)
  if (match === null) throw typeError("a replacement field that is malformed")
  const [, name = "", path = "", conversion, spec = ""] = match
  const value = along(path, argument(name, given))
  const shown = conversion === "r" ? repr(value) : conversion === "a" ? ascii(repr(value)) : undefined
  const wanted = spec.includes("{") ? expand(spec, given, depth - 1) : spec
  const converted = shown ?? (conversion === "s" ? str(value) : value)
  return given.protect(converted, wanted, formatted(converted, wanted))
}

const argument = (name: string, given: Given): Val => {
  if (name !== "" && !/^\d+$/.test(name)) {
    const value = given.named.get(name)
    if (value === undefined) throw typeError("format: no argument has this name")
    return value
  }
  const numbering = name === "" ? "automatic" : "manual"
  if (given.numbering !== undefined && given.numbering !== numbering) {
    throw typeError("cannot switch between manual and automatic field numbering")
  }
  given.numbering = numbering
  const value = given.values[name === "" ? given.next++ : Number(name)]
  if (value === undefined) throw typeError("Replacement index out of range for positional args tuple")
  return value
}

const along = (path: string, from: Val): Val => {
  let value = from
  for (const [, attribute, key = ""] of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    const next = attribute === undefined ? item(value, key) : attributeOf(value, attribute)
    if (next === undefined) throw typeError("format: no such attribute or item")
    value = next
  }
  return value
}

// Python's own subscript: what has no such item raises.
const item = (value: Val, key: string): Val | undefined => {
  const index = /^\d+$/.test(key) ? Number(key) : key
  if (value instanceof Undefined) return value.fail()
  if (value instanceof Dict) return value.get(index)
  const length = isSliceable(value) ? lengthOf(value) : undefined
  return typeof index === "number" && index < (length ?? 0) ? getItem(value, index) : undefined
}
