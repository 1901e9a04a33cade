import type { Context } from "../Context.ts"
import { hashKey } from "../python/Hash.ts"
import { Builtin, takes, takesInOrder } from "./Callable.ts"
import { Dict, DictView } from "./Dict.ts"
import { Thing, type Val } from "./Thing.ts"
import { Absent, MISSING } from "./Undefined.ts"

/** What `context()` gives: the names of the template that calls it, to look at. */
export class ContextReference extends Thing {
  readonly type = "Context"
  readonly #context: Context

  constructor(context: Context) {
    super()
    this.#context = context
  }

  override item(key: Val): Val | undefined {
    if (typeof key !== "string" || this.#context.resolve(key) === MISSING) return undefined
    return this.#context.read(key)
  }

  override equals(other: Val): boolean {
    return other instanceof ContextReference && other.#context === this.#context
  }

  override contains(key: Val): boolean {
    return typeof key === "string" && this.#context.resolve(key) !== MISSING
  }

  override attribute(name: string): Val | undefined {
    switch (name) {
      case "name":
        return this.#context.path
      case "get":
        return new Builtin(
          name,
          takes(["key", ["default", null]], ([key, otherwise]) => {
            hashKey(key)
            const item = this.item(key)
            return item === undefined ? otherwise : item
          })
        )
      case "resolve":
        return new Builtin(
          name,
          takesInOrder(["key"], ([key]) => this.#context.read(String(key)))
        )
      case "keys":
        return new Builtin(
          name,
          takesInOrder([], () => new DictView("dict_keys", this.#all()))
        )
      case "values":
        return new Builtin(
          name,
          takesInOrder([], () => new DictView("dict_values", this.#all()))
        )
      case "items":
        return new Builtin(
          name,
          takesInOrder([], () => new DictView("dict_items", this.#all()))
        )
      default:
        return undefined
    }
  }

  #all(): Dict {
    return new Dict(
      [...this.#context.all()].map(([name, value]) => [name, value instanceof Absent ? value.read(name) : value])
    )
  }
}
