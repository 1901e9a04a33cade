import { typeError, unsupported } from "../Failure.ts"
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

/** A set method that takes any number of iterables, or exactly so many. */
const withOthers =
  (combine: (self: PySet, others: ReadonlyArray<PySet>) => Val, exactly?: number): Run =>
  ({ callee, positional: [self, ...others], named }: Args) => {
    if (named.size > 0) throw typeError(`${callee}() takes no keyword arguments`)
    if (others.length !== (exactly ?? others.length)) throw typeError(`${callee}() takes exactly ${exactly} argument`)
    return combine(
      setOf(self),
      others.map((other) => (other instanceof PySet ? other : new PySet(list(other))))
    )
  }

const difference = (self: PySet, others: ReadonlyArray<PySet>): ReadonlyArray<Val> =>
  members(self).filter((each) => !others.some((set) => set.contains(each)))

const intersection = (self: PySet, others: ReadonlyArray<PySet>): ReadonlyArray<Val> =>
  members(self).filter((each) => others.every((set) => set.contains(each)))

const symmetric = (self: PySet, [other = new PySet()]: ReadonlyArray<PySet>): ReadonlyArray<Val> => [
  ...difference(self, [other]),
  ...difference(other, [self])
]

/** The same, done to the set itself. */
const updating = (combine: (self: PySet, others: ReadonlyArray<PySet>) => ReadonlyArray<Val>, exactly?: number): Run =>
  withOthers((self, others) => {
    const left = combine(self, others)
    for (const member of members(self)) self.delete(member)
    for (const member of left) self.add(member)
    return null
  }, exactly)

/** The methods of Python's `set`; the set itself is the first argument. */
export const setMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  [
    "add",
    takesInOrder(["self", "member"], ([self, member]) => {
      setOf(self).add(member)
      return null
    })
  ],
  [
    "clear",
    takesInOrder(["self"], ([self]) => {
      for (const member of members(setOf(self))) setOf(self).delete(member)
      return null
    })
  ],
  ["copy", takesInOrder(["self"], ([self]) => new PySet(members(setOf(self))))],
  ["difference", withOthers((self, others) => new PySet(difference(self, others)))],
  ["difference_update", updating(difference)],
  [
    "discard",
    takesInOrder(["self", "member"], ([self, member]) => {
      if (!(member instanceof PySet)) setOf(self).delete(member)
      return null
    })
  ],
  ["intersection", withOthers((self, others) => new PySet(intersection(self, others)))],
  ["intersection_update", updating(intersection)],
  ["isdisjoint", withOthers((self, others) => intersection(self, others).length === 0, 1)],
  ["issubset", withOthers((self, others) => others.every((set) => self.isSubset(set)), 1)],
  ["issuperset", withOthers((self, others) => others.every((set) => set.isSubset(self)), 1)],
  [
    "pop",
    takesInOrder(["self"], ([self]) => {
      const [member, ...others] = members(setOf(self))
      if (member === undefined) throw typeError("KeyError: pop from an empty set")
      if (others.length > 0) throw unsupported("pop of a set of several members, which picks one at random,")
      setOf(self).delete(member)
      return member
    })
  ],
  [
    "remove",
    takesInOrder(["self", "member"], ([self, member]) => {
      if (member instanceof PySet || !setOf(self).delete(member))
        throw typeError("KeyError: the set has no such member")
      return null
    })
  ],
  ["symmetric_difference", withOthers((self, others) => new PySet(symmetric(self, others)), 1)],
  ["symmetric_difference_update", updating(symmetric, 1)],
  ["union", withOthers((self, others) => new PySet([self, ...others].flatMap(members)))],
  [
    "update",
    withOthers((self, others) => {
      for (const member of others.flatMap(members)) self.add(member)
      return null
    })
  ]
])
