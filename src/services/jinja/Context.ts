import { Failure, TemplateMissing, typeError } from "./Failure.ts"
import { FILTERS } from "./Filters.ts"
import { LayeredNames, type Names } from "./Names.ts"
import type { Piece, Program } from "./Program.ts"
import { pathOf } from "./pathOf.ts"
import { hashKey } from "./python/Hash.ts"
import { concatenated, iterate } from "./python/Iteration.ts"
import { str, truthy, typeName } from "./python/Text.ts"
import { textIn } from "./python/textOf.ts"
import type { Rendering } from "./Rendering.ts"
import { TESTS } from "./Tests.ts"
import { BlockReference } from "./values/Blocks.ts"
import { NO_NAMES, type Run } from "./values/Callable.ts"
import { escape, Markup } from "./values/Markup.ts"
import { Module } from "./values/Module.ts"
import { Range } from "./values/Range.ts"
import type { Val } from "./values/Thing.ts"
import { Tuple } from "./values/Tuple.ts"
import { Absent, MISSING, type Slot, Undefined } from "./values/Undefined.ts"

/** A block, and the template in which it stands. */
export interface PlacedBlock {
  readonly run: Piece
  readonly path: string
  readonly program: Program
}

/** What of a template's options counts while it renders. */
interface Mode {
  autoescape: boolean
  readonly newline: string
}

const NOTHING: ReadonlyMap<string, Slot> = new Map()

type Locals = ReadonlyArray<readonly [name: string, value: Slot]>

/** The names that one template sees while it is rendered, and what its code asks for. */
export class Context {
  readonly rendering: Rendering
  /** Path of the template. */
  readonly path: string
  /** Given from outside. */
  readonly parent: Names
  /** Set at the top of the template. */
  readonly vars = new Map<string, Slot>()
  /** Those of `vars` that an import sees. */
  readonly exported = new Set<string>()
  /** The blocks of this template and of those that it extends, in this order. */
  readonly blocks = new Map<string, Array<PlacedBlock>>()
  readonly mode: Mode

  constructor(rendering: Rendering, path: string, parent: Names, program: Program | undefined, mode: Mode) {
    this.rendering = rendering
    this.path = path
    this.parent = parent
    this.mode = mode
    if (program !== undefined) this.addBlocks(program, path)
  }

  /** The context in which a template begins. */
  static of(rendering: Rendering, path: string, program: Program, parent: Names): Context {
    return new Context(rendering, path, parent, program, {
      autoescape: program.options.autoescape,
      newline: program.options.newline
    })
  }

  /** What a name stands for: set here, given from outside, or one of the functions that every template has. */
  resolve(name: string): Slot {
    const own = this.vars.get(name)
    if (own !== undefined) return own
    const given = this.parent.get(name)
    if (given !== undefined) return given
    return this.rendering.sources.globals.get(name) ?? MISSING
  }

  /** A name as a value: undefined when it is missing. */
  read(name: string): Val {
    const slot = this.resolve(name)
    return slot instanceof Absent ? slot.read(name) : slot
  }

  /** Sets a name at the top of the template. */
  set(name: string, value: Slot): void {
    this.vars.set(name, value)
    if (!name.startsWith("_")) this.exported.add(name)
  }

  /** As `set`, for what an import must not see in turn. */
  setHidden(name: string, value: Slot): void {
    this.vars.set(name, value)
    this.exported.delete(name)
  }

  /** All names: those from outside, and over them those set here. */
  all(locals: Locals = []): Names {
    const known = locals.filter(([, value]) => value !== MISSING)
    if (this.vars.size === 0 && known.length === 0) return this.parent
    const over = new Map(this.vars)
    for (const [name, value] of known) over.set(name, value)
    return new LayeredNames(this.parent, over)
  }

  /** The same template with more names, which it does not keep. */
  derived(locals: Locals): Context {
    const context = new Context(this.rendering, this.path, this.all(locals), undefined, this.mode)
    for (const [name, blocks] of this.blocks) context.blocks.set(name, [...blocks])
    return context
  }

  /** What a print statement prints. */
  print(value: Val): string {
    if (this.mode.autoescape) return escape(value).text
    return typeof value === "string" ? value : str(value)
  }

  /** The text of a block as a value. */
  captured(text: string): Val {
    return this.mode.autoescape ? new Markup(text) : text
  }

  /** What a `set` block sets: HTML in any case, where texts are escaped. */
  asBlock(value: Val): Val {
    return this.mode.autoescape ? new Markup(value instanceof Markup ? value.text : str(value)) : value
  }

