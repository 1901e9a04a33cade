import type {
  Arguments,
  Attribute,
  Binary,
  Call,
  Compare,
  Conditional,
  DictOf,
  Expr,
  Filter,
  Item,
  Literal,
  Logical,
  Name,
  Node,
  Sequence,
  Slice,
  Test,
  Unary
} from "./Ast.ts"
import { children } from "./Children.ts"
import { Constants, isOptimized } from "./Constants.ts"
import { Failure } from "./Failure.ts"
import type { Frame } from "./Frame.ts"
import { Compiler } from "./Nunjucks.ts"
import { lineOf, type Position } from "./Position.ts"
import { truthy } from "./python/Text.ts"
import { Thing, type Val } from "./values/Thing.ts"

/** What is known while compiling: a filter or test that does not exist is an error at once. */
export interface Known {
  readonly filters: { readonly has: (name: string) => boolean }
  readonly tests: { readonly has: (name: string) => boolean }
}

/**
 * nunjucks' compiler for Jinja2's expressions. Each becomes a call of the runtime (`rt`) or of the context (`c`).
 *
 * No text of a template becomes code: literals are taken from a table or written as JSON strings, variables have
 * numbers for names.
 */
export class ExpressionCompiler extends Compiler<Frame> {
  readonly constants: Array<Val> = []
  readonly #known: Known
  /** Parameters of the macro whose fallbacks are being compiled and that have no value yet. */
  protected unbound: ReadonlySet<string> = new Set()

  protected readonly early = new Constants()
  /** Within what Jinja2 tries to compute while it compiles: the variable `early` says whether it is doing so. */
  #isTried = false
  /** Within an expression that Jinja2's optimizer looks into. */
  #isInner = false

  constructor(known: Known) {
    super(null)
    this.#known = known
  }

  override compile(node: Node, frame: Frame): void {
    const before = this.#isInner
    this.#isInner ||= isOptimized(node)
    super.compile(node, frame)
    this.#isInner = before
  }

  override fail(message: string, at?: Position): never {
    throw new Failure("syntax", message, at)
  }

  /** Code and nodes, one after the other. */
  protected write(frame: Frame, ...parts: ReadonlyArray<string | Expr>): void {
    for (const part of parts) {
      if (typeof part === "string") this._emit(part)
      else if (this.early.shows(part)) this.#try(`rt.settled(${this.#early()},`, part, frame)
      else if (this.#isTried && !this.early.isConstant(part)) this.#wrap("(early?rt.late():", part, frame)
      else this.compile(part, frame)
    }
  }

  /** An expression that is printed. */
  protected writePrinted(frame: Frame, node: Expr): void {
    if (this.early.shows(node)) this.#try("rt.settledText(", node, frame)
    else this.compile(node, frame)
  }

  readonly #early = (): string => (this.#isTried ? "early" : "false")

  #try(call: string, node: Expr, frame: Frame): void {
    const before = this.#isTried
    this.#isTried = true
    this.#wrap(`${call}(early)=>`, node, frame)
    this.#isTried = before
  }

