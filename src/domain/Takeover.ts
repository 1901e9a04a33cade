import { Predicate } from "effect"
import { absorb, FIELD_MANAGER, managersOf, writerOf } from "./ManagedFields.ts"
import type { Identity, Json, JsonObject } from "./Manifest.ts"
import { isBeingDeleted } from "./Outcome.ts"
import { ADOPT_ANNOTATION, DIGEST_LABEL, digestValue, type Owner, ownership } from "./Owner.ts"
import { isTemplate } from "./OwnerReference.ts"
import type { PatchOperation } from "./Patch.ts"

/**
 * Managers under which the predecessor has written: server-side apply, and PUT, POST and PATCH by its Python client,
 * which goes by its user agent when it names no manager (its newer and its older releases).
 */
const PREDECESSORS: ReadonlySet<string> = new Set([FIELD_MANAGER, "OpenAPI-Generator", "Swagger-Codegen"])

/** To whom the server gives the fields of an object that nobody was known to manage. */
const UNKNOWN = "before-first-apply"

/** Clients with which people make objects by hand. */
const BY_HAND = /^(?:kubectl|helm)\b/i

/** What is known of a live object before it is written: its metadata. */
export interface LiveObject {
  readonly uid: string
  readonly metadata: JsonObject
  readonly managers: ReadonlyArray<string>
  /** Who wrote it last, and when; undefined when nobody is named. */
  readonly writer: string | undefined
}

/** What may be done about a live object that should be applied. */
export type Admission =
  | { readonly _tag: "Apply" }
  /**
   * It was somebody else's and becomes this operator's. `invited`: its annotation hands it over, whatever that changes;
   * else only while its generation stays as it is, for then no pod restarts.
   */
  | { readonly _tag: "TakeOver"; readonly invited: boolean }
  /** It is no longer, or never was, this operator's. */
  | { readonly _tag: "Refuse"; readonly message: string }
  /** It was recorded, and somebody else has written it since. */
  | { readonly _tag: "Stripped" }
  | { readonly _tag: "OptedOut" }
  /** It is being deleted and waits for its finalizers: what is applied now goes with it. */
  | { readonly _tag: "Ending" }

/** Keeps of a live object's metadata what ownership needs; `managedFields` would fill the memory. */
export const liveObject = (metadata: JsonObject): LiveObject => {
  const { managedFields, ...rest } = metadata
  return {
    uid: typeof metadata.uid === "string" ? metadata.uid : "",
    metadata: rest,
    managers: managersOf(managedFields),
    writer: writerOf(managedFields)
  }
}

/**
 * Whether an object may be applied, by what lives under its identity.
 *
 *   live               | recorded | admission
 *   -------------------+----------+-------------------------------------------------------------
 *   nothing            | any      | apply
 *   marked as mine     | any      | apply
 *   marked by another  | any      | refuse, unless that is another vCenter of this operator that has given it up: apply
 *   opted out          | any      | opted out: left alone, no failure
 *   unmarked, adopt    | any      | take over: invited
 *   unmarked           | yes      | stripped: another writer has removed the mark
 *   unmarked, written  | no       | take over, if that leaves the generation as it is
 *     by the predecessor
 *   unmarked           | no       | refuse: adopt annotation invites the operator
 *   being deleted      | any      | ending, where it would be applied or taken over
 *
 * @param recorded whether an apply of it has succeeded before
 * @param releasedBy the vCenter of this operator that has given it up
 */
export const admit = (
  live: LiveObject | undefined,
  owner: Owner,
  identity: Identity,
  recorded: boolean,
  releasedBy?: string
): Admission => {
  if (live === undefined) return { _tag: "Apply" }
  const admission = admitLiving(live, owner, identity, recorded, releasedBy)
  const isWritten = admission._tag === "Apply" || admission._tag === "TakeOver"
  return isWritten && isBeingDeleted(live.metadata) ? { _tag: "Ending" } : admission
}

