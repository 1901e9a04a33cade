import { Result } from "effect"
import { canonical, type Json } from "../../src/domain/Manifest.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { isKubeObject } from "../../src/services/kube/Json.ts"
import * as FieldSet from "./FieldSet.ts"
import type { Kind } from "./Kinds.ts"
import * as ManagedFields from "./ManagedFields.ts"
import { isSame, type Manager, type Writer } from "./ManagedFields.ts"
import * as Typed from "./Typed.ts"

/** Fields that belong to the server or name the object: nobody owns them. */
const NOBODYS: ReadonlyArray<FieldSet.Path> = [
  ["f:apiVersion"],
  ["f:kind"],
  ...[
    "creationTimestamp",
    "generation",
    "managedFields",
    "name",
    "namespace",
    "resourceVersion",
    "selfLink",
    "uid"
  ].map((name) => ["f:metadata", `f:${name}`])
]

/** An object and who owns its fields; `managedFields` is in neither. */
export interface Owned {
  readonly object: KubeObject
  readonly managers: ReadonlyArray<Manager>
}

/** The state before there is an object. */
export const nothing = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): Owned => ({
  object: { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } },
  managers: []
})

/**
 * Server-side apply (structured-merge-diff, `merge.Updater.Apply`): what was applied before and no longer is, goes
 * unless somebody else owns it; what others own differently is a conflict, or taken from them.
 */
export const apply = (
  live: Owned,
  config: KubeObject,
  writer: Writer,
  options: { readonly kind: Kind; readonly force: boolean; readonly time: string }
): Result.Result<Owned, Failure> => {
  const where = whereOf(options.kind)
  const problem = Typed.problems(config, where)[0]
  if (problem !== undefined) return Result.fail(untypeable(config, problem))
  // The object's name counts here: a manager that applies nothing else of metadata abandons none of it.
  const applied = Typed.fieldsOf(config, where, false)
  const fields = FieldSet.without(applied, NOBODYS)
  const before = live.managers.find((manager) => isSame(manager, writer))?.fields ?? FieldSet.empty
  const managers = replaced(live.managers, { ...writer, time: options.time, fields })
  const owned = managers.reduce(
    (all, manager) => FieldSet.union(all, FieldSet.named(manager.fields)),
    FieldSet.named(applied)
  )
  const abandoned = FieldSet.difference(FieldSet.named(before), owned)
  const merged = objectOf(Typed.remove(Typed.merge(live.object, config, where), abandoned, where))
  return Result.map(disown(live, merged, managers, writer, options), (remaining) => ({
    object: merged,
    managers: remaining
  }))
}

/** Any other write (`merge.Updater.Update`): who changes a field owns it from then on. */
export const update = (
  live: Owned,
  next: KubeObject,
  writer: Writer,
  options: { readonly kind: Kind; readonly time: string }
): Owned => {
  const where = whereOf(options.kind)
  const { added, modified, removed } = Typed.compare(live.object, next, where)
  const changed = FieldSet.without(FieldSet.union(added, modified), NOBODYS)
  const before = live.managers.find((manager) => isSame(manager, writer))
  const fields = FieldSet.union(FieldSet.difference(before?.fields ?? FieldSet.empty, removed), changed)
  const touched = !FieldSet.isEmpty(changed) || !FieldSet.isEmpty(removed)
  const time = touched ? options.time : (before?.time ?? options.time)
  const others = Result.getOrElse(
    disown(live, next, live.managers, writer, { ...options, force: true }),
    () => live.managers
  )
  return { object: next, managers: replaced(others, { ...writer, time, fields }) }
}

/** Takes the fields that change from all other managers, or says with whom that conflicts. */
const disown = (
  live: Owned,
  next: KubeObject,
  managers: ReadonlyArray<Manager>,
  writer: Writer,
  { kind, force }: { readonly kind: Kind; readonly force: boolean }
): Result.Result<ReadonlyArray<Manager>, Failure> => {
  const { added, modified, removed } = Typed.compare(live.object, next, whereOf(kind))
  const changed = FieldSet.union(added, modified)
  const conflicts = managers
    .filter((manager) => !isSame(manager, writer))
    .flatMap((manager) => {
      const fields = FieldSet.paths(FieldSet.intersection(manager.fields, changed))
      return fields.length === 0
        ? []
        : [`conflict with "${manager.manager}" using ${manager.apiVersion}: ${fields.join(", ")}`]
    })
  if (!force && conflicts.length > 0) {
    const many = conflicts.length === 1 ? "1 conflict" : `${conflicts.length} conflicts`
    return Result.fail({ reason: "Conflict", detail: `Apply failed with ${many}: ${conflicts.join("; ")}` })
  }
  const lost = FieldSet.union(changed, removed)
  return Result.succeed(
    managers.map((manager) =>
      isSame(manager, writer) ? manager : { ...manager, fields: FieldSet.difference(manager.fields, lost) }
    )
  )
}

/** Whether a write leaves everything as it was: then the server keeps even the times. */
export const isNoop = (live: Owned, next: Owned): boolean =>
  canonical(live.object) === canonical(next.object) && ManagedFields.areEqual(live.managers, next.managers)

const whereOf = ({ kind, builtIn }: Kind): Typed.Where => ({ path: kind, builtIn })

const replaced = (managers: ReadonlyArray<Manager>, entry: Manager): ReadonlyArray<Manager> => [
  ...managers.filter((manager) => !isSame(manager, entry)),
  entry
]

const objectOf = (value: Json): KubeObject => {
  if (isKubeObject(value)) return value
  throw new Error("an apply left no Kubernetes object")
}

const untypeable = ({ apiVersion, kind, metadata }: KubeObject, problem: string): Failure => ({
  reason: "Rejected",
  detail: `failed to create typed patch object (/${metadata.name}; ${apiVersion}, Kind=${kind}): ${problem}`
})