  #wrap(before: string, node: Expr, frame: Frame): void {
    this._emit(before)
    this.compile(node, frame)
    this._emit(")")
  }

  protected writeAll(frame: Frame, nodes: ReadonlyArray<Expr>): void {
    for (const node of nodes) this.write(frame, node, ",")
  }

  /** A condition, as a JavaScript boolean. */
  protected writeCondition(frame: Frame, node: Expr): void {
    if (this.early.shows(node)) this.write(frame, "rt.truthy(", node, ")")
    else if (node.typename === "Not") {
      this._emit("!")
      this.writeCondition(frame, node.target)
    } else if (node.typename === "And" || node.typename === "Or") {
      this._emit("(")
      this.writeCondition(frame, node.left)
      this._emit(node.typename === "And" ? "&&" : "||")
      this.writeCondition(frame, node.right)
      this._emit(")")
    } else this.write(frame, "rt.truthy(", node, ")")
  }

  compileLiteral({ value }: Literal): void {
    if (typeof value === "string") this._emit(JSON.stringify(value))
    else if (value instanceof Thing || typeof value === "bigint") this._emit(`k[${this.constants.push(value) - 1}]`)
    else this._emit(String(value))
  }

  compileName({ name }: Name, frame: Frame): void {
    const variable = frame.symbols.ref(name)
    const isBound = frame.symbols.loadOf(variable)?.kind === "parameter" && !this.unbound.has(variable)
    if (isBound) this._emit(variable)
    else this._emit(`(${variable} instanceof rt.Absent?${variable}.read(${JSON.stringify(name)}):${variable})`)
  }

  compileList({ items }: Sequence, frame: Frame): void {
    this._emit("[")
    this.writeAll(frame, items)
    this._emit("]")
  }

  compileTupleOf({ items }: Sequence, frame: Frame): void {
    this._emit("rt.tuple([")
    this.writeAll(frame, items)
    this._emit("])")
  }

  compileConcat({ items }: Sequence, frame: Frame): void {
    this._emit("c.concat([")
    this.writeAll(frame, items)
    this._emit(`],${this.#early()})`)
  }

  compileDictOf({ pairs }: DictOf, frame: Frame): void {
    const bad = this.#isInner ? this.early.unhashable(pairs) : undefined
    if (bad !== undefined) throw new Failure("type", "unhashable type: a list or dict as a key", bad.at)
    this._emit("rt.dict([")
    for (const [key, value] of pairs) this.write(frame, "[", key, ",", value, "],")
    this._emit("])")
  }

  compileNot({ target }: Unary, frame: Frame): void {
    this._emit("!")
    this.writeCondition(frame, target)
  }

  compileNeg({ target, at }: Unary, frame: Frame): void {
    this.write(frame, 'rt.unary("-",', target, noted(at), ")")
  }

  compilePos({ target, at }: Unary, frame: Frame): void {
    this.write(frame, 'rt.unary("+",', target, noted(at), ")")
  }

  // The value of one of the operands, not a boolean.
  compileAnd({ left, right }: Logical, frame: Frame): void {
    this.write(frame, "rt.and(", left, ",()=>")
    this.write(decides(left, false) ? { ...frame, soft: true } : frame, right, ")")
  }

  compileOr({ left, right }: Logical, frame: Frame): void {
    this.write(frame, "rt.or(", left, ",()=>")
    this.write(decides(left, true) ? { ...frame, soft: true } : frame, right, ")")
  }

  compileBinary({ operator, left, right, at }: Binary, frame: Frame): void {
    if (operator === "**" && left.typename !== "Literal" && this.early.isConstant(left)) {
      this.#try(`rt.power(rt.base(${this.#early()},`, left, frame)
      this.write(frame, ",", right, noted(at), ")")
    } else this.write(frame, `rt.binary(${JSON.stringify(operator)},`, left, ",", right, noted(at), ")")
  }

  compileCompare({ first, others, at }: Compare, frame: Frame): void {
    const [only] = others
    if (only !== undefined && others.length === 1) {
      const [operator, other] = only
      this.write(frame, `rt.compare(${JSON.stringify(operator)},`, first, ",", other, noted(at), ")")
    } else {
      this.write(frame, "rt.chain(", first, ",[")
      for (const [operator, other] of others) this.write(frame, `[${JSON.stringify(operator)},()=>`, other, "],")
      this._emit(`]${noted(at)})`)
    }
  }

  compileAttribute({ target, name, at }: Attribute, frame: Frame): void {
    this.write(frame, "rt.getAttribute(", target, `,${JSON.stringify(name)}${noted(at)})`)
  }

  // A key that stands in the template may be shown in a message, others may be secrets.
  compileItem({ target, key, at }: Item, frame: Frame): void {
    const isText = key.typename === "Literal" && typeof key.value === "string"
    this.write(frame, "rt.getItem(", target, ",", key, `,${isText}${noted(at)})`)
  }

  compileSlice({ target, start, stop, step, at }: Slice, frame: Frame): void {
    const bounds = [start, stop, step].flatMap((bound) => [",", bound ?? "null"])
    this.write(frame, `rt.slice(${this.#early()},`, target, ...bounds, noted(at), ")")
  }

  compileCall(node: Call, frame: Frame): void {
    this.writeCall(node, frame)
  }

  compileFilter({ name, target, args, at }: Filter, frame: Frame): void {
    const unknown = this.refuseUnknown("filter", this.#known.filters, name, frame, at)
    this._emit(unknown ?? `c.filter(${JSON.stringify(name)},`)
    this.writeArguments(frame, target === null ? [`c.captured(${this.buffer})`] : [target], args)
    this._emit(`${noted(at)})`)
  }

  compileTest(node: Test, frame: Frame): void {
    const { name, target, args, at } = node
    const [, other, more] = children(node)
    const isItself = target.typename === "Name" && other?.typename === "Name" && other.name === target.name
    if (name === "sameas" && isItself && more === undefined) {
      this.write(frame, "rt.isOne(", target, ")")
      return
    }
    const unknown = this.refuseUnknown("test", this.#known.tests, name, frame, at)
    this._emit(unknown ?? `c.test(${JSON.stringify(name)},`)
    this.writeArguments(frame, [target], args)
    this._emit(`${noted(at)})`)
  }

  compileConditional({ test, value, otherwise, at }: Conditional, frame: Frame): void {
    const soft = { ...frame, soft: true }
    const reason = `the inline if-expression on line ${lineOf(at)} evaluated to false and no else section was defined.`
    this._emit("(")
    this.writeCondition(soft, test)
    const none = `${this.#isTried ? "early?rt.late():" : ""}rt.undefined(${JSON.stringify(reason)})`
    this.write(soft, "?", value, ":", otherwise ?? none, ")")
  }

  /** A call; `caller` is the variable of a call block's own macro. */
  protected writeCall({ target, args, at }: Call, frame: Frame, caller?: string): void {
    const isContext = target.typename === "Name" && target.name === "context"
    if (isContext && frame.ownNames && frame.symbols.assigns()) {
      this._emit('rt.refuse("context() where a loop or block has set names")')
    } else {
      this.write(frame, "rt.call(c,", target, ",")
      this.writeArguments(frame, [], args, caller)
      this._emit(`${noted(at)})`)
    }
  }

  // `[positional], named`
  private writeArguments(frame: Frame, first: ReadonlyArray<Expr | string>, args: Arguments, caller?: string): void {
    const { positional, named, star, doubleStar } = args
    this._emit("[")
    for (const each of [...first, ...positional]) this.write(frame, each, ",")
    if (star !== null) this.write(frame, "...rt.iterate(", star, ")")
    this._emit("],")
    if (named.length === 0 && doubleStar === null && caller === undefined) {
      this._emit("undefined")
      return
    }
    this._emit("rt.named([")
    for (const [name, value] of named) this.write(frame, `[${JSON.stringify(name)},`, value, "],")
    if (caller !== undefined) this._emit(`["caller",${caller}],`)
    this.write(frame, "]", ...(doubleStar === null ? [] : [",", doubleStar]), ")")
  }

  /** A name that does not exist: an error at once, or, in a condition, once it is called with its arguments. */
  private refuseUnknown(
    kind: string,
    table: Known["filters"],
    name: string,
    frame: Frame,
    at: Position
  ): string | undefined {
    if (table.has(name)) return undefined
    const message = `No ${kind} named '${name.slice(0, 80)}'.`
    if (!frame.soft) throw new Failure("syntax", message, at)
    return `rt.fail(${JSON.stringify(message)},`
  }
}

/** Whether what stands to the right of it is never looked at, not even by Jinja2's compiler. */
const decides = (left: Expr, outcome: boolean): boolean => left.typename === "Literal" && truthy(left.value) === outcome

// One argument more than the function takes: evaluated after the others, and so just before the call.
const noted = (at: Position): string => `,at=${at}`
