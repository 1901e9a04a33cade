import type { Node } from "./Ast.ts"
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

// Slices, and what may become infinity on the way.
const mayShow = (node: Node): boolean =>
  node.typename === "Literal"
    ? node.value instanceof Float && !Number.isFinite(node.value.value)
    : ["Binary", "Filter", "Slice"].includes(node.typename) || children(node).some(mayShow)
