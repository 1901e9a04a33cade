import { typeError, unsupported } from "../Failure.ts"
import { type Run, takes, takesInOrder } from "../values/Callable.ts"
import type { Val } from "../values/Thing.ts"
import { equal } from "./equal.ts"
import { list } from "./Iteration.ts"
import { indexOf } from "./Numbers.ts"
import { sorted } from "./sorted.ts"
import { typeName } from "./Text.ts"

const sort: Run = takes(["self", ["key", null], ["reverse", false]], ([self, key, reverse]) => {
  if (key !== null) throw unsupported("sort(key=…)")
  const items = listOf(self)
  items.splice(0, items.length, ...sorted(items, (item) => item, reverse))
  return null
})

const listOf = (value: Val): Array<Val> => {
  if (!Array.isArray(value)) throw typeError(`a list is required, not ${typeName(value)}`)
  return value
}

const indexIn = (items: ReadonlyArray<Val>, value: Val, from: Val, to: Val): number => {
  const clip = (position: Val) => {
    const index = indexOf(position, "an index")
    return index < 0 ? Math.max(0, index + items.length) : index
  }
  const at = items.findIndex((item, index) => index >= clip(from) && index < clip(to) && equal(item, value))
  if (at === -1) throw typeError("the value is not in the list")
  return at
}

/** The methods of Python's `list`; the list itself is the first argument. */
export const listMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  [
    "append",
    takesInOrder(["self", "item"], ([self, item]) => {
      listOf(self).push(item)
      return null
    })
  ],
  [
    "clear",
    takesInOrder(["self"], ([self]) => {
      listOf(self).length = 0
      return null
    })
  ],
  ["copy", takesInOrder(["self"], ([self]) => [...listOf(self)])],
  ["count", takesInOrder(["self", "item"], ([self, item]) => listOf(self).filter((each) => equal(each, item)).length)],
  [
    "extend",
    takesInOrder(["self", "items"], ([self, items]) => {
      for (const item of list(items)) listOf(self).push(item)
      return null
    })
  ],
  [
    "index",
    takesInOrder(["self", "item", ["start", 0], ["stop", Number.MAX_SAFE_INTEGER]], ([self, item, start, stop]) =>
      indexIn(listOf(self), item, start, stop)
    )
  ],
  [
    "insert",
    takesInOrder(["self", "index", "item"], ([self, index, item]) => {
      listOf(self).splice(indexOf(index, "an index"), 0, item)
      return null
    })
  ],
  [
    "pop",
    takesInOrder(["self", ["index", -1]], ([self, index]) => {
      const items = listOf(self)
      const at = indexOf(index, "an index")
      const from = at < 0 ? at + items.length : at
      const [item] = from < 0 ? [] : items.splice(from, 1)
      if (item === undefined) throw typeError(items.length === 0 ? "pop from empty list" : "pop index out of range")
      return item
    })
  ],
  [
    "remove",
    takesInOrder(["self", "item"], ([self, item]) => {
      listOf(self).splice(indexIn(listOf(self), item, 0, Number.MAX_SAFE_INTEGER), 1)
      return null
    })
  ],
  [
    "reverse",
    takesInOrder(["self"], ([self]) => {
      listOf(self).reverse()
      return null
    })
  ],
  [
    "sort",
    (args) => {
      // Its arguments have to be named.
      if (args.positional.length > 1) throw typeError("sort() takes no positional arguments")
      return sort(args)
    }
  ]
])
