import { type Failure, typeError } from "../Failure.ts"
import { Float } from "../values/Float.ts"
import { Markup } from "../values/Markup.ts"
import { PySet } from "../values/PySet.ts"
import { Thing, type Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { equal } from "./equal.ts"
import { iterate } from "./Iteration.ts"
import { typeName } from "./Text.ts"

export type OrderOperator = "<" | "<=" | ">" | ">="

/** Python's ordering: numbers with numbers, texts with texts, lists and tuples item by item, sets by inclusion. */
export const ordered = (operator: OrderOperator, a: Val, b: Val): boolean => {
  if (a instanceof Undefined) return a.fail()
  if (b instanceof Undefined) return b.fail()
  const [x, y] = [numeric(a), numeric(b)]
  if (x !== undefined && y !== undefined) return holds(operator, x, y)
  const [s, t] = [textual(a), textual(b)]
  if (s !== undefined && t !== undefined) return holds(operator, byCodePoints(s, t), 0)
  const [l, m] = [sequence(a, b), sequence(b, a)]
  if (l !== undefined && m !== undefined) return lexical(operator, l, m)
  if (a instanceof PySet && b instanceof PySet) return included(operator, a, b)
  throw notOrdered(operator, a, b)
}

/** Python's `in`. */
export const contains = (container: Val, value: Val): boolean => {
  const text = textual(container)
  if (text !== undefined) {
    const part = textual(value)
    if (part === undefined) throw typeError(`'in <string>' requires string as left operand, not ${typeName(value)}`)
    return text.includes(part)
  }
  const known = container instanceof Thing ? container.contains(value) : undefined
  if (known !== undefined) return known
  for (const item of iterate(container, `argument of type '${typeName(container)}' is not iterable`)) {
    if (equal(item, value)) return true
  }
  return false
}

/** -1, 0 or 1 by code points, which is how Python orders texts. UTF-16 puts what lies beyond U+FFFF elsewhere. */
export const byCodePoints = (a: string, b: string): number => {
  const shorter = Math.min(a.length, b.length)
  let at = 0
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++
  if (at === shorter) return Math.sign(a.length - b.length)
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)]
  const lift = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
  return Math.sign(lift(x) - lift(y))
}

const numeric = (value: Val): number | bigint | undefined => {
  if (typeof value === "number" || typeof value === "bigint") return value
  if (typeof value === "boolean") return Number(value)
  return value instanceof Float ? value.value : undefined
}

const textual = (value: Val): string | undefined => {
  if (typeof value === "string") return value
  return value instanceof Markup ? value.text : undefined
}

// Lists are compared with lists, tuples with tuples.
const sequence = (value: Val, other: Val): ReadonlyArray<Val> | undefined => {
  if (Array.isArray(value)) return Array.isArray(other) ? value : undefined
  return value instanceof Tuple && other instanceof Tuple ? value.items : undefined
}

const holds = (operator: OrderOperator, a: number | bigint, b: number | bigint): boolean => {
  switch (operator) {
    case "<":
      return a < b
    case "<=":
      return a <= b
    case ">":
      return a > b
    case ">=":
      return a >= b
  }
}

const lexical = (operator: OrderOperator, a: ReadonlyArray<Val>, b: ReadonlyArray<Val>): boolean => {
  for (const [at, item] of a.entries()) {
    const other = b[at]
    if (other === undefined) break
    if (!equal(item, other)) return ordered(operator, item, other)
  }
  return holds(operator, a.length, b.length)
}

const included = (operator: OrderOperator, a: PySet, b: PySet): boolean => {
  const within = operator.startsWith("<") ? a.isSubset(b) : b.isSubset(a)
  return within && (operator.length === 2 || a.length() !== b.length())
}

const notOrdered = (operator: OrderOperator, a: Val, b: Val): Failure =>
  typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
