import { unsupported } from "./Failure.ts"
import { FILTERS } from "./Filters.ts"
import { contains, type OrderOperator, ordered } from "./python/Compare.ts"
import { equal } from "./python/equal.ts"
import { hashKey } from "./python/Hash.ts"
import { lengthOf } from "./python/Iteration.ts"
import { intOf } from "./python/Numbers.ts"
import { binary } from "./python/Operators.ts"
import { isLower, isUpper } from "./python/StringPredicates.ts"
import { str, typeName } from "./python/Text.ts"
import { TemplateReference } from "./values/Blocks.ts"
import { Bytes } from "./values/Bytes.ts"
import { Builtin, type Run, takes } from "./values/Callable.ts"
import { Class } from "./values/Class.ts"
import { ContextReference } from "./values/ContextReference.ts"
import { Dict } from "./values/Dict.ts"
import { Float } from "./values/Float.ts"
import { Iter } from "./values/Iter.ts"
import { Markup } from "./values/Markup.ts"
import { Module } from "./values/Module.ts"
import { Thing, type Val } from "./values/Thing.ts"
import { Tuple } from "./values/Tuple.ts"
import { Undefined } from "./values/Undefined.ts"

const is = (test: (value: Val) => boolean): Run => takes(["value"], ([value]) => test(value))
const compares = (test: (a: Val, b: Val) => boolean): Run => takes(["a", "b"], ([a, b]) => test(a, b))
const orders = (operator: OrderOperator): Run => compares((a, b) => ordered(operator, a, b))

const isText = (value: Val): boolean => typeof value === "string" || value instanceof Markup

const isIterable = (value: Val): boolean =>
  isText(value) ||
  Array.isArray(value) ||
  isSubscripted(value) ||
  (value instanceof Thing && value.iterate() !== undefined)

// What has items and no iterator counts as iterable, although nothing comes of it.
const isSubscripted = (value: Val): boolean => value instanceof TemplateReference || value instanceof ContextReference

// What has a length and can be subscripted, as far as Jinja2 looks.
const isSequence = (value: Val): boolean =>
  lengthOf(value) !== undefined &&
  !(value instanceof Iter) &&
  !NO_SEQUENCES.has(value instanceof Thing ? value.type : "")
const NO_SEQUENCES: ReadonlySet<string> = new Set(["set", "dict_keys", "dict_values", "dict_items", "LoopContext"])

const remainder = (value: Val, by: Val): Val => binary("%", value, by)

const isNamed = (table: { readonly has: (name: string) => boolean }, name: Val): boolean => {
  hashKey(name)
  return isText(name) && table.has(str(name))
}

/** Whether two values are one object. Of equal ones that cannot change, only Python's memory knows. */
const isSame = (a: Val, b: Val): boolean => {
  if (a instanceof Class || a instanceof ContextReference) return a.equals(b)
  if (a instanceof Tuple && b instanceof Tuple && a.items.length + b.items.length === 0) return true
  if (isUnknown(a) && typeName(a) === typeName(b) && equal(a, b) && (typeof a !== "object" || a !== b)) {
    throw unsupported("asking whether two equal values are one object, which depends on Python's memory,")
  }
  return a === b
}

// Of small numbers and the shortest texts there is one each.
const isUnknown = (value: Val): boolean => {
  if (typeof value === "string") return value.length > 1
  if (typeof value === "number") return value < -5 || value > 256
  return typeof value === "bigint" || [Bytes, Float, Markup, Tuple].some((kind) => value instanceof kind)
}

// Jinja2 asks the text with their address in memory, which has no letter in upper case.
const isFunction = (value: Val): boolean => value instanceof Builtin && value.type === "builtin_function_or_method"

const equals = compares(equal)
const differs = compares((a, b) => !equal(a, b))

/** Every test by its name, as in Jinja2. A Map, so that no name reaches a prototype. */
export const TESTS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ["!=", differs],
  ["<", orders("<")],
  ["<=", orders("<=")],
  ["==", equals],
  [">", orders(">")],
  [">=", orders(">=")],
  ["boolean", is((value) => typeof value === "boolean")],
  ["callable", is((value) => value instanceof Thing && value.isCallable())],
  ["defined", is((value) => !(value instanceof Undefined))],
  ["divisibleby", takes(["value", "num"], ([value, by]) => equal(remainder(value, by), 0))],
  ["eq", equals],
  ["equalto", equals],
  ["escaped", is((value) => value instanceof Markup || value instanceof Module)],
  ["even", is((value) => equal(remainder(value, 2), 0))],
  ["false", is((value) => value === false)],
  ["filter", is((value) => isNamed(FILTERS, value))],
  ["float", is((value) => value instanceof Float)],
  ["ge", orders(">=")],
  ["greaterthan", orders(">")],
  ["gt", orders(">")],
  ["in", takes(["value", "seq"], ([value, container]) => contains(container, value))],
  ["integer", is((value) => typeof value === "number" || typeof value === "bigint")],
  ["iterable", is(isIterable)],
  ["le", orders("<=")],
  ["lessthan", orders("<")],
  ["lower", is((value) => isFunction(value) || isLower(str(value)))],
  ["lt", orders("<")],
  ["mapping", is((value) => value instanceof Dict || value instanceof ContextReference)],
  ["ne", differs],
  ["none", is((value) => value === null)],
  ["number", is((value) => intOf(value) !== undefined || value instanceof Float)],
  ["odd", is((value) => equal(remainder(value, 2), 1))],
  ["sameas", compares(isSame)],
  ["sequence", is(isSequence)],
  ["string", is(isText)],
  ["test", is((value) => isNamed(TESTS, value))],
  ["true", is((value) => value === true)],
  ["undefined", is((value) => value instanceof Undefined)],
  ["upper", is((value) => !isFunction(value) && isUpper(str(value)))]
])
