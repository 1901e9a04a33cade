import { createHash } from "node:crypto"
import { Predicate } from "effect"
import { type Identity, id, type Json, type JsonObject, type Manifest } from "./Manifest.ts"

/** API group of the operator's resources, and prefix of its labels and annotations. */
export const GROUP = "vcenter-operator.stable.sap.cc"
export const OWNER_LABEL = `${GROUP}/owner`
export const OWNER_ANNOTATION = `${GROUP}/owner`
/** `"true"` on a live object: leave it alone, neither apply nor delete. */
export const IGNORE_ANNOTATION = `${GROUP}/ignore`
/** `"true"` on a live object without a mark: the operator may take it over. */
export const ADOPT_ANNOTATION = `${GROUP}/adopt`

/** Who an object belongs to. */
export interface Owner {
  /** Which operator: its namespace and the name of its Secret. */
  readonly operator: string
  /** FQDN of the vCenter for which the object was rendered. */
  readonly vcenter: string
}

/** What the marks of a live object say. */
export type Ownership =
  | { readonly _tag: "Mine" }
  /** No mark. `adopt`: its annotation invites the operator. */
  | { readonly _tag: "Nobody"; readonly adopt: boolean }
  | { readonly _tag: "Another"; readonly owner: string }
  | { readonly _tag: "OptedOut" }

const recordOf = (value: Json | undefined): JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value) ? (value as JsonObject) : {}

const annotationOf = (owner: Owner, identity: Identity): string =>
  JSON.stringify({ operator: owner.operator, vcenter: owner.vcenter, object: id(identity) })

/** Value of the owner label: selects every object of one vCenter. A hash, because label values end at 63 characters. */
export const labelValue = (owner: Owner): string =>
  createHash("sha256").update(`${owner.operator}\n${owner.vcenter}`).digest("hex").slice(0, 16)

/**
 * The manifest with its mark: on the object's own metadata only. A mark in the pod template would restart every pod.
 * The annotation names the object itself, because controllers copy metadata to what they create.
 */
export const mark = (manifest: Manifest, owner: Owner): Manifest => {
  const metadata = recordOf(manifest.body.metadata)
  return {
    ...manifest,
    body: {
      ...manifest.body,
      metadata: {
        ...metadata,
        labels: { ...recordOf(metadata.labels), [OWNER_LABEL]: labelValue(owner) },
        annotations: { ...recordOf(metadata.annotations), [OWNER_ANNOTATION]: annotationOf(owner, manifest) }
      }
    }
  }
}

/**
 * Whose a live object is, by its metadata.
 *
 *   ignore annotation | owner annotation             | ownership
 *   ------------------+------------------------------+----------
 *   "true"            | any                          | OptedOut
 *   –                 | none                         | Nobody
 *   –                 | this owner, this very object | Mine
 *   –                 | any owner, another object    | Nobody: the mark was copied
 *   –                 | another owner, this object   | Another
 *   –                 | unreadable                   | Another
 */
export const ownership = (metadata: JsonObject, owner: Owner, identity: Identity): Ownership => {
  const annotations = recordOf(metadata.annotations)
  if (annotations[IGNORE_ANNOTATION] === "true") return { _tag: "OptedOut" }
  const adopt = annotations[ADOPT_ANNOTATION] === "true"
  const written = annotations[OWNER_ANNOTATION]
  if (typeof written !== "string") return { _tag: "Nobody", adopt }
  if (written === annotationOf(owner, identity)) return { _tag: "Mine" }
  const parsed = parse(written)
  if (parsed !== undefined && typeof parsed.object === "string" && parsed.object !== id(identity)) {
    return { _tag: "Nobody", adopt }
  }
  return { _tag: "Another", owner: written }
}

const parse = (text: string): JsonObject | undefined => {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return undefined
  }
}
