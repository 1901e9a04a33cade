import { Duration, Effect, Option, Random, type Result, Stream } from "effect"
import { type Collection, type Kube, KubeError, type KubeObject, type ListResult, type ObjectKey } from "../Kube.ts"
import * as Discovery from "./Discovery.ts"
import type { Failure } from "./Failure.ts"
import { isArray, isKubeObject, isObject, metadataOf, parse, stringOf } from "./Json.ts"
import * as Request from "./Request.ts"
import type { Resource } from "./Resource.ts"
import type { Transport } from "./Transport.ts"
import { events } from "./Watch.ts"

/** The server ends each watch after 4 to 5 minutes: spread, so that they do not all come back at once. */
const WATCH_SECONDS = { min: 240, max: 300 }
/** A watch that shows no sign of life for this long is dead. Bookmarks come about every minute. */
export const STALL: Duration.Input = "150 seconds"

/** What the `Kube` service does, over any transport. */
export type Api = Omit<Kube["Service"], "origin">

export const make = (transport: Transport): Effect.Effect<Api> =>
  Effect.map(Discovery.make(transport), (discovery) => {
    /** Discovers, builds the request, performs it; a path that turns out to be unknown puts discovery in doubt. */
    const locate = <A>(
      what: { readonly apiVersion: string; readonly kind: string },
      label: string,
      build: (resource: Resource) => Result.Result<A, Failure>
    ): Effect.Effect<A, KubeError> =>
      discovery.resource(what.apiVersion, what.kind).pipe(
        Effect.flatMap((resource) => Effect.fromResult(build(resource))),
        Effect.mapError((error) => new KubeError({ ...plain(error), request: label }))
      )
    const perform = (
      what: { readonly apiVersion: string; readonly kind: string },
      label: string,
      build: (resource: Resource) => Result.Result<Request.Request, Failure>
    ): Effect.Effect<string, KubeError> =>
      locate(what, label, build).pipe(
        Effect.flatMap(transport.send),
        Effect.tapError((error) => (error.reason === "Unserved" ? discovery.doubt(what.apiVersion) : Effect.void))
      )
    const object = (
      verb: string,
      key: ObjectKey,
      build: (resource: Resource) => Result.Result<Request.Request, Failure>
    ): Effect.Effect<KubeObject, KubeError> => {
      const label = Request.labelOf(verb, key)
      return Effect.flatMap(perform(key, label, build), (text) => readObject(label, text))
    }

    const page = (label: string, collection: Collection, metadataOnly: boolean, continueAt: string | undefined) =>
      perform(collection, label, (resource) => Request.list(resource, collection, { metadataOnly, continueAt })).pipe(
        Effect.flatMap((text) => readPage(label, collection, text))
      )
    const pages = Effect.fnUntraced(function* (collection: Collection, metadataOnly: boolean) {
      const label = Request.labelOf("list", collection)
      const items: Array<KubeObject> = []
      const first = yield* page(label, collection, metadataOnly, undefined)
      items.push(...first.items)
      let { continueAt } = first
      while (continueAt !== undefined) {
        const next: ReadPage = yield* page(label, collection, metadataOnly, continueAt)
        items.push(...next.items)
        continueAt = next.continueAt
      }
      // All pages show the state of the first one's version.
      return { items, resourceVersion: first.resourceVersion } satisfies ListResult
    })
    // Between two pages the server may forget the state that they show. Then all begins anew, once.
    const list = (collection: Collection, metadataOnly: boolean) =>
      pages(collection, metadataOnly).pipe(Effect.retry({ times: 1, while: (error) => error.reason === "Gone" }))

    const watch = (collection: Collection, resourceVersion: string) => {
      const label = Request.labelOf("watch", collection)
      const opened = Effect.gen(function* () {
        const timeoutSeconds = yield* Random.nextIntBetween(WATCH_SECONDS.min, WATCH_SECONDS.max)
        const request = yield* locate(collection, label, (resource) =>
          Request.watch(resource, collection, { resourceVersion, timeoutSeconds })
        )
        return events(transport.open(request), label)
      })
      return Stream.unwrap(opened).pipe(
        Stream.timeoutOrElse({ duration: STALL, orElse: () => Stream.fail(stalled(label)) }),
        Stream.tapError((error) => (error.reason === "Unserved" ? discovery.doubt(collection.apiVersion) : Effect.void))
      )
    }

    return {
      isNamespaced: (apiVersion, kind) => Effect.map(discovery.resource(apiVersion, kind), (found) => found.namespaced),
      kinds: discovery.kinds,
      get: (key) => object("get", key, (resource) => Request.get(resource, key)).pipe(absent),
      list: (collection) => list(collection, false),
      listMetadata: (collection) => list(collection, true),
      watch,
      apply: (applied, options) =>
        object(options.dryRun ? "dry-run apply" : "apply", Request.keyOf(applied), (resource) =>
          Request.apply(resource, applied, options)
        ),
      patch: (key, patch, options) =>
        object(options.dryRun ? "dry-run patch" : "patch", key, (resource) =>
          Request.patch(resource, key, patch, options)
        ),
      delete: (key, options) =>
        perform(key, Request.labelOf("delete", key), (resource) => Request.remove(resource, key, options)).pipe(
          absent,
          Effect.map(Option.isSome)
        ),
      create: (created) => object("create", Request.keyOf(created), (resource) => Request.create(resource, created)),
      replaceStatus: (replaced) =>
        object("update status of", Request.keyOf(replaced), (resource) => Request.replaceStatus(resource, replaced))
    } satisfies Api
  })

