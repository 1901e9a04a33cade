import { typeError } from "../Failure.ts"
import { type HashKey, Thing, type Val } from "../values/Thing.ts"

/**
 * The key that a value has in a dict or set: the same for values that Python holds equal (`1`, `1.0`, `True`).
 * Strings are their own keys; what else needs text is told from them by a leading NUL.
 */
export const hashKey = (value: Val): HashKey => {
  if (typeof value === "string") return value.startsWith("\u0000") ? `\u0000text:${value}` : value
  if (typeof value === "boolean") return Number(value)
  if (Array.isArray(value)) throw typeError("unhashable type: 'list'")
  return value instanceof Thing ? value.hashKey() : value
}
