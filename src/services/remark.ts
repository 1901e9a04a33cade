import { Effect, Option } from "effect"
import { stripped } from "../domain/AnotherWriter.ts"
import type { Entry } from "../domain/Ledger.ts"
import type { Json } from "../domain/Manifest.ts"
import type { Outcome } from "../domain/Outcome.ts"
import { type Owner, ownership, withMark } from "../domain/Owner.ts"
import type { PatchOperation } from "../domain/Patch.ts"
import { inheritance, liveObject } from "../domain/Takeover.ts"
import type { Kube, KubeError, KubeObject } from "./Kube.ts"

/** How often it begins anew because somebody wrote the object in the middle: controllers write statuses. */
const TURNS = 4

/**
 * Gives an object its mark back that another writer took away, with a person's approval, and then takes from it what
 * that one has left behind: owner references to templates, fields under the predecessor's managers. Only metadata
 * changes; what is rendered is applied afterwards, or deleted by the rules for deletes.
 *
 *   live                       | outcome
 *   ---------------------------+-----------------------------------------------------------------
 *   nothing                    | marked again: nothing is left to mark
 *   marked as mine             | marked again: what a crash left undone is done
 *   marked by another          | foreign
 *   opted out                  | opted out
 *   unmarked, the approved UID | marked again
 *   unmarked, another UID      | another writer: somebody has made it again
 *
 * The mark is set by a patch, so it is a field of the manager's updates at first. There it would outlive the next apply
 * under the same name, which then nobody would notice: it is absorbed like the rest.
 */
export const remark = (
  kube: Kube["Service"],
  owner: Owner,
  entry: Entry,
  dryRun: boolean
): Effect.Effect<Outcome, KubeError> =>
  attempt(kube, owner, entry, dryRun).pipe(
    Effect.retry({ times: TURNS - 1, while: (error: KubeError) => error.reason === "Conflict" })
  )

const attempt = Effect.fnUntraced(function* (
  kube: Kube["Service"],
  owner: Owner,
  entry: Entry,
  dryRun: boolean
): Effect.fn.Return<Outcome, KubeError> {
  const { apiVersion, kind, namespace, name } = entry
  const key = { apiVersion, kind, namespace, name }
  const marked: Outcome = dryRun
    ? { _tag: "NotAttempted", object: entry, message: "it would be marked again" }
    : { _tag: "Remarked", object: entry, uid: entry.uid ?? "" }
  const patch = ({ metadata }: KubeObject, operations: ReadonlyArray<PatchOperation>) =>
    kube.patch(key, { resourceVersion: textOf(metadata.resourceVersion), operations }, { dryRun })
  const inherit = Effect.fnUntraced(function* (live: KubeObject) {
    const operations = inheritance(live.metadata, apiVersion, { invited: false, keepOwners: false })
    if (operations.length > 0) yield* patch(live, operations)
    return marked
  })
  const found = yield* kube.get(key)
  if (Option.isNone(found)) return marked
  const { metadata } = found.value
  const whose = ownership(metadata, owner, entry)
  switch (whose._tag) {
    case "Mine":
      return yield* inherit(found.value)
    case "OptedOut":
      return { _tag: "OptedOut", object: entry }
    case "Another":
      return { _tag: "Foreign", object: entry, message: `it belongs to ${whose.owner}` }
    case "Nobody": {
      if (metadata.uid !== entry.uid) return stripped(entry, liveObject(metadata))
      const labels = withMark(metadata.labels, owner, entry)
      const live = yield* patch(found.value, [{ op: "add", path: "/metadata/labels", value: labels }])
      return dryRun ? marked : yield* inherit(live)
    }
  }
})

/** The outcome when a request of it has failed. */
export const markFailed = (entry: Entry, { detail, isTransient }: KubeError): Outcome => ({
  _tag: "AnotherWriter",
  object: entry,
  uid: entry.uid ?? "",
  transient: isTransient,
  message: `it could not be marked again: ${detail}`
})

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")
