import { canonical, type Json, type JsonObject } from "../../src/domain/Manifest.ts"
import { isArray, isObject, metadataOf, stringOf } from "../../src/services/kube/Json.ts"
import * as FieldSet from "./FieldSet.ts"

/** One entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string
  readonly operation: "Apply" | "Update"
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string
  readonly fields: FieldSet.FieldSet
}

/** Who writes: what tells one entry from another. */
export type Writer = Omit<Manager, "fields" | "time">

/** Whether it is the same entry; an applier keeps its entry when it changes the version. */
export const isSame = (a: Writer, b: Writer): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === "Apply" || a.apiVersion === b.apiVersion)

export const read = (object: Json): ReadonlyArray<Manager> => {
  const entries = metadataOf(object).managedFields
  return (isArray(entries) ? entries : []).flatMap((entry) =>
    isObject(entry)
      ? [
          {
            manager: stringOf(entry.manager) ?? "",
            operation: entry.operation === "Apply" ? "Apply" : "Update",
            apiVersion: stringOf(entry.apiVersion) ?? "",
            subresource: stringOf(entry.subresource) ?? "",
            time: stringOf(entry.time) ?? "",
            fields: FieldSet.decode(entry.fieldsV1)
          } satisfies Manager
        ]
      : []
  )
}

/** As `managedFields`, in the server's order: appliers first, then by time. */
export const write = (managers: ReadonlyArray<Manager>): ReadonlyArray<JsonObject> =>
  managers
    .filter(({ fields }) => !FieldSet.isEmpty(fields))
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      time,
      fieldsType: "FieldsV1",
      fieldsV1: FieldSet.encode(fields),
      ...(subresource === "" ? {} : { subresource })
    }))

/** Whether both say the same, times apart. */
export const areEqual = (a: ReadonlyArray<Manager>, b: ReadonlyArray<Manager>): boolean => {
  const timeless = (managers: ReadonlyArray<Manager>) =>
    canonical(write(managers.map((manager) => ({ ...manager, time: "" }))))
  return timeless(a) === timeless(b)
}

const sortKey = ({ operation, time, manager, apiVersion, subresource }: Manager): string =>
  [operation, time, manager, apiVersion, subresource].join("\u0000")
