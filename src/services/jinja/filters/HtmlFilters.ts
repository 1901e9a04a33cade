import { typeError } from "../Failure.ts"
import { iterate, list } from "../python/Iteration.ts"
import { striptags } from "../python/Tags.ts"
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

const xmlattr = (value: Val, autospace: boolean): string => {
  if (value instanceof Undefined) return value.fail()
  if (!(value instanceof Dict)) throw typeError("xmlattr needs a dict")
  const written = [...value.entries()].flatMap(([key, item]) => {
    if (item === null || item instanceof Undefined) return []
    const name = str(key)
    if (/[\t-\r />=]/.test(name)) throw typeError("Invalid character in attribute name")
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
