import { Builtin, takesInOrder } from "../values/Callable.ts"
import { Float } from "../values/Float.ts"
import type { Val } from "../values/Thing.ts"
import { intOf } from "./Numbers.ts"

/** An attribute of an `int`, `bool` or `float`. */
export const numberAttribute = (value: Val, name: string): Val | undefined => {
  if (value instanceof Float) return floatAttribute(value, name)
  const whole = intOf(value)
  if (whole === undefined) return undefined
  switch (name) {
    case "real":
    case "numerator":
      return whole
    case "imag":
      return 0
    case "denominator":
      return 1
    case "bit_length":
      return new Builtin(
        name,
        takesInOrder([], () => bitLength(BigInt(whole)))
      )
    default:
      return undefined
  }
}

const floatAttribute = (value: Float, name: string): Val | undefined => {
  switch (name) {
    case "real":
      return value
    case "imag":
      return new Float(0)
    case "is_integer":
      return new Builtin(
        name,
        takesInOrder([], () => Number.isInteger(value.value))
      )
    default:
      return undefined
  }
}

const bitLength = (value: bigint): number => {
  const magnitude = value < 0n ? -value : value
  return magnitude === 0n ? 0 : magnitude.toString(2).length
}
