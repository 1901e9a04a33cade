import { limitExceeded, unsupported } from "../Failure.ts"
import { ordered } from "../python/Compare.ts"
import { textLength } from "../python/Iteration.ts"
import { SPACE } from "../python/Points.ts"
import { lines } from "../python/Split.ts"
import { repr, typeName } from "../python/Text.ts"
import { Dict } from "../values/Dict.ts"
import { PySet } from "../values/PySet.ts"
import type { Val } from "../values/Thing.ts"
import { NamedTuple, Tuple } from "../values/Tuple.ts"

const WIDTH = 80

/** Deeper values are refused: each level is a call. */
const MAX_DEPTH = 100

/** Where a value is printed: its indentation, how much of the last line is taken by what follows, and how deep it is. */
interface Place {
  readonly indent: number
  readonly allowance: number
  readonly level: number
}

/**
 * Python's `pprint.pformat`: on one line when it fits into 80 columns, else an item a line. The keys of dicts and the
 * members of sets are sorted, texts broken between words.
 */
export const pprint = (value: Val): string => format(value, { indent: 0, allowance: 0, level: 0 })

const format = (value: Val, place: Place): string => {
  if (place.level > MAX_DEPTH) throw limitExceeded(`a value of more than ${MAX_DEPTH} levels`)
  const short = sortedRepr(value, place.level)
  const inner = { ...place, level: place.level + 1 }
  if (textLength(short) <= WIDTH - place.indent - place.allowance) return short
  if (typeof value === "string") return brokenText(value, inner)
  if (Array.isArray(value)) return items("[", value, "]", inner)
  if (value instanceof NamedTuple) return short
  if (value instanceof Tuple) return items("(", value.items, value.items.length === 1 ? ",)" : ")", inner)
  if (value instanceof Dict) return entries(value, inner)
  if (value instanceof PySet)
    return items(
      "{",
      sorted([...value.iterate()], (each) => each),
      "}",
      inner
    )
  return short
}

/** As `repr`, with the keys of dicts sorted: those in lists and tuples as well. */
const sortedRepr = (value: Val, level: number): string => {
  if (level > MAX_DEPTH) throw limitExceeded(`a value of more than ${MAX_DEPTH} levels`)
  const inner = (each: Val) => sortedRepr(each, level + 1)
  if (Array.isArray(value)) return `[${value.map(inner).join(", ")}]`
  if (value instanceof Tuple && !(value instanceof NamedTuple))
    return value.items.length === 1 ? `(${value.items.map(inner)},)` : `(${value.items.map(inner).join(", ")})`
  if (!(value instanceof Dict)) return repr(value)
  return `{${byKey(value)
    .map(([key, item]) => `${inner(key)}: ${inner(item)}`)
    .join(", ")}}`
}

const items = (
  open: string,
  values: ReadonlyArray<Val>,
  close: string,
  { indent, allowance, level }: Place
): string => {
  const last = values.length - 1
  const written = values.map((value, at) =>
    format(value, { indent: indent + 1, allowance: at === last ? allowance + close.length : 1, level })
  )
  return open + written.join(separator(indent + 1)) + close
}

const entries = (dict: Dict, { indent, allowance, level }: Place): string => {
  const last = dict.length() - 1
  const written = byKey(dict).map(([key, value], at) => {
    const name = `${sortedRepr(key, level)}: `
    const place = { indent: indent + 1 + textLength(name), allowance: at === last ? allowance + 1 : 1, level }
    return name + format(value, place)
  })
  return `{${written.join(separator(indent + 1))}}`
}

const separator = (indent: number): string => `,\n${" ".repeat(indent)}`

const PARTS = new RegExp(`[^${SPACE}]*[${SPACE}]*`, "gu")

// A text line by line, each in quotes; at the top in brackets as well.
const brokenText = (text: string, { indent: outer, allowance: taken, level }: Place): string => {
  const [indent, allowance] = level === 1 ? [outer + 1, taken + 1] : [outer, taken]
  const width = WIDTH - indent
  const all = lines(text, true)
  const chunks = all.flatMap((line, at) => {
    const isLast = at === all.length - 1
    if (textLength(repr(line)) <= width - (isLast ? allowance : 0)) return [repr(line)]
    const parts = (line.match(PARTS) ?? []).filter((part) => part !== "")
    const broken: Array<string> = []
    let current = ""
    for (const [index, part] of parts.entries()) {
      const room = isLast && index === parts.length - 1 ? width - allowance : width
      if (textLength(repr(current + part)) > room) {
        if (current !== "") broken.push(repr(current))
        current = part
      } else current += part
    }
    return current === "" ? broken : [...broken, repr(current)]
  })
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return repr(all.at(-1) ?? "")
  const written = chunks.join(`\n${" ".repeat(indent)}`)
  return level === 1 ? `(${written})` : written
}

const byKey = (dict: Dict): ReadonlyArray<readonly [Val, Val]> => sorted([...dict.entries()], ([key]) => key)

// What cannot be compared goes by the name of its type; within one type Python goes by addresses in memory.
const sorted = <A>(values: ReadonlyArray<A>, key: (value: A) => Val): ReadonlyArray<A> =>
  values.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    const [s, t] = [typeName(a), typeName(b)]
    const comparable = s === t ? !UNORDERED.has(s) : NUMBERS.has(s) && NUMBERS.has(t)
    if (comparable) return ordered("<", a, b) ? -1 : ordered("<", b, a) ? 1 : 0
    if (s === t) throw unsupported(`sorting several of type ${s}, which Python does by their addresses,`)
    return s < t ? -1 : 1
  })

const NUMBERS = new Set(["int", "float", "bool"])
const UNORDERED = new Set(["NoneType", "dict", "set"])
