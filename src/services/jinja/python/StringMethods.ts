import { limitExceeded, typeError } from "../Failure.ts"
import { type Run, takes, takesInOrder } from "../values/Callable.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { capitalized, folded, swapped, titled } from "./Case.ts"
import { encode } from "./Encoding.ts"
import { format, formatMap } from "./format.ts"
import { checked, iterate, MAX_TEXT } from "./Iteration.ts"
import { indexOf } from "./Numbers.ts"
import { points, pointsBefore, stripEnd, stripStart } from "./Points.ts"
import { lines, split, splitFromEnd } from "./Split.ts"
import { stringPredicates } from "./StringPredicates.ts"
import { spaces } from "./spaces.ts"
import { typeName } from "./Text.ts"
import { maketrans, translate } from "./Translation.ts"
import { textOf } from "./textOf.ts"

/** Python's `strip`: from the start, the end, or both; `chars` is a set of characters, None is white space. */
export const strip = (text: string, chars: Val, side: "start" | "end" | "both"): string => {
  if (chars === null) {
    const started = side === "end" ? text : stripStart(text)
    return side === "start" ? started : stripEnd(started)
  }
  const unwanted = new Set(textOf(chars))
  const characters = points(text)
  let [from, to] = [0, characters.length]
  while (side !== "end" && from < to && unwanted.has(characters[from] ?? "")) from++
  while (side !== "start" && to > from && unwanted.has(characters[to - 1] ?? "")) to--
  return characters.slice(from, to).join("")
}

/** Python's `replace`; a negative count is all. */
export const replace = (text: string, old: string, by: string, count: number): string => {
  if (count < 0) return old === "" ? replace(text, old, by, text.length + 1) : checked(text.replaceAll(old, () => by))
  const parts: Array<string> = old === "" ? ["", ...points(text)] : text.split(old)
  const head = parts.slice(0, count + 1)
  const joint = head.join(by)
  const rest = parts.slice(count + 1)
  if (rest.length === 0 && old === "" && count > points(text).length) return checked(joint + by)
  return checked(rest.length === 0 ? joint : joint + old + rest.join(old))
}

const pad = (side: "start" | "end" | "both"): Run =>
  takesInOrder(["self", "width", ["fillchar", " "]], ([self, width, fill]) =>
    padded(textOf(self), indexOf(width, "a width"), textOf(fill), side)
  )

/** Python's `ljust`, `rjust` and `center`. */
export const padded = (text: string, width: number, fill: string, side: "start" | "end" | "both"): string => {
  if (points(fill).length !== 1) throw typeError("The fill character must be exactly one character long")
  const missing = Math.max(0, width - points(text).length)
  // Where it cannot be shared evenly, Python decides by whether the width is odd.
  const left = side === "start" ? missing : side === "end" ? 0 : Math.floor(missing / 2) + (missing & width & 1)
  if (missing > MAX_TEXT) throw limitExceeded(`a text of more than ${MAX_TEXT} characters`)
  return checked(fill.repeat(left) + text + fill.repeat(missing - left))
}

const zeroFilled = (text: string, width: number): string => {
  const sign = /^[+-]/.exec(text)?.[0] ?? ""
  return sign + padded(text.slice(sign.length), width - sign.length, "0", "start")
}

/** The part of a text that `start` and `end` leave, in UTF-16 units, or undefined when start lies behind the end. */
const window = (text: string, start: Val, end: Val): { readonly text: string; readonly from: number } | undefined => {
  const characters = points(text)
  const clip = (position: Val, otherwise: number): number => {
    if (position === null) return otherwise
    const at = indexOf(position, "an index")
    return at < 0 ? Math.max(0, at + characters.length) : at
  }
  const from = clip(start, 0)
  const to = Math.min(clip(end, characters.length), characters.length)
  return from > to ? undefined : { text: characters.slice(from, to).join(""), from }
}

const find = (how: "indexOf" | "lastIndexOf", missing: "raise" | -1): Run =>
  takesInOrder(["self", "sub", ["start", null], ["end", null]], ([self, sub, start, end]) => {
    const part = textOf(sub)
    const within = window(textOf(self), start, end)
    const at = within?.text[how](part) ?? -1
    if (within !== undefined && at !== -1) return within.from + pointsBefore(within.text, at)
    if (missing === "raise") throw typeError("substring not found")
    return missing
  })

const affix = (test: (text: string, part: string) => boolean): Run =>
  takesInOrder(["self", "affix", ["start", null], ["end", null]], ([self, affixes, start, end]) => {
    const within = window(textOf(self), start, end)
    const parts = affixes instanceof Tuple ? affixes.items.map(textOf) : [textOf(affixes)]
    return within !== undefined && parts.some((part) => test(within.text, part))
  })

const map = (change: (text: string) => Val): Run => takesInOrder(["self"], ([self]) => change(textOf(self)))

