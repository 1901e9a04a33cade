import { typeError } from "../Failure.ts"
import { type Args, type Run, takesInOrder } from "../values/Callable.ts"
import { PySet } from "../values/PySet.ts"
import type { Val } from "../values/Thing.ts"
import { list } from "./Iteration.ts"
import { typeName } from "./Text.ts"

const setOf = (value: Val | undefined): PySet => {
  if (!(value instanceof PySet)) throw typeError(`a set is required, not ${typeName(value ?? null)}`)
  return value
}

const members = (self: PySet): ReadonlyArray<Val> => [...self.iterate()]

/** A set method that takes any number of iterables. */
const withOthers =
  (combine: (self: PySet, others: ReadonlyArray<PySet>) => Val): Run =>
  ({ callee, positional: [self, ...others], named }: Args) => {
    if (named.size > 0) throw typeError(`${callee}() takes no keyword arguments`)
    return combine(
      setOf(self),
      others.map((other) => (other instanceof PySet ? other : new PySet(list(other))))
    )
  }

/** The methods of Python's `set` that do not pick a member at random; the set itself is the first argument. */
export const setMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  [
    "add",
    takesInOrder(["self", "member"], ([self, member]) => {
      setOf(self).add(member)
      return null
    })
  ],
  ["copy", takesInOrder(["self"], ([self]) => new PySet(members(setOf(self))))],
  [
    "difference",
    withOthers((self, others) => new PySet(members(self).filter((each) => !others.some((set) => set.contains(each)))))
  ],
  [
    "discard",
    takesInOrder(["self", "member"], ([self, member]) => {
      setOf(self).delete(member)
      return null
    })
  ],
  [
    "intersection",
    withOthers((self, others) => new PySet(members(self).filter((each) => others.every((set) => set.contains(each)))))
  ],
  ["isdisjoint", withOthers((self, others) => !members(self).some((each) => others.some((set) => set.contains(each))))],
  ["issubset", withOthers((self, others) => others.every((set) => self.isSubset(set)))],
  ["issuperset", withOthers((self, others) => others.every((set) => set.isSubset(self)))],
  [
    "remove",
    takesInOrder(["self", "member"], ([self, member]) => {
      if (!setOf(self).delete(member)) throw typeError("KeyError: the set has no such member")
      return null
    })
  ],
  [
    "symmetric_difference",
    withOthers((self, others) => {
      const [other = new PySet()] = others
      return new PySet([
        ...members(self).filter((each) => !other.contains(each)),
        ...members(other).filter((each) => !self.contains(each))
      ])
    })
  ],
  ["union", withOthers((self, others) => new PySet([self, ...others].flatMap(members)))],
  [
    "update",
    withOthers((self, others) => {
      for (const member of others.flatMap(members)) self.add(member)
      return null
    })
  ]
])