  /** Jinja2's `~`, which knows no HTML while it compiles. */
  concat(values: ReadonlyArray<Val>, isEarly: boolean): Val {
    if (!isEarly && this.mode.autoescape && values.some((value) => value instanceof Markup)) {
      return new Markup(concatenated(values.map((value) => escape(value).text)))
    }
    return concatenated(values.map(str))
  }

  filter(name: string, positional: ReadonlyArray<Val>, named: ReadonlyMap<string, Val> = NO_NAMES): Val {
    return lookUp(FILTERS, "filter", name)({ callee: name, positional, named, context: this })
  }

  test(name: string, positional: ReadonlyArray<Val>, named: ReadonlyMap<string, Val> = NO_NAMES): Val {
    return lookUp(TESTS, "test", name)({ callee: name, positional, named, context: this })
  }

  /** The text of a template, rendered by itself with the names of this one. */
  rendered(path: string, names: Names): string {
    const program = this.rendering.load(path)
    return this.rendering.within(path, () => program.root(Context.of(this.rendering, path, program, names), path))
  }

  include(template: Val, ignoreMissing: boolean, locals: Locals | null): string {
    const path = this.#choose(template, ignoreMissing)
    if (path === null) return ""
    return this.rendered(path, locals === null ? NOTHING : this.all(locals))
  }

  module(template: Val, locals: Locals | null): Module {
    const path = pathOf(template)
    const program = this.rendering.load(path)
    const names = locals === null ? NOTHING : this.all(locals)
    const context = Context.of(this.rendering, path, program, names)
    const text = this.rendering.within(path, () => program.root(context, path))
    const exported = new Map(context.exported.values().map((name) => [name, context.read(name)]))
    return new Module(path, text, exported)
  }

  /** Takes over the blocks of the template that this one extends; what renders that one. */
  extend(template: Val): (context: Context) => string {
    const path = pathOf(template)
    const program = this.rendering.load(path)
    this.addBlocks(program, path)
    return (context) => this.rendering.within(path, () => context.inMode(program, () => program.root(context, path)))
  }

  addBlocks(program: Program, path: string): void {
    for (const [name, run] of program.blocks) {
      this.blocks.set(name, [...(this.blocks.get(name) ?? []), { run, path, program }])
    }
  }

  /** Runs a part of a template with that template's own option, whichever template extends it. */
  inMode<A>(program: Program, run: () => A): A {
    const { autoescape } = this.mode
    this.mode.autoescape = program.options.autoescape
    const result = run()
    this.mode.autoescape = autoescape
    return result
  }

  /** The text of a block: that of the template furthest down. */
  block(name: string, required: boolean, context: Context = this): string {
    const blocks = this.blocks.get(name) ?? []
    if (required && blocks.length <= 1) throw typeError(`Required block '${name}' not found`)
    const [block] = blocks
    if (block === undefined) return ""
    return this.rendering.calling(() => context.inMode(block.program, () => block.run(context, block.path)))
  }

  /** What `super` stands for in a block. */
  superOf(name: string, current: Piece): Val {
    const blocks = this.blocks.get(name) ?? []
    const at = blocks.findIndex(({ run }) => run === current)
    return BlockReference.at(name, this, blocks, at + 1)
  }

  /** The first of the templates that exists. */
  // What is in the list and cannot be one is passed over, as long as Python could look for it.
  #choose(template: Val, ignoreMissing: boolean): string | null {
    if (template instanceof Undefined) return template.fail()
    const isPath = textIn(template) !== undefined
    const candidates = isPath ? [template] : truthy(template) ? iterate(template) : []
    for (const candidate of candidates) {
      const path = textIn(candidate)
      if (path !== undefined && this.rendering.sources.load(path) !== undefined) return path
      hashKey(candidate)
    }
    // Jinja2's error looks for the last candidate, and so at a position.
    const isList = Array.isArray(template) || template instanceof Tuple || template instanceof Range
    if (!isPath && !isList && truthy(template)) throw typeError(`'${typeName(template)}' object has no last item`)
    if (ignoreMissing) return null
    throw new TemplateMissing(textIn(template) ?? "")
  }
}

const lookUp = (table: ReadonlyMap<string, Run>, kind: string, name: string): Run => {
  const found = table.get(name)
  // A name that is no literal of the template may be any value: the line has to do.
  if (found === undefined) throw new Failure("type", `No ${kind} has this name`)
  return found
}
