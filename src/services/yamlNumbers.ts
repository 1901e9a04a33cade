/**
 * Numbers as PyYAML's SafeLoader tells them from text (YAML 1.1 with its own narrowings: `1e5` and `08` are text, a
 * float needs a dot, and an exponent a sign).
 */
export const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/

export const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** A text that `INT` matches. Beyond 2^53 the result is no safe integer. */
export const readInt = (text: string): number => {
  const { sign, digits } = split(text)
  // Python's int has no -0.
  return sign * whole(digits) + 0
}

const whole = (digits: string): number => {
  if (digits.includes(":")) return sexagesimal(digits)
  return /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
}

/** A text that `FLOAT` matches. */
export const readFloat = (text: string): number => {
  const { sign, digits } = split(text.toLowerCase())
  if (digits === ".inf") return sign * Number.POSITIVE_INFINITY
  if (digits === ".nan") return Number.NaN
  return sign * (digits.includes(":") ? sexagesimal(digits) : Number(digits))
}

const split = (text: string): { readonly sign: 1 | -1; readonly digits: string } => ({
  sign: text.startsWith("-") ? -1 : 1,
  digits: text.replace(/^[-+]/, "").replaceAll("_", "")
})

const sexagesimal = (digits: string): number => digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0)
