import type { Arguments, Expr } from "./Ast.ts"
import { Cursor } from "./Cursor.ts"
import { describe, type JinjaToken } from "./Tokens.ts"
import { Float } from "./values/Float.ts"

const NO_ARGUMENTS: Arguments = { positional: [], named: [], star: null, doubleStar: null }

/** What operators stand between: literals, names, aggregates, with their subscripts, calls, filters and tests. */
export abstract class OperandParser extends Cursor {
  abstract parseExpression(withConditional?: boolean): Expr

  /** One expression, or several with commas between them, which are a tuple. */
  parseTuple(
    options: { readonly conditional?: boolean; readonly until?: string; readonly empty?: boolean } = {}
  ): Expr {
    const { conditional = true, empty = false } = options
    const lineno = this.line()
    const items: Array<Expr> = []
    let isTuple = false
    while (!this.isTupleEnd()) {
      items.push(this.parseExpression(conditional))
      if (!this.skipOperator(",")) break
      isTuple = true
    }
    const [only] = items
    if (!isTuple && only !== undefined) return only
    if (items.length === 0 && !empty) this.fail(`Expected an expression, got ${describe(this.peekToken())}`)
    return { typename: "TupleOf", lineno, items }
  }

  isTupleEnd(): boolean {
    return this.is("variable-end") || this.is("block-end") || this.isOperator(")")
  }

  parsePrimary(): Expr {
    const token = this.peekToken()
    const lineno = this.line()
    if (token === null) return this.fail(`unexpected ${describe(token)}`)
    switch (token.type) {
      case "symbol":
        this.nextToken()
        return named(token.value, lineno)
      case "string":
        return { typename: "Literal", lineno, value: this.parseStrings() }
      case "number":
        this.nextToken()
        return { typename: "Literal", lineno, value: token.literal ?? 0 }
      default:
        return this.parseAggregate(token, lineno)
    }
  }

  /** The arguments of a call, from `(` to `)`. */
  parseArguments(): Arguments {
    this.need("operator", "(")
    const positional: Array<Expr> = []
    const given: Array<readonly [string, Expr]> = []
    let star: Expr | null = null
    let doubleStar: Expr | null = null
    const ensure = (allowed: boolean): void => {
      if (!allowed) this.fail("invalid syntax for function call expression")
    }
    while (!this.isOperator(")")) {
      if (this.skipOperator("*")) {
        ensure(star === null && doubleStar === null)
        star = this.parseExpression()
      } else if (this.skipOperator("**")) {
        ensure(doubleStar === null)
        doubleStar = this.parseExpression()
      } else if (this.is("symbol") && this.follows("operator", "=")) {
        ensure(doubleStar === null)
        const name = this.need("symbol").value
        this.need("operator", "=")
        if (given.some(([other]) => other === name)) this.fail(`keyword argument repeated: ${name}`)
        given.push([name, this.parseExpression()])
      } else {
        ensure(star === null && doubleStar === null && given.length === 0)
        positional.push(this.parseExpression())
      }
      if (!this.isOperator(")")) this.need("operator", ",")
    }
    this.need("operator", ")")
    return { positional, named: given, star, doubleStar }
  }

  /** A name with dots, as filters and tests may have. */
  parseDottedName(): string {
    let name = this.need("symbol").value
    while (this.skipOperator(".")) name += `.${this.need("symbol").value}`
    return name
  }

  /** Filters from `|` on; with `inline` the first one stands without it. */
  parseFilters(target: Expr | null, inline = false): Expr | null {
    let node = target
    let first = inline
    while (first || this.skipOperator("|")) {
      first = false
      const lineno = this.line()
      const name = this.parseDottedName()
      const args = this.isOperator("(") ? this.parseArguments() : NO_ARGUMENTS
      node = { typename: "Filter", lineno, target: node, name, args }
    }
    return node
  }

  private parseStrings(): string {
    let text = ""
    while (this.is("string")) {
      const { literal } = this.need("string")
      if (typeof literal === "string") text += literal
    }
    return text
  }

  private parseAggregate(token: JinjaToken, lineno: number): Expr {
    if (this.skipOperator("(")) {
      const node = this.parseTuple({ empty: true })
      this.need("operator", ")")
      return node
    }
    if (this.skipOperator("[")) return { typename: "List", lineno, items: this.parseItems("]") }
    if (this.skipOperator("{")) return { typename: "DictOf", lineno, pairs: this.parsePairs() }
    return this.fail(`unexpected ${describe(token)}`)
  }

