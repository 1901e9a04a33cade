import { Predicate } from "effect"
import type { Json, JsonObject } from "./Manifest.ts"

/** Field manager under which the operator and its predecessor apply. */
export const FIELD_MANAGER = "vcenter-operator"

/** One entry of `metadata.managedFields`, as far as it matters here; `entry` is the whole. */
interface Entry {
  readonly manager: string
  readonly operation: string
  readonly apiVersion: string
  readonly subresource: string
  readonly fields: JsonObject
  readonly entry: JsonObject
}

const isObject = (value: Json | undefined): value is JsonObject => Predicate.isObject(value) && !Array.isArray(value)

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")

const entriesOf = (managedFields: Json | undefined): ReadonlyArray<Entry> =>
  (Array.isArray(managedFields) ? managedFields : []).filter(isObject).map((entry: JsonObject) => ({
    manager: textOf(entry.manager),
    operation: textOf(entry.operation),
    apiVersion: textOf(entry.apiVersion),
    subresource: textOf(entry.subresource),
    fields: isObject(entry.fieldsV1) ? entry.fieldsV1 : {},
    entry
  }))

/** The managers that are named, each as often as it has entries. */
export const managersOf = (managedFields: Json | undefined): ReadonlyArray<string> =>
  entriesOf(managedFields)
    .map(({ manager }) => manager)
    .filter((manager) => manager !== "")

/** Who has written the object last and when, its status apart, as far as the entries say. */
export const writerOf = (managedFields: Json | undefined): string | undefined => {
  const [last] = entriesOf(managedFields)
    .filter(({ manager, subresource }) => manager !== "" && subresource === "")
    .toSorted((a, b) => (textOf(a.entry.time) < textOf(b.entry.time) ? 1 : -1))
  if (last === undefined) return undefined
  const time = textOf(last.entry.time)
  return `${last.manager} (${last.operation})${time === "" ? "" : ` at ${time}`}`
}

/**
 * The entries with those of old managers merged into the operator's own, as client-go's csaupgrade does; undefined when
 * there is none to merge. A field belongs to every manager that has set it, and goes only when none is left: under an old
 * manager it could never be removed again. To drop the entries alone would leave their fields without any owner, and
 * just as unremovable.
 *
 *   manager            | operation | subresource | version | entry
 *   -------------------+-----------+-------------+---------+----------------------------------------------
 *   vcenter-operator   | Apply     | none        | any     | the operator's own: takes the others in
 *   vcenter-operator   | Update    | none        | same    | merged: PUT and PATCH by the predecessor
 *   old                | any       | none        | same    | merged
 *   old, or ours       | any       | none        | another | stays: the fields of another version have other names
 *   any                | any       | status, …   | any     | stays: written by controllers
 *   any other          | any       | any         | any     | stays
 *
 * @param apiVersion in which the operator applies, when it has no entry yet
 * @param isOld whether a manager's fields are to become the operator's
 */
export const absorb = (
  managedFields: Json | undefined,
  apiVersion: string,
  isOld: (manager: string) => boolean
): ReadonlyArray<JsonObject> | undefined => {
  const entries = entriesOf(managedFields)
  const own = entries.find((each) => each.manager === FIELD_MANAGER && isApply(each) && each.subresource === "")
  const version = own?.apiVersion ?? apiVersion
  const merged = entries.filter(
    (each) =>
      each !== own &&
      each.subresource === "" &&
      each.apiVersion === version &&
      (each.manager === FIELD_MANAGER || isOld(each.manager))
  )
  const newest = merged
    .map(({ entry }) => textOf(entry.time))
    .toSorted()
    .at(-1)
  if (newest === undefined) return undefined
  const union = {
    ...(own?.entry ?? { apiVersion: version, time: newest }),
    manager: FIELD_MANAGER,
    operation: "Apply",
    fieldsType: "FieldsV1",
    fieldsV1: [...(own === undefined ? [] : [own]), ...merged].map(({ fields }) => fields).reduce(unite)
  }
  return [union, ...entries.filter((each) => each !== own && !merged.includes(each)).map(({ entry }) => entry)]
}

const isApply = ({ operation }: Entry): boolean => operation === "Apply"

/** Two sets of fields in the form FieldsV1: an empty object is a field; `.` says so of one that has others below it. */
const unite = (a: JsonObject, b: JsonObject): JsonObject => {
  if (isField(a) !== isField(b)) return { ".": {}, ...a, ...b }
  const all = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries(
    [...all].sort().map((name) => {
      const [inA, inB] = [a[name], b[name]]
      return [name, isObject(inA) && isObject(inB) ? unite(inA, inB) : (inA ?? inB ?? {})]
    })
  )
}

const isField = (fields: JsonObject): boolean => Object.keys(fields).length === 0
