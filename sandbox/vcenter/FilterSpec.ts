import { type ManagedObjects, OBJECT_TYPES } from "./ManagedObjects.ts"
import { child, children, type Element, textOf } from "./Xml.ts"

/** What a client asks for: PropertyFilterSpec. */
export interface FilterSpec {
  readonly propSet: ReadonlyArray<{ readonly type: string; readonly paths: ReadonlyArray<string> }>
  readonly objectSet: ReadonlyArray<{
    readonly ref: string
    readonly type: string
    readonly skip: boolean
    readonly selectSet: ReadonlyArray<Selection>
  }>
  readonly reportMissing: boolean
}

/** A way from object to object; without `path`, the name of one given elsewhere. */
interface Selection {
  readonly name: string
  readonly type: string
  readonly path: string
  readonly skip: boolean
  readonly selectSet: ReadonlyArray<Selection>
}

/** What a filter sees of one object. */
export interface Seen {
  readonly type: string
  readonly values: ReadonlyMap<string, string | ReadonlyArray<string> | undefined>
  readonly missing: ReadonlySet<string>
}

/** A container view: the visible objects of some types. */
export interface View {
  readonly types: ReadonlyArray<string>
}

export const read = (spec: Element): FilterSpec => ({
  propSet: children(spec, "propSet").map((set) => ({
    type: textOf(set, "type"),
    paths: children(set, "pathSet").map(({ text }) => text)
  })),
  objectSet: children(spec, "objectSet").map((set) => {
    const obj = child(set, "obj")
    return {
      ref: obj?.text ?? "",
      type: obj?.attributes.type ?? "",
      skip: textOf(set, "skip") === "true",
      selectSet: children(set, "selectSet").map(selection)
    }
  }),
  reportMissing: textOf(spec, "reportMissingObjectsInResults") === "true"
})

const selection = (set: Element): Selection => ({
  name: textOf(set, "name"),
  type: textOf(set, "type"),
  path: textOf(set, "path"),
  skip: textOf(set, "skip") === "true",
  selectSet: children(set, "selectSet").map(selection)
})

/** What one session can see. */
export interface World {
  readonly objects: ManagedObjects
  /** Container views of the session, by reference. */
  readonly views: ReadonlyMap<string, View>
}

/** Everything that a filter selects, in the order in which it is found. */
export const evaluate = (spec: FilterSpec, world: World): ReadonlyMap<string, Seen> => {
  const { objects } = world
  const named = new Map<string, Selection>()
  const learn = (selections: ReadonlyArray<Selection>): void => {
    for (const each of selections) {
      if (each.path !== "") named.set(each.name, each)
      learn(each.selectSet)
    }
  }
  for (const { selectSet } of spec.objectSet) learn(selectSet)

  const found = new Map<string, Seen>()
  const find = (ref: string): void => {
    if (!found.has(ref)) found.set(ref, look(ref, spec, objects))
  }
  const walked = new Map<Selection, Set<string>>()
  const walk = (ref: string, selections: ReadonlyArray<Selection>): void => {
    for (const given of selections) {
      const way = given.path === "" ? named.get(given.name) : given
      if (way === undefined || !isA(typeOf(ref, world), way.type)) continue
      const from = walked.get(way) ?? new Set()
      if (from.has(ref)) continue
      walked.set(way, from.add(ref))
      for (const next of refsOf(ref, way.path, world).filter((each) => isVisible(each, objects))) {
        if (!way.skip) find(next)
        walk(next, way.selectSet)
      }
    }
  }
  for (const { ref, skip, selectSet } of spec.objectSet) {
    if (!skip && isVisible(ref, objects)) find(ref)
    walk(ref, selectSet)
  }
  return found
}

const look = (ref: string, spec: FilterSpec, objects: ManagedObjects): Seen => {
  const type = objects.typeOf(ref) ?? ""
  const paths = [...new Set(spec.propSet.filter((set) => isA(type, set.type)).flatMap((set) => set.paths))]
  const readable = paths.filter((path) => objects.isReadable(ref, path))
  return {
    type,
    values: new Map(readable.map((path) => [path, objects.read(ref, path)])),
    missing: new Set(paths.filter((path) => !objects.isReadable(ref, path)))
  }
}

const refsOf = (ref: string, path: string, { objects, views }: World): ReadonlyArray<string> => {
  const view = views.get(ref)
  if (view !== undefined) {
    return path === "view"
      ? OBJECT_TYPES.filter((type) => view.types.some((t) => isA(type, t))).flatMap((type) => objects.visible(type))
      : []
  }
  const value = objects.read(ref, path)
  return value === undefined ? [] : typeof value === "string" ? [value] : value
}

const isVisible = (ref: string, objects: ManagedObjects): boolean =>
  objects.typeOf(ref) !== undefined && !objects.isHidden(ref)

const typeOf = (ref: string, { objects, views }: World): string | undefined =>
  views.has(ref) ? "ContainerView" : objects.typeOf(ref)

const PARENTS: ReadonlyMap<string, string> = new Map([
  ["ClusterComputeResource", "ComputeResource"],
  ["ComputeResource", "ManagedEntity"],
  ["Datacenter", "ManagedEntity"],
  ["Datastore", "ManagedEntity"],
  ["DistributedVirtualPortgroup", "Network"],
  ["Folder", "ManagedEntity"],
  ["Network", "ManagedEntity"],
  ["OpaqueNetwork", "Network"]
])

const isA = (type: string | undefined, wanted: string): boolean =>
  type !== undefined && (type === wanted || isA(PARENTS.get(type), wanted))
