import { Result } from "effect"
import type { KubeObject } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { stringOf } from "../../src/services/kube/Json.ts"
import type { Stored } from "./Store.ts"

/** Whether what a write says of version and UID fits what is there; what it does not say, fits. */
export const precondition = ({ metadata }: KubeObject, stored: Stored | undefined): Result.Result<void, Failure> => {
  const resourceVersion = stored?.object.metadata.resourceVersion
  const uid = stored?.object.metadata.uid
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== resourceVersion) {
    return refuse(
      "Conflict",
      `Operation cannot be fulfilled on "${metadata.name}": the object has been modified; please apply your changes to the latest version and try again`
    )
  }
  if (metadata.uid === undefined || metadata.uid === uid) return Result.void
  return stored === undefined
    ? refuse(
        "Conflict",
        `uid mismatch: the provided object specified uid ${stringOf(metadata.uid)}, and no existing object was found`
      )
    : refuse(
        "Rejected",
        `${stored.kind.kind} "${metadata.name}" is invalid: metadata.uid: Invalid value: field is immutable`
      )
}

const refuse = (reason: Failure["reason"], detail: string): Result.Result<never, Failure> =>
  Result.fail({ reason, detail })