const absent = <A>(effect: Effect.Effect<A, KubeError>): Effect.Effect<Option.Option<A>, KubeError> =>
  effect.pipe(
    Effect.map(Option.some),
    Effect.catchIf(
      (error) => error.reason === "NotFound",
      () => Effect.succeed(Option.none<A>())
    )
  )

const plain = ({ reason, detail, retryAfter }: Failure | KubeError): Failure => ({
  reason,
  detail,
  ...(retryAfter === undefined ? {} : { retryAfter })
})

const stalled = (request: string): KubeError =>
  new KubeError({
    reason: "Timeout",
    request,
    detail: `no sign of life for ${Duration.toSeconds(STALL)} s: the connection is dead`
  })

const unreadable = (request: string, detail: string): KubeError =>
  new KubeError({ reason: "ServerError", request, detail })

const readObject = (label: string, text: string): Effect.Effect<KubeObject, KubeError> =>
  Effect.fromResult(parse(text)).pipe(
    Effect.mapError((detail) => unreadable(label, detail)),
    Effect.filterOrFail(isKubeObject, () => unreadable(label, "the answer is no Kubernetes object"))
  )

interface ReadPage extends ListResult {
  readonly continueAt: string | undefined
}

/** The items of a list carry neither apiVersion nor kind, or those of PartialObjectMetadata: both are known. */
const readPage = (label: string, { apiVersion, kind }: Collection, text: string): Effect.Effect<ReadPage, KubeError> =>
  Effect.gen(function* () {
    const body = yield* Effect.fromResult(parse(text)).pipe(Effect.mapError((detail) => unreadable(label, detail)))
    const { resourceVersion, continue: token } = metadataOf(body)
    // The server writes an empty PartialObjectMetadataList with `items: null`.
    const found = isObject(body) && body.items === null ? [] : isObject(body) ? body.items : undefined
    if (!isArray(found) || typeof resourceVersion !== "string") {
      return yield* unreadable(label, "the answer is no list")
    }
    const items: Array<KubeObject> = []
    for (const item of found) {
      const whole = isObject(item) ? { ...item, apiVersion, kind } : item
      if (!isKubeObject(whole)) return yield* unreadable(label, "an item of the list is no Kubernetes object")
      items.push(whole)
    }
    const continueAt = stringOf(token)
    return { items, resourceVersion, continueAt: continueAt === "" ? undefined : continueAt }
  })
