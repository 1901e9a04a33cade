import { typeError } from "../Failure.ts"
import { Bytes } from "../values/Bytes.ts"
import { type Run, takesInOrder } from "../values/Callable.ts"
import { Dict } from "../values/Dict.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { checked } from "./Iteration.ts"
import { getItem } from "./Lookup.ts"
import { intOf } from "./Numbers.ts"
import { points } from "./Points.ts"
import { isSliceable } from "./slice.ts"
import { typeName } from "./Text.ts"
import { textOf } from "./textOf.ts"

const codeOf = (character: string): number => character.codePointAt(0) ?? 0

// None removes a character, a number is another one, a text replaces it.
const translated = (by: Val): string => {
  if (by === null) return ""
  if (typeof by === "string") return by
  if (by instanceof Markup) return by.text
  const code = intOf(by)
  if (typeof code === "number" && code >= 0 && code < 0x110000) return String.fromCodePoint(code)
  throw typeError("character mapping must return integer, None or str")
}

/** Python's `str.translate`; the text itself is the first argument. */
export const translate: Run = takesInOrder(["self", "table"], ([self, table]) => {
  const by = (character: string): Val | undefined => {
    if (table instanceof Dict) return table.get(codeOf(character))
    if (!(isSliceable(table) || table instanceof Bytes))
      throw typeError(`'${typeName(table)}' object is not subscriptable`)
    const found = getItem(table, codeOf(character))
    return found instanceof Undefined ? undefined : found
  }
  return checked(
    points(textOf(self))
      .map((character) => {
        const found = by(character)
        return found === undefined ? character : translated(found)
      })
      .join("")
  )
})

/** Python's `str.maketrans`; the text that it is called on does not matter. */
export const maketrans: Run = takesInOrder(["self", "x", ["y", null], ["z", null]], ([, from, to, removed]) => {
  const table = new Dict()
  if (to === null) {
    if (!(from instanceof Dict)) throw typeError("if you give only one argument to maketrans it must be a dict")
    for (const [key, value] of from.entries()) table.set(typeof key === "string" ? only(key) : key, value)
    return table
  }
  const [before, after] = [points(textOf(from)), points(textOf(to))]
  if (before.length !== after.length) throw typeError("the first two maketrans arguments must have equal length")
  for (const [at, character] of before.entries()) table.set(codeOf(character), codeOf(after[at] ?? ""))
  for (const character of removed === null ? [] : points(textOf(removed))) table.set(codeOf(character), null)
  return table
})

const only = (key: string): number => {
  if (points(key).length !== 1) throw typeError("string keys in translate table must be of length 1")
  return codeOf(key)
}
