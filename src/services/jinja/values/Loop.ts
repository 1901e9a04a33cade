import { typeError } from "../Failure.ts"
import { equal } from "../python/equal.ts"
import { iterate, lengthOf } from "../python/Iteration.ts"
import { type Args, Builtin, Callable, inOrder } from "./Callable.ts"
import type { Val } from "./Thing.ts"
import { Tuple } from "./Tuple.ts"
import { Undefined } from "./Undefined.ts"

/** Renders the body of a recursive loop for other items, one level deeper. */
export type Recurse = (items: Val, depth: number) => Val

/** `loop` in the body of a loop. */
export class Loop extends Callable {
  readonly type = "LoopContext"
  readonly #items: Val
  readonly #recurse: Recurse | null
  readonly #depth: number
  readonly #iterator: Iterator<Val>
  #index = -1
  #length: number | undefined
  #previous: Val | undefined
  #current: Val | undefined
  /** Items taken from the iterator before their turn. */
  #ahead: Array<Val> = []
  #changed: ReadonlyArray<Val> | undefined

  constructor(items: Val, recurse: Recurse | null, depth: number) {
    super()
    this.#items = items
    this.#recurse = recurse
    this.#depth = depth
    this.#iterator = iterate(items)[Symbol.iterator]()
  }

  /** Each with the loop itself, as Jinja2's own code takes them: away from the loop around it. */
  override *iterate(): Generator<Val> {
    for (const item of this.each()) yield new Tuple([item, this])
  }

  /** The items, one after the other; each becomes the current one. */
  *each(): Generator<Val> {
    for (let item = this.#take(); item !== undefined; item = this.#take()) {
      this.#index++
      this.#previous = this.#current
      this.#current = item
      yield item
    }
  }

  call({ callee, positional: [items, ...more], named }: Args): Val {
    if (this.#recurse === null) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.")
    }
    if (items === undefined || more.length > 0 || named.size > 0) throw typeError(`${callee}() takes one argument`)
    return this.#recurse(items, this.#depth + 1)
  }

  override length(): number {
    this.#length ??= lengthOf(this.#items) ?? this.#countAll()
    return this.#length
  }

  override repr(): string {
    return `<LoopContext ${this.#index + 1}/${this.length()}>`
  }

  override attribute(name: string): Val | undefined {
    switch (name) {
      case "index":
        return this.#index + 1
      case "index0":
        return this.#index
      case "revindex":
        return this.length() - this.#index
      case "revindex0":
        return this.length() - this.#index - 1
      case "first":
        return this.#index === 0
      case "last":
        return this.#peek() === undefined
      case "length":
        return this.length()
      case "depth":
        return this.#depth + 1
      case "depth0":
        return this.#depth
      case "previtem":
        return this.#index === 0 ? new Undefined("there is no previous item") : this.#previous
      case "nextitem": {
        const next = this.#peek()
        return next === undefined ? new Undefined("there is no next item") : next
      }
      case "cycle":
        return new Builtin(name, (args) => this.#cycle(inOrder(args)))
      case "changed":
        return new Builtin(name, (args) => this.#hasChanged(inOrder(args)))
      default:
        return undefined
    }
  }

  #take(): Val | undefined {
    const waiting = this.#ahead.shift()
    if (waiting !== undefined) return waiting
    const { done, value } = this.#iterator.next()
    return done === true ? undefined : value
  }

  #peek(): Val | undefined {
    if (this.#ahead.length === 0) {
      const next = this.#take()
      if (next !== undefined) this.#ahead.push(next)
    }
    return this.#ahead[0]
  }

  // What has no length is counted by taking the rest of it.
  #countAll(): number {
    for (let next = this.#iterator.next(); next.done !== true; next = this.#iterator.next())
      this.#ahead.push(next.value)
    return this.#index + 1 + this.#ahead.length
  }

  #cycle(values: ReadonlyArray<Val>): Val {
    if (values.length === 0) throw typeError("no items for cycling given")
    return values[this.#index % values.length] ?? null
  }

  #hasChanged(values: ReadonlyArray<Val>): boolean {
    const before = this.#changed
    this.#changed = values
    return (
      before === undefined ||
      before.length !== values.length ||
      !before.every((value, at) => equal(value, values[at] ?? null))
    )
  }
}
