import { Thing, type Val } from "../values/Thing.ts"

/** Python's `==`. */
export const equal = (a: Val, b: Val): boolean => {
  if (a === b) return true
  if (b instanceof Thing && !(a instanceof Thing)) return b.equals(a)
  if (a instanceof Thing) return a.equals(b)
  if (typeof a === "boolean") return typeof b === "number" && Number(a) === b
  if (typeof b === "boolean") return typeof a === "number" && a === Number(b)
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => equal(item, b[at] ?? null))
  }
  return false
}
