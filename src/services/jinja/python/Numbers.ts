import { limitExceeded, typeError, unsupported } from "../Failure.ts"
import { Float } from "../values/Float.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { typeName } from "./Text.ts"

/** Python's `int`: a number while JavaScript holds it exactly, a bigint beyond. */
export type Int = number | bigint

/** The largest whole number that is computed, in bits. */
const MAX_BITS = 100_000

export type Arithmetic = "+" | "-" | "*" | "/" | "//" | "%" | "**"

/** A bigint as the `Int` that it is. */
export const int = (value: bigint): Int => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The whole number in an `int` or a `bool`. */
export const intOf = (value: Val): Int | undefined => {
  if (typeof value === "number" || typeof value === "bigint") return value
  return typeof value === "boolean" ? Number(value) : undefined
}

/** The number in an `int`, `bool` or `float`, as a double. */
export const doubleOf = (value: Val): number | undefined => {
  if (value instanceof Float) return value.value
  const whole = intOf(value)
  if (whole === undefined) return undefined
  const double = Number(whole)
  if (!Number.isFinite(double)) throw typeError("int too large to convert to float")
  return double
}

/** A whole number small enough to count with, for `what`; what is undefined is none, as for Python's own functions. */
export const indexOf = (value: Val, what: string): number => {
  const whole = intOf(value)
  if (whole === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  if (typeof whole === "bigint") throw limitExceeded(`${what} of more than ${Number.MAX_SAFE_INTEGER}`)
  return whole
}

/** The same for what calculates with it first, so that an undefined value says why it is undefined. */
export const countOf = (value: Val, what: string): number =>
  value instanceof Undefined ? value.fail() : indexOf(value, what)

/**
 * Two numbers with Python's arithmetic, or undefined when one of the values is no number.
 *
 *   operands      | + - *       | /     | //          | %                | **
 *   --------------+-------------+-------+-------------+------------------+--------------------------
 *   int, int      | exact       | float | floor, int  | sign of divisor  | exact; float below zero
 *   one is float  | float       | float | floor, float| sign of divisor  | float
 *   divisor zero  |             | error | error       | error            | error for 0 ** negative
 */
export const arithmetic = (operator: Arithmetic, a: Val, b: Val): Val | undefined => {
  const [x, y] = [intOf(a), intOf(b)]
  if (x !== undefined && y !== undefined) {
    if (operator === "/") return new Float(trueDivision(x, y))
    return operator === "**" ? power(x, y) : whole(operator, x, y)
  }
  const [left, right] = [doubleOf(a), doubleOf(b)]
  return left === undefined || right === undefined ? undefined : new Float(floating(operator, left, right))
}

const whole = (operator: "+" | "-" | "*" | "//" | "%", x: Int, y: Int): Int => {
  if ((operator === "//" || operator === "%") && Number(y) === 0) throw divisionByZero()
  if (typeof x === "number" && typeof y === "number" && Math.abs(x) <= EXACT && Math.abs(y) <= EXACT) {
    const result = exactNumber(operator, x, y)
    // Adding 0 turns -0, which Python's int does not have, into 0.
    if (Number.isSafeInteger(result)) return result + 0
  }
  const [a, b] = [BigInt(x), BigInt(y)]
  if (operator === "*" && bitsOf(a) + bitsOf(b) > MAX_BITS) throw tooLarge()
  switch (operator) {
    case "+":
      return int(a + b)
    case "-":
      return int(a - b)
    case "*":
      return int(a * b)
    case "//":
      return int(floorDivision(a, b))
    case "%":
      return int(a - floorDivision(a, b) * b)
  }
}

// Below this, every step of a division is exact too.
const EXACT = 2 ** 52

const exactNumber = (operator: "+" | "-" | "*" | "//" | "%", x: number, y: number): number => {
  switch (operator) {
    case "+":
      return x + y
    case "-":
      return x - y
    case "*":
      return x * y
    case "//":
      return (x - modulo(x, y)) / y
    case "%":
      return modulo(x, y)
  }
}

const floorDivision = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

// The sign of the divisor, as in Python.
const modulo = (x: number, y: number): number => {
  const rest = x % y
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest
}

const trueDivision = (x: Int, y: Int): number => {
  if (Number(y) === 0) throw divisionByZero()
  if (typeof x === "number" && typeof y === "number") return x / y
  const [a, b] = [BigInt(x), BigInt(y)]
  // At least 66 bits of the quotient, the last one set when there is a rest: converting that rounds only once.
  const shift = Math.max(0, 66 - (bitsOf(a) - bitsOf(b)))
  const scaled = a << BigInt(shift)
  const quotient = scaled / b
  const sticky = scaled % b === 0n ? quotient : quotient | 1n
  const result = Number(sticky) / 2 ** shift
  if (!Number.isFinite(result)) throw typeError("integer division result too large for a float")
  return result
}

const bitsOf = (value: bigint): number => (value < 0n ? -value : value).toString(2).length

const power = (x: Int, y: Int): Val => {
  if (Number(y) < 0) {
    if (Number(x) === 0) throw divisionByZero()
    return new Float(Number(x) ** Number(y))
  }
  const bits = bitsOf(BigInt(x)) * Number(y)
  if (Math.abs(Number(x)) > 1 && bits > MAX_BITS) throw tooLarge()
  return int(BigInt(x) ** BigInt(y))
}

const floating = (operator: Arithmetic, x: number, y: number): number => {
  switch (operator) {
    case "+":
      return x + y
    case "-":
      return x - y
    case "*":
      return x * y
    case "/":
      if (y === 0) throw divisionByZero()
      return x / y
    case "//": {
      if (y === 0) throw divisionByZero()
      return floorQuotient(x, y)
    }
    case "%": {
      if (y === 0) throw divisionByZero()
      const rest = modulo(x, y)
      // A rest of zero has the sign of the divisor.
      return rest === 0 ? (y < 0 || Object.is(y, -0) ? -0 : 0) : rest
    }
    case "**":
      return floatPower(x, y)
  }
}

// As CPython's float_floor_div: from the rest, so that no rounding error is left.
const floorQuotient = (x: number, y: number): number => {
  const rest = x % y
  const towardsZero = (x - rest) / y
  const quotient = rest === modulo(x, y) ? towardsZero : towardsZero - 1
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

const floatPower = (x: number, y: number): number => {
  if (x === 0 && y < 0) throw divisionByZero()
  if (x === 1 || y === 0) return 1
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) {
    throw unsupported("a complex number")
  }
  const result = x ** y
  if (Number.isFinite(x) && Number.isFinite(y) && !Number.isFinite(result))
    throw typeError("Numerical result out of range")
  return result
}

const tooLarge = () => limitExceeded(`a number of more than ${MAX_BITS} bits`)

const divisionByZero = () => typeError("division by zero")
