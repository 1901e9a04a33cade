import { limitExceeded, typeError } from "../Failure.ts"
import { Float } from "../values/Float.ts"
import { escape, Markup } from "../values/Markup.ts"
import { PySet } from "../values/PySet.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { checked, MAX_ITEMS, MAX_TEXT } from "./Iteration.ts"
import { type Arithmetic, arithmetic, countOf, intOf } from "./Numbers.ts"
import { percent } from "./percent.ts"
import { typeName } from "./Text.ts"

/**
 * Python's binary operators.
 *
 *   operator | numbers | text              | list, tuple  | others
 *   ---------+---------+-------------------+--------------+--------------------
 *   +        | sum     | joined            | joined       | TypeError
 *   -        | yes     | TypeError         | TypeError    | difference of sets
 *   *        | product | repeated by int   | repeated     | TypeError
 *   %        | modulo  | printf formatting | TypeError    | TypeError
 *   / // **  | yes     | TypeError         | TypeError    | TypeError
 *
 * HTML escapes the text that it is joined with. An undefined operand raises its reason.
 */
export const binary = (operator: Arithmetic, a: Val, b: Val): Val => {
  if (operator === "%" && (typeof a === "string" || a instanceof Markup)) return percent(a, b)
  if (a instanceof Undefined) return a.fail()
  if (b instanceof Undefined) return a instanceof Markup && operator === "*" ? times(a, b) : b.fail()
  const special = operator === "+" ? joined(a, b) : operator === "*" ? repeated(a, b) : undefined
  const result = special ?? arithmetic(operator, a, b)
  if (result !== undefined) return result
  if (operator === "-" && a instanceof PySet && b instanceof PySet) {
    return new PySet([...a.iterate()].filter((member) => !b.contains(member)))
  }
  throw typeError(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`)
}

/** Python's unary `-` and `+`. */
export const unary = (operator: "-" | "+", value: Val): Val => {
  if (value instanceof Undefined) return value.fail()
  const sign = operator === "-" ? -1 : 1
  if (value instanceof Float) return new Float(sign * value.value)
  const whole = intOf(value)
  if (whole === undefined) throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`)
  return typeof whole === "bigint" ? whole * BigInt(sign) : whole * sign + 0
}

const joined = (a: Val, b: Val): Val | undefined => {
  if (typeof a === "string" && typeof b === "string") return checked(a + b)
  if (a instanceof Markup && (typeof b === "string" || b instanceof Markup)) return html(a.text + escape(b).text)
  if (b instanceof Markup && typeof a === "string") return html(escape(a).text + b.text)
  if (Array.isArray(a) && Array.isArray(b)) return counted([...a, ...b])
  if (a instanceof Tuple && b instanceof Tuple) return new Tuple(counted([...a.items, ...b.items]))
  return undefined
}

const repeated = (a: Val, b: Val): Val | undefined => {
  if (typeof a === "string" || Array.isArray(a) || a instanceof Tuple || a instanceof Markup) return times(a, b)
  return typeof b === "string" || Array.isArray(b) || b instanceof Tuple || b instanceof Markup
    ? times(b, a)
    : undefined
}

const times = (value: string | Array<Val> | Tuple | Markup, by: Val): Val => {
  if (intOf(by) === undefined) {
    throw typeError(`can't multiply sequence by non-int of type '${typeName(by)}'`)
  }
  const count = Math.max(0, countOf(by, "a repetition"))
  if (typeof value === "string") return repeatedText(value, count)
  if (value instanceof Markup) return new Markup(repeatedText(value.text, count))
  const items = value instanceof Tuple ? value.items : value
  if (items.length * count > MAX_ITEMS) throw limitExceeded(`a list of more than ${MAX_ITEMS} items`)
  const all = Array.from({ length: items.length * count }, (_, at) => items[at % items.length] ?? null)
  return value instanceof Tuple ? new Tuple(all) : all
}

const repeatedText = (text: string, count: number): string => {
  if (text.length * count > MAX_TEXT) throw limitExceeded(`a text of more than ${MAX_TEXT} characters`)
  return text.repeat(count)
}

const html = (text: string): Markup => new Markup(checked(text))

const counted = (items: Array<Val>): Array<Val> => {
  if (items.length > MAX_ITEMS) throw limitExceeded(`a list of more than ${MAX_ITEMS} items`)
  return items
}
