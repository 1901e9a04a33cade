import { typeError } from "../Failure.ts"
import { Markup } from "../values/Markup.ts"
import { Range } from "../values/Range.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { indexOf } from "./Numbers.ts"
import { points } from "./Points.ts"
import { typeName } from "./Text.ts"

/** Python's `value[start:stop:step]`; None stands for a part that is left out. */
export const slice = (value: Val, start: Val, stop: Val, step: Val): Val => {
  if (value instanceof Undefined) return value.fail()
  if (typeof value === "string") return pick(points(value), start, stop, step).join("")
  if (value instanceof Markup) return new Markup(pick(points(value.text), start, stop, step).join(""))
  if (Array.isArray(value)) return pick(value, start, stop, step)
  if (value instanceof Tuple) return new Tuple(pick(value.items, start, stop, step))
  if (value instanceof Range) {
    const [from, to, by] = bounds(value.length(), start, stop, step)
    return new Range(value.at(from), value.at(to), value.step * by)
  }
  throw typeError(`'${typeName(value)}' object is not subscriptable`)
}

/** Whether a value has slices at all. */
export const isSliceable = (value: Val): boolean =>
  typeof value === "string" ||
  Array.isArray(value) ||
  [Markup, Tuple, Range, Undefined].some((kind) => value instanceof kind)

const pick = <A>(items: ReadonlyArray<A>, start: Val, stop: Val, step: Val): Array<A> => {
  const [from, to, by] = bounds(items.length, start, stop, step)
  if (by === 1) return items.slice(from, Math.max(from, to))
  const picked: Array<A> = []
  for (let at = from; by > 0 ? at < to : at > to; at += by) picked.push(...items.slice(at, at + 1))
  return picked
}

// As Python's slice.indices(): positions from the end become positions from the start, then everything is clipped.
const bounds = (length: number, start: Val, stop: Val, step: Val): readonly [number, number, number] => {
  const by = step === null ? 1 : index(step)
  if (by === 0) throw typeError("slice step cannot be zero")
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1]
  const clip = (value: Val, otherwise: number): number => {
    if (value === null) return otherwise
    const at = index(value)
    return Math.min(highest, Math.max(lowest, at < 0 ? at + length : at))
  }
  return [clip(start, by > 0 ? lowest : highest), clip(stop, by > 0 ? highest : lowest), by]
}

const index = (value: Val): number => {
  if (typeof value === "bigint") return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
  return indexOf(value, "a slice")
}
