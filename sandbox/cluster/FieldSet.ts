import type { Json, JsonObject } from "../../src/domain/Manifest.ts"
import { isObject } from "../../src/services/kube/Json.ts"

/**
 * A set of fields of an object, as `managedFields` records them (FieldsV1): a tree of path elements. An element is
 * written as there: `f:NAME` a field, `k:{…}` the list item with these keys, `v:VALUE` an item of a set.
 */
export interface FieldSet {
  readonly nodes: ReadonlyMap<string, Node>
}

export interface Node {
  /** The element itself belongs to the set, not only something below it. */
  readonly member: boolean
  readonly below: FieldSet
}

export type Path = ReadonlyArray<string>

export const empty: FieldSet = { nodes: new Map() }

/** A set of these nodes; those that say nothing are left out. */
export const from = (nodes: Iterable<readonly [string, Node]>): FieldSet => ({
  nodes: new Map([...nodes].filter(([, { member, below }]) => member || !isEmpty(below)))
})

export const isEmpty = ({ nodes }: FieldSet): boolean => nodes.size === 0

export const union = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inA, inB) => inA || inB)

export const difference = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inA, inB) => inA && !inB)

export const intersection = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inA, inB) => inA && inB)

/** Fields that hold members become members: who owns `spec.a` also keeps `spec` alive. */
export const named = (set: FieldSet): FieldSet => ({
  nodes: new Map(
    [...set.nodes].map(([element, { member, below }]) => [
      element,
      { member: member || (element.startsWith("f:") && !isEmpty(below)), below: named(below) }
    ])
  )
})

/** Without the elements at these paths and all below them. */
export const without = (set: FieldSet, paths: ReadonlyArray<Path>): FieldSet => paths.reduce(cut, set)

export const has = (set: FieldSet, element: string): boolean => at(set, element).member

export const below = (set: FieldSet, element: string): FieldSet => at(set, element).below

/** Every member's path, in words, for messages: `.spec.template.spec.containers[name="c"].image`. */
export const paths = (set: FieldSet): ReadonlyArray<string> =>
  [...set.nodes].flatMap(([element, { member, below }]) => {
    const here = inWords(element)
    return [...(member ? [here] : []), ...paths(below).map((rest) => `${here}${rest}`)]
  })

/** As FieldsV1: `.` beside other elements says that the element itself belongs to the set. */
export const encode = (set: FieldSet): JsonObject =>
  Object.fromEntries(
    [...set.nodes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([element, { member, below }]) => [
        element,
        isEmpty(below) ? {} : { ...(member ? { ".": {} } : {}), ...encode(below) }
      ])
  )

export const decode = (fields: Json | undefined): FieldSet => {
  const nodes = new Map<string, Node>()
  for (const [element, inner] of Object.entries(isObject(fields) ? fields : {})) {
    if (element === ".") continue
    const below = decode(inner)
    nodes.set(element, { member: isEmpty(below) || (isObject(inner) && "." in inner), below })
  }
  return { nodes }
}

const NOTHING: Node = { member: false, below: empty }

const at = (set: FieldSet, element: string): Node => set.nodes.get(element) ?? NOTHING

const combine = (a: FieldSet, b: FieldSet, keep: (inA: boolean, inB: boolean) => boolean): FieldSet => {
  const nodes = new Map<string, Node>()
  for (const element of new Set([...a.nodes.keys(), ...b.nodes.keys()])) {
    const left = at(a, element)
    const right = at(b, element)
    const node = { member: keep(left.member, right.member), below: combine(left.below, right.below, keep) }
    if (node.member || !isEmpty(node.below)) nodes.set(element, node)
  }
  return { nodes }
}

const cut = (set: FieldSet, [head, ...rest]: Path): FieldSet => {
  if (head === undefined || !set.nodes.has(head)) return set
  const nodes = new Map(set.nodes)
  if (rest.length === 0) nodes.delete(head)
  else {
    const { member, below } = at(set, head)
    const left = cut(below, rest)
    if (member || !isEmpty(left)) nodes.set(head, { member, below: left })
    else nodes.delete(head)
  }
  return { nodes }
}

const inWords = (element: string): string => {
  if (element.startsWith("f:")) return `.${element.slice(2)}`
  const value: Json = JSON.parse(element.slice(2))
  if (!isObject(value)) return `[=${JSON.stringify(value)}]`
  return `[${Object.entries(value)
    .map(([key, inner]) => `${key}=${JSON.stringify(inner)}`)
    .join(",")}]`
}
