import { typeError } from "../Failure.ts"
import { type Run, takesInOrder } from "../values/Callable.ts"
import { equal } from "./equal.ts"
import { list } from "./Iteration.ts"

/** The methods of Python's `tuple` and `range`; the value itself is the first argument. */
export const sequenceMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  ["count", takesInOrder(["self", "item"], ([self, item]) => list(self).filter((each) => equal(each, item)).length)],
  [
    "index",
    takesInOrder(["self", "item"], ([self, item]) => {
      const at = list(self).findIndex((each) => equal(each, item))
      if (at === -1) throw typeError("the value is not in the sequence")
      return at
    })
  ]
])