  private parseItems(end: string): ReadonlyArray<Expr> {
    const items: Array<Expr> = []
    while (!this.isOperator(end)) {
      items.push(this.parseExpression())
      if (!this.isOperator(end)) this.need("operator", ",")
    }
    this.need("operator", end)
    return items
  }

  private parsePairs(): ReadonlyArray<readonly [Expr, Expr]> {
    const pairs: Array<readonly [Expr, Expr]> = []
    while (!this.isOperator("}")) {
      const key = this.parseExpression()
      this.need("operator", ":")
      pairs.push([key, this.parseExpression()])
      if (!this.isOperator("}")) this.need("operator", ",")
    }
    this.need("operator", "}")
    return pairs
  }

  protected parsePostfix(target: Expr): Expr {
    let node = target
    while (true) {
      const lineno = this.line()
      if (this.skipOperator(".")) node = this.parseMember(node, lineno)
      else if (this.skipOperator("[")) node = this.parseSubscript(node, lineno)
      else if (this.isOperator("(")) node = { typename: "Call", lineno, target: node, args: this.parseArguments() }
      else return node
    }
  }

  protected parseFiltersAndTests(target: Expr): Expr {
    let node = target
    while (true) {
      const lineno = this.line()
      if (this.isOperator("|")) node = this.parseFilters(node) ?? node
      else if (this.skipSymbol("is")) node = this.parseTest(node, lineno)
      else if (this.isOperator("(")) node = { typename: "Call", lineno, target: node, args: this.parseArguments() }
      else return node
    }
  }

  private parseMember(target: Expr, lineno: number): Expr {
    const token = this.nextToken()
    if (token?.type === "symbol") return { typename: "Attribute", lineno, target, name: token.value }
    if (token?.type !== "number" || token.literal === undefined || token.literal instanceof Float) {
      return this.fail("expected name or number", lineno)
    }
    return { typename: "Item", lineno, target, key: { typename: "Literal", lineno, value: token.literal } }
  }

  private parseSubscript(target: Expr, lineno: number): Expr {
    const keys: Array<Expr | SliceParts> = []
    while (!this.isOperator("]")) {
      if (keys.length > 0) this.need("operator", ",")
      keys.push(this.parseKey())
    }
    this.need("operator", "]")
    const [only] = keys
    if (keys.length === 1 && only !== undefined) {
      return "typename" in only
        ? { typename: "Item", lineno, target, key: only }
        : { typename: "Slice", lineno, target, ...only }
    }
    const items = keys.map((key) => ("typename" in key ? key : this.fail("a slice among other subscripts", lineno)))
    return { typename: "Item", lineno, target, key: { typename: "TupleOf", lineno, items } }
  }

  private parseKey(): Expr | SliceParts {
    const start = this.isOperator(":") ? null : this.parseExpression()
    if (start !== null && !this.isOperator(":")) return start
    this.need("operator", ":")
    const stop = this.parseSlicePart()
    const step = this.skipOperator(":") ? this.parseSlicePart() : null
    return { start, stop, step }
  }

  private parseSlicePart(): Expr | null {
    return this.isOperator(":") || this.isOperator("]") || this.isOperator(",") ? null : this.parseExpression()
  }

  private parseTest(target: Expr, lineno: number): Expr {
    const negated = this.skipSymbol("not")
    const name = this.parseDottedName()
    const node: Expr = { typename: "Test", lineno, target, name, args: this.parseTestArguments() }
    return negated ? { typename: "Not", lineno, target: node } : node
  }

  private parseTestArguments(): Arguments {
    if (this.isOperator("(")) return this.parseArguments()
    const starts = ["symbol", "string", "number"].includes(this.peekToken()?.type ?? "")
    const opens = this.isOperator("[") || this.isOperator("{")
    const ends = ["else", "or", "and"].some((word) => this.is("symbol", word))
    if (!(starts || opens) || ends) return NO_ARGUMENTS
    if (this.is("symbol", "is")) this.fail("You cannot chain multiple tests with is")
    return { ...NO_ARGUMENTS, positional: [this.parsePostfix(this.parsePrimary())] }
  }
}

interface SliceParts {
  readonly start: Expr | null
  readonly stop: Expr | null
  readonly step: Expr | null
}

const named = (name: string, lineno: number): Expr => {
  switch (name) {
    case "true":
    case "True":
      return { typename: "Literal", lineno, value: true }
    case "false":
    case "False":
      return { typename: "Literal", lineno, value: false }
    case "none":
    case "None":
      return { typename: "Literal", lineno, value: null }
    default:
      return { typename: "Name", lineno, name }
  }
}
