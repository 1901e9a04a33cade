import type { Node } from "./Ast.ts"
import { children } from "./Children.ts"
import type { Symbols } from "./Symbols.ts"

/** Enters the names of nodes into the scope that they belong to. */
export const analyze = (symbols: Symbols, nodes: ReadonlyArray<Node>): void => {
  for (const node of nodes) visit(symbols, node)
}

const visit = (symbols: Symbols, node: Node): void => {
  if (node.typename === "Name" || node.typename === "AttributeTarget") symbols.load(node.name)
  else if (node.typename === "NameTarget") symbols.store(node.name)
  else if (node.typename === "If") {
    analyze(symbols, [node.test])
    symbols.merge([node.body, node.elifs, node.otherwise].map((body) => branchOf(symbols, body)))
  } else {
    analyze(symbols, inThisScope(node))
    for (const name of defined(node)) symbols.store(name)
  }
}

const branchOf = (symbols: Symbols, body: ReadonlyArray<Node>): Symbols => {
  const branch = symbols.branch()
  analyze(branch, body)
  return branch
}

// What opens a scope of its own has only some of its parts in the scope around it.
const inThisScope = (node: Node): ReadonlyArray<Node> => {
  switch (node.typename) {
    case "Set":
      return [node.value, node.target]
    case "For":
      return [node.iterable]
    case "CallBlock":
      return [node.call]
    case "FilterBlock":
      return [node.filter]
    case "With":
      return node.assignments.map(([, value]) => value)
    case "SetBlock":
      return [node.target]
    case "Macro":
    case "Autoescape":
    case "Block":
      return []
    default:
      return children(node)
  }
}

const defined = (node: Node): ReadonlyArray<string> => {
  switch (node.typename) {
    case "Macro":
      return [node.name]
    case "Import":
      return [node.target]
    case "FromImport":
      return node.names.map(([, alias]) => alias)
    default:
      return []
  }
}

/** Which of the names are read in the nodes before they are assigned to. Blocks are templates of their own. */
export const undeclared = (nodes: ReadonlyArray<Node>, names: ReadonlyArray<string>): ReadonlySet<string> => {
  const open = new Set(names)
  const found = new Set<string>()
  const look = (node: Node): void => {
    if (node.typename === "Block") return
    if (node.typename === "Name" && open.has(node.name)) found.add(node.name)
    if (node.typename === "NameTarget") open.delete(node.name)
    for (const child of children(node)) look(child)
  }
  for (const node of nodes) look(node)
  return found
}
