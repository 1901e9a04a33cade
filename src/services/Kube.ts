import { Context, type Effect, type Option, Schema, type Stream } from "effect"
import type { JsonObject } from "../domain/Manifest.ts"
import type { Patch } from "../domain/Patch.ts"

/** Names one object. `namespace` is left out for cluster-scoped kinds only. */
export interface ObjectKey {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

/** A collection: of one namespace, or of all when `namespace` is left out. */
export interface Collection {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly labelSelector?: string
  /** Only the object of this name: what a Role with `resourceNames` may list and watch. */
  readonly name?: string
}

/** An object as the server gave it, `managedFields` included; JSON, never a model class. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: JsonObject & { readonly name: string }
}

/** Every kind that lives in a namespace and may be listed, applied and deleted, in the version that the server prefers. */
export interface ServedKinds {
  readonly kinds: ReadonlyArray<{ readonly apiVersion: string; readonly kind: string }>
  /** Group-versions of which it is not known what they serve: an aggregated API that is down, say. */
  readonly unknown: ReadonlyArray<KubeError>
}

export interface ListResult {
  readonly items: ReadonlyArray<KubeObject>
  /** Where a watch goes on. */
  readonly resourceVersion: string
}

export type WatchEvent =
  | { readonly _tag: "Upserted"; readonly object: KubeObject }
  | { readonly _tag: "Deleted"; readonly object: KubeObject }
  | { readonly _tag: "Bookmark"; readonly resourceVersion: string }

export interface ApplyOptions {
  /** Take over fields of other managers. */
  readonly force: boolean
  readonly dryRun: boolean
}

export interface DeleteOptions {
  /** Preconditions: the server refuses with `Conflict` when the live object differs. */
  readonly uid?: string
  readonly resourceVersion?: string
  readonly dryRun: boolean
}

/** What is known of the cluster from where the credentials came from; everything optional, nothing is asked over the wire. */
export interface KubeOrigin {
  readonly inCluster: boolean
  /** The kubeconfig file that was read, when one was. */
  readonly kubeconfig?: string
  /** The cluster name of the current context. */
  readonly clusterName?: string
  /** The namespace of the current context. */
  readonly contextNamespace?: string
}

/** Why a request did not do what it should. */
export const KubeReason = Schema.Literals([
  /** 401, 403. */
  "Forbidden",
  /** 404 for an object or its namespace. */
  "NotFound",
  /** 409: precondition, resourceVersion, or the object exists already. */
  "Conflict",
  /** 410: the watch or list position has expired; list anew. */
  "Gone",
  /** 400, 422 and every other refusal: asking again changes nothing. */
  "Rejected",
  /** 429; `retryAfter` says how long to wait. */
  "TooManyRequests",
  /** 5xx. */
  "ServerError",
  /** The server does not serve this kind (its CRD is not installed, say). */
  "Unserved",
  /** Not sent: this process does not hold the Lease. */
  "NotTheWriter",
  /** No answer: refused connection, cut connection, TLS. */
  "Unreachable",
  /** No answer in time. A write may have taken effect. */
  "Timeout"
])

/** A failed request to the Kubernetes API. `message` never holds an object's content. */
export class KubeError extends Schema.TaggedError<KubeError>()("KubeError", {
  reason: KubeReason,
  /** Verb and object: `apply Deployment monsoon3/nova-compute-bb91`. */
  request: Schema.String,
  detail: Schema.String,
  /** Seconds, from `Retry-After`. */
  retryAfter: Schema.optionalKey(Schema.Number)
}) {
  override get message(): string {
    return `${this.request}: ${this.detail}`
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get isTransient(): boolean {
    return ["TooManyRequests", "ServerError", "Unreachable", "Timeout", "Gone", "Conflict"].includes(this.reason)
  }

  /** Whether the server has answered: without an answer, a write may have taken effect. */
  get answered(): boolean {
    return this.reason !== "Unreachable" && this.reason !== "Timeout" && this.reason !== "ServerError"
  }
}

/**
 * The Kubernetes API, by `apiVersion` and `kind` (plurals and scope come from discovery). Every request has a
 * deadline. Retries are the caller's.
 */
export class Kube extends Context.Service<
  Kube,
  {
    readonly origin: KubeOrigin
    /** Whether objects of this kind live in a namespace. Fails with `Unserved`. */
    readonly isNamespaced: (apiVersion: string, kind: string) => Effect.Effect<boolean, KubeError>
    /** What could be applied in a namespace. Fails when the groups cannot be told. */
    readonly kinds: Effect.Effect<ServedKinds, KubeError>
    readonly get: (key: ObjectKey) => Effect.Effect<Option.Option<KubeObject>, KubeError>
    /** All pages, or a failure: never a part. */
    readonly list: (collection: Collection) => Effect.Effect<ListResult, KubeError>
    /** Like `list`, but only `metadata` of each object (PartialObjectMetadata). */
    readonly listMetadata: (collection: Collection) => Effect.Effect<ListResult, KubeError>
    /** Changes after `resourceVersion`, bookmarks included. Ends or fails when the server closes it; `Gone` asks for a new list. */
    readonly watch: (collection: Collection, resourceVersion: string) => Stream.Stream<WatchEvent, KubeError>
    /** Server-side apply with field manager `vcenter-operator`; gives the object after it. */
    readonly apply: (object: KubeObject, options: ApplyOptions) => Effect.Effect<KubeObject, KubeError>
    /** JSON patch (RFC 6902) of the version given, any other is a `Conflict`: it never overwrites. Gives the object after it. */
    readonly patch: (
      key: ObjectKey,
      patch: Patch,
      options: { readonly dryRun: boolean }
    ) => Effect.Effect<KubeObject, KubeError>
    /** Background propagation. `false` when there was nothing to delete. */
    readonly delete: (key: ObjectKey, options: DeleteOptions) => Effect.Effect<boolean, KubeError>
    /** POST. `Conflict` when it exists. */
    readonly create: (object: KubeObject) => Effect.Effect<KubeObject, KubeError>
    /** PUT of the status subresource; `metadata.resourceVersion` must be given and is checked. */
    readonly replaceStatus: (object: KubeObject) => Effect.Effect<KubeObject, KubeError>
  }
>()("vcenter-operator/services/Kube") {}
