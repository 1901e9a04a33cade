import { typeError, unsupported } from "../Failure.ts"
import { hashKey } from "../python/Hash.ts"
import { repr } from "../python/Text.ts"
import { type HashKey, Thing, type Val } from "./Thing.ts"

/**
 * Python's `set`. Python iterates one in an order that changes from process to process when it holds texts; here it is
 * the order in which they came, and printing more than one member is refused.
 */
export class PySet extends Thing {
  readonly type = "set"
  readonly #members = new Map<HashKey, Val>()

  constructor(members: Iterable<Val> = []) {
    super()
    for (const member of members) this.add(member)
  }

  add(member: Val): void {
    const key = hashKey(member)
    if (!this.#members.has(key)) this.#members.set(key, member)
  }

  delete(member: Val): boolean {
    return this.#members.delete(hashKey(member))
  }

  isSubset(other: PySet): boolean {
    return this.#members.keys().every((key) => other.#members.has(key))
  }

  override truthy(): boolean {
    return this.#members.size > 0
  }

  override repr(): string {
    if (this.#members.size === 0) return "set()"
    if (this.#members.size > 1) throw unsupported("printing a set of several members, whose order is random in Jinja2,")
    return `{${[...this.#members.values()].map(repr)}}`
  }

  override *iterate(): Generator<Val> {
    const size = this.#members.size
    for (const member of this.#members.values()) {
      yield member
      if (this.#members.size !== size) throw typeError("Set changed size during iteration")
    }
  }

  override length(): number {
    return this.#members.size
  }

  // A set looks for a set as a frozen one, which no template can make.
  override contains(value: Val): boolean {
    return !(value instanceof PySet) && this.#members.has(hashKey(value))
  }

  override equals(other: Val): boolean {
    return other instanceof PySet && other.length() === this.length() && this.isSubset(other)
  }

  override hashKey(): never {
    return this.unhashable()
  }
}
