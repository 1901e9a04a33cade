import { Cache, Clock, Duration, Effect, Exit, Option, Result, Schema } from "effect"
import { groupOf } from "../../domain/Manifest.ts"
import { KubeError, type ServedKinds } from "../Kube.ts"
import { parse } from "./Json.ts"
import { discovery } from "./Request.ts"
import { type Resource, root } from "./Resource.ts"
import type { Transport } from "./Transport.ts"

/** A kind that was missing is asked for again after this long: its CRD may have been installed. */
const ASK_AGAIN: Duration.Input = "10 seconds"
/** More group-versions than any cluster of the field uses; templates cannot fill the memory with invented ones. */
const REMEMBERED = 256

/** What the server serves, one document per group-version, each asked for when first needed. */
export interface Discovery {
  /** Fails with `Unserved` when the server does not know the kind. */
  readonly resource: (apiVersion: string, kind: string) => Effect.Effect<Resource, KubeError>
  /** What the `Kube` service's `kinds` gives. */
  readonly kinds: Effect.Effect<ServedKinds, KubeError>
  /** The server denied a path that discovery had promised: ask anew. */
  readonly doubt: (apiVersion: string) => Effect.Effect<void>
}

/** What an object needs that is to be applied and found again. */
const NEEDED = ["create", "delete", "list", "patch"]
/** Group-versions asked for at a time. */
const TOGETHER = 8

interface Served {
  readonly resources: ReadonlyMap<string, Resource>
  /** Kinds that may be applied in a namespace. */
  readonly appliable: ReadonlyArray<string>
  readonly askedAt: number
}

export const make = (transport: Pick<Transport, "send">): Effect.Effect<Discovery> =>
  Effect.gen(function* () {
    const documents = yield* Cache.makeWith((apiVersion: string) => ask(transport, apiVersion), {
      capacity: REMEMBERED,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? Duration.infinity : Duration.zero)
    })
    const doubt = Effect.fnUntraced(function* (apiVersion: string) {
      const now = yield* Clock.currentTimeMillis
      yield* Cache.invalidateWhen(documents, apiVersion, ({ askedAt }) => now - askedAt >= Duration.toMillis(ASK_AGAIN))
    })
    const resource = Effect.fnUntraced(function* (apiVersion: string, kind: string) {
      const known = (yield* Cache.get(documents, apiVersion)).resources.get(kind)
      if (known !== undefined) return known
      yield* doubt(apiVersion)
      const found = (yield* Cache.get(documents, apiVersion)).resources.get(kind)
      return found ?? (yield* unserved(apiVersion, kind))
    })
    const kinds = Effect.gen(function* () {
      const versions = yield* groupVersions(transport)
      const served = yield* Effect.forEach(versions, (version) => Effect.result(Cache.get(documents, version)), {
        concurrency: TOGETHER
      })
      const found = new Map<string, { readonly apiVersion: string; readonly kind: string }>()
      const unknown: Array<KubeError> = []
      for (const [index, apiVersion] of versions.entries()) {
        const document = served[index]
        if (document?._tag === "Failure") unknown.push(document.failure)
        for (const kind of document?._tag === "Success" ? document.success.appliable : []) {
          // The preferred version of a group comes first.
          const name = `${groupOf(apiVersion)} ${kind}`
          if (!found.has(name)) found.set(name, { apiVersion, kind })
        }
      }
      return { kinds: [...found.values()], unknown }
    })
    return { resource, kinds, doubt }
  })

const ask = Effect.fnUntraced(function* (transport: Pick<Transport, "send">, apiVersion: string) {
  const label = `discover ${apiVersion}`
  const path = yield* Effect.fromResult(root(apiVersion)).pipe(
    Effect.mapError((failure) => new KubeError({ request: label, ...failure }))
  )
  const askedAt = yield* Clock.currentTimeMillis
  const text = yield* transport.send(discovery(apiVersion, path)).pipe(
    // A group-version that is not there serves nothing, which is an answer; anything else is none.
    Effect.catchIf(
      (error) => error.reason === "Unserved" || error.reason === "NotFound",
      () => Effect.succeed('{"resources":[]}')
    )
  )
  const document = Result.getSuccess(parse(text)).pipe(Option.flatMap(decodeDocument))
  if (Option.isNone(document)) {
    return yield* new KubeError({ reason: "ServerError", request: label, detail: "the answer is no APIResourceList" })
  }
  const resources = new Map<string, Resource>()
  const appliable: Array<string> = []
  for (const { kind, name, namespaced, verbs = [] } of document.value.resources) {
    // `deployments/status` and its like are subresources.
    if (name.includes("/") || resources.has(kind)) continue
    resources.set(kind, { apiVersion, kind, plural: name, namespaced })
    if (namespaced && NEEDED.every((verb) => verbs.includes(verb))) appliable.push(kind)
  }
  return { resources, appliable, askedAt } satisfies Served
})

/** `meta.k8s.io/v1` APIResourceList. */
const Document = Schema.Struct({
  resources: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      kind: Schema.String,
      namespaced: Schema.Boolean,
      verbs: Schema.optionalKey(Schema.Array(Schema.String))
    })
  )
})
const decodeDocument = Schema.decodeUnknownOption(Document)

/** Every group-version that is served, within each group the preferred one first. */
const groupVersions = Effect.fnUntraced(function* (transport: Pick<Transport, "send">) {
  const request = discovery("groups", "/apis")
  const groups = Result.getSuccess(parse(yield* transport.send(request))).pipe(Option.flatMap(decodeGroups))
  if (Option.isNone(groups)) {
    return yield* new KubeError({
      reason: "ServerError",
      request: request.label,
      detail: "the answer is no APIGroupList"
    })
  }
  return [
    "v1",
    ...groups.value.groups.flatMap(({ preferredVersion, versions }) => [
      ...new Set([preferredVersion, ...versions].map(({ groupVersion }) => groupVersion))
    ])
  ]
})

const GroupVersion = Schema.Struct({ groupVersion: Schema.String })
/** `meta.k8s.io/v1` APIGroupList. */
const decodeGroups = Schema.decodeUnknownOption(
  Schema.Struct({
    groups: Schema.Array(Schema.Struct({ preferredVersion: GroupVersion, versions: Schema.Array(GroupVersion) }))
  })
)

const unserved = (apiVersion: string, kind: string): KubeError =>
  new KubeError({
    reason: "Unserved",
    request: `discover ${apiVersion}`,
    detail: `the server does not serve ${kind} in ${apiVersion}; if it is a custom resource, install its definition`
  })
