import { typeError } from "../Failure.ts"
import { equal } from "../python/equal.ts"
import { hashKey } from "../python/Hash.ts"
import { repr } from "../python/Text.ts"
import { PySet } from "./PySet.ts"
import { type HashKey, Thing, type Val } from "./Thing.ts"
import { Tuple } from "./Tuple.ts"

/** Python's `dict`: keys of any hashable kind, in the order in which they came. */
export class Dict extends Thing {
  readonly type = "dict"
  readonly #entries = new Map<HashKey, [Val, Val]>()

  constructor(entries: Iterable<readonly [Val, Val]> = []) {
    super()
    for (const [key, value] of entries) this.set(key, value)
  }

  get(key: Val): Val | undefined {
    return this.#entries.get(hashKey(key))?.[1]
  }

  set(key: Val, value: Val): void {
    const at = hashKey(key)
    const known = this.#entries.get(at)
    if (known === undefined) this.#entries.set(at, [key, value])
    else known[1] = value
  }

  /** Removes a key; whether it was there. */
  delete(key: Val): boolean {
    return this.#entries.delete(hashKey(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  entries(): MapIterator<[Val, Val]> {
    return this.#entries.values()
  }

  /** What is made of each entry, one after the other: an error once keys were added or removed meanwhile. */
  *each(of: (entry: readonly [Val, Val]) => Val): Generator<Val> {
    const size = this.#entries.size
    for (const entry of this.#entries.values()) {
      yield of(entry)
      if (this.#entries.size !== size) throw typeError("dictionary changed size during iteration")
    }
  }

  keys(): Generator<Val> {
    return this.each(([key]) => key)
  }

  override truthy(): boolean {
    return this.#entries.size > 0
  }

  override repr(): string {
    return `{${[...this.entries()].map(([key, value]) => `${repr(key)}: ${repr(value)}`).join(", ")}}`
  }

  override iterate(): Iterator<Val> {
    return this.keys()
  }

  override length(): number {
    return this.#entries.size
  }

  override item(key: Val): Val | undefined {
    return this.get(key)
  }

  override contains(value: Val): boolean {
    return this.#entries.has(hashKey(value))
  }

  override equals(other: Val): boolean {
    return other instanceof Dict && sameEntries(this, other)
  }

  override hashKey(): never {
    return this.unhashable()
  }
}

/** What `keys()`, `values()` and `items()` of a dict give: a window onto it, not a copy. */
export class DictView extends Thing {
  readonly type: "dict_keys" | "dict_values" | "dict_items"
  readonly #dict: Dict

  constructor(type: DictView["type"], dict: Dict) {
    super()
    this.type = type
    this.#dict = dict
  }

  override truthy(): boolean {
    return this.#dict.truthy()
  }

  override repr(): string {
    return `${this.type}([${[...this.iterate()].map(repr).join(", ")}])`
  }

  override iterate(): IteratorObject<Val> {
    switch (this.type) {
      case "dict_keys":
        return this.#dict.keys()
      case "dict_values":
        return this.#dict.each(([, value]) => value)
      case "dict_items":
        return this.#dict.each((entry) => new Tuple(entry))
    }
  }

  override length(): number {
    return this.#dict.length()
  }

  override contains(value: Val): boolean | undefined {
    if (this.type === "dict_keys") return this.#dict.contains(value)
    // An item is looked for by its key, which has to be one.
    if (this.type === "dict_items" && value instanceof Tuple && value.items.length === 2)
      hashKey(value.items[0] ?? null)
    return undefined
  }

  // Keys and items compare as sets, values by identity.
  override equals(other: Val): boolean {
    if (this.type === "dict_values" || this === other) return this === other
    if (!(other instanceof DictView || other instanceof PySet) || other.length() !== this.length()) return false
    const others = [...other.iterate()]
    return [...this.iterate()].every((item) => others.some((each) => equal(each, item)))
  }

  override hashKey(): Thing {
    return this.type === "dict_values" ? this : this.unhashable()
  }
}

/** Whether two dicts hold the same. */
const sameEntries = (a: Dict, b: Dict): boolean => {
  if (a.length() !== b.length()) return false
  for (const [key, value] of a.entries()) {
    const other = b.get(key)
    if (other === undefined || !equal(value, other)) return false
  }
  return true
}
