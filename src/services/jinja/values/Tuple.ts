import { unsupported } from "../Failure.ts"
import { equal } from "../python/equal.ts"
import { hashKey } from "../python/Hash.ts"
import { repr } from "../python/Text.ts"
import { type HashKey, Thing, type Val } from "./Thing.ts"

/** Python's `tuple`. */
export class Tuple extends Thing {
  readonly type = "tuple"
  readonly items: ReadonlyArray<Val>

  constructor(items: ReadonlyArray<Val>) {
    super()
    this.items = items
  }

  override truthy(): boolean {
    return this.items.length > 0
  }

  override repr(): string {
    return this.items.length === 1 ? `(${this.items.map(repr)},)` : `(${this.items.map(repr).join(", ")})`
  }

  override iterate(): Iterator<Val> {
    return this.items.values()
  }

  override length(): number {
    return this.items.length
  }

  override equals(other: Val): boolean {
    if (!(other instanceof Tuple) || other.items.length !== this.items.length) return false
    return this.items.every((item, at) => equal(item, other.items[at] ?? null))
  }

  override hashKey(): HashKey {
    return `\u0000tuple:${JSON.stringify(this.items.map((item) => tagged(hashKey(item))))}`
  }
}

const OF_NAMED: ReadonlySet<string> = new Set(["_asdict", "_field_defaults", "_fields", "_make", "_replace"])

/** A tuple whose parts have names too: what `groupby` gives. */
export class NamedTuple extends Tuple {
  readonly #names: ReadonlyArray<string>

  constructor(names: ReadonlyArray<string>, items: ReadonlyArray<Val>) {
    super(items)
    this.#names = names
  }

  override attribute(name: string): Val | undefined {
    if (OF_NAMED.has(name)) throw unsupported(`the attribute ${name} of a group`)
    const at = this.#names.indexOf(name)
    return at === -1 ? undefined : this.items[at]
  }
}

const tagged = (key: HashKey): string => {
  if (key instanceof Thing) throw unsupported("a tuple that holds objects, as a key,")
  return `${typeof key}:${key}`
}
