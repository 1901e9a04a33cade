import { Cache, type Duration, Effect } from "effect"
import type { LiveObject } from "../domain/Takeover.ts"
import { liveObject } from "../domain/Takeover.ts"
import type { Collection, Kube, KubeError } from "./Kube.ts"

/** How long a listing of owners serves: long enough for the vCenters that start together. */
const FRESH: Duration.Input = "2 seconds"

/** What lives where objects are applied and deleted, by name: one LIST per kind and namespace. */
export interface Owners {
  readonly of: (collection: Collection) => Effect.Effect<ReadonlyMap<string, LiveObject>, KubeError>
  /** What the last listing says of this kind and namespace is no longer so. */
  readonly forget: (collection: Collection) => Effect.Effect<void>
}

export const owners = (kube: Kube["Service"]): Effect.Effect<Owners> =>
  Effect.map(
    Cache.make({
      capacity: 256,
      timeToLive: FRESH,
      lookup: (key: string) =>
        Effect.map(
          kube.listMetadata(collectionOf(key)),
          ({ items }): ReadonlyMap<string, LiveObject> =>
            new Map(items.map(({ metadata }) => [metadata.name, liveObject(metadata)] as const))
        )
    }),
    (cache) => ({
      of: (collection) => Cache.get(cache, keyOf(collection)),
      forget: (collection) => Cache.invalidate(cache, keyOf(collection))
    })
  )

const keyOf = ({ apiVersion, kind, namespace }: Collection): string => `${apiVersion} ${kind} ${namespace ?? ""}`

const collectionOf = (key: string): Collection => {
  const [apiVersion = "", kind = "", namespace = ""] = key.split(" ")
  return { apiVersion, kind, namespace }
}
