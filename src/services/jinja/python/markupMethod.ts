import { typeError } from "../Failure.ts"
import { type Run, takesInOrder } from "../values/Callable.ts"
import { escape, Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { unescaped } from "./Entities.ts"
import { format, formatMap } from "./format.ts"
import { concatenated, iterate } from "./Iteration.ts"
import { stringMethods } from "./StringMethods.ts"
import { striptags } from "./Tags.ts"
import { textOf } from "./textOf.ts"

/** Which argument becomes part of the HTML and is escaped first, as in MarkupSafe 3. */
const ESCAPED: ReadonlyMap<string, number> = new Map([
  ["center", 1],
  ["ljust", 1],
  ["replace", 1],
  ["rjust", 1]
])

/** A method of markupsafe's `Markup`: that of `str`, whose texts are HTML again. */
export const markupMethod = (name: string): Run | undefined => {
  const own = OWN.get(name)
  if (own !== undefined) return own
  const method = stringMethods.get(name)
  if (method === undefined) return undefined
  return (args) => {
    const [self = "", ...given] = args.positional
    const passed = given.map((value, at) => (ESCAPED.get(name) === at ? escape(value) : value))
    return safe(method({ ...args, positional: [self, ...passed] }))
  }
}

// What is put into HTML is escaped, once it is formatted.
const field = (value: Val, spec: string, text: string): string => {
  if (!(value instanceof Markup)) return escape(text).text
  if (spec !== "") throw typeError("a format specification for HTML, which takes none")
  return value.text
}

/** What HTML does otherwise than text, and what only HTML does. */
const OWN: ReadonlyMap<string, Run> = new Map<string, Run>([
  ["escape", takesInOrder(["self", "value"], ([, value]) => escape(value))],
  ["format", ({ positional: [self = "", ...values], named }) => new Markup(format(textOf(self), values, named, field))],
  [
    "format_map",
    takesInOrder(["self", "mapping"], ([self, mapping]) => new Markup(formatMap(textOf(self), mapping, field)))
  ],
  [
    "join",
    takesInOrder(["self", "items"], ([self, items]) => {
      const texts = [...iterate(items, "can only join an iterable")].map((item) => escape(item).text)
      return new Markup(concatenated(texts.flatMap((text) => [textOf(self), text]).slice(1)))
    })
  ],
  ["striptags", takesInOrder(["self"], ([self]) => striptags(textOf(self)))],
  ["unescape", takesInOrder(["self"], ([self]) => unescaped(textOf(self)))]
])

const safe = (value: Val): Val => {
  if (typeof value === "string") return new Markup(value)
  if (Array.isArray(value)) return value.map(safe)
  return value instanceof Tuple ? new Tuple(value.items.map(safe)) : value
}
