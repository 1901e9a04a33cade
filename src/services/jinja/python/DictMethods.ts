import { type Failure, typeError } from "../Failure.ts"
import { type Args, type Run, takesInOrder } from "../values/Callable.ts"
import { Dict, DictView } from "../values/Dict.ts"
import type { Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { contains } from "./Compare.ts"
import { iterate, list } from "./Iteration.ts"
import { typeName } from "./Text.ts"

const dictOf = (value: Val | undefined): Dict => {
  if (!(value instanceof Dict)) throw typeError(`a dict is required, not ${typeName(value ?? null)}`)
  return value
}

/** Puts into a dict what `dict(…)` and `update(…)` take: a dict or pairs, then names. */
export const fill = (dict: Dict, source: Val | undefined, named: ReadonlyMap<string, Val>): void => {
  if (source instanceof Dict) for (const [key, value] of source.entries()) dict.set(key, value)
  else if (source instanceof Undefined) source.fail()
  else if (source !== undefined) {
    for (const pair of iterate(source)) {
      const [key, value, ...more] = list(pair)
      if (key === undefined || value === undefined || more.length > 0) {
        throw typeError("a dict is made of pairs")
      }
      dict.set(key, value)
    }
  }
  for (const [key, value] of named) dict.set(key, value)
}

const absent = (): Failure => typeError("KeyError: the dict has no such key")

const update = ({ callee, positional, named }: Args): Val => {
  const [self, source, ...more] = positional
  if (more.length > 0) throw typeError(`${callee}() takes at most 1 argument`)
  fill(dictOf(self), source, named)
  return null
}

/** The method of what `keys()` and `items()` of a dict give, which are like sets. */
export const viewMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  ["isdisjoint", takesInOrder(["self", "other"], ([self, other]) => !list(other).some((item) => contains(self, item)))]
])

/** The methods of Python's `dict`; the dict itself is the first argument. */
export const dictMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  [
    "clear",
    takesInOrder(["self"], ([self]) => {
      dictOf(self).clear()
      return null
    })
  ],
  ["copy", takesInOrder(["self"], ([self]) => new Dict(dictOf(self).entries()))],
  [
    "fromkeys",
    takesInOrder(
      ["self", "keys", ["value", null]],
      ([, keys, value]) => new Dict(list(keys).map((key) => [key, value] as const))
    )
  ],
  [
    "get",
    takesInOrder(["self", "key", ["default", null]], ([self, key, otherwise]) => {
      const value = dictOf(self).get(key)
      return value === undefined ? otherwise : value
    })
  ],
  ["items", takesInOrder(["self"], ([self]) => new DictView("dict_items", dictOf(self)))],
  ["keys", takesInOrder(["self"], ([self]) => new DictView("dict_keys", dictOf(self)))],
  [
    "pop",
    ({ callee, positional, named }) => {
      const [self, key, otherwise, ...more] = positional
      if (key === undefined || more.length > 0 || named.size > 0)
        throw typeError(`${callee}() takes a key and a default`)
      const found = dictOf(self).get(key)
      const value = found === undefined ? otherwise : found
      if (value === undefined) throw absent()
      dictOf(self).delete(key)
      return value
    }
  ],
  [
    "popitem",
    takesInOrder(["self"], ([self]) => {
      const last = [...dictOf(self).entries()].at(-1)
      if (last === undefined) throw typeError("popitem(): dictionary is empty")
      dictOf(self).delete(last[0])
      return new Tuple(last)
    })
  ],
  [
    "setdefault",
    takesInOrder(["self", "key", ["default", null]], ([self, key, otherwise]) => {
      const known = dictOf(self).get(key)
      if (known !== undefined) return known
      dictOf(self).set(key, otherwise)
      return otherwise
    })
  ],
  ["update", update],
  ["values", takesInOrder(["self"], ([self]) => new DictView("dict_values", dictOf(self)))]
])
