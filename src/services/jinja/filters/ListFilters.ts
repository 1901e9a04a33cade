import { limitExceeded, typeError, unsupported } from "../Failure.ts"
import { ordered } from "../python/Compare.ts"
import { equal } from "../python/equal.ts"
import { iterate, length, list, MAX_ITEMS } from "../python/Iteration.ts"
import { getItem } from "../python/Lookup.ts"
import { arithmetic, countOf, indexOf } from "../python/Numbers.ts"
import { binary } from "../python/Operators.ts"
import { sorted } from "../python/sorted.ts"
import { str, truthy } from "../python/Text.ts"
import { textIn } from "../python/textOf.ts"
import { type Run, takes } from "../values/Callable.ts"
import { Dict } from "../values/Dict.ts"
import { Iter } from "../values/Iter.ts"
import { Loop } from "../values/Loop.ts"
import { escape, Markup } from "../values/Markup.ts"
import { PySet } from "../values/PySet.ts"
import type { Val } from "../values/Thing.ts"
import { NamedTuple, Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { attributeGetter, attributesGetter } from "./Getters.ts"

const caseless = (value: Val): Val =>
  typeof value === "string" ? value.toLowerCase() : value instanceof Markup ? value.text.toLowerCase() : value

const withCase = (sensitive: Val): ((value: Val) => Val) => (truthy(sensitive) ? (value) => value : caseless)

const lengthFilter: Run = takes(["value"], ([value]) => length(value))

const extreme = (better: "<" | ">"): Run =>
  takes(["value", ["case_sensitive", false], ["attribute", null]], ([value, sensitive, attribute]) => {
    const [first, ...others] = list(value)
    if (first === undefined) return new Undefined("No aggregated item, sequence was empty.")
    const getter = attributeGetter(attribute)
    const key = (item: Val) => withCase(sensitive)(getter(item))
    let best = { item: first, key: key(first) }
    for (const item of others) {
      const other = { item, key: key(item) }
      if (ordered(better, other.key, best.key)) best = other
    }
    return best.item
  })

const groups = (items: ReadonlyArray<Val>, key: (item: Val) => Val): ReadonlyArray<readonly [Val, Array<Val>]> => {
  const found: Array<readonly [Val, Array<Val>]> = []
  for (const item of sorted(items, key)) {
    const last = found.at(-1)
    if (last !== undefined && equal(last[0], key(item))) last[1].push(item)
    else found.push([key(item), [item]])
  }
  return found
}

// Some filters are generators, as in Jinja2: what is wrong with the value shows when the first item is taken.
const batches = function* (value: Val, size: Val, fill: Val): Generator<Val> {
  let batch: Array<Val> = []
  for (const item of iterate(value)) {
    if (equal(batch.length, size)) {
      yield batch
      batch = []
    }
    batch.push(item)
  }
  if (batch.length === 0) return
  if (fill !== null && ordered("<", batch.length, size)) {
    const missing = indexOf(arithmetic("-", size, batch.length) ?? size, "a batch")
    if (missing > MAX_ITEMS) throw limitExceeded(`a list of more than ${MAX_ITEMS} items`)
    for (let filled = 0; filled < missing; filled++) batch.push(fill)
  }
  yield batch
}

const slices = function* (value: Val, slices: Val, fill: Val): Generator<Val> {
  const items = list(value)
  const count = countOf(slices, "a number of slices")
  if (count === 0) throw typeError("integer division or modulo by zero")
  const size = Math.floor(items.length / count)
  const longer = items.length % count
  for (let at = 0; at < count; at++) {
    const start = at * size + Math.min(at, longer)
    const part = items.slice(start, start + size + (at < longer ? 1 : 0))
    yield fill !== null && at >= longer ? [...part, fill] : part
  }
}

const unique = function* (value: Val, sensitive: Val, attribute: Val): Generator<Val> {
  const getter = attributeGetter(attribute)
  const key = (item: Val) => withCase(sensitive)(getter(item))
  const seen = new PySet()
  for (const item of list(value)) {
    if (seen.contains(key(item))) continue
    seen.add(key(item))
    yield item
  }
}

const pairs = function* (value: Val): Generator<Val> {
  if (value instanceof Undefined) return
  if (!(value instanceof Dict)) throw typeError("Can only get item pairs from a mapping.")
  for (const entry of value.entries()) yield new Tuple(entry)
}

const sumOf = (items: Iterable<Val>, start: Val): Val => {
  if (textIn(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
  let sum: Val = start
  for (const item of items) sum = arithmetic("+", sum, item) ?? binary("+", sum, item)
  return sum
}

const reversed = (value: Val): Val => {
  if (typeof value === "string") return [...value].reverse().join("")
  if (value instanceof Markup) return new Markup([...value.text].reverse().join(""))
  if (value instanceof PySet) return list(value).reverse()
  return new Iter(list(value).reverse().values(), "reversed")
}

/** Filters that take or give lists. */
export const LIST_FILTERS: Readonly<Record<string, Run>> = {
  batch: takes(
    ["value", "linecount", ["fill_with", null]],
    ([value, size, fill]) => new Iter(batches(value, size, fill))
  ),
  count: lengthFilter,
  dictsort: takes(
    ["value", ["case_sensitive", false], ["by", "key"], ["reverse", false]],
    ([value, sensitive, by, reverse]) => {
      if (by !== "key" && by !== "value") throw typeError('You can only sort by either "key" or "value"')
      if (value instanceof Undefined) return value.fail()
      if (!(value instanceof Dict)) throw typeError("dictsort needs a dict")
      const items = [...value.entries()].map((entry) => new Tuple(entry))
      const key = (item: Val) => (item instanceof Tuple ? (item.items[by === "key" ? 0 : 1] ?? null) : item)
      return sorted(items, (item) => withCase(sensitive)(key(item)), reverse)
    }
  ),
  first: takes(["seq"], ([value]) => {
    for (const item of iterate(value)) return item
    return new Undefined("No first item, sequence was empty.")
  }),
  groupby: takes(
    ["value", "attribute", ["default", null], ["case_sensitive", false]],
    ([value, attribute, fallback, sensitive]) => {
      const getter = attributeGetter(attribute, fallback)
      const found = groups(list(value), (item) => withCase(sensitive)(getter(item)))
      return found.map(([key, items]) => {
        const [first] = items
        const shown = truthy(sensitive) || first === undefined ? key : getter(first)
        return new NamedTuple(["grouper", "list"], [shown, items])
      })
    }
  ),
  items: takes(["value"], ([value]) => new Iter(pairs(value))),
  join: takes(["value", ["d", ""], ["attribute", null]], ([value, separator, attribute], context) => {
    const items = list(value).map(attributeGetter(attribute))
    if (!context.mode.autoescape) return items.map(str).join(str(separator))
    const isHtml = separator instanceof Markup || items.some((item) => item instanceof Markup)
    if (!isHtml) return items.map(str).join(str(separator))
    return new Markup(items.map((item) => escape(item).text).join(escape(separator).text))
  }),
  last: takes(["seq"], ([value]) => {
    if (value instanceof Iter || value instanceof PySet || value instanceof Loop)
      throw typeError(`'${value.type}' object is not reversible`)
    const last = list(value).at(-1)
    if (last === undefined) return new Undefined("No last item, sequence was empty.")
    // From its end, and only so, HTML is read as HTML.
    return value instanceof Markup ? new Markup(str(last)) : last
  }),
  length: lengthFilter,
  list: takes(["value"], ([value]) => list(value)),
  max: extreme(">"),
  min: extreme("<"),
  random: ({ positional: [value = null] }) => {
    if (length(value) === 0) return new Undefined("No random item, sequence was empty.")
    if (length(value) === 1 && !(value instanceof PySet)) return getItem(value, 0)
    if (value instanceof PySet) throw typeError("'set' object is not subscriptable")
    throw unsupported("the filter random")
  },
  reverse: takes(["value"], ([value]) => reversed(value)),
  slice: takes(
    ["value", "slices", ["fill_with", null]],
    ([value, count, fill]) => new Iter(slices(value, count, fill))
  ),
  sort: takes(
    ["value", ["reverse", false], ["case_sensitive", false], ["attribute", null]],
    ([value, reverse, sensitive, attribute]) => {
      const getter = attributesGetter(attribute)
      return sorted(list(value), (item) => getter(item).map(withCase(sensitive)), reverse)
    }
  ),
  sum: takes(["iterable", ["attribute", null], ["start", 0]], ([value, attribute, start]) =>
    sumOf(list(value).map(attributeGetter(attribute)), start)
  ),
  unique: takes(["value", ["case_sensitive", false], ["attribute", null]], ([value, sensitive, attribute]) => {
    return new Iter(unique(value, sensitive, attribute))
  })
}
