import { unsupported } from "../Failure.ts"
import { Builtin, type Run } from "./Callable.ts"
import { Thing, type Val } from "./Thing.ts"

/** Where Python and its libraries define the types that a template meets; those of Python itself have no module. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ["Markup", "markupsafe."],
  ["Undefined", "jinja2.runtime."],
  ["Macro", "jinja2.runtime."],
  ["LoopContext", "jinja2.runtime."],
  ["Namespace", "jinja2.utils."],
  ["Cycler", "jinja2.utils."],
  ["Joiner", "jinja2.utils."]
])

const PLAIN: ReadonlySet<string> = new Set(
  ["str", "int", "bool", "float", "list", "dict", "tuple", "set", "range", "bytes", "NoneType", "generator"].concat([
    "dict_keys",
    "dict_values",
    "dict_items"
  ])
)

const nameOf = (name: string): string => {
  const module = MODULES.get(name)
  if (module === undefined && !PLAIN.has(name)) throw unsupported(`the class of a ${name}`)
  return `<class '${module ?? ""}${name}'>`
}

/** What `__class__` gives: it has a name, and nothing else that a template could go on from. */
export class Class extends Thing {
  readonly type = "type"
  readonly name: string

  constructor(name: string) {
    super()
    this.name = name
  }

  override repr(): string {
    return nameOf(this.name)
  }

  override attribute(name: string): Val | undefined {
    return name === "__name__" ? this.name : undefined
  }

  override isCallable(): boolean {
    return true
  }

  override equals(other: Val): boolean {
    return other instanceof Class && other.name === this.name
  }

  override hashKey(): string {
    return `\u0000type:${this.name}`
  }
}

/** A class that templates may call: `range`, `dict`, `namespace`. */
export class BuiltinClass extends Builtin {
  override readonly type = "type"
  readonly #shown: string

  constructor(name: string, shown: string, run: Run) {
    super(name, run)
    this.#shown = shown
  }

  override repr(): string {
    return nameOf(this.#shown)
  }
  override attribute(): undefined {
    this.#refuse()
  }

  override item(): undefined {
    this.#refuse()
  }

  // Python makes `dict[str, int]` of any key, and Jinja2 looks for attributes as for keys.
  #refuse(): void {
    if (this.#shown === "dict") throw unsupported("an attribute of dict")
  }
}
