import { type Duration, Result } from "effect"
import { FIELD_MANAGER } from "../../domain/ManagedFields.ts"
import type { Patch } from "../../domain/Patch.ts"
import type { ApplyOptions, Collection, DeleteOptions, KubeObject, ObjectKey } from "../Kube.ts"
import type { Failure } from "./Failure.ts"
import { stringOf } from "./Json.ts"
import { path, type Resource } from "./Resource.ts"

/** One HTTP request to the API server, complete but for its credentials. */
export interface Request {
  /** Verb and object, for messages: `apply Deployment monsoon3/nova-compute-bb91`. */
  readonly label: string
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Absolute and encoded. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Whether the server may keep something of it: neither a read nor a server dry run. */
  readonly writes: boolean
  readonly deadline: Duration.Input
}

type Built = Result.Result<Request, Failure>

/** How long one answer may take. */
export const DEADLINE: Duration.Input = "30 seconds"
/** How long one page of a list may take. */
export const LIST_DEADLINE: Duration.Input = "60 seconds"
/** Objects per page, as client-go's reflectors ask. */
const PAGE = 500

const JSON_TYPE = "application/json"
const APPLY_TYPE = "application/apply-patch+yaml"
const PATCH_TYPE = "application/json-patch+json"
const METADATA_TYPE = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"

const reading = (
  label: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
  deadline: Duration.Input = DEADLINE
): Request => ({ label, method: "GET", path, query, headers: { accept: JSON_TYPE }, writes: false, deadline })

/** A group-version's discovery document. */
export const discovery = (apiVersion: string, path: string): Request => reading(`discover ${apiVersion}`, path)

export const get = (resource: Resource, key: ObjectKey): Built =>
  Result.map(path(resource, key), (path) => reading(labelOf("get", key), path))

export interface Page {
  readonly metadataOnly: boolean
  readonly continueAt: string | undefined
}

/** One page of a list. Without resourceVersion: the newest state, never a cached one that may be older. */
export const list = (resource: Resource, collection: Collection, { metadataOnly, continueAt }: Page): Built =>
  Result.map(path(resource, { namespace: collection.namespace }), (path) => ({
    ...reading(
      labelOf("list", collection),
      path,
      {
        ...selectors(collection),
        limit: `${PAGE}`,
        ...(continueAt === undefined ? {} : { continue: continueAt })
      },
      LIST_DEADLINE
    ),
    headers: { accept: metadataOnly ? METADATA_TYPE : JSON_TYPE }
  }))

export const watch = (
  resource: Resource,
  collection: Collection,
  at: { readonly resourceVersion: string; readonly timeoutSeconds: number }
): Built =>
  Result.map(path(resource, { namespace: collection.namespace }), (path) =>
    reading(labelOf("watch", collection), path, {
      ...selectors(collection),
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: at.resourceVersion,
      timeoutSeconds: `${at.timeoutSeconds}`
    })
  )

/**
 * Server-side apply. `fieldValidation` stays at the server's default (`Warn`): a field that the kind's schema does not know is
 * refused whatever it says (seen with 1.36, built-in kinds and custom resources alike), so none is lost silently,
 * and `Strict` would only turn harmless warnings into failures.
 */
export const apply = (resource: Resource, object: KubeObject, { force, dryRun }: ApplyOptions): Built =>
  Result.map(path(resource, keyOf(object)), (path) => ({
    label: labelOf(dryRun ? "dry-run apply" : "apply", keyOf(object)),
    method: "PATCH",
    path,
    query: { fieldManager: FIELD_MANAGER, force: `${force}`, ...(dryRun ? { dryRun: "All" } : {}) },
    headers: { accept: JSON_TYPE, "content-type": APPLY_TYPE },
    // JSON is YAML.
    body: JSON.stringify(object),
    writes: !dryRun,
    deadline: DEADLINE
  }))

/**
 * JSON patch of one version. The version is written, not tested: a wrong one is then a conflict, while a `test` that
 * fails is a 422 like any bad patch (kube-apiserver 1.36).
 */
export const patch = (
  resource: Resource,
  key: ObjectKey,
  { resourceVersion, operations }: Patch,
  { dryRun }: { readonly dryRun: boolean }
): Built =>
  Result.map(path(resource, key), (path) => ({
    label: labelOf(dryRun ? "dry-run patch" : "patch", key),
    method: "PATCH",
    path,
    query: { fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: "All" } : {}) },
    headers: { accept: JSON_TYPE, "content-type": PATCH_TYPE },
    body: JSON.stringify([{ op: "replace", path: "/metadata/resourceVersion", value: resourceVersion }, ...operations]),
    writes: !dryRun,
    deadline: DEADLINE
  }))

/** The options travel in the body: the server reads the query of a DELETE only when there is no body. */
export const remove = (resource: Resource, key: ObjectKey, options: DeleteOptions): Built =>
  Result.map(path(resource, key), (path) => ({
    label: labelOf(options.dryRun ? "dry-run delete" : "delete", key),
    method: "DELETE",
    path,
    query: {},
    headers: { accept: JSON_TYPE, "content-type": JSON_TYPE },
    body: JSON.stringify({
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      ...(options.dryRun ? { dryRun: ["All"] } : {}),
      preconditions: { uid: options.uid, resourceVersion: options.resourceVersion }
    }),
    writes: !options.dryRun,
    deadline: DEADLINE
  }))

export const create = (resource: Resource, object: KubeObject): Built => {
  const { name: _, ...place } = keyOf(object)
  return Result.map(
    // The full path is built too: it refuses what `path` of the collection cannot see.
    Result.andThen(path(resource, keyOf(object)), () => path(resource, place)),
    (path) => writing("create", "POST", path, object)
  )
}

export const replaceStatus = (resource: Resource, object: KubeObject): Built =>
  Result.map(path(resource, { ...keyOf(object), subresource: "status" }), (path) =>
    writing("update status of", "PUT", path, object)
  )

const writing = (verb: string, method: "POST" | "PUT", path: string, object: KubeObject): Request => ({
  label: labelOf(verb, keyOf(object)),
  method,
  path,
  query: { fieldManager: FIELD_MANAGER },
  headers: { accept: JSON_TYPE, "content-type": JSON_TYPE },
  body: JSON.stringify(object),
  writes: true,
  deadline: DEADLINE
})

const selectors = ({ labelSelector, name }: Collection): Readonly<Record<string, string>> => ({
  ...(labelSelector === undefined ? {} : { labelSelector }),
  // Escaped as apimachinery's fields.EscapeValue does.
  ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name.replace(/[\\,=]/g, "\\$&")}` })
})

export const keyOf = ({ apiVersion, kind, metadata }: KubeObject): ObjectKey => {
  const namespace = stringOf(metadata.namespace)
  return { apiVersion, kind, name: metadata.name, ...(namespace === undefined ? {} : { namespace }) }
}

interface Label {
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name?: string | undefined
}

export const labelOf = (verb: string, { kind, namespace, name }: Label): string => {
  const place = [namespace, name].filter((part) => part !== undefined && part !== "").join("/")
  return place === "" ? `${verb} ${kind}` : `${verb} ${kind} ${place}`
}
