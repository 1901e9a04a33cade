import { typeError } from "../Failure.ts"
import { getItem } from "../python/Lookup.ts"
import { parseInteger } from "../python/Parsing.ts"
import { isDigit } from "../python/StringPredicates.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"

/**
 * What looks up an attribute in each item, as filters do: `a.b.0` is a path, and numbers in it are positions.
 * None is the item itself; what is no text is a key.
 *
 * @param fallback instead of what is undefined; undefined for none
 */
export const attributeGetter = (attribute: Val, fallback?: Val): ((item: Val) => Val) => {
  const path = pathOf(attribute)
  return (item) =>
    path.reduce((value: Val, part) => {
      const next = getItem(value, part)
      return next instanceof Undefined && fallback !== undefined && fallback !== null ? fallback : next
    }, item)
}

/** The same for several attributes with commas between them. */
export const attributesGetter = (attributes: Val): ((item: Val) => Array<Val>) => {
  const getters =
    typeof attributes === "string"
      ? attributes.split(",").map((each) => attributeGetter(each))
      : [attributeGetter(attributes)]
  return (item) => getters.map((getter) => getter(item))
}

// Digits that form no number are an error, as in Python.
const positionOf = (digits: string): Val => {
  const position = parseInteger(digits, 10)
  if (position === undefined) throw typeError("an attribute is no number, although its characters are digits")
  return position
}

const pathOf = (attribute: Val): ReadonlyArray<Val> => {
  if (attribute === null) return []
  const text = attribute instanceof Markup ? attribute.text : attribute
  if (typeof text !== "string") return [attribute]
  return text.split(".").map((part) => (isDigit(part) ? positionOf(part) : part))
}
