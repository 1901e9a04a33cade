import type { DictOf, Expr, Node } from "./Ast.ts"
import { children } from "./Children.ts"
import { Float } from "./values/Float.ts"

/** Filters that Jinja2 does not run while it compiles: they look at the context. */
const IN_CONTEXT: ReadonlySet<string> = new Set(
  ["map", "random", "reject", "rejectattr", "select", "selectattr"].concat(["context", "derive_password", "render"])
)

/**
 * Knows which expressions Jinja2 computes while it compiles. Two things show it: a slice of what cannot be sliced is
 * undefined then, and an error later; and what has become infinity or NaN is written as a name that Python does not know.
 */
export class Constants {
  readonly #known = new WeakMap<Node, boolean>()

  /** Whether it may show when this expression is computed. */
  shows(node: Node): boolean {
    return this.isConstant(node) && mayShow(node)
  }

  /** Whether Jinja2 tries it: an operand that is not looked at need not be constant. */
  isConstant(node: Node): boolean {
    const known = this.#known.get(node) ?? this.#judge(node)
    this.#known.set(node, known)
    return known
  }

  /** The first key that cannot be one, when Jinja2 makes this dict while it compiles. */
  unhashable(pairs: DictOf["pairs"]): Expr | undefined {
    const later = pairs.findIndex((pair) => !pair.every((each) => this.isConstant(each)))
    const early = later === -1 ? pairs : pairs.slice(0, later)
    return early.flatMap(([key]) => (key.typename === "List" || key.typename === "DictOf" ? [key] : []))[0]
  }

  #judge(node: Node): boolean {
    switch (node.typename) {
      case "Name":
      case "Call":
        return false
      case "And":
      case "Or":
        return this.isConstant(node.left)
      case "Compare":
        return [node.first, ...node.others.slice(0, 1).map(([, other]) => other)].every((each) => this.isConstant(each))
      case "Conditional":
        return this.isConstant(node.test)
      case "Filter":
        if (IN_CONTEXT.has(node.name) || node.target === null) return false
    }
    return children(node).every((child) => this.isConstant(child))
  }
}

/** What Jinja2's optimizer looks into, down to the last operand. */
export const isOptimized = ({ typename }: Node): boolean => OPTIMIZED.has(typename)

const OPTIMIZED: ReadonlySet<string> = new Set(
  ["And", "Attribute", "Binary", "Call", "Compare", "Concat", "Conditional"].concat(
    ["Filter", "Item", "Neg", "Not"],
    ["Or", "Pos", "Slice", "Test"]
  )
)

const mayShow = (node: Node): boolean => {
  switch (node.typename) {
    case "Slice":
      return true
    case "Literal":
      return node.value instanceof Float && !Number.isFinite(node.value.value)
    // What counts with floats may end in infinity, and only they do.
    case "Binary":
      return has(node, isFloat)
    case "Filter":
      return isFloat(node) || children(node).some(mayShow)
    // Texts that filters have made HTML are plain again.
    case "Concat":
      return has(node, ({ typename }) => typename === "Filter") || children(node).some(mayShow)
    default:
      return children(node).some(mayShow)
  }
}

const isFloat = (node: Node): boolean => {
  if (node.typename === "Literal") return node.value instanceof Float
  if (node.typename === "Binary") return node.operator === "/" || node.operator === "**"
  return node.typename === "Slice" || (node.typename === "Filter" && node.name === "float")
}

const has = (node: Node, is: (node: Node) => boolean): boolean =>
  is(node) || children(node).some((each) => has(each, is))
