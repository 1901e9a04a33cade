import { Predicate } from "effect"
import type { Identity, JsonObject } from "./Manifest.ts"
import { ADOPT_ANNOTATION, type Owner, ownership } from "./Owner.ts"

/** Field manager under which the operator and its predecessor apply. */
export const FIELD_MANAGER = "vcenter-operator"

/** Managers under which the predecessor has written: server-side apply, and its Python client's PUT and PATCH. */
const PREDECESSORS: ReadonlyArray<string> = [FIELD_MANAGER, "OpenAPI-Generator"]

/** What is known of a live object before it is written: its metadata. */
export interface LiveObject {
  readonly uid: string
  readonly metadata: JsonObject
  readonly managers: ReadonlyArray<string>
}

/** What may be done about a live object that should be applied. */
export type Admission =
  | { readonly _tag: "Apply" }
  /** Apply only when a server dry run leaves `metadata.generation` as it is: then no pod restarts. */
  | { readonly _tag: "ApplyIfUnchanged" }
  /** `theirs`: it is no longer, or never was, this operator's; else somebody has meddled with a recorded object. */
  | { readonly _tag: "Refuse"; readonly message: string; readonly theirs: boolean }
  | { readonly _tag: "OptedOut" }

/** Keeps of a live object's metadata what ownership needs; `managedFields` would fill the memory. */
export const liveObject = (metadata: JsonObject): LiveObject => {
  const { managedFields, ...rest } = metadata
  return {
    uid: typeof metadata.uid === "string" ? metadata.uid : "",
    metadata: rest,
    managers: Array.isArray(managedFields) ? managedFields.flatMap(managerOf) : []
  }
}

const managerOf = (entry: unknown): ReadonlyArray<string> =>
  Predicate.isObject(entry) && Predicate.hasProperty(entry, "manager") && typeof entry.manager === "string"
    ? [entry.manager]
    : []

/**
 * Whether an object may be applied, by what lives under its identity.
 *
 *   live               | recorded | admission
 *   -------------------+----------+-------------------------------------------------------------
 *   nothing            | any      | apply
 *   marked as mine     | any      | apply
 *   marked by another  | any      | refuse
 *   opted out          | any      | opted out: left alone, no failure
 *   unmarked, adopt    | any      | apply
 *   unmarked           | yes      | refuse: another writer has removed the mark
 *   unmarked, written  | no       | apply if a dry run leaves the generation as it is
 *     by the predecessor
 *   unmarked           | no       | refuse: adopt annotation invites the operator
 *
 * @param recorded whether an apply of it has succeeded before
 */
export const admit = (live: LiveObject | undefined, owner: Owner, identity: Identity, recorded: boolean): Admission => {
  if (live === undefined) return { _tag: "Apply" }
  const whose = ownership(live.metadata, owner, identity)
  switch (whose._tag) {
    case "Mine":
      return { _tag: "Apply" }
    case "OptedOut":
      return { _tag: "OptedOut" }
    case "Another":
      return { _tag: "Refuse", theirs: true, message: `it belongs to ${whose.owner}` }
    case "Nobody":
      if (whose.adopt) return { _tag: "Apply" }
      if (recorded)
        return { _tag: "Refuse", theirs: false, message: "AnotherWriter: somebody removed the operator's mark" }
      return live.managers.some((manager) => PREDECESSORS.includes(manager))
        ? { _tag: "ApplyIfUnchanged" }
        : {
            _tag: "Refuse",
            theirs: true,
            message: `it exists and was not made by this operator (managers: ${live.managers.join(", ")}); annotate it with ${ADOPT_ANNOTATION}: "true" to hand it over`
          }
  }
}
