import { denied, type Fault } from "./Fault.ts"
import type { Seen } from "./FilterSpec.ts"
import type { ManagedObjects } from "./ManagedObjects.ts"
import { type Element, element } from "./Xml.ts"

/** The change of one object, of one filter. */
export interface Change {
  readonly filter: string
  readonly update: Element
}

/** A managed object as requests and answers name it. */
export const reference = (name: string, type: string, ref: string): Element => element(name, ref, { type })

/** UpdateSet: one page. */
export const updateSet = (version: string, page: ReadonlyArray<Change>, truncated: boolean): Element =>
  element("returnval", [
    element("version", version),
    ...[...Map.groupBy(page, ({ filter }) => filter)].map(([filter, changes]) =>
      element("filterSet", [reference("filter", "PropertyFilter", filter), ...changes.map(({ update }) => update)])
    ),
    element("truncated", String(truncated))
  ])

/** ObjectUpdate: the values given, and the properties that the user may not read. */
export const objectUpdate = (
  kind: "enter" | "modify" | "leave",
  ref: string,
  type: string,
  { values, missing }: Pick<Seen, "values" | "missing">,
  objects: ManagedObjects
): Element =>
  element("objectSet", [
    element("kind", kind),
    reference("obj", type, ref),
    ...[...values].map(([path, held]) =>
      element("changeSet", [element("name", path), element("op", "assign"), ...valueOf(path, held, objects)])
    ),
    ...missingProperties(ref, type, missing)
  ])

/** ObjectContent. */
export const objectContent = (ref: string, { type, values, missing }: Seen, objects: ManagedObjects): Element =>
  element("objects", [
    reference("obj", type, ref),
    ...[...values].flatMap(([path, held]) =>
      held === undefined ? [] : [element("propSet", [element("name", path), ...valueOf(path, held, objects)])]
    ),
    ...missingProperties(ref, type, missing)
  ])

const missingProperties = (ref: string, type: string, paths: ReadonlySet<string>): ReadonlyArray<Element> =>
  [...paths].map((path) => missingProperty(path, denied("NoPermission", type, ref)))

/** MissingProperty. */
export const missingProperty = (path: string, why: Fault): Element =>
  element("missingSet", [
    element("path", path),
    element("fault", [element("fault", why.detail, { "xsi:type": why.name }), element("localizedMessage", why.text)])
  ])

const valueOf = (
  path: string,
  held: string | ReadonlyArray<string> | undefined,
  objects: ManagedObjects
): ReadonlyArray<Element> => {
  if (held === undefined) return []
  if (path === "name" && typeof held === "string") return [element("val", held, { "xsi:type": "xsd:string" })]
  const typed = (ref: string) => objects.typeOf(ref) ?? "ManagedEntity"
  return typeof held === "string"
    ? [element("val", held, { "xsi:type": "ManagedObjectReference", type: typed(held) })]
    : [
        element(
          "val",
          held.map((ref) => reference("ManagedObjectReference", typed(ref), ref)),
          { "xsi:type": "ArrayOfManagedObjectReference" }
        )
      ]
}
