import * as LeaseSpec from "./LeaseSpec.ts"
import { groupOf } from "./Manifest.ts"
import { GROUP } from "./Owner.ts"

/** Name of the operator's Secret, in its own namespace. */
export const SETTINGS_SECRET = "vcenter-operator"
/** The Secret that holds the key of the digests, in the operator's own namespace. */
export const DIGEST_KEY_SECRET = "vcenter-operator-digest-key"

/**
 * Whether an object is one of those by which the operator works: its Secrets, its Lease, its records and templates. It
 * has made some of them under its own name, so that it would take them over like the predecessor's objects, and delete
 * them when they are no longer rendered.
 *
 *   object                                            | own
 *   --------------------------------------------------+----
 *   any kind of the operator's API group              | yes
 *   its Secrets and its Lease, in its own namespace   | yes
 *   the same names in another namespace               | no
 *   anything else                                     | no
 */
export const isOwn = (
  { apiVersion, kind, namespace, name }: Readonly<Record<"apiVersion" | "kind" | "namespace" | "name", string>>,
  ownNamespace: string
): boolean => {
  if (groupOf(apiVersion) === GROUP) return true
  if (namespace !== ownNamespace) return false
  return `${apiVersion} ${kind}` === "v1 Secret"
    ? name === SETTINGS_SECRET || name === DIGEST_KEY_SECRET
    : groupOf(apiVersion) === groupOf(LeaseSpec.API_VERSION) && kind === LeaseSpec.KIND && name === LeaseSpec.NAME
}
