import { canonical, type Json } from "../../src/domain/Manifest.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { isObject } from "../../src/services/kube/Json.ts"
import type { Kind } from "./Kinds.ts"
import type { Stored } from "./Store.ts"

/** Fields of `metadata` that only the server sets. */
const SERVERS = [
  "uid",
  "creationTimestamp",
  "resourceVersion",
  "generation",
  "deletionTimestamp",
  "managedFields",
  "selfLink"
]

/** What of a request's object counts: nothing that only the server sets, and no status where it is a subresource. */
export const without = (kind: Kind, object: KubeObject): KubeObject => {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([name]) => !SERVERS.includes(name)))
  const { status, ...rest } = object
  return {
    ...rest,
    ...(kind.status || status === undefined ? {} : { status }),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...metadata, name: object.metadata.name }
  }
}

export const statusOf = ({ status }: KubeObject): { readonly status?: Json } => (status === undefined ? {} : { status })

export const withoutStatus = ({ status: _, ...rest }: KubeObject): KubeObject => ({
  ...rest,
  apiVersion: rest.apiVersion,
  kind: rest.kind,
  metadata: rest.metadata
})

/** The server's fields after a write: new ones for a new object, else the old ones; `generation` counts on. */
export const next = (
  kind: Kind,
  stored: Stored | undefined,
  object: KubeObject,
  now: { readonly time: string; readonly uid: () => string }
): Readonly<Record<string, Json>> => {
  if (stored === undefined) {
    return { uid: now.uid(), creationTimestamp: now.time, ...(kind.generation ? { generation: 1 } : {}) }
  }
  const { metadata } = stored.object
  const kept: Record<string, Json> = {}
  for (const name of SERVERS) {
    const value = metadata[name]
    if (value !== undefined) kept[name] = value
  }
  if (!kind.generation || specification(kind, object) === specification(kind, stored.object)) return kept
  return { ...kept, generation: Number(metadata.generation) + 1 }
}

/** What `generation` counts: everything but metadata and status; of a Deployment its annotations too (apps/v1 strategy). */
const specification = (kind: Kind, { metadata, status, ...rest }: KubeObject): string =>
  canonical({
    ...rest,
    ...(kind.status || status === undefined ? {} : { status }),
    ...(kind.kind === "Deployment" && kind.builtIn && isObject(metadata.annotations)
      ? { annotations: metadata.annotations }
      : {})
  })
