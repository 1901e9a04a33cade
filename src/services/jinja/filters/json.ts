import { typeError } from "../Failure.ts"
import { intOf } from "../python/Numbers.ts"
import { sorted } from "../python/sorted.ts"
import { spaces } from "../python/spaces.ts"
import { repr, str, typeName } from "../python/Text.ts"
import { textIn } from "../python/textOf.ts"
import { Dict } from "../values/Dict.ts"
import { Float } from "../values/Float.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"

/** Python's `json.dumps(value, sort_keys=True, indent=indent)`: ASCII only; an indent of None is one line. */
export const json = (value: Val, indent: Val): string => {
  if (textIn(value) !== undefined) return dumped(value, null, "")
  return dumped(value, indent === null ? null : (textIn(indent) ?? spaces(indent)), "\n")
}

const dumped = (value: Val, unit: string | null, newline: string): string => {
  if (value === null) return "null"
  if (typeof value === "boolean") return String(value)
  if (typeof value === "string") return text(value)
  if (value instanceof Markup) return text(value.text)
  if (value instanceof Float) return float(value)
  if (intOf(value) !== undefined) return repr(value)
  const inner = unit === null ? newline : newline + unit
  if (Array.isArray(value))
    return around(
      "[",
      value.map((item) => dumped(item, unit, inner)),
      "]",
      unit,
      newline
    )
  if (value instanceof Tuple) return dumped([...value.items], unit, newline)
  if (!(value instanceof Dict)) throw typeError(`Object of type ${typeName(value)} is not JSON serializable`)
  const keys = sorted([...value.keys()], (key) => key)
  const members = keys.map((key) => `${text(keyOf(key))}: ${dumped(value.get(key) ?? null, unit, inner)}`)
  return around("{", members, "}", unit, newline)
}

const around = (
  open: string,
  parts: ReadonlyArray<string>,
  close: string,
  unit: string | null,
  newline: string
): string => {
  if (parts.length === 0) return open + close
  if (unit === null) return open + parts.join(", ") + close
  return `${open}${newline}${unit}${parts.join(`,${newline}${unit}`)}${newline}${close}`
}

const keyOf = (key: Val): string => {
  if (typeof key === "string" || key instanceof Markup) return str(key)
  if (key === null) return "null"
  if (typeof key === "boolean") return String(key)
  if (key instanceof Float) return float(key)
  if (intOf(key) !== undefined) return repr(key)
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

const float = ({ value }: Float): string => {
  if (Number.isNaN(value)) return "NaN"
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity"
  return new Float(value).repr()
}

const text = (value: string): string =>
  JSON.stringify(value).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: U+007F is ASCII, and Python leaves it
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
  )
