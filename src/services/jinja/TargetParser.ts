import type { Expr, Target } from "./Ast.ts"
import { ExpressionParser } from "./ExpressionParser.ts"
import { describe } from "./Tokens.ts"

/** What is assigned to: by `set`, `with`, `for`, and the names of macros and imports. */
export class TargetParser extends ExpressionParser {
  /** What `set` assigns to: an attribute of a namespace as well. */
  protected parseSetTarget(): Target {
    if (!this.follows("operator", ".")) return this.parseTarget()
    const { value: name, at } = this.need("symbol")
    this.need("operator", ".")
    return { typename: "AttributeTarget", at, name, attribute: this.need("symbol").value }
  }

  /** One name, or several with commas between them. As in Jinja2, `for a, in` is an error. */
  protected parseTarget(): Target {
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

  /** A name that is stored to: the words for constants are none. */
  protected parseName(): string {
    const { value, at } = this.need("symbol")
    if (CONSTANTS.has(value)) this.fail(`can't assign to '${value}'`, at)
    return value
  }
}

const CONSTANTS: ReadonlySet<string> = new Set(["true", "True", "false", "False", "none", "None"])
