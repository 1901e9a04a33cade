import { unsupported } from "../Failure.ts"
import type { Run } from "../values/Callable.ts"
import { escape, Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { stringMethods } from "./StringMethods.ts"

// The arguments of these are joined with HTML, so they are escaped first.
const ESCAPING = new Set([
  "center",
  "ljust",
  "lstrip",
  "partition",
  "replace",
  "rjust",
  "rpartition",
  "rstrip",
  "strip"
])
const MIXING = new Set(["format", "join"])

/** A method of markupsafe's `Markup`: that of `str`, whose texts are HTML again. */
export const markupMethod = (name: string): Run | undefined => {
  const method = stringMethods.get(name)
  if (method === undefined) return undefined
  if (MIXING.has(name)) throw unsupported(`the method ${name} of HTML`)
  return (args) => {
    const [self = "", ...given] = args.positional
    const passed = given.map((value) => (ESCAPING.has(name) && typeof value === "string" ? escape(value) : value))
    return safe(method({ ...args, positional: [self, ...passed] }))
  }
}

const safe = (value: Val): Val => {
  if (typeof value === "string") return new Markup(value)
  if (Array.isArray(value)) return value.map(safe)
  return value instanceof Tuple ? new Tuple(value.items.map(safe)) : value
}
