import { typeError, unsupported } from "../Failure.ts"
import { ordered } from "../python/Compare.ts"
import { concatenated, length } from "../python/Iteration.ts"
import { getAttribute } from "../python/Lookup.ts"
import { indexOf } from "../python/Numbers.ts"
import { binary } from "../python/Operators.ts"
import { points } from "../python/Points.ts"
import { percent } from "../python/percent.ts"
import { lines } from "../python/Split.ts"
import { replace } from "../python/StringMethods.ts"
import { slice } from "../python/slice.ts"
import { spaces } from "../python/spaces.ts"
import { str, truthy } from "../python/Text.ts"
import { textIn, textOf } from "../python/textOf.ts"
import { Callable, NO_NAMES, type Run, takes } from "../values/Callable.ts"
import { Dict } from "../values/Dict.ts"
import { escape, Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"

/** markupsafe's `soft_str`: a text, HTML staying HTML. */
const soft = (value: Val): string | Markup => (value instanceof Markup ? value : str(value))

/** Calls a method of the value's text; HTML has its own. */
const method =
  (name: string, params: ReadonlyArray<readonly [string, Val]> = []): Run =>
  (args) =>
    takes(["s", ...params], ([value, ...rest], context) => {
      const bound = getAttribute(soft(value ?? null), name)
      if (!(bound instanceof Callable)) throw unsupported(`the method ${name}`)
      return bound.call({ callee: name, positional: rest, named: NO_NAMES, context })
    })(args)

const like = (value: Val, text: string): Val => (value instanceof Markup ? new Markup(text) : text)

// Every word with its first letter in upper case and the others in lower case.
const title = (text: string): string =>
  text
    .split(/([-\s({[<]+)/)
    .map((part) => {
      const [first = "", ...rest] = points(part)
      return first.toUpperCase() + rest.join("").toLowerCase()
    })
    .join("")

const indent = (value: Val, width: Val, first: boolean, blank: boolean): Val => {
  const space = textIn(width) ?? spaces(width)
  if (value instanceof Undefined) return value.fail()
  const [head = "", ...rest] = lines(`${textOf(value)}\n`, false)
  const others = rest.map((line) => (line === "" && !blank ? line : space + line))
  return like(value, (first ? space : "") + concatenated([head, ...others].flatMap((line) => ["\n", line]).slice(1)))
}

const truncate = (value: Val, size: Val, killWords: boolean, end: Val, leeway: Val): Val => {
  const dots = length(end)
  if (ordered("<", size, dots)) throw typeError(`expected length >= ${dots}`)
  if (ordered("<", leeway, 0)) throw typeError("expected leeway >= 0")
  if (ordered("<=", length(value), binary("+", size, leeway))) return value
  const cut = slice(value, null, binary("-", size, dots), null)
  if (killWords) return binary("+", cut, end)
  const text = textOf(cut)
  const space = text.lastIndexOf(" ")
  return binary("+", space === -1 ? cut : like(value, text.slice(0, space)), end)
}

const format: Run = ({ positional: [value = "", ...values], named }) => {
  if (values.length > 0 && named.size > 0) {
    throw typeError("can't handle positional and keyword arguments at the same time")
  }
  return percent(soft(value), named.size > 0 ? new Dict(named) : new Tuple(values))
}

/** Filters on texts. */
export const TEXT_FILTERS: Readonly<Record<string, Run>> = {
  capitalize: method("capitalize"),
  center: method("center", [["width", 80]]),
  format,
  indent: takes(["s", ["width", 4], ["first", false], ["blank", false]], ([value, width, first, blank]) =>
    indent(value, width, truthy(first), truthy(blank))
  ),
  lower: method("lower"),
  replace: takes(["s", "old", "new", ["count", null]], ([value, old, by, count], { mode }) => {
    const times = count === null ? -1 : indexOf(count, "a count")
    if (!mode.autoescape) return replace(str(value), str(old), str(by), times)
    const isEscaped = old instanceof Markup || (by instanceof Markup && !(value instanceof Markup))
    const text = isEscaped ? escape(value) : soft(value)
    if (typeof text === "string") return replace(text, str(old), str(by), times)
    return new Markup(replace(text.text, str(old), escape(by).text, times))
  }),
  string: takes(["object"], ([value]) => soft(value)),
  title: takes(["s"], ([value]) => title(str(value))),
  trim: method("strip", [["chars", null]]),
  truncate: takes(
    ["s", ["length", 255], ["killwords", false], ["end", "..."], ["leeway", null]],
    ([value, size, killWords, end, leeway]) => truncate(value, size, truthy(killWords), end, leeway ?? 5)
  ),
  upper: method("upper"),
  wordcount: takes(["s"], ([value]) => str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)
}
