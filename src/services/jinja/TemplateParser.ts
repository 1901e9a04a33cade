import type { Body, Data, Expr, Filter, For, If, Root, Signature, Statement, Target } from "./Ast.ts"
import { ExpressionParser } from "./ExpressionParser.ts"
import { type Position, positionOf } from "./Position.ts"
import { describe } from "./Tokens.ts"

/**
 * Jinja2's statements. A tag that Jinja2 knows only with an extension (`do`, `break`, `trans`), or that only nunjucks
 * knows (`asyncEach`, `switch`), is an unknown tag.
 */
export class TemplateParser extends ExpressionParser {
  /** What would end each of the statements that are open, innermost last. */
  readonly #open: Array<{ readonly tag: string; readonly ends: ReadonlyArray<string> }> = []

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
        return this.fail(`Encountered unknown tag '${tag}': ${this.expectation()}`, at)
    }
  }

  private parseFor(at: Position): For {
    const target = this.parseTarget()
    this.need("symbol", "in")
    const iterable = this.parseTuple({ conditional: false })
    const test = this.skipSymbol("if") ? this.parseExpression() : null
    const recursive = this.skipSymbol("recursive")
    const { body, end } = this.parseBody("for", "endfor", "else")
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
    return { typename: "Macro", at, name, params, body: this.parseBody("macro", "endmacro").body }
  }

  private parseCallBlock(at: Position): Statement {
    const { params } = this.isOperator("(") ? this.parseSignature() : { params: [] }
    const call = this.parseExpression()
    if (call.typename !== "Call") return this.fail("expected call", at)
    return { typename: "CallBlock", at, params, call, body: this.parseBody("call", "endcall").body }
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
    const { body } = this.parseBody("block", "endblock")
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

  private parseSetTarget(): Target {
    if (!this.follows("operator", ".")) return this.parseTarget()
    const { value: name, at } = this.need("symbol")
    this.need("operator", ".")
    return { typename: "AttributeTarget", at, name, attribute: this.need("symbol").value }
  }

  /** One name, or several with commas between them. As in Jinja2, `for a, in` is an error. */
  private parseTarget(): Target {
    const at = this.position()
    const items: Array<Target> = []
    let isTuple = false
    while (!this.isTupleEnd()) {
      items.push(this.asTarget(this.parsePrimary()))
      if (!this.skipOperator(",")) break
      isTuple = true
    }
    const [only] = items
    if (only === undefined) return this.fail(`Expected an expression, got ${describe(this.peekToken())}`)
    return isTuple ? { typename: "TupleTarget", at, items } : only
  }

  private asTarget(node: Expr): Target {
    const { at } = node
    if (node.typename === "Name") return { typename: "NameTarget", at, name: node.name }
    if (node.typename !== "TupleOf") return this.fail("can't assign to this", at)
    return { typename: "TupleTarget", at, items: node.items.map((item) => this.asTarget(item)) }
  }

  // A name that is stored to: the words for constants are none.
  private parseName(): string {
    const { value, at } = this.need("symbol")
    if (CONSTANTS.has(value)) this.fail(`can't assign to '${value}'`, at)
    return value
  }
}

const CONSTANTS: ReadonlySet<string> = new Set(["true", "True", "false", "False", "none", "None"])

const asFilter = (node: Expr | null): Filter | null => (node?.typename === "Filter" ? node : null)

const isBlank = (statement: Statement): boolean =>
  statement.typename === "Output" &&
  statement.items.every((item) => item.typename === "Data" && item.text.trim() === "")
