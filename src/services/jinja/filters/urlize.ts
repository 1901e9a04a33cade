import { typeError } from "../Failure.ts"
import { ordered } from "../python/Compare.ts"
import { iterate } from "../python/Iteration.ts"
import { points, SPACE } from "../python/Points.ts"
import { slice } from "../python/slice.ts"
import { truthy } from "../python/Text.ts"
import { textOf } from "../python/textOf.ts"
import { type Run, takes } from "../values/Callable.ts"
import { escape } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"

const W = "\\p{L}\\p{N}_"
const S = `[${SPACE}]`
const NO_S = `[^${SPACE}]`

// `https://…`, `www.…`; a bare name with one of the oldest top-level domains; an address.
const DOMAIN = `(?:https?://|www\\.)(?:[${W}%-]+\\.)*(?:[a-z]{2,63}|xn--[${W}%]{2,59})`
const BARE = `(?:[${W}%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)`
const ADDRESS =
  "https?://(?:\\p{Nd}{1,3}(?:\\.\\p{Nd}{1,3}){3}|\\[(?:[\\p{Nd}a-f]{0,4}:){2}(?:[\\p{Nd}a-f]{0,4}:?){1,6}\\])"
const URL = new RegExp(`^(?:${DOMAIN}|${BARE}|${ADDRESS})(?::\\p{Nd}{1,5})?(?:[/?#]${NO_S}*)?$`, "iu")
const EMAIL = new RegExp(`^${NO_S}+@[${W}][${W}.-]*\\.[${W}]+$`, "u")
const SCHEME = new RegExp(`^[${W}.+-]{2,}:/{0,2}$`, "u")
const WORDS = new RegExp(`(${S}+)`)

const PAIRS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"]
] as const

const count = (text: string, part: string): number => text.split(part).length - 1

/** What stands around an address is none of it: brackets, and what ends a sentence. */
const taken = (word: string): readonly [head: string, middle: string, tail: string] => {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ""
  let middle = word.slice(head.length)
  let tail = ending(middle)
  middle = middle.slice(0, middle.length - tail.length)
  for (const [open, close] of PAIRS) {
    const opened = count(middle, open)
    if (opened <= count(middle, close)) continue
    // A bracket that is opened within an address is closed within it.
    for (let moved = Math.min(opened, count(tail, close)); moved > 0; moved--) {
      const end = tail.indexOf(close) + close.length
      middle += tail.slice(0, end)
      tail = tail.slice(end)
    }
  }
  return [head, middle, tail]
}

const ending = (word: string): string => {
  let at = word.length
  while (at > 0) {
    if (word.endsWith("&gt;", at)) at -= 4
    else if (")>.,\n".includes(word.charAt(at - 1))) at -= 1
    else break
  }
  return word.slice(at)
}

interface Looks {
  readonly limit: Val
  /** Attributes of each link, with a space before each. */
  readonly attributes: string
  readonly schemes: ReadonlyArray<string>
}

const linked = (text: string, { limit, attributes, schemes }: Looks): string => {
  const link = (href: string, shown: string) => `<a href="${href}"${attributes}>${shown}</a>`
  if (URL.test(text)) {
    const isLong = limit !== null && ordered(">", points(text).length, limit)
    const shown = isLong ? `${textOf(slice(text, null, limit, null))}...` : text
    return link(/^https?:\/\//.test(text) ? text : `https://${text}`, shown)
  }
  if (text.startsWith("mailto:") && EMAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`
  if (!text.startsWith("www.") && !text.includes(":") && EMAIL.test(text)) return `<a href="mailto:${text}">${text}</a>`
  return schemes.reduce(
    (found, scheme) => (found !== scheme && found.startsWith(scheme) ? link(found, found) : found),
    text
  )
}

const relations = (rel: Val, nofollow: Val): string => {
  const given = truthy(rel) ? textOf(rel) : ""
  const all = new Set([...given.split(new RegExp(`${S}+`)), truthy(nofollow) ? "nofollow" : "", "noopener"])
  all.delete("")
  return [...all].sort().join(" ")
}

/** Jinja2's filter `urlize`: links around what looks like an address in the web or of a mailbox, the rest as HTML. */
export const urlize: Run = takes(
  ["value", ["trim_url_limit", null], ["nofollow", false], ["target", null], ["rel", null], ["extra_schemes", null]],
  ([value, limit, nofollow, target, rel, extra], context) => {
    const schemes = extra === null ? [] : [...iterate(extra)].map(textOf)
    const odd = schemes.find((scheme) => !SCHEME.test(scheme))
    if (odd !== undefined) throw typeError("urlize: an extra scheme is no URI scheme prefix")
    const looks: Looks = {
      limit,
      attributes: `${attribute("rel", relations(rel, nofollow))}${target === null ? "" : attribute("target", target)}`,
      schemes
    }
    const words = escape(value)
      .text.split(WORDS)
      .map((word) => {
        const [head, middle, tail] = taken(word)
        return head + linked(middle, looks) + tail
      })
    return context.captured(words.join(""))
  }
)

const attribute = (name: string, value: Val): string => (truthy(value) ? ` ${name}="${escape(value).text}"` : "")