const partition = (how: "indexOf" | "lastIndexOf"): Run =>
  takesInOrder(["self", "sep"], ([self, separator]) => {
    const [text, sep] = [textOf(self), textOf(separator)]
    if (sep === "") throw typeError("empty separator")
    const at = text[how](sep)
    if (at === -1) return new Tuple(how === "indexOf" ? [text, "", ""] : ["", "", text])
    return new Tuple([text.slice(0, at), sep, text.slice(at + sep.length)])
  })

const joined = (separator: string, items: Val): string => {
  const texts: Array<string> = []
  for (const item of iterate(items, "can only join an iterable")) {
    if (typeof item !== "string" && !(item instanceof Markup)) {
      throw typeError(`sequence item ${texts.length}: expected str instance, ${typeName(item)} found`)
    }
    texts.push(textOf(item))
  }
  return checked(texts.join(separator))
}

const expandTabs = (text: string, size: number): string => {
  let column = 0
  return points(text)
    .map((character) => {
      if (character === "\t") {
        const blanks = size <= 0 ? 0 : size - (column % size)
        column += blanks
        return spaces(blanks)
      }
      column = character === "\n" || character === "\r" ? 0 : column + 1
      return character
    })
    .join("")
}

const count = (text: string, sub: string): number => (sub === "" ? points(text).length + 1 : text.split(sub).length - 1)

/** The methods of Python's `str`; the text itself is the first argument. */
export const stringMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  ...stringPredicates,
  ["capitalize", map(capitalized)],
  ["casefold", map(folded)],
  ["center", pad("both")],
  [
    "count",
    takesInOrder(["self", "sub", ["start", null], ["end", null]], ([self, sub, start, end]) => {
      const part = textOf(sub)
      const within = window(textOf(self), start, end)
      return within === undefined ? 0 : count(within.text, part)
    })
  ],
  ["encode", encode],
  ["endswith", affix((text, part) => text.endsWith(part))],
  [
    "expandtabs",
    takes(["self", ["tabsize", 8]], ([self, size]) => expandTabs(textOf(self), indexOf(size, "a tab size")))
  ],
  ["find", find("indexOf", -1)],
  ["format", ({ positional: [self = "", ...values], named }) => format(textOf(self), values, named)],
  ["format_map", takesInOrder(["self", "mapping"], ([self, mapping]) => formatMap(textOf(self), mapping))],
  ["index", find("indexOf", "raise")],
  ["join", takesInOrder(["self", "items"], ([self, items]) => joined(textOf(self), items))],
  ["ljust", pad("end")],
  ["lower", map((text) => text.toLowerCase())],
  ["lstrip", takesInOrder(["self", ["chars", null]], ([self, chars]) => strip(textOf(self), chars, "start"))],
  ["maketrans", maketrans],
  ["partition", partition("indexOf")],
  [
    "removeprefix",
    takesInOrder(["self", "prefix"], ([self, prefix]) => {
      const [text, part] = [textOf(self), textOf(prefix)]
      return text.startsWith(part) ? text.slice(part.length) : text
    })
  ],
  [
    "removesuffix",
    takesInOrder(["self", "suffix"], ([self, suffix]) => {
      const [text, part] = [textOf(self), textOf(suffix)]
      return part !== "" && text.endsWith(part) ? text.slice(0, -part.length) : text
    })
  ],
  [
    "replace",
    takesInOrder(["self", "old", "new", ["count", -1]], ([self, old, by, times]) =>
      replace(textOf(self), textOf(old), textOf(by), indexOf(times, "a count"))
    )
  ],
  ["rfind", find("lastIndexOf", -1)],
  ["rindex", find("lastIndexOf", "raise")],
  ["rjust", pad("start")],
  ["rpartition", partition("lastIndexOf")],
  [
    "rsplit",
    takes(["self", ["sep", null], ["maxsplit", -1]], ([self, sep, most]) =>
      splitFromEnd(textOf(self), sep === null ? null : textOf(sep), indexOf(most, "a count"))
    )
  ],
  ["rstrip", takesInOrder(["self", ["chars", null]], ([self, chars]) => strip(textOf(self), chars, "end"))],
  [
    "split",
    takes(["self", ["sep", null], ["maxsplit", -1]], ([self, sep, most]) =>
      split(textOf(self), sep === null ? null : textOf(sep), indexOf(most, "a count"))
    )
  ],
  [
    "splitlines",
    takes(["self", ["keepends", false]], ([self, keep]) => lines(textOf(self), indexOf(keep, "keepends") !== 0))
  ],
  ["startswith", affix((text, part) => text.startsWith(part))],
  ["strip", takesInOrder(["self", ["chars", null]], ([self, chars]) => strip(textOf(self), chars, "both"))],
  ["swapcase", map(swapped)],
  ["title", map(titled)],
  ["translate", translate],
  ["upper", map((text) => text.toUpperCase())],
  ["zfill", takesInOrder(["self", "width"], ([self, width]) => zeroFilled(textOf(self), indexOf(width, "a width")))]
])
