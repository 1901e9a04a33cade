import type { Value } from "./Value.ts"

/**
 * Texts to be written where the values of the operator's Secret stood, so that templates render the same way and
 * nothing of the Secret is shown.
 *
 *   value                         | becomes
 *   ------------------------------+----------------------------------------------------------------
 *   true, false, null, empty      | the same: templates branch on them
 *   a whole number, another one   | 1, 0.5
 *   a text                        | PLACEHOLDER-<key>; a line break at its end stays
 *   a list, a mapping             | the same with each member so; the keys of a mapping stay
 */
export const placeholders = (values: ReadonlyMap<string, Value>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...values].map(([key, value]) => {
      const shown = placeholder(value, key)
      return [key, typeof shown === "string" && !/^(?:true|false)$/.test(shown) ? shown : json(shown)]
    })
  )

const placeholder = (value: Value, key: string): Value => {
  if (value === null || typeof value === "boolean") return value
  if (typeof value === "bigint") return 1
  if (typeof value === "number") return Number.isInteger(value) ? 1 : 0.5
  if (typeof value === "string") return textOf(value, key)
  if (value instanceof Map) {
    return new Map([...value].map(([name, member]) => [name, placeholder(member, `${key}.${name}`)]))
  }
  if ("float" in value) return 0.5
  return [...value].map((member, index) => placeholder(member, `${key}.${index}`))
}

const textOf = (text: string, key: string): string => {
  const ending = /\n$/.test(text) ? "\n" : ""
  const inner = text.slice(0, text.length - ending.length)
  return /^(?:true|false)?$/i.test(inner) ? text : `PLACEHOLDER-${key}${ending}`
}

// Written by hand: an object would put keys that look like numbers first.
const json = (value: Value): string => {
  if (value instanceof Map) {
    return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}: ${json(member)}`).join(", ")}}`
  }
  if (Array.isArray(value)) return `[${value.map(json).join(", ")}]`
  return JSON.stringify(value) ?? "null"
}
