import { typeError } from "../Failure.ts"
import { Builtin, type Run, takesInOrder } from "../values/Callable.ts"
import { Class } from "../values/Class.ts"
import type { Val } from "../values/Thing.ts"
import { contains, ordered } from "./Compare.ts"
import { equal } from "./equal.ts"
import { length, lengthOf } from "./Iteration.ts"
import { binary } from "./Operators.ts"
import { percent } from "./percent.ts"
import { repr, str, typeName } from "./Text.ts"

type Method = (self: Val, other: Val) => Val

// Of the same type, for otherwise Python answers NotImplemented, which is a value of its own.
const like =
  (method: Method): Method =>
  (self, other) => {
    if (typeName(self) !== typeName(other)) throw typeError("an operator's method with another type")
    return method(self, other)
  }

const SIZED: ReadonlyMap<string, Method> = new Map<string, Method>([["__contains__", contains]])

const ANY: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["__eq__", like(equal)],
  ["__ne__", like((self, other) => !equal(self, other))]
])

const TEXT: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["__add__", like((self, other) => binary("+", self, other))],
  ["__ge__", like((self, other) => ordered(">=", self, other))],
  ["__gt__", like((self, other) => ordered(">", self, other))],
  ["__le__", like((self, other) => ordered("<=", self, other))],
  ["__lt__", like((self, other) => ordered("<", self, other))],
  ["__mod__", (self, other) => (typeof self === "string" ? percent(self, other) : binary("%", self, other))]
])

/**
 * The few names with two underlines that are known: the class of a value, which has nothing but its name, its length
 * and texts, and operators as methods. Undefined for the others.
 */
export const specialMethod = (value: Val, name: string): Val | undefined => {
  const bound = (run: Run) => new Builtin(name, run)
  if (name === "__class__") return new Class(typeName(value))
  if (name === "__str__") return bound(takesInOrder([], () => str(value)))
  if (name === "__repr__") return bound(takesInOrder([], () => repr(value)))
  const isSized = lengthOf(value) !== undefined
  if (name === "__len__" && isSized) return bound(takesInOrder([], () => length(value)))
  const isText = typeof value === "string"
  const method = ANY.get(name) ?? (isSized ? SIZED.get(name) : undefined) ?? (isText ? TEXT.get(name) : undefined)
  return method === undefined ? undefined : bound(takesInOrder(["other"], ([other]) => method(value, other)))
}
