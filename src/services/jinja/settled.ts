import { Failure, typeError, Unsupported } from "./Failure.ts"
import { binary, unary } from "./python/Operators.ts"
import { isSliceable, slice } from "./python/slice.ts"
import { typeName } from "./python/Text.ts"
import { Dict } from "./values/Dict.ts"
import { Float } from "./values/Float.ts"
import { Markup } from "./values/Markup.ts"
import { Range } from "./values/Range.ts"
import { Thing, type Val } from "./values/Thing.ts"
import { Tuple } from "./values/Tuple.ts"
import { Undefined } from "./values/Undefined.ts"

/** Computes an expression: as Jinja2 does while it compiles, or as it does later. */
type Compute = (early: boolean) => Val

const items = (value: Val): ReadonlyArray<Val> => {
  if (value instanceof Dict) return [...value.entries()].flat()
  return value instanceof Tuple ? value.items : Array.isArray(value) ? value : []
}

// What can be written into Python's code. Any other value is computed later.
const isWritable = (value: Val): boolean =>
  value instanceof Thing && ![Dict, Float, Markup, Range, Tuple].some((kind) => value.constructor === kind)
    ? false
    : items(value).every(isWritable)

const isEndless = (value: Val): boolean =>
  value instanceof Float ? !Number.isFinite(value.value) : items(value).some(isEndless)

/**
 * An expression without names, which Jinja2 computes while it compiles, and once more when it runs if that failed, or
 * gave what cannot be written into code. Infinity can be written, but as a name that Python does not know.
 */
export const settled = (isWithin: boolean, compute: Compute): Val =>
  isWithin ? compute(true) : (written(compute) ?? compute(false))

/** The base of a power that has no names, and whether Jinja2 writes it into code. */
export const base = (isWithin: boolean, compute: Compute): Base => {
  const value = isWithin ? undefined : written(compute)
  return value === undefined ? { value: compute(isWithin), isWritten: false } : { value, isWritten: true }
}

interface Base {
  readonly value: Val
  readonly isWritten: boolean
}

/** A power. Where the base is written into code with a sign, the power binds closer than the sign. */
export const power = ({ value, isWritten }: Base, exponent: Val): Val =>
  isWritten && hasSign(value) ? unary("-", binary("**", unary("-", value), exponent)) : binary("**", value, exponent)

const hasSign = (value: Val): boolean =>
  value instanceof Float
    ? value.value < 0 || Object.is(value.value, -0)
    : (typeof value === "number" || typeof value === "bigint") && value < 0

const written = (compute: Compute): Val | undefined => {
  const early = attempt(compute)
  if (early === undefined || !isWritable(early)) return undefined
  if (isEndless(early)) throw typeError("name 'inf' is not defined")
  return early
}

/** The same for one that is printed, which never has to be written into code. */
export const settledText = (compute: Compute): Val => attempt(compute) ?? compute(false)

/** What is known only later. */
export const late = (): never => {
  throw typeError("known only later")
}

const attempt = (compute: Compute): Val | undefined => {
  try {
    return compute(true)
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Unsupported || error.kind === "limit") throw error
    return undefined
  }
}

/** A slice; of what has none it is undefined while Jinja2 compiles, and an error later. */
export const sliceWhen = (isEarly: boolean, value: Val, start: Val, stop: Val, step: Val): Val => {
  try {
    return slice(value, start, stop, step)
  } catch (error) {
    const isUnfit = error instanceof Failure && error.kind === "type" && !(isSliceable(value) && isZero(step))
    if (isEarly && isUnfit) return new Undefined(`'${typeName(value)}' object is not subscriptable`)
    throw error
  }
}

const isZero = (step: Val): boolean => step === 0 || step === false
