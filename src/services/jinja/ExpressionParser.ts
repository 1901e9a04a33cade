import type { CompareOperator, Expr } from "./Ast.ts"
import { OperandParser } from "./OperandParser.ts"
import type { Arithmetic } from "./python/Numbers.ts"

const COMPARISONS: ReadonlyMap<string, CompareOperator> = new Map([
  ["==", "=="],
  ["!=", "!="],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="]
])
const SUMS: ReadonlyMap<string, Arithmetic> = new Map([
  ["+", "+"],
  ["-", "-"]
])
const PRODUCTS: ReadonlyMap<string, Arithmetic> = new Map([
  ["*", "*"],
  ["/", "/"],
  ["//", "//"],
  ["%", "%"]
])
const POWER: ReadonlyMap<string, Arithmetic> = new Map([["**", "**"]])

/**
 * Jinja2's operators, from the loosest to the tightest: if-else, or, and, not, comparisons (chained), `+ -`, `~`,
 * `* / // %`, `**`, signs. `8 * 3 // 2` is 12, for one.
 */
export class ExpressionParser extends OperandParser {
  parseExpression(withConditional = true): Expr {
    if (!withConditional) return this.parseOr()
    let at = this.position()
    let node = this.parseOr()
    while (this.skipSymbol("if")) {
      const test = this.parseOr()
      const otherwise = this.skipSymbol("else") ? this.parseExpression() : null
      node = { typename: "Conditional", at, test, value: node, otherwise }
      at = this.position()
    }
    return node
  }

  private parseOr(): Expr {
    return this.parseLogical("Or", "or", () => this.parseLogical("And", "and", () => this.parseNot()))
  }

  private parseLogical(typename: "And" | "Or", word: string, operand: () => Expr): Expr {
    let at = this.position()
    let left = operand()
    while (this.skipSymbol(word)) {
      left = { typename, at, left, right: operand() }
      at = this.position()
    }
    return left
  }

  private parseNot(): Expr {
    const at = this.position()
    if (this.skipSymbol("not")) return { typename: "Not", at, target: this.parseNot() }
    return this.parseCompare()
  }

  private parseCompare(): Expr {
    const first = this.parseSum()
    const others: Array<readonly [CompareOperator, Expr]> = []
    const at = this.position()
    for (let operator = this.comparison(); operator !== undefined; operator = this.comparison()) {
      others.push([operator, this.parseSum()])
    }
    return others.length === 0 ? first : { typename: "Compare", at, first, others }
  }

  private comparison(): CompareOperator | undefined {
    if (this.skipSymbol("in")) return "in"
    if (this.is("symbol", "not") && this.follows("symbol", "in")) {
      this.nextToken()
      this.nextToken()
      return "not in"
    }
    return this.operatorOf(COMPARISONS)
  }

  private parseSum(): Expr {
    return this.parseBinary(SUMS, () => this.parseConcat())
  }

  private parseConcat(): Expr {
    const at = this.position()
    const items = [this.parseProduct()]
    while (this.skipOperator("~")) items.push(this.parseProduct())
    const [only] = items
    return items.length === 1 && only !== undefined ? only : { typename: "Concat", at, items }
  }

  private parseProduct(): Expr {
    return this.parseBinary(PRODUCTS, () => this.parsePower())
  }

  // From left to right, unlike Python's: `2 ** 3 ** 2` is 64.
  private parsePower(): Expr {
    return this.parseBinary(POWER, () => this.parseUnary(true))
  }

  private parseUnary(withFilters: boolean): Expr {
    const at = this.position()
    const sign = this.skipOperator("-") ? "Neg" : this.skipOperator("+") ? "Pos" : undefined
    const inner: Expr =
      sign === undefined ? this.parsePrimary() : { typename: sign, at, target: this.parseUnary(false) }
    const node = this.parsePostfix(inner)
    return withFilters ? this.parseFiltersAndTests(node) : node
  }

  private parseBinary(operators: ReadonlyMap<string, Arithmetic>, operand: () => Expr): Expr {
    let left = operand()
    while (true) {
      const at = this.position()
      const operator = this.operatorOf(operators)
      if (operator === undefined) return left
      left = { typename: "Binary", operator, at, left, right: operand() }
    }
  }
}
