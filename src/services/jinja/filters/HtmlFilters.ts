import { typeError, unsupported } from "../Failure.ts"
import { iterate, list } from "../python/Iteration.ts"
import { isSpace } from "../python/Points.ts"
import { split } from "../python/Split.ts"
import { str, truthy } from "../python/Text.ts"
import { type Run, takes } from "../values/Callable.ts"
import { Dict } from "../values/Dict.ts"
import { escape, Markup } from "../values/Markup.ts"
import { Thing, type Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { json } from "./json.ts"

const safe = (text: string): string => text.replace(/[<>&']/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`)

// What Python's urllib quotes, but for `/` outside of query strings.
const quote = (value: Val, inQuery: boolean): string => {
  const text = encodeURIComponent(str(value)).replace(
    /[!*'()]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`
  )
  return inQuery ? text.replaceAll("%20", "+") : text.replaceAll("%2F", "/")
}

const urlencode = (value: Val): Val => {
  const isList = Array.isArray(value) || (value instanceof Thing && value.iterate() !== undefined)
  if (!isList || value instanceof Markup) return quote(value, false)
  const pairs = value instanceof Dict ? [...value.entries()] : [...iterate(value)].map((pair) => list(pair))
  return pairs
    .map(([key, item, ...more]) => {
      if (key === undefined || item === undefined || more.length > 0) throw typeError("urlencode needs pairs")
      return `${quote(key, true)}=${quote(item, true)}`
    })
    .join("&")
}

const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"]
])

const unescaped = (text: string): string =>
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

const striptags = (text: string): string =>
  unescaped(split(without(without(text, "<!--", "-->"), "<", ">"), null, -1).join(" "))

const xmlattr = (value: Val, autospace: boolean): string => {
  if (value instanceof Undefined) return value.fail()
  if (!(value instanceof Dict)) throw typeError("xmlattr needs a dict")
  const written = [...value.entries()].flatMap(([key, item]) => {
    if (item === null || item instanceof Undefined) return []
    const name = str(key)
    if (/[/>=]/.test(name) || [...name].some(isSpace)) throw typeError("Invalid character in attribute name")
    return [`${escape(key).text}="${escape(item).text}"`]
  })
  return (autospace && written.length > 0 ? " " : "") + written.join(" ")
}

const escaped: Run = takes(["s"], ([value]) => escape(value))

/** Filters that make HTML, JSON and URLs. */
export const HTML_FILTERS: Readonly<Record<string, Run>> = {
  e: escaped,
  escape: escaped,
  forceescape: takes(["value"], ([value]) => escape(str(value))),
  safe: takes(["value"], ([value]) => new Markup(str(value))),
  striptags: takes(["value"], ([value]) => striptags(str(value))),
  tojson: takes(["value", ["indent", null]], ([value, indent]) => new Markup(safe(json(value, indent)))),
  urlencode: takes(["value"], ([value]) => urlencode(value)),
  xmlattr: takes(["d", ["autospace", true]], ([value, autospace], context) =>
    context.captured(xmlattr(value, truthy(autospace)))
  )
}
