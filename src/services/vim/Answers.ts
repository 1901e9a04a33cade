import { Schema } from "effect"
import type { Missing, Update } from "./Collected.ts"
import { typeOf } from "./Fault.ts"

// The shapes are the soap package's: text beside attributes lies under `$value`, an element that repeats is an array.

/** A managed object, as requests and answers name it. */
export const Reference = Schema.Struct({
  attributes: Schema.Struct({ type: Schema.String }),
  $value: Schema.String
})
export type Reference = typeof Reference.Type

/** A reference for a request. */
export const reference = (type: string, ref: string): Reference => ({ attributes: { type }, $value: ref })

/** An element that may repeat: an array, but for one alone that the WSDL does not announce as such. */
const many = <S extends Schema.Constraint>(item: S) => Schema.optionalKey(Schema.ArrayEnsure(item))

/** Answer to a method that gives nothing. */
export const Nothing = Schema.Unknown

/** `ServiceContent`. */
export const ServiceContent = Schema.Struct({
  rootFolder: Reference,
  propertyCollector: Reference,
  viewManager: Reference,
  sessionManager: Reference,
  about: Schema.Struct({
    version: Schema.String,
    build: Schema.optionalKey(Schema.String),
    instanceUuid: Schema.optionalKey(Schema.String)
  })
})
export type ServiceContent = typeof ServiceContent.Type

const Value = Schema.Union([
  Schema.String,
  Schema.Struct({
    attributes: Schema.Record(Schema.String, Schema.String),
    $value: Schema.optionalKey(Schema.String),
    ManagedObjectReference: many(Reference)
  })
])

const Problem = Schema.Struct({ fault: Schema.Unknown })

const MissingProperty = Schema.Struct({ path: Schema.String, fault: Problem })

const ObjectUpdate = Schema.Struct({
  kind: Schema.Literals(["enter", "modify", "leave"]),
  obj: Reference,
  changeSet: many(
    Schema.Struct({
      name: Schema.String,
      // `add` changes a part of a property, which is not asked for
      op: Schema.Literals(["assign", "remove", "indirectRemove"]),
      val: Schema.optionalKey(Schema.NullOr(Value))
    })
  ),
  missingSet: many(MissingProperty)
})

/** `UpdateSet`; nothing at all when there was no change. */
export const UpdateSet = Schema.NullishOr(
  Schema.Struct({
    version: Schema.String,
    truncated: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Literals(["true", "false", "1", "0"])])),
    filterSet: many(
      Schema.Struct({
        objectSet: many(ObjectUpdate),
        missingSet: many(Schema.Struct({ obj: Reference, fault: Problem }))
      })
    )
  })
)

/** One page of changes. */
export interface Page {
  readonly version: string
  /** More pages follow at once. */
  readonly truncated: boolean
  readonly updates: ReadonlyArray<Update>
  /** Faults of every kind that the page reports in place of values. */
  readonly faults: ReadonlySet<string>
}

/** The changes in an answer to WaitForUpdatesEx; `undefined` when there were none. */
export const pageOf = (answer: typeof UpdateSet.Type): Page | undefined => {
  if (answer === undefined || answer === null) return undefined
  const sets = answer.filterSet ?? []
  const updates = sets.flatMap(({ objectSet = [], missingSet = [] }) => [
    ...objectSet.map(updateOf),
    // An object of the filter that cannot be read at all: a gap wherever it would have been.
    ...missingSet.map(
      ({ obj, fault }): Update => ({ ...headOf(obj), missing: [{ path: "all", fault: nameOf(fault) }] })
    )
  ])
  return {
    version: answer.version,
    truncated: ["true", "1"].includes(String(answer.truncated)),
    updates,
    faults: new Set(updates.flatMap(({ missing }) => missing.map(({ fault }) => fault)))
  }
}

const headOf = ({ attributes, $value }: Reference): Update => ({
  kind: "modify",
  type: attributes.type,
  ref: $value,
  changes: [],
  missing: []
})

const updateOf = ({ kind, obj, changeSet = [], missingSet = [] }: typeof ObjectUpdate.Type): Update => ({
  ...headOf(obj),
  kind,
  changes: changeSet.map(({ name, op, val }) => ({ path: name, value: op === "assign" ? valueOf(val) : undefined })),
  missing: missingSet.map(missingOf)
})

const missingOf = ({ path, fault }: typeof MissingProperty.Type): Missing => ({ path, fault: nameOf(fault) })

const nameOf = ({ fault }: typeof Problem.Type): string => typeOf(fault) ?? "an unknown fault"

const valueOf = (value: typeof Value.Type | null | undefined): string | ReadonlyArray<string> | undefined => {
  if (value === undefined || value === null) return undefined
  if (typeof value === "string") return value
  if (typeOf(value)?.startsWith("ArrayOf") !== true) return value.$value ?? ""
  return (value.ManagedObjectReference ?? []).map(({ $value }) => $value)
}

/** `RetrieveResult`; nothing at all when the server has nothing to say. */
export const RetrieveResult = Schema.NullishOr(
  Schema.Struct({
    /** More objects follow: continue, or cancel. */
    token: Schema.optionalKey(Schema.String),
    objects: many(
      Schema.Struct({
        obj: Reference,
        propSet: many(Schema.Struct({ name: Schema.String, val: Value })),
        missingSet: many(MissingProperty)
      })
    )
  })
)

/** What RetrievePropertiesEx says of the name of one object. */
export const nameIn = (
  answer: typeof RetrieveResult.Type,
  ref: string
): { readonly name: string | undefined; readonly faults: ReadonlyArray<string> } => {
  const found = answer?.objects?.find(({ obj }) => obj.$value === ref)
  const value = valueOf(found?.propSet?.find(({ name }) => name === "name")?.val)
  return {
    name: typeof value === "string" ? value : undefined,
    faults: found?.missingSet?.map(({ fault }) => nameOf(fault)) ?? []
  }
}
