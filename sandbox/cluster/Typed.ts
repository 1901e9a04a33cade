import { canonical, type Json, type JsonObject } from "../../src/domain/Manifest.ts"
import { isArray, isObject } from "../../src/services/kube/Json.ts"
import * as FieldSet from "./FieldSet.ts"
import { elementOf, type Shape, shapeOf } from "./Shape.ts"

/** Where a value is: what decides its shape. */
export interface Where {
  /** As in `shapeOf`. */
  readonly path: string
  readonly builtIn: boolean
}

export interface Difference {
  readonly added: FieldSet.FieldSet
  readonly modified: FieldSet.FieldSet
  readonly removed: FieldSet.FieldSet
}

/** The parts of a value that have an owner of their own; undefined for a scalar and whatever is atomic. */
const partsOf = (value: Json | undefined, where: Where): ReadonlyMap<string, Json> | undefined => {
  if (value === undefined || value === null) return undefined
  const shape = shapeOf(value, where.path, where.builtIn)
  if (shape === undefined || shape._tag === "Atomic") return undefined
  if (isObject(value)) return new Map(Object.entries(value).map(([name, part]) => [`f:${name}`, part]))
  return isArray(value) ? new Map(value.map((item) => [elementOf(shape, item), item])) : undefined
}

const inside = ({ path, builtIn }: Where, element: string): Where => ({
  path: element.startsWith("f:") ? `${path}.${element.slice(2)}` : `${path}[]`,
  builtIn
})

const isPart = (element: string): boolean => element.startsWith("f:")

/**
 * The fields that a value sets: what its manager owns.
 *
 * @param containers whether maps that hold something are members too, as for managers that do not apply
 */
export const fieldsOf = (value: Json, where: Where, containers: boolean): FieldSet.FieldSet =>
  FieldSet.from(
    [...(partsOf(value, where) ?? [])].map(([element, part]) => {
      const inner = inside(where, element)
      const parts = partsOf(part, inner)
      const isLeaf = parts === undefined || parts.size === 0
      // An empty list that would be judged item by item sets nothing.
      const isNothing = isLeaf && isArray(part) && parts !== undefined && !containers
      return [
        element,
        {
          member: !isNothing && (isLeaf || containers || !isPart(element)),
          below: isLeaf ? FieldSet.empty : fieldsOf(part, inner, containers)
        }
      ]
    })
  )

/** `config` over `live`: scalars and atomic values replaced, maps and keyed lists merged. */
export const merge = (live: Json | undefined, config: Json, where: Where): Json => {
  const before = partsOf(live, where)
  const after = partsOf(config, where)
  if (before === undefined || after === undefined || isObject(live) !== isObject(config)) return config
  const merged = (element: string, part: Json): Json => merge(before.get(element), part, inside(where, element))
  if (isObject(config)) {
    const fields = new Map(Object.entries(isObject(live) ? live : {}))
    for (const [name, part] of Object.entries(config)) fields.set(name, merged(`f:${name}`, part))
    return Object.fromEntries(fields)
  }
  return mergedOrder([...before.keys()], [...after.keys()]).map((element) => {
    const part = after.get(element)
    return part === undefined ? (before.get(element) ?? null) : merged(element, part)
  })
}

/**
 * The order of a merged list: that of `config`, and each item that only the live list has after its neighbour of before
 * (structured-merge-diff, typed/merge.go).
 */
