import { unsupported } from "../Failure.ts"
import { split } from "./Split.ts"

const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"]
])

/** A text with its HTML entities as the characters that they are. */
export const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w+));/g, (_, decimal?: string, hex?: string, name = "") => {
    if (decimal !== undefined || hex !== undefined) return String.fromCodePoint(Number(decimal ?? `0x${hex}`))
    const character = ENTITIES.get(name)
    if (character === undefined) throw unsupported("an HTML entity that is not among the basic ones")
    return character
  })

/** Without what stands between `open` and `close`. By hand: a pattern would look for each end up to the end of the text. */
const without = (text: string, open: string, close: string): string => {
  let kept = ""
  let at = 0
  for (let start = text.indexOf(open); start !== -1; start = text.indexOf(open, at)) {
    const end = text.indexOf(close, start + open.length)
    if (end === -1) break
    kept += text.slice(at, start)
    at = end + close.length
  }
  return kept + text.slice(at)
}

/** The text in HTML: without tags and comments, white space as single spaces. */
export const striptags = (text: string): string =>
  unescaped(split(without(without(text, "<!--", "-->"), "<", ">"), null, -1).join(" "))
