import { Predicate } from "effect"
import { groupOf, type Json, type JsonObject, type Manifest } from "./Manifest.ts"
import { GROUP } from "./Owner.ts"
import { TEMPLATE_KIND, type Template } from "./Template.ts"
import { API_VERSION } from "./VCenterState.ts"

const isObject = (value: Json | undefined): value is JsonObject => Predicate.isObject(value) && !Array.isArray(value)

/** Whether it makes a VCenterTemplate the owner: the garbage collector deletes what has no owner left. */
export const isTemplate = (reference: Json): boolean =>
  isObject(reference) &&
  reference.kind === TEMPLATE_KIND &&
  typeof reference.apiVersion === "string" &&
  groupOf(reference.apiVersion) === GROUP

/**
 * The manifest with its template as owner, as the predecessor made it (`dangerous_owner_references`): deleting the
 * template deletes the object, past all guards.
 *
 *   template and object are in | owner references
 *   ---------------------------+--------------------------------------------------------------------
 *   one namespace              | the template, besides those that the manifest has
 *   two namespaces             | as they are: the owner would count as gone, and the object be deleted
 */
export const ownedBy = (manifest: Manifest, template: Template): Manifest => {
  if (template.namespace !== manifest.namespace) return manifest
  const { metadata: given } = manifest.body
  const metadata = isObject(given) ? given : {}
  const others: ReadonlyArray<Json> = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : []
  const reference = {
    apiVersion: API_VERSION,
    kind: TEMPLATE_KIND,
    name: template.name,
    uid: template.uid,
    blockOwnerDeletion: false
  }
  return { ...manifest, body: { ...manifest.body, metadata: { ...metadata, ownerReferences: [...others, reference] } } }
}