const mergedOrder = (live: ReadonlyArray<string>, config: ReadonlyArray<string>): ReadonlyArray<string> => {
  const inLive = new Set(live)
  const inConfig = new Set(config)
  const shared = config.filter((element) => inLive.has(element))
  const taken = new Set<string>()
  const order: Array<string> = []
  let l = 0
  let c = 0
  let s = 0
  while (l < live.length || c < config.length) {
    const left = live[l]
    const right = config[c]
    if (left !== undefined && right !== undefined) {
      if (left === right) {
        order.push(right)
        taken.add(right)
        l++
        c++
        s++
        continue
      }
      if (inConfig.has(left) && shared[s] !== undefined && shared[s] !== left) {
        l++
        continue
      }
    }
    if (left !== undefined) {
      if (!inConfig.has(left)) {
        order.push(left)
        l++
        continue
      }
      if (taken.has(left)) l++
    }
    if (right !== undefined) {
      order.push(right)
      taken.add(right)
      c++
      if (shared[s] === right) s++
    }
  }
  return order
}

/** The value without the fields of the set; undefined when nothing of it was to stay. */
export const remove = (value: Json, set: FieldSet.FieldSet, where: Where): Json => {
  if (FieldSet.isEmpty(set)) return value
  const parts = partsOf(value, where)
  if (parts === undefined) return value
  const kept: Array<readonly [string, Json]> = []
  for (const [element, part] of parts) {
    if (FieldSet.has(set, element)) continue
    kept.push([element, remove(part, FieldSet.below(set, element), inside(where, element))])
  }
  return isObject(value)
    ? Object.fromEntries(kept.map(([element, part]) => [element.slice(2), part]))
    : kept.map(([, part]) => part)
}

/** What changes from one value to the other. */
export const compare = (before: Json | undefined, after: Json | undefined, where: Where): Difference => {
  const added = new Map<string, FieldSet.Node>()
  const modified = new Map<string, FieldSet.Node>()
  const removed = new Map<string, FieldSet.Node>()
  const left = partsOf(before, where) ?? new Map<string, Json>()
  const right = partsOf(after, where) ?? new Map<string, Json>()
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const was = left.get(element)
    const is = right.get(element)
    const inner = inside(where, element)
    if (was === undefined && is !== undefined) added.set(element, whole(is, inner))
    else if (is === undefined && was !== undefined) removed.set(element, whole(was, inner))
    else if (partsOf(was, inner) === undefined || partsOf(is, inner) === undefined) {
      const isSame = was === is || canonical(was ?? null) === canonical(is ?? null)
      modified.set(element, { member: !isSame, below: FieldSet.empty })
    } else {
      const below = compare(was, is, inner)
      added.set(element, { member: false, below: below.added })
      modified.set(element, { member: false, below: below.modified })
      removed.set(element, { member: false, below: below.removed })
    }
  }
  return { added: FieldSet.from(added), modified: FieldSet.from(modified), removed: FieldSet.from(removed) }
}

const whole = (value: Json, where: Where): FieldSet.Node => ({ member: true, below: fieldsOf(value, where, true) })

/** Why keyed lists of the object cannot be told apart item by item, as the server words it. */
export const problems = (value: Json, where: Where, at = ""): ReadonlyArray<string> => {
  const shape = shapeOf(value, where.path, where.builtIn)
  if (shape === undefined || shape._tag === "Atomic") return []
  const here = isArray(value) ? listProblems(value, shape, at) : []
  return [
    ...here,
    ...[...(partsOf(value, where) ?? [])].flatMap(([element, part]) =>
      problems(part, inside(where, element), isPart(element) ? `${at}.${element.slice(2)}` : `${at}[…]`)
    )
  ]
}

const listProblems = (items: ReadonlyArray<Json>, shape: Shape, at: string): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return items.flatMap((item) => {
    if (shape._tag === "Keyed") {
      const missing = shape.keys.find(({ name, fallback }) => fallback === undefined && !has(item, name))
      if (missing !== undefined) {
        return [`${at}: element 0: associative list with keys has an element that omits key field "${missing.name}"`]
      }
    }
    const element = elementOf(shape, item)
    if (!seen.has(element)) {
      seen.add(element)
      return []
    }
    return [`${at}: duplicate entries for key ${element.slice(2)}`]
  })
}

const has = (item: Json, name: string): item is JsonObject => isObject(item) && item[name] !== undefined
