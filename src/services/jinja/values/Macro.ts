import type { Context } from "../Context.ts"
import { typeError } from "../Failure.ts"
import { type Args, Callable } from "./Callable.ts"
import { Dict } from "./Dict.ts"
import { Markup } from "./Markup.ts"
import type { Val } from "./Thing.ts"
import { Tuple } from "./Tuple.ts"
import { MISSING, type Slot, Undefined } from "./Undefined.ts"

/** What a macro's body makes of its arguments; one that is missing gets its fallback there. */
export type MacroBody = (...values: ReadonlyArray<Slot>) => string

/** Which of the special names a macro's body uses. */
export interface MacroUses {
  readonly caller: boolean
  readonly kwargs: boolean
  readonly varargs: boolean
}

/** A macro, or the body of a call block. */
export class Macro extends Callable {
  readonly type = "Macro"
  readonly name: string | null
  readonly #params: ReadonlyArray<string>
  readonly #uses: MacroUses
  readonly #body: MacroBody
  readonly #context: Context

  constructor(context: Context, name: string | null, params: ReadonlyArray<string>, uses: MacroUses, body: MacroBody) {
    super()
    this.#context = context
    this.name = name
    this.#params = params
    this.#uses = uses
    this.#body = body
  }

  call({ positional, named, context }: Args): Val {
    const rest = new Map(named)
    const values: Array<Slot> = this.#params.map((param, at) => {
      const value = positional[at]
      if (value !== undefined) return value
      const byName = rest.get(param)
      rest.delete(param)
      return byName === undefined ? MISSING : byName
    })
    const tooMany = positional.length > this.#params.length
    if (this.#uses.caller && !this.#params.includes("caller")) {
      const caller = rest.get("caller")
      values.push(caller === undefined ? new Undefined("No caller defined") : caller)
      rest.delete("caller")
    }
    if (this.#uses.kwargs) values.push(new Dict(rest))
    else for (const name of rest.keys()) throw typeError(`macro '${this.#label()}' takes no keyword argument '${name}'`)
    if (this.#uses.varargs) values.push(new Tuple(positional.slice(this.#params.length)))
    else if (tooMany) {
      throw typeError(`macro '${this.#label()}' takes not more than ${this.#params.length} argument(s)`)
    }
    const text = this.#context.rendering.calling(() => this.#body(...values))
    return context.mode.autoescape ? new Markup(text) : text
  }

  override attribute(name: string): Val | undefined {
    switch (name) {
      case "name":
        return this.name
      case "arguments":
        return new Tuple(this.#params)
      case "catch_kwargs":
        return this.#uses.kwargs
      case "catch_varargs":
        return this.#uses.varargs
      case "caller":
        return this.#uses.caller
      case "explicit_caller":
        return this.#params.includes("caller")
      default:
        return undefined
    }
  }

  override repr(): string {
    return this.name === null ? "<Macro anonymous>" : `<Macro '${this.name}'>`
  }

  #label(): string {
    return this.name ?? "caller"
  }
}
