import { typeError } from "../Failure.ts"
import { iterate } from "../python/Iteration.ts"
import { str, truthy } from "../python/Text.ts"
import type { Args, Run } from "../values/Callable.ts"
import { Iter } from "../values/Iter.ts"
import type { Val } from "../values/Thing.ts"
import { attributeGetter } from "./Getters.ts"

/** What `map` does to each item: an attribute, or another filter with its arguments. */
const mapper = ({ context, named, positional: [, filter, ...rest] }: Args): ((item: Val) => Val) => {
  const attribute = named.get("attribute")
  if (filter === undefined && attribute !== undefined) {
    const unknown = [...named.keys()].find((name) => name !== "attribute" && name !== "default")
    if (unknown !== undefined) throw typeError(`Unexpected keyword argument '${unknown}'`)
    return attributeGetter(attribute, named.get("default"))
  }
  if (filter === undefined) throw typeError("map requires a filter argument")
  return (item) => context.filter(str(filter), [item, ...rest], named)
}

/** Whether an item is taken: by a test with its arguments, or by its truth. */
const condition = ({ context, named, positional }: Args, byAttribute: boolean): ((item: Val) => boolean) => {
  const [, ...given] = positional
  const attribute = byAttribute ? given.shift() : null
  if (attribute === undefined) throw typeError("Missing parameter for attribute name")
  const getter = attributeGetter(attribute)
  const [test, ...rest] = given
  if (test === undefined) return (item) => truthy(getter(item))
  return (item) => truthy(context.test(str(test), [getter(item), ...rest], named))
}

// A filter that takes few of many items is a loop too.
const counted = function* ({ context }: Args, value: Val): Generator<Val> {
  for (const item of iterate(value)) {
    context.rendering.step()
    yield item
  }
}

// Lazily, as in Jinja2: what is wrong shows when the items are taken.
const lazily =
  (items: (args: Args, value: Val) => Iterable<Val>): Run =>
  (args) => {
    const [value] = args.positional
    if (value === undefined) throw typeError(`${args.callee} needs a value`)
    return new Iter((truthy(value) ? items(args, value) : [])[Symbol.iterator]())
  }

const select = (byAttribute: boolean, wanted: boolean): Run =>
  lazily(function* (args, value) {
    const isTaken = condition(args, byAttribute)
    for (const item of counted(args, value)) if (isTaken(item) === wanted) yield item
  })

/** Filters that use other filters and tests. */
export const SELECT_FILTERS: Readonly<Record<string, Run>> = {
  map: lazily(function* (args, value) {
    const map = mapper(args)
    for (const item of counted(args, value)) yield map(item)
  }),
  reject: select(false, false),
  rejectattr: select(true, false),
  select: select(false, true),
  selectattr: select(true, true)
}
