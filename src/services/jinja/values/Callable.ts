import type { Context } from "../Context.ts"
import { typeError, unsupported } from "../Failure.ts"
import { Thing, type Val } from "./Thing.ts"

/** A call: what was passed, and from where. */
export interface Args {
  /** The name that is called, for messages. */
  readonly callee: string
  readonly positional: ReadonlyArray<Val>
  readonly named: ReadonlyMap<string, Val>
  /** The scope of the template that calls. */
  readonly context: Context
}

export const NO_NAMES: ReadonlyMap<string, Val> = new Map()

/** What happens when something is called. */
export type Run = (args: Args) => Val

/** A value that can be called. */
export abstract class Callable extends Thing {
  abstract call(args: Args): Val

  override isCallable(): boolean {
    return true
  }
}

/** A function or method of this renderer. */
export class Builtin extends Callable {
  readonly type: string = "builtin_function_or_method"
  readonly name: string
  readonly #run: Run

  constructor(name: string, run: Run) {
    super()
    this.name = name
    this.#run = run
  }

  call(args: Args): Val {
    return this.#run({ ...args, callee: this.name })
  }

  // Python compares what a method is bound to, by its place in memory.
  override equals(other: Val): boolean {
    if (this !== other && other instanceof Builtin && other.name === this.name) throw unsupported("comparing methods")
    return this === other
  }
}

/** A parameter: its name, with the value that it has when it is left out. */
export type Param = string | readonly [name: string, fallback: Val]

type ValuesOf<P> = { readonly [K in keyof P]: Val }

/**
 * A function with Python's rules for arguments: by position or by name, each once, none too many.
 *
 * @param params in their order; those with a fallback may be left out
 */
export const takes =
  <const P extends ReadonlyArray<Param>>(params: P, run: (values: ValuesOf<P>, context: Context) => Val): Run =>
  (args) =>
    run(bind(params, args) as ValuesOf<P>, args.context)

/** The arguments of a call that cannot be named. */
export const inOrder = ({ callee, positional, named }: Args): ReadonlyArray<Val> => {
  if (named.size > 0) throw typeError(`${callee}() takes no keyword arguments`)
  return positional
}

/** Like `takes`, for functions whose arguments cannot be named. */
export const takesInOrder = <const P extends ReadonlyArray<Param>>(
  params: P,
  run: (values: ValuesOf<P>, context: Context) => Val
): Run => {
  const inner = takes(params, run)
  return (args) => inner({ ...args, positional: inOrder(args) })
}

const bind = (params: ReadonlyArray<Param>, { callee, positional, named }: Args): ReadonlyArray<Val> => {
  if (positional.length > params.length) {
    throw typeError(`${callee}() takes at most ${params.length} arguments (${positional.length} given)`)
  }
  const names = params.map((param) => (typeof param === "string" ? param : param[0]))
  for (const name of named.keys()) {
    const at = names.indexOf(name)
    if (at === -1) throw typeError(`${callee}() got an unexpected keyword argument '${name}'`)
    if (at < positional.length) throw typeError(`${callee}() got multiple values for argument '${name}'`)
  }
  return params.map((param, at) => {
    const [name, fallback] = typeof param === "string" ? [param, undefined] : param
    const value = positional[at] ?? (at < positional.length ? null : named.get(name))
    if (value !== undefined) return value
    if (fallback === undefined) throw typeError(`${callee}() is missing the argument '${name}'`)
    return fallback
  })
}
