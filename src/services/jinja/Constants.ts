import type { Arguments, Expr, Node } from "./Ast.ts"
import { Float } from "./values/Float.ts"

/** Filters that Jinja2 does not run while it compiles: they look at the context. */
const IN_CONTEXT: ReadonlySet<string> = new Set(
  ["map", "random", "reject", "rejectattr", "select", "selectattr"].concat(["context", "derive_password", "render"])
)

/** Nodes whose own value is never undefined when Jinja2 can work it out: then it does, while it compiles. */
const SETTLING: ReadonlySet<string> = new Set([
  "Filter",
  "Test",
  "Not",
  "Compare",
  "Concat",
  "Binary",
  "Neg",
  "Pos",
  "Attribute",
  "Item"
])

/**
 * Knows which expressions Jinja2 computes while it compiles. Only a slice of what cannot be sliced shows it: computed
 * while compiling it is undefined, computed later it is an error.
 */
export class Constants {
  readonly #known = new WeakMap<Node, boolean>()

  /** Whether slices within this node are computed while compiling. */
  settles(node: Expr): boolean {
    return SETTLING.has(node.typename) && this.isConstant(node)
  }

  /**
   * Whether Jinja2 may find infinity or NaN here while it compiles, and not only to print it: it then writes a Python
   * name that does not exist.
   */
  mayBeEndless(node: Expr): boolean {
    switch (node.typename) {
      case "Literal":
        return node.value instanceof Float && !Number.isFinite(node.value.value)
      case "List":
      case "TupleOf":
        return this.isConstant(node) && node.items.some((item) => this.mayBeEndless(item))
      case "DictOf":
        return this.isConstant(node) && node.pairs.flat().some((item) => this.mayBeEndless(item))
      case "Filter":
      case "Binary":
      case "Neg":
      case "Pos":
        return this.isConstant(node)
      default:
        return false
    }
  }

  isConstant(node: Expr): boolean {
    const known = this.#known.get(node) ?? this.#judge(node)
    this.#known.set(node, known)
    return known
  }

  #judge(node: Expr): boolean {
    switch (node.typename) {
      case "Literal":
        return true
      case "List":
      case "TupleOf":
      case "Concat":
        return this.#all(node.items)
      case "DictOf":
        return this.#all(node.pairs.flat())
      case "Not":
      case "Neg":
      case "Pos":
      case "Attribute":
        return this.isConstant(node.target)
      case "And":
      case "Or":
      case "Binary":
        return this.#all([node.left, node.right])
      case "Compare":
        return this.#all([node.first, ...node.others.map(([, other]) => other)])
      case "Item":
        return this.#all([node.target, node.key])
      case "Slice":
        return this.#all([node.target, node.start, node.stop, node.step])
      case "Filter":
        return !IN_CONTEXT.has(node.name) && node.target !== null && this.#all([node.target, ...given(node.args)])
      case "Test":
        return this.#all([node.target, ...given(node.args)])
      case "Conditional":
        return this.#all([node.test, node.value, node.otherwise])
      case "Name":
      case "Call":
        return false
    }
  }

  #all(nodes: ReadonlyArray<Expr | null>): boolean {
    return nodes.every((node) => node === null || this.isConstant(node))
  }
}

const given = ({ positional, named, star, doubleStar }: Arguments): ReadonlyArray<Expr | null> => [
  ...positional,
  ...named.map(([, value]) => value),
  star,
  doubleStar
]
