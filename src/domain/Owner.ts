import { createHash } from "node:crypto"
import { Predicate } from "effect"
import { type Identity, id, type Json, type JsonObject, type Manifest } from "./Manifest.ts"

/** API group of the operator's resources, and prefix of its labels and annotations. */
export const GROUP = "vcenter-operator.stable.sap.cc"
/** Whose an object is: selects every object of one vCenter. */
export const OWNER_LABEL = `${GROUP}/owner`
/** Which object was marked: controllers copy labels to what they create. */
export const OBJECT_LABEL = `${GROUP}/object`
/** Short name of the vCenter, for people; nothing is decided by it. */
export const VCENTER_LABEL = `${GROUP}/vcenter`
/** Digest of what was applied: a process that starts after a crash sees what has been done already. */
export const DIGEST_LABEL = `${GROUP}/digest`
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

// A hash, because label values end at 63 characters.
const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

/** Value of the owner label. */
export const ownerValue = ({ operator, vcenter }: Owner): string => hash(`${operator}\n${vcenter}`)

/** Value of the digest label: a digest may begin with what a label may not. */
export const digestValue = (digest: string): string => hash(digest)

const labelsOf = (owner: Owner, identity: Identity): { readonly [label: string]: string } => ({
  [OWNER_LABEL]: ownerValue(owner),
  [OBJECT_LABEL]: hash(id(identity)),
  [VCENTER_LABEL]: shortName(owner.vcenter)
})

const shortName = (fqdn: string): string => (fqdn.split(".", 1)[0] ?? "").replaceAll(/[^A-Za-z0-9_-]/g, "").slice(0, 63)

/**
 * The manifest with its mark: three labels on the object's own metadata. A mark in the pod template would restart every
 * pod, and an annotation would change the generation of a Deployment, which a take-over must not.
 */
export const mark = (manifest: Manifest, owner: Owner): Manifest => {
  const metadata = recordOf(manifest.body.metadata)
  return {
    ...manifest,
    body: {
      ...manifest.body,
      metadata: { ...metadata, labels: withMark(metadata.labels, owner, manifest) }
    }
  }
}

/** These labels with the mark of this object. */
export const withMark = (labels: Json | undefined, owner: Owner, identity: Identity): JsonObject => ({
  ...recordOf(labels),
  ...labelsOf(owner, identity)
})

/**
 * Whose a live object is, by its metadata.
 *
 *   ignore annotation | owner label      | object label   | ownership
 *   ------------------+------------------+----------------+-----------------------------
 *   "true"            | any              | any            | OptedOut
 *   –                 | none             | any            | Nobody
 *   –                 | any              | another object | Nobody: the mark was copied
 *   –                 | this owner       | this object    | Mine
 *   –                 | another owner    | this object    | Another
 *   –                 | any              | none           | Another: the mark is damaged
 */
export const ownership = (metadata: JsonObject, owner: Owner, identity: Identity): Ownership => {
  const annotations = recordOf(metadata.annotations)
  if (annotations[IGNORE_ANNOTATION] === "true") return { _tag: "OptedOut" }
  const nobody: Ownership = { _tag: "Nobody", adopt: annotations[ADOPT_ANNOTATION] === "true" }
  const labels = recordOf(metadata.labels)
  const expected = labelsOf(owner, identity)
  const [whose, which] = [labels[OWNER_LABEL], labels[OBJECT_LABEL]]
  if (whose === undefined) return nobody
  if (which !== undefined && which !== expected[OBJECT_LABEL]) return nobody
  if (which !== undefined && whose === expected[OWNER_LABEL]) return { _tag: "Mine" }
  const vcenter = labels[VCENTER_LABEL]
  return {
    _tag: "Another",
    owner: `${typeof vcenter === "string" ? `${vcenter}, ` : ""}owner ${JSON.stringify(whose)}`
  }
}
