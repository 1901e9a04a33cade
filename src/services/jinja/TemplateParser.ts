import type { Body, Data, Expr, Filter, For, If, Root, Signature, Statement, Target } from "./Ast.ts"
import type { Extension } from "./Options.ts"
import { type Position, positionOf } from "./Position.ts"
import { TargetParser } from "./TargetParser.ts"
import { describe, type Tokens } from "./Tokens.ts"

/**
 * Jinja2's statements. A tag that Jinja2 knows only with an extension (`do`, `break`) is an unknown tag without it, and
 * so is one that only nunjucks knows (`asyncEach`, `switch`).
 */
export class TemplateParser extends TargetParser {
  readonly #extensions: ReadonlyArray<Extension>
  /** How many loops are around, in the same function of Python's. */
  #loops = 0
  /** What would end each of the statements that are open, innermost last. */
  readonly #open: Array<{ readonly tag: string; readonly ends: ReadonlyArray<string> }> = []

  constructor(tokens: Tokens, extensions: ReadonlyArray<Extension>) {
    super(tokens)
    this.#extensions = extensions
  }

  parseTemplate(): Root {
    return { typename: "Root", at: positionOf(1, 1), body: this.parseUntil([]) }
  }

  /** Statements and text up to one of the tags given, whose word is the next token; up to the end when there are none. */
  private parseUntil(ends: ReadonlyArray<string>): Body {
    const body: Array<Statement> = []
    let items: Array<Data | Expr> = []
    const flush = (): void => {
      const [first] = items
      if (first !== undefined) body.push({ typename: "Output", at: first.at, items })
      items = []
    }
    for (let token = this.nextToken(); token !== null; token = this.nextToken()) {
      if (token.type === "data") items.push({ typename: "Data", at: token.at, text: token.value })
      else if (token.type === "variable-start") {
        items.push(this.parseTuple())
        this.need("variable-end")
      } else {
        flush()
        if (ends.some((end) => this.is("symbol", end))) return body
        body.push(this.parseStatement(this.position()))
        this.need("block-end")
      }
    }
    flush()
    if (ends.length > 0) this.fail(`Unexpected end of template: ${this.expectation()}`)
    return body
  }

  private expectation(): string {
    const innermost = this.#open.at(-1)
    if (innermost === undefined) return "no statement is open"
    return `${innermost.ends.map((end) => `'${end}'`).join(" or ")} is missing for '${innermost.tag}'`
  }

  /** The body of a statement: from the end of its tag to one of `ends`, which is passed and returned. */
  private parseBody(tag: string, ...ends: ReadonlyArray<string>): { readonly body: Body; readonly end: string } {
    // Allowed for those who are used to Python.
    this.skipOperator(":")
    this.need("block-end")
    this.#open.push({ tag, ends })
    const body = this.parseUntil(ends)
    this.#open.pop()
    return { body, end: this.need("symbol").value }
  }

  private parseStatement(at: Position): Statement {
    if (!this.is("symbol")) this.fail(`tag name expected, got ${describe(this.peekToken())}`, at)
    const tag = this.need("symbol").value
    switch (tag) {
      case "for":
        return this.parseFor(at)
      case "if":
        return this.parseIf(at)
      case "set":
        return this.parseSet(at)
      case "with":
        return this.parseWith(at)
      case "filter":
        return this.parseFilterBlock(at)
      case "macro":
        return this.parseMacro(at)
      case "call":
        return this.parseCallBlock(at)
      case "block":
        return this.parseBlock(at)
      case "extends":
        return { typename: "Extends", at, template: this.parseExpression() }
      case "include":
        return this.parseInclude(at)
      case "import":
        return this.parseImport(at)
      case "from":
        return this.parseFrom(at)
      case "print":
        return { typename: "Output", at, items: this.parsePrinted() }
      case "autoescape": {
        const value = this.parseExpression()
        return { typename: "Autoescape", at, value, body: this.parseBody(tag, "endautoescape").body }
      }
      default:
        return (
          this.parseExtension(tag, at) ??
          this.fail(`Encountered unknown tag '${tag.slice(0, 80)}': ${this.expectation()}`, at)
        )
    }
  }

