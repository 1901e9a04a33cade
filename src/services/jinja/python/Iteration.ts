import { limitExceeded, typeError } from "../Failure.ts"
import { Thing, type Val } from "../values/Thing.ts"
import { typeName } from "./Text.ts"

/** The most items that a list may be made of at once. */
export const MAX_ITEMS = 100_000

/** Python's `iter()`. A text gives its characters. */
export const iterate = (value: Val, otherwise?: string): Iterable<Val> => {
  if (Array.isArray(value)) return value
  if (typeof value === "string") return value
  const iterator = value instanceof Thing ? value.iterate() : undefined
  if (iterator === undefined) throw typeError(otherwise ?? `'${typeName(value)}' object is not iterable`)
  return { [Symbol.iterator]: () => iterator }
}

/** Python's `list()`. */
export const list = (value: Val): Array<Val> => {
  const items: Array<Val> = []
  for (const item of iterate(value)) {
    if (items.length >= MAX_ITEMS) throw limitExceeded(`a list of more than ${MAX_ITEMS} items`)
    items.push(item)
  }
  return items
}

/** The longest text that is made, in UTF-16 units. */
export const MAX_TEXT = 5_000_000

/** A text, unless it is too long. */
export const checked = (text: string): string => {
  if (text.length > MAX_TEXT) throw limitExceeded(`a text of more than ${MAX_TEXT} characters`)
  return text
}

/** Texts, one after the other. */
export const concatenated = (texts: ReadonlyArray<string>): string => checked(texts.join(""))

/** Python's `len()`; a text is as long as it has characters. */
export const length = (value: Val): number => {
  const known = lengthOf(value)
  if (known === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`)
  return known
}

/** Python's `len()`, or undefined for what has none. */
export const lengthOf = (value: Val): number | undefined => {
  if (Array.isArray(value)) return value.length
  if (typeof value === "string") return textLength(value)
  return value instanceof Thing ? value.length() : undefined
}

/** How many code points a text has. */
export const textLength = (text: string): number => {
  let length = text.length
  for (const pair of text.matchAll(PAIRS)) length -= pair[0].length / 2
  return length
}

const PAIRS = /(?:[\ud800-\udbff][\udc00-\udfff])+/g
