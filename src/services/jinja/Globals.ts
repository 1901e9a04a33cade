import { typeError, unsupported } from "./Failure.ts"
import { fill } from "./python/DictMethods.ts"
import { indexOf } from "./python/Numbers.ts"
import { Builtin, type Run, takes, takesInOrder } from "./values/Callable.ts"
import { BuiltinClass } from "./values/Class.ts"
import { ContextReference } from "./values/ContextReference.ts"
import { Dict } from "./values/Dict.ts"
import { Cycler, Joiner, Namespace } from "./values/Namespace.ts"
import { Range } from "./values/Range.ts"
import { Thing, type Val } from "./values/Thing.ts"

const range: Run = ({ positional, named }) => {
  if (named.size > 0) throw typeError("range() takes no keyword arguments")
  if (positional.length === 0) throw typeError("range expected at least 1 argument, got 0")
  if (positional.length > 3) throw typeError(`range expected at most 3 arguments, got ${positional.length}`)
  const [first = 0, second = 0, step = 1] = positional.map((value) => indexOf(value, "a range"))
  return positional.length === 1 ? new Range(0, first, 1) : new Range(first, second, step)
}

const dictOf: Run = ({ callee, positional: [source, ...more], named }) => {
  if (more.length > 0) throw typeError(`${callee} expected at most 1 argument`)
  const dict = new Dict()
  fill(dict, source, named)
  return dict
}

/** Those that are classes, by the names that these have. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ["cycler", "Cycler"],
  ["dict", "dict"],
  ["joiner", "Joiner"],
  ["namespace", "Namespace"],
  ["range", "range"]
])

/** The functions of every template: Jinja2's, and the predecessor's `callable` and `context`. */
export const GLOBALS: ReadonlyMap<string, Val> = new Map<string, Val>(
  Object.entries<Run>({
    callable: takesInOrder(["value"], ([value]) => value instanceof Thing && value.isCallable()),
    context: takesInOrder([], (_, context) => new ContextReference(context)),
    cycler: ({ positional, named }) => {
      if (named.size > 0) throw typeError("cycler() takes no keyword arguments")
      return new Cycler(positional)
    },
    dict: dictOf,
    joiner: takes([["sep", ", "]], ([separator]) => new Joiner(separator)),
    lipsum: () => {
      throw unsupported("lipsum(), which is random,")
    },
    namespace: (args) => {
      const values = dictOf(args)
      return new Namespace(values instanceof Dict ? values : new Dict())
    },
    range
  }).map(([name, run]) => {
    const shown = CLASSES.get(name)
    return [name, shown === undefined ? new Builtin(name, run) : new BuiltinClass(name, shown, run)]
  })
)