  private parseExtension(tag: string, at: Position): Statement | undefined {
    if (tag === "do" && this.#extensions.includes("do")) return { typename: "Do", at, value: this.parseTuple() }
    if ((tag !== "break" && tag !== "continue") || !this.#extensions.includes("loopcontrols")) return undefined
    if (this.#loops === 0) this.fail(`'${tag}' outside loop`, at)
    return { typename: tag === "break" ? "Break" : "Continue", at }
  }

  /** Runs a part that has so many loops around it that `break` may end. */
  private within<A>(loops: number, parse: () => A): A {
    const before = this.#loops
    this.#loops = loops
    const parsed = parse()
    this.#loops = before
    return parsed
  }

  private parseFor(at: Position): For {
    const target = this.parseTarget()
    this.need("symbol", "in")
    const iterable = this.parseTuple({ conditional: false })
    const test = this.skipSymbol("if") ? this.parseExpression() : null
    const recursive = this.skipSymbol("recursive")
    const { body, end } = this.within(this.#loops + 1, () => this.parseBody("for", "endfor", "else"))
    const otherwise = end === "else" ? this.parseBody("for", "endfor").body : []
    return { typename: "For", at, target, iterable, test, recursive, body, otherwise }
  }

  private parseIf(at: Position): If {
    const elifs: Array<If> = []
    const test = this.parseTuple({ conditional: false })
    const first = this.parseBody("if", "elif", "else", "endif")
    let { end } = first
    while (end === "elif") {
      const branch = this.position()
      const condition = this.parseTuple({ conditional: false })
      const next = this.parseBody("if", "elif", "else", "endif")
      elifs.push({ typename: "If", at: branch, test: condition, body: next.body, elifs: [], otherwise: [] })
      end = next.end
    }
    const otherwise = end === "else" ? this.parseBody("if", "endif").body : []
    return { typename: "If", at, test, body: first.body, elifs, otherwise }
  }

  private parseSet(at: Position): Statement {
    const target = this.parseSetTarget()
    if (this.skipOperator("=")) return { typename: "Set", at, target, value: this.parseTuple() }
    const filter = asFilter(this.parseFilters(null))
    return { typename: "SetBlock", at, target, filter, body: this.parseBody("set", "endset").body }
  }

  private parseWith(at: Position): Statement {
    const assignments: Array<readonly [Target, Expr]> = []
    while (!this.is("block-end")) {
      if (assignments.length > 0) this.need("operator", ",")
      const target = this.parseTarget()
      this.need("operator", "=")
      assignments.push([target, this.parseExpression()])
    }
    return { typename: "With", at, assignments, body: this.parseBody("with", "endwith").body }
  }

  private parseFilterBlock(at: Position): Statement {
    const filter = asFilter(this.parseFilters(null, true))
    if (filter === null) return this.fail("a filter is expected", at)
    return { typename: "FilterBlock", at, filter, body: this.parseBody("filter", "endfilter").body }
  }

  private parseMacro(at: Position): Statement {
    const name = this.parseName()
    const { params } = this.parseSignature()
    return { typename: "Macro", at, name, params, body: this.within(0, () => this.parseBody("macro", "endmacro")).body }
  }

  private parseCallBlock(at: Position): Statement {
    const { params } = this.isOperator("(") ? this.parseSignature() : { params: [] }
    const call = this.parseExpression()
    if (call.typename !== "Call") return this.fail("expected call", at)
    return {
      typename: "CallBlock",
      at,
      params,
      call,
      body: this.within(0, () => this.parseBody("call", "endcall")).body
    }
  }

  private parseSignature(): Signature {
    const params: Array<Signature["params"][number]> = []
    this.need("operator", "(")
    while (!this.isOperator(")")) {
      if (params.length > 0) this.need("operator", ",")
      const name = this.parseName()
      const fallback = this.skipOperator("=") ? this.parseExpression() : null
      if (fallback === null && params.some((param) => param.fallback !== null)) {
        this.fail("non-default argument follows default argument")
      }
      if (params.some((param) => param.name === name)) this.fail(`duplicate argument '${name}'`)
      params.push({ name, fallback })
    }
    this.need("operator", ")")
    return { params }
  }

  private parseBlock(at: Position): Statement {
    const name = this.need("symbol").value
    const scoped = this.skipSymbol("scoped")
    const required = this.skipSymbol("required")
    if (this.isOperator("-")) this.fail("Block names may not contain hyphens, use an underscore instead")
    const { body } = this.within(0, () => this.parseBody("block", "endblock"))
    if (required && !body.every(isBlank)) this.fail("Required blocks can only contain comments or whitespace", at)
    this.skipSymbol(name)
    return { typename: "Block", at, name, scoped, required, body }
  }

  private parseInclude(at: Position): Statement {
    const template = this.parseExpression()
    const ignoreMissing = this.is("symbol", "ignore") && this.follows("symbol", "missing")
    if (ignoreMissing) {
      this.nextToken()
      this.nextToken()
    }
    return { typename: "Include", at, template, ignoreMissing, withContext: this.parseContext() ?? true }
  }

  private parseImport(at: Position): Statement {
    const template = this.parseExpression()
    this.need("symbol", "as")
    const target = this.parseName()
    return { typename: "Import", at, template, target, withContext: this.parseContext() ?? false }
  }

  private parseFrom(at: Position): Statement {
    const template = this.parseExpression()
    this.need("symbol", "import")
    const names: Array<readonly [string, string]> = []
    let withContext = this.parseContext()
    while (withContext === undefined) {
      const name = this.parseName()
      if (name.startsWith("_")) this.fail("names starting with an underline can not be imported", at)
      names.push([name, this.skipSymbol("as") ? this.parseName() : name])
      withContext = this.parseContext()
      if (withContext !== undefined || !this.skipOperator(",")) break
      withContext = this.parseContext()
    }
    return { typename: "FromImport", at, template, names, withContext: withContext ?? false }
  }

  /** `with context` or `without context`; undefined when there is neither. */
  private parseContext(): boolean | undefined {
    const word = this.peekToken()?.value
    if ((word !== "with" && word !== "without") || !this.follows("symbol", "context")) return undefined
    this.nextToken()
    this.nextToken()
    return word === "with"
  }

  private parsePrinted(): ReadonlyArray<Expr> {
    const items: Array<Expr> = []
    while (!this.is("block-end")) {
      if (items.length > 0) this.need("operator", ",")
      items.push(this.parseExpression())
    }
    return items
  }
}

const asFilter = (node: Expr | null): Filter | null => (node?.typename === "Filter" ? node : null)

const isBlank = (statement: Statement): boolean =>
  statement.typename === "Output" &&
  statement.items.every((item) => item.typename === "Data" && item.text.trim() === "")