const admitLiving = (
  live: LiveObject,
  owner: Owner,
  identity: Identity,
  recorded: boolean,
  releasedBy: string | undefined
): Admission => {
  const whose = ownership(live.metadata, owner, identity)
  switch (whose._tag) {
    case "Mine":
      return { _tag: "Apply" }
    case "OptedOut":
      return { _tag: "OptedOut" }
    case "Another":
      if (releasedBy !== undefined && isOf({ ...owner, vcenter: releasedBy }, live, identity)) return { _tag: "Apply" }
      return { _tag: "Refuse", message: `it belongs to ${whose.owner}` }
    case "Nobody":
      if (whose.adopt) return { _tag: "TakeOver", invited: true }
      if (recorded) return { _tag: "Stripped" }
      return live.managers.some((manager) => PREDECESSORS.has(manager))
        ? { _tag: "TakeOver", invited: false }
        : {
            _tag: "Refuse",
            message: `it exists and was not made by this operator (managers: ${live.managers.join(", ")}); annotate it with ${ADOPT_ANNOTATION}: "true" to hand it over`
          }
  }
}

const isOf = (owner: Owner, live: LiveObject, identity: Identity): boolean =>
  ownership(live.metadata, owner, identity)._tag === "Mine"

/**
 * Whether a live object of this operator's is what an apply would make it: an earlier process has applied it and did
 * not live to record that. Only the first look at an object may believe it, for a listing can be older than a write.
 */
export const isApplied = (
  { uid, metadata }: LiveObject,
  digest: string,
  recorded: { readonly uid?: string } | undefined
): boolean =>
  Predicate.isObject(metadata.labels) &&
  Predicate.hasProperty(metadata.labels, DIGEST_LABEL) &&
  metadata.labels[DIGEST_LABEL] === digestValue(digest) &&
  (recorded?.uid === undefined || recorded.uid === uid)

/**
 * What must be changed about a live object before it is applied for the first time, so that nothing of its old owner
 * acts on it afterwards; empty when nothing must.
 *
 *   of its metadata                                  | change
 *   -------------------------------------------------+-----------------------------------------------------------------
 *   fields of the predecessor, or of nobody known    | become the operator's: what no template renders goes with the apply
 *   fields set by hand (kubectl, Helm), invited      | likewise
 *   fields set by hand, not invited                  | stay: a `kubectl rollout restart` must not be undone by a restart
 *   owner reference to a VCenterTemplate             | removed: deleting the template would delete the object
 *   any other owner reference                        | stays
 *
 * Metadata alone changes, so no pod restarts. All of it comes before the mark: an object whose take-over broke off in
 * between is still without one, and the next attempt finishes it.
 *
 * @param apiVersion in which the operator applies the object
 */
export const inheritance = (
  metadata: JsonObject,
  apiVersion: string,
  { invited, keepOwners }: { readonly invited: boolean; readonly keepOwners: boolean }
): ReadonlyArray<PatchOperation> => {
  const isOld = (manager: string) =>
    PREDECESSORS.has(manager) || manager === UNKNOWN || (invited && BY_HAND.test(manager))
  const managedFields = absorb(metadata.managedFields, apiVersion, isOld)
  return [
    ...(managedFields === undefined
      ? []
      : [{ op: "replace", path: "/metadata/managedFields", value: managedFields } as const]),
    ...(keepOwners ? [] : freedom(metadata))
  ]
}

/** What frees an object from the templates that own it, so that deleting those deletes nothing; empty when none does. */
export const freedom = ({ ownerReferences }: JsonObject): ReadonlyArray<PatchOperation> => {
  const references: ReadonlyArray<Json> = Array.isArray(ownerReferences) ? ownerReferences : []
  const kept = references.filter((reference) => !isTemplate(reference))
  if (kept.length === references.length) return []
  const path = "/metadata/ownerReferences"
  return [kept.length === 0 ? { op: "remove", path } : { op: "replace", path, value: kept }]
}
