import { createHmac } from "node:crypto"
import { Predicate } from "effect"

/** Any JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/**
 * What makes two manifests the same object: never the version, or moving a template from `v1beta1` to `v1` would
 * delete what was just applied.
 */
export interface Identity {
  /** API group, `""` for the core group. */
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** One rendered object, ready to be applied. */
export interface Manifest extends Identity {
  /** Group and version as written, for example `apps/v1`. */
  readonly apiVersion: string
  /** The whole object, namespace filled in, `stringData` moved to `data`. */
  readonly body: JsonObject
}

/** The identity in one line, `group/kind/namespace/name`; unique, because none of the parts may hold a slash. */
export const id = (self: Identity): string => `${self.group}/${self.kind}/${self.namespace}/${self.name}`

/** As people write it: `Deployment monsoon3/nova-compute-bb91`. */
export const label = (self: Identity): string => `${self.kind} ${self.namespace}/${self.name}`

/** The API group of an `apiVersion`: `apps/v1` → `apps`, `v1` → `""`. */
export const groupOf = (apiVersion: string): string => {
  const slash = apiVersion.indexOf("/")
  return slash === -1 ? "" : apiVersion.slice(0, slash)
}

/** JSON with sorted keys: the same value always gives the same text. */
export const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (Predicate.isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner as Json)}`).join(",")}}`
  }
  return JSON.stringify(value)
}

/**
 * Keyed digest of a value: HMAC-SHA-256, cut to 128 bits, base64url (22 characters). The key keeps a digest in a
 * readable status from helping to guess a Secret's value.
 */
export const digest = (value: Json, key: Uint8Array): string =>
  createHmac("sha256", key).update(canonical(value)).digest().subarray(0, 16).toString("base64url")
