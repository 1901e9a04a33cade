import type { CompareOperator } from "./Ast.ts"
import type { Context } from "./Context.ts"
import { Failure, limitExceeded, typeError, unsupported } from "./Failure.ts"
import type { Position } from "./Position.ts"
import { contains, ordered } from "./python/Compare.ts"
import { fill } from "./python/DictMethods.ts"
import { equal } from "./python/equal.ts"
import { checked, iterate, list } from "./python/Iteration.ts"
import { getAttribute, getItem } from "./python/Lookup.ts"
import { binary, unary } from "./python/Operators.ts"
import { truthy, typeName } from "./python/Text.ts"
import { textOf } from "./python/textOf.ts"
import { base, late, power, settled, settledText, sliceWhen } from "./settled.ts"
import { TemplateReference } from "./values/Blocks.ts"
import { Callable, NO_NAMES } from "./values/Callable.ts"
import { Dict } from "./values/Dict.ts"
import { Iter } from "./values/Iter.ts"
import { Loop, type Recurse } from "./values/Loop.ts"
import { Macro, type MacroBody, type MacroUses } from "./values/Macro.ts"
import { Markup } from "./values/Markup.ts"
import type { Module } from "./values/Module.ts"
import { Namespace } from "./values/Namespace.ts"
import type { Val } from "./values/Thing.ts"
import { Tuple } from "./values/Tuple.ts"
import { Absent, MISSING, type Slot, Undefined } from "./values/Undefined.ts"

const compare = (operator: CompareOperator, a: Val, b: Val): boolean => {
  switch (operator) {
    case "==":
      return equal(a, b)
    case "!=":
      return !equal(a, b)
    case "in":
      return contains(b, a)
    case "not in":
      return !contains(b, a)
    default:
      return ordered(operator, a, b)
  }
}

// `a < b < c`: each operand once, and none after the first comparison that fails.
const chain = (first: Val, others: ReadonlyArray<readonly [CompareOperator, () => Val]>): boolean => {
  let left = first
  for (const [operator, other] of others) {
    const right = other()
    if (!compare(operator, left, right)) return false
    left = right
  }
  return true
}

const call = (context: Context, callee: Val, positional: ReadonlyArray<Val>, named = NO_NAMES): Val => {
  if (callee instanceof Callable) return callee.call({ callee: callee.type, positional, named, context })
  if (callee instanceof Undefined) return callee.fail()
  throw typeError(`'${typeName(callee)}' object is not callable`)
}

/** Arguments by name: those written out, then those of `**these`. */
const named = (written: ReadonlyArray<readonly [string, Val]>, these?: Val): ReadonlyMap<string, Val> => {
  const all = new Map(written)
  if (these === undefined) return all
  const more = new Dict()
  if (!(these instanceof Dict)) throw typeError(`argument after ** must be a mapping, not ${typeName(these)}`)
  fill(more, these, NO_NAMES)
  for (const [name, value] of more.entries()) {
    if (typeof name !== "string") throw typeError("keywords must be strings")
    if (all.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`)
    all.set(name, value)
  }
  return all
}

/** The parts of a value that is assigned to several targets. */
const unpack = (value: Val, count: number): ReadonlyArray<Val> => {
  const parts = list(value)
  if (parts.length < count) throw typeError(`not enough values to unpack (expected ${count}, got ${parts.length})`)
  if (parts.length > count) throw typeError(`too many values to unpack (expected ${count})`)
  return parts
}

const assignable = (target: Slot): Namespace => {
  if (!(target instanceof Namespace)) throw typeError("cannot assign attribute on non-namespace object")
  return target
}

const setAttribute = (target: Slot, name: string, value: Val): void => assignable(target).set(name, value)

const exported = (module: Module, name: string, line: number): Val => {
  const found = module.attribute(name)
  if (found !== undefined) return found
  const reason = `the template '${module.path}' (imported on line ${line}) does not export the requested name '${name}'`
  return new Undefined(reason)
}

/** An error with the place where it happened: the innermost one. */
const located = (error: unknown, path: string, at: Position): unknown => {
  // Recursion without end, or a text longer than JavaScript can hold.
  const failure = error instanceof RangeError ? limitExceeded(`too deep or too large: ${error.message}`) : error
  if (failure instanceof Failure && failure.template === undefined) {
    failure.template = path
    if (at !== 0) failure.place(at)
  }
  return failure
}

/** What the code of a template may call, besides its context. Nothing else is in its reach. */
export const RUNTIME = Object.freeze({
  Absent,
  MISSING,
  assignable,
  and: (left: Val, right: () => Val): Val => (truthy(left) ? right() : left),
  or: (left: Val, right: () => Val): Val => (truthy(left) ? left : right()),
  base,
  binary,
  call,
  chain,
  checked,
  compare,
  dict: (pairs: ReadonlyArray<readonly [Val, Val]>): Dict => new Dict(pairs),
  exported,
  fail: (message: string): never => {
    throw typeError(message)
  },
  generator: (iterator: Iterator<Val>): Iter => new Iter(iterator),
  getAttribute,
  getItem,
  isOne: (value: Val): boolean => !(value instanceof Undefined),
  iterate,
  late,
  located,
  loop: (items: Val, recurse: Recurse | null, depth: number): Loop => new Loop(items, recurse, depth),
  macro: (context: Context, name: string | null, params: ReadonlyArray<string>, uses: MacroUses, body: MacroBody) =>
    new Macro(context, name, params, uses, body),
  isText: (value: Val): boolean => typeof value === "string" || value instanceof Markup,
  named,
  /** What is wrong with a piece of the output that is no text, and where. */
  noText: (value: Val, at: Position): Failure => {
    const failure = typeError(`expected str instance, ${typeName(value)} found`)
    failure.place(at)
    return failure
  },
  power,
  refuse: (what: string): never => {
    throw unsupported(what)
  },
  self: (context: Context): TemplateReference => new TemplateReference(context),
  setAttribute,
  settled,
  settledText,
  slice: sliceWhen,
  textOf,
  truthy,
  tuple: (items: ReadonlyArray<Val>): Tuple => new Tuple(items),
  typeError,
  unary,
  undefined: (reason: string): Undefined => new Undefined(reason),
  unpack
})
