/**
 * What a JavaScript variable of a scope holds when the scope begins.
 *
 *   load      | value
 *   ----------+--------------------------------------------
 *   parameter | given by whoever enters the scope
 *   resolve   | looked up in the context, by name
 *   alias     | the variable of an outer scope
 *   missing   | nothing yet
 */
export type Load =
  | { readonly kind: "parameter" | "missing" }
  | { readonly kind: "resolve"; readonly name: string }
  | { readonly kind: "alias"; readonly of: string }

/** Numbers for names, so that no text of a template becomes part of a JavaScript identifier. */
export type Numbers = Map<string, number>

/**
 * The names of one scope of a template, resolved once, when it is compiled: which are its own, which belong to an outer
 * scope, which come from the context. This is how `set` inside of a loop stays there, while a loop still sees what was
 * set around it.
 */
export class Symbols {
  readonly parent: Symbols | null
  readonly level: number
  readonly #numbers: Numbers
  readonly #refs: Map<string, string>
  readonly #loads: Map<string, Load>
  readonly #stores: Set<string>

  constructor(parent: Symbols | null, numbers: Numbers, like?: Symbols) {
    this.parent = parent
    this.level = parent === null ? 0 : parent.level + 1
    this.#numbers = numbers
    this.#refs = new Map(like === undefined ? [] : like.#refs)
    this.#loads = new Map(like === undefined ? [] : like.#loads)
    this.#stores = new Set(like === undefined ? [] : like.#stores)
  }

  inner(): Symbols {
    return new Symbols(this, this.#numbers)
  }

  /** The same scope, to be changed by one of several branches. */
  branch(): Symbols {
    return new Symbols(this.parent, this.#numbers, this)
  }

  /** The variable of a name that is known to be in some scope. */
  ref(name: string): string {
    return this.find(name) ?? this.#define(name, { kind: "resolve", name })
  }

  find(name: string): string | undefined {
    return this.#refs.get(name) ?? this.parent?.find(name)
  }

  /** What a variable, of this scope or an outer one, begins with. */
  loadOf(variable: string): Load | undefined {
    return this.#loads.get(variable) ?? this.parent?.loadOf(variable)
  }

  loads(): ReadonlyMap<string, Load> {
    return this.#loads
  }

  /** Names that this scope assigns to itself, beyond its parameters. */
  assigns(): boolean {
    return this.#stores.values().some((name) => this.loadOf(this.ref(name))?.kind !== "parameter")
  }

  load(name: string): void {
    if (this.find(name) === undefined) this.#define(name, { kind: "resolve", name })
  }

  store(name: string): void {
    this.#stores.add(name)
    if (this.#refs.has(name)) return
    const outer = this.parent?.find(name)
    this.#define(name, outer === undefined ? { kind: "missing" } : { kind: "alias", of: outer })
  }

  parameter(name: string): string {
    this.#stores.add(name)
    return this.#define(name, { kind: "parameter" })
  }

  /**
   * Takes over what the branches of an `if` know. A name that only some of them store begins with its outer value, so
   * that it is what it was when another branch is taken.
   */
  merge(branches: ReadonlyArray<Symbols>): void {
    const stored = new Map<string, number>()
    for (const branch of branches) {
      for (const name of branch.#stores) if (!this.#stores.has(name)) stored.set(name, (stored.get(name) ?? 0) + 1)
    }
    for (const branch of branches) {
      for (const [name, variable] of branch.#refs) this.#refs.set(name, variable)
      for (const [variable, load] of branch.#loads) this.#loads.set(variable, load)
      for (const name of branch.#stores) this.#stores.add(name)
    }
    for (const [name, count] of stored) {
      if (count === branches.length) continue
      const outer = this.parent?.find(name)
      this.#loads.set(this.ref(name), outer === undefined ? { kind: "resolve", name } : { kind: "alias", of: outer })
    }
  }

  /** Every name that is assigned to here or outside, with its variable. */
  stores(): ReadonlyMap<string, string> {
    const all = new Map(this.parent?.stores())
    for (const name of this.#stores) all.set(name, this.ref(name))
    return all
  }

  #define(name: string, load: Load): string {
    const number = this.#numbers.get(name) ?? this.#numbers.size
    this.#numbers.set(name, number)
    const variable = `l${this.level}_${number}`
    this.#refs.set(name, variable)
    this.#loads.set(variable, load)
    return variable
  }
}
