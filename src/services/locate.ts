import { Effect, type Option } from "effect"
import type { Entry } from "../domain/Ledger.ts"
import { groupOf } from "../domain/Manifest.ts"
import type { Kube, KubeError, KubeObject, ObjectKey } from "./Kube.ts"

/** A recorded object as it lives, and the key by which it was found. */
export interface Located {
  readonly key: ObjectKey
  readonly found: Option.Option<KubeObject>
}

/**
 * Asks for a recorded object. The version it was applied in may not be served any more, since an upgrade of the server:
 * it lives on, and is asked for in another version of its group. Fails as the first request did when there is none.
 */
export const locate = (kube: Kube["Service"], recorded: Entry): Effect.Effect<Located, KubeError> => {
  const { apiVersion, kind, namespace, name } = recorded
  const at = (version: string) => {
    const key = { apiVersion: version, kind, namespace, name }
    return Effect.map(kube.get(key), (found): Located => ({ key, found }))
  }
  return at(apiVersion).pipe(
    Effect.catchIf(
      (error) => error.reason === "Unserved",
      (error) =>
        Effect.flatMap(kube.kinds, ({ kinds }) => {
          const other = kinds.find(
            (each) =>
              each.kind === kind && groupOf(each.apiVersion) === recorded.group && each.apiVersion !== apiVersion
          )
          return other === undefined ? Effect.fail(error) : at(other.apiVersion)
        })
    )
  )
}
