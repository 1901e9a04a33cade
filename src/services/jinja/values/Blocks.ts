import type { Context, PlacedBlock } from "../Context.ts"
import { typeError } from "../Failure.ts"
import { type Args, Callable } from "./Callable.ts"
import { Thing, type Val } from "./Thing.ts"
import { Undefined } from "./Undefined.ts"

/** One block of a template or of those that it extends; calling it gives its text. */
export class BlockReference extends Callable {
  readonly type = "BlockReference"
  readonly #name: string
  readonly #context: Context
  readonly #stack: ReadonlyArray<PlacedBlock>
  readonly #depth: number

  constructor(name: string, context: Context, stack: ReadonlyArray<PlacedBlock>, depth: number) {
    super()
    this.#name = name
    this.#context = context
    this.#stack = stack
    this.#depth = depth
  }

  /** The block at some depth of its stack; undefined beyond. */
  static at(name: string, context: Context, stack: ReadonlyArray<PlacedBlock>, depth: number): Val {
    return depth < stack.length
      ? new BlockReference(name, context, stack, depth)
      : new Undefined(`there is no parent block called '${name}'.`)
  }

  call({ callee, positional, named }: Args): Val {
    if (positional.length > 0 || named.size > 0) throw typeError(`${callee}() takes no arguments`)
    const block = this.#stack[this.#depth]
    const context = this.#context
    if (block === undefined) return context.captured("")
    const run = () => context.inMode(block.program, () => block.run(context, block.path))
    return context.captured(context.rendering.calling(run))
  }

  override attribute(name: string): Val | undefined {
    if (name === "name") return this.#name
    return name === "super" ? BlockReference.at(this.#name, this.#context, this.#stack, this.#depth + 1) : undefined
  }
}

/** `self` in a template: its blocks by name. */
export class TemplateReference extends Thing {
  readonly type = "TemplateReference"
  readonly #context: Context

  constructor(context: Context) {
    super()
    this.#context = context
  }

  override item(key: Val): Val | undefined {
    const stack = typeof key === "string" ? this.#context.blocks.get(key) : undefined
    return stack === undefined ? undefined : BlockReference.at(String(key), this.#context, stack, 0)
  }
}
