import type { Value } from "../../domain/Value.ts"
import type { Given } from "./Task.ts"
import { Dict } from "./values/Dict.ts"
import { Float } from "./values/Float.ts"
import { PySet } from "./values/PySet.ts"
import type { Val } from "./values/Thing.ts"
import { type Slot, Unavailable } from "./values/Undefined.ts"

/** Names, and what they stand for, to look at. */
export type Names = Pick<ReadonlyMap<string, Slot>, "get" | typeof Symbol.iterator>

/** What a template may change, and each rendering therefore has for itself: a list, dict or set of the context. */
class Own {
  readonly value: Value

  constructor(value: Value) {
    this.value = value
  }
}

/** The names of a context in one rendering. What all its renderings can share is made once for the context. */
export class GivenNames implements Names {
  static readonly #shared = new WeakMap<Given, ReadonlyMap<string, Slot | Own>>()
  readonly #known: ReadonlyMap<string, Slot | Own>
  readonly #own = new Map<string, Slot>()

  constructor(given: Given) {
    this.#known = GivenNames.#shared.get(given) ?? slotsOf(given)
    GivenNames.#shared.set(given, this.#known)
  }

  get(name: string): Slot | undefined {
    const slot = this.#known.get(name)
    if (!(slot instanceof Own)) return slot
    const own = this.#own.get(name) ?? valOf(slot.value)
    this.#own.set(name, own)
    return own
  }

  *[Symbol.iterator](): MapIterator<[string, Slot]> {
    for (const name of this.#known.keys()) yield [name, this.get(name) ?? null]
  }
}

/** Names over others, which they hide. Neither changes any more. */
export class LayeredNames implements Names {
  readonly #below: Names
  readonly #over: ReadonlyMap<string, Slot>

  constructor(below: Names, over: ReadonlyMap<string, Slot>) {
    this.#below = below
    this.#over = over
  }

  get(name: string): Slot | undefined {
    const slot = this.#over.get(name)
    return slot === undefined ? this.#below.get(name) : slot
  }

  *[Symbol.iterator](): MapIterator<[string, Slot]> {
    for (const [name] of this.#below) yield [name, this.get(name) ?? null]
    for (const [name, slot] of this.#over) if (this.#below.get(name) === undefined) yield [name, slot]
  }
}

const slotsOf = ({ values, unavailable }: Given): ReadonlyMap<string, Slot | Own> => {
  const slots = new Map<string, Slot | Own>()
  for (const [name, value] of values) {
    const val = valOf(value)
    slots.set(name, typeof val === "object" && val !== null && !(val instanceof Float) ? new Own(value) : val)
  }
  for (const [name, reason] of unavailable) slots.set(name, new Unavailable(reason))
  return slots
}

const valOf = (value: Value): Val => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : new Float(value)
  if (value === null || typeof value !== "object") return value
  if (value instanceof Map) return new Dict([...value].map(([key, member]) => [key, valOf(member)]))
  if (value instanceof Set) return new PySet([...value].map(valOf))
  return Array.isArray(value) ? value.map(valOf) : "float" in value ? new Float(value.float) : null
}
