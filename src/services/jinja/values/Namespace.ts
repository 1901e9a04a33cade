import { typeError } from "../Failure.ts"
import { type Args, Builtin, Callable, takesInOrder } from "./Callable.ts"
import type { Dict } from "./Dict.ts"
import { Thing, type Val } from "./Thing.ts"
import { Tuple } from "./Tuple.ts"

/** `namespace(…)`: what `set ns.name = …` may change from anywhere. */
export class Namespace extends Thing {
  readonly type = "Namespace"
  readonly #values: Dict

  constructor(values: Dict) {
    super()
    this.#values = values
  }

  set(name: string, value: Val): void {
    this.#values.set(name, value)
  }

  override repr(): string {
    return `<Namespace ${this.#values.repr()}>`
  }

  override attribute(name: string): Val | undefined {
    return this.#values.get(name)
  }
}

/** `cycler(…)`: its items one after the other, over and over. */
export class Cycler extends Thing {
  readonly type = "Cycler"
  readonly #items: ReadonlyArray<Val>
  #next = 0

  constructor(items: ReadonlyArray<Val>) {
    super()
    if (items.length === 0) throw typeError("at least one item has to be provided")
    this.#items = items
  }

  override attribute(name: string): Val | undefined {
    switch (name) {
      case "current":
        return this.#current()
      case "next":
        return new Builtin(
          name,
          takesInOrder([], () => this.#advance())
        )
      case "items":
        return new Tuple(this.#items)
      case "pos":
        return this.#next
      case "reset":
        return new Builtin(
          name,
          takesInOrder([], () => this.#reset())
        )
      default:
        return undefined
    }
  }

  #current(): Val {
    return this.#items[this.#next] ?? null
  }

  #advance(): Val {
    const current = this.#current()
    this.#next = (this.#next + 1) % this.#items.length
    return current
  }

  #reset(): null {
    this.#next = 0
    return null
  }
}

/** `joiner(…)`: nothing when it is called first, then its separator. */
export class Joiner extends Callable {
  readonly type = "Joiner"
  readonly #separator: Val
  #used = false

  constructor(separator: Val) {
    super()
    this.#separator = separator
  }

  call({ callee, positional, named }: Args): Val {
    if (positional.length > 0 || named.size > 0) throw typeError(`${callee}() takes no arguments`)
    const first = !this.#used
    this.#used = true
    return first ? "" : this.#separator
  }

  override attribute(name: string): Val | undefined {
    if (name === "sep") return this.#separator
    return name === "used" ? this.#used : undefined
  }
}
