import type { Arguments, Node, Signature } from "./Ast.ts"

/** What a node is made of, in the order in which Jinja2 visits it. */
export const children = (node: Node): ReadonlyArray<Node> => {
  switch (node.typename) {
    case "Literal":
    case "Name":
    case "NameTarget":
    case "AttributeTarget":
    case "Data":
    case "Break":
    case "Continue":
      return []
    case "List":
    case "TupleOf":
    case "Concat":
    case "TupleTarget":
    case "Output":
      return node.items
    case "DictOf":
      return node.pairs.flat()
    case "Not":
    case "Neg":
    case "Pos":
    case "Attribute":
      return [node.target]
    case "And":
    case "Or":
    case "Binary":
      return [node.left, node.right]
    case "Compare":
      return [node.first, ...node.others.map(([, other]) => other)]
    case "Item":
      return [node.target, node.key]
    case "Slice":
      return present(node.target, node.start, node.stop, node.step)
    case "Call":
    case "Filter":
    case "Test":
      return [...present(node.target), ...passed(node.args)]
    case "Conditional":
      return present(node.test, node.value, node.otherwise)
    case "If":
      return [node.test, ...node.body, ...node.elifs, ...node.otherwise]
    case "For":
      return [node.target, node.iterable, ...node.body, ...node.otherwise, ...present(node.test)]
    case "Set":
      return [node.target, node.value]
    case "SetBlock":
      return [node.target, ...present(node.filter), ...node.body]
    case "With":
      return [...node.assignments.flat(), ...node.body]
    case "FilterBlock":
      return [...node.body, node.filter]
    case "Macro":
      return [...parameters(node), ...node.body]
    case "CallBlock":
      return [node.call, ...parameters(node), ...node.body]
    case "Do":
      return [node.value]
    case "Autoescape":
      return [node.value, ...node.body]
    case "Block":
    case "Root":
      return node.body
    case "Extends":
    case "Include":
    case "Import":
    case "FromImport":
      return [node.template]
  }
}

/** The node and everything below it, in the same order. */
export function* descendants(node: Node): Generator<Node> {
  yield node
  for (const child of children(node)) yield* descendants(child)
}

/** A node and those in it that are evaluated: not the names that a macro's parameters and `with` bring. */
export function* evaluated(node: Node): Generator<Node> {
  yield node
  for (const child of children(node)) if (!brings(node, child)) yield* evaluated(child)
}

const brings = (node: Node, child: Node): boolean => {
  if (node.typename === "With") return node.assignments.some(([target]) => target === child)
  return (node.typename === "Macro" || node.typename === "CallBlock") && child.typename === "NameTarget"
}

const present = (...nodes: ReadonlyArray<Node | null>): ReadonlyArray<Node> => nodes.filter((node) => node !== null)

const passed = ({ positional, named, star, doubleStar }: Arguments): ReadonlyArray<Node> => [
  ...positional,
  ...named.map(([, value]) => value),
  ...present(star, doubleStar)
]

/** The parameters as what is assigned to, then their fallbacks. */
export const parameters = ({ params }: Signature): ReadonlyArray<Node> => [
  ...params.map(({ name }) => ({ typename: "NameTarget", at: 0, name }) as const),
  ...present(...params.map(({ fallback }) => fallback))
]
