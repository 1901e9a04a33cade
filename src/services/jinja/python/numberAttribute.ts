import { typeError } from "../Failure.ts"
import { Builtin, takesInOrder } from "../values/Callable.ts"
import { Float } from "../values/Float.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { isNegative, parts } from "./Digits.ts"
import { int, intOf } from "./Numbers.ts"

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
      return method(name, () => (Number(whole) === 0 ? 0 : binaryDigits(BigInt(whole)).length))
    case "bit_count":
      return method(name, () => binaryDigits(BigInt(whole)).replaceAll("0", "").length)
    case "conjugate":
      return method(name, () => whole)
    case "as_integer_ratio":
      return method(name, () => new Tuple([whole, 1]))
    default:
      return undefined
  }
}

const method = (name: string, run: () => Val): Val => new Builtin(name, takesInOrder([], run))

const floatAttribute = (value: Float, name: string): Val | undefined => {
  switch (name) {
    case "real":
      return value
    case "imag":
      return new Float(0)
    case "is_integer":
      return method(name, () => Number.isInteger(value.value))
    case "conjugate":
      return method(name, () => value)
    case "hex":
      return method(name, () => hexadecimal(value.value))
    case "as_integer_ratio":
      return method(name, () => ratio(value.value))
    default:
      return undefined
  }
}

const binaryDigits = (value: bigint): string => (value < 0n ? -value : value).toString(2)

// value = mantissa · 2^(exponent - 52), exactly.
const hexadecimal = (value: number): string => {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf"
  const sign = isNegative(value) ? "-" : ""
  if (value === 0) return `${sign}0x0.0p+0`
  const [mantissa, exponent] = parts(Math.abs(value))
  const isNormal = mantissa >= 1n << 52n
  const digits = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(13, "0")
  const power = isNormal ? exponent + 52 : -1022
  return `${sign}0x${isNormal ? 1 : 0}.${digits}p${power < 0 ? "-" : "+"}${Math.abs(power)}`
}

const ratio = (value: number): Val => {
  if (!Number.isFinite(value)) throw typeError("cannot convert Infinity or NaN to integer ratio")
  let [over, power] = parts(Math.abs(value))
  while (over !== 0n && over % 2n === 0n && power < 0) {
    over /= 2n
    power++
  }
  const whole = (over === 0n ? 0n : over << BigInt(Math.max(0, power))) * (value < 0 ? -1n : 1n)
  return new Tuple([int(whole), over === 0n ? 1 : int(1n << BigInt(Math.max(0, -power)))])
}
