import type { Arguments, Expr } from "./Ast.ts"
import { Cursor } from "./Cursor.ts"
import type { Position } from "./Position.ts"
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
    const at = this.position()
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
    return { typename: "TupleOf", at, items }
  }

  isTupleEnd(): boolean {
    return this.is("variable-end") || this.is("block-end") || this.isOperator(")")
  }

  parsePrimary(): Expr {
    const token = this.peekToken()
    const at = this.position()
    if (token === null) return this.fail(`unexpected ${describe(token)}`)
    switch (token.type) {
      case "symbol":
        this.nextToken()
        return named(token.value, at)
      case "string":
        return { typename: "Literal", at, value: this.parseStrings() }
      case "number":
        this.nextToken()
        return { typename: "Literal", at, value: token.literal ?? 0 }
      default:
        return this.parseAggregate(token, at)
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
      const at = this.position()
      const name = this.parseDottedName()
      const args = this.isOperator("(") ? this.parseArguments() : NO_ARGUMENTS
      node = { typename: "Filter", at, target: node, name, args }
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

  private parseAggregate(token: JinjaToken, at: Position): Expr {
    if (this.skipOperator("(")) {
      const node = this.parseTuple({ empty: true })
      this.need("operator", ")")
      return node
    }
    if (this.skipOperator("[")) return { typename: "List", at, items: this.parseItems("]") }
    if (this.skipOperator("{")) return { typename: "DictOf", at, pairs: this.parsePairs() }
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
      const at = this.position()
      if (this.skipOperator(".")) node = this.parseMember(node)
      else if (this.skipOperator("[")) node = this.parseSubscript(node, at)
      else if (this.isOperator("(")) node = { typename: "Call", at: node.at, target: node, args: this.parseArguments() }
      else return node
    }
  }

  protected parseFiltersAndTests(target: Expr): Expr {
    let node = target
    while (true) {
      if (this.isOperator("|")) node = this.parseFilters(node) ?? node
      else if (this.skipSymbol("is")) node = this.parseTest(node)
      else if (this.isOperator("(")) node = { typename: "Call", at: node.at, target: node, args: this.parseArguments() }
      else return node
    }
  }

  private parseMember(target: Expr): Expr {
    const at = this.position()
    const token = this.nextToken()
    if (token?.type === "symbol") return { typename: "Attribute", at, target, name: token.value }
    if (token?.type !== "number" || token.literal === undefined || token.literal instanceof Float) {
      return this.fail("expected name or number", at)
    }
    return { typename: "Item", at, target, key: { typename: "Literal", at, value: token.literal } }
  }

  private parseSubscript(target: Expr, at: Position): Expr {
    const keys: Array<Expr | SliceParts> = []
    while (!this.isOperator("]")) {
      if (keys.length > 0) this.need("operator", ",")
      keys.push(this.parseKey())
    }
    this.need("operator", "]")
    const [only] = keys
    if (keys.length === 1 && only !== undefined) {
      return "typename" in only
        ? { typename: "Item", at, target, key: only }
        : { typename: "Slice", at, target, ...only }
    }
    const items = keys.map((key) => ("typename" in key ? key : this.fail("a slice among other subscripts", at)))
    return { typename: "Item", at, target, key: { typename: "TupleOf", at, items } }
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

  private parseTest(target: Expr): Expr {
    const negated = this.skipSymbol("not")
    const at = this.position()
    const name = this.parseDottedName()
    const node: Expr = { typename: "Test", at, target, name, args: this.parseTestArguments() }
    return negated ? { typename: "Not", at, target: node } : node
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

const named = (name: string, at: Position): Expr => {
  switch (name) {
    case "true":
    case "True":
      return { typename: "Literal", at, value: true }
    case "false":
    case "False":
      return { typename: "Literal", at, value: false }
    case "none":
    case "None":
      return { typename: "Literal", at, value: null }
    default:
      return { typename: "Name", at, name }
  }
}
