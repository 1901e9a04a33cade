/**
 * Floats as decimal digits, rounded half to even from their exact value, as C's printf does and JavaScript's toFixed
 * does not (`(2.5).toFixed(0)` is 3).
 */

/** The widest field, and the most digits, that a format may ask for. */
export const MAX_WIDTH = 10_000

/** With a fixed number of digits after the point: `%.2f`. */
export const fixed = (value: number, digits: number): string => {
  const sign = isNegative(value) ? "-" : ""
  const text = String(scaled(Math.abs(value), digits)).padStart(digits + 1, "0")
  const whole = text.slice(0, text.length - digits)
  return digits === 0 ? sign + whole : `${sign}${whole}.${text.slice(-digits)}`
}

/** With one digit before the point and an exponent: `%.2e`. */
export const exponential = (value: number, digits: number): string => {
  const { sign, text, power } = significant(value, digits + 1)
  const fraction = digits === 0 ? "" : `.${text.slice(1)}`
  return `${sign}${text.charAt(0)}${fraction}e${exponentOf(power)}`
}

/** With so many significant digits, whichever way is shorter: `%.6g`. Zeros at the end go, unless `keepZeros`. With an exponent once it has more digits before the point, or `sooner`. */
export const general = (value: number, digits: number, keepZeros = false, sooner = 0): string => {
  const precision = Math.max(1, digits)
  const { sign, text, power } = significant(value, precision)
  const inExponent = power < -4 || power >= precision - sooner
  const shown = keepZeros ? text : text.replace(/0+$/, "").padEnd(1, "0")
  if (inExponent) return `${sign}${pointed(shown, 1)}e${exponentOf(power)}`
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${shown}`
  return sign + pointed(shown.padEnd(power + 1, "0"), power + 1)
}

/** With a point even when no digit follows it: what the flag `#` asks for. */
export const dotted = (text: string): string => (text.includes(".") ? text : text.replace(/^-?\d+/, "$&."))

/** Whether a number, be it zero, has a minus. */
export const isNegative = (value: number): boolean => value < 0 || Object.is(value, -0)

/** A float rounded to so many digits after the point (negative: before it), half to even. */
export const rounded = (value: number, digits: number): number => {
  if (!Number.isFinite(value) || digits > 323) return value
  if (digits < -308) return isNegative(value) ? -0 : 0
  const magnitude = Number(`${scaled(Math.abs(value), digits)}e${-digits}`)
  return isNegative(value) ? -magnitude : magnitude
}

const pointed = (digits: string, at: number): string =>
  digits.length > at ? `${digits.slice(0, at)}.${digits.slice(at)}` : digits

const exponentOf = (power: number): string => (power < 0 ? "-" : "+") + String(Math.abs(power)).padStart(2, "0")

const significant = (value: number, digits: number) => {
  const sign = isNegative(value) ? "-" : ""
  if (value === 0) return { sign, text: "0".repeat(digits), power: 0 }
  const estimate = Number(value.toExponential().split("e")[1])
  const text = String(scaled(Math.abs(value), digits - 1 - estimate))
  // 9.99 rounds to 10.0: one digit more before the point.
  return text.length > digits
    ? { sign, text: text.slice(0, digits), power: estimate + 1 }
    : { sign, text, power: estimate }
}

// The whole number nearest to value · 10^power.
const scaled = (value: number, power: number): bigint => {
  const [mantissa, exponent] = parts(value)
  const up = 10n ** BigInt(Math.max(0, power)) * 2n ** BigInt(Math.max(0, exponent))
  const down = 10n ** BigInt(Math.max(0, -power)) * 2n ** BigInt(Math.max(0, -exponent))
  const numerator = mantissa * up
  const quotient = numerator / down
  const twice = (numerator % down) * 2n
  return twice > down || (twice === down && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** value = mantissa · 2^exponent, exactly; of the magnitude. */
export const parts = (value: number): readonly [bigint, number] => {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const biased = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & 0xfffffffffffffn
  return biased === 0 ? [fraction, -1074] : [fraction | (1n << 52n), biased - 1075]
}
