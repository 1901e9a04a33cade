import { Effect, Result, Stream } from "effect"
import { FIELD_MANAGER } from "../../src/domain/ManagedFields.ts"
import { type Collection, Kube, type KubeObject, type KubeOrigin, type ObjectKey } from "../../src/services/Kube.ts"
import { keyOf } from "../../src/services/kube/Request.ts"
import type { Backend } from "./Backend.ts"
import { type Asked, isWrite, type Verb } from "./Faults.ts"

export interface KubeOptions {
  /** As of the real client: a write is a defect. */
  readonly readOnly: boolean
  readonly origin?: KubeOrigin
}

const ORIGIN: KubeOrigin = { inCluster: false, clusterName: "sandbox-qa-de-1", contextNamespace: "monsoon3" }

/** The `Kube` service on a cluster in memory. */
export const kubeOn = (backend: Backend, { readOnly, origin = ORIGIN }: KubeOptions): Kube["Service"] => {
  const { server } = backend
  const ask: Backend["request"] = (asked, perform) =>
    readOnly && isWrite(asked)
      ? Effect.die(new Error(`a write in read-only mode: ${asked.verb} ${asked.kind} ${asked.name ?? ""}`))
      : backend.request(asked, perform)
  const reading = (verb: Verb, { apiVersion, kind, namespace, name }: ObjectKey | Collection): Asked => ({
    verb,
    apiVersion,
    kind,
    namespace,
    name,
    dryRun: false
  })
  const writing = (verb: Verb, object: KubeObject): Asked => reading(verb, keyOf(object))
  const by = (time: string, dryRun = false) => ({ manager: FIELD_MANAGER, time, dryRun })

  return Kube.of({
    origin,
    isNamespaced: (apiVersion, kind) =>
      backend.request(reading("discover", { apiVersion, kind }), () =>
        Result.map(server.kind({ apiVersion, kind }), ({ namespaced }) => namespaced)
      ),
    kinds: backend.request(reading("discover", { apiVersion: "", kind: "" }), () =>
      Result.succeed({ kinds: server.namespacedKinds, unknown: [] })
    ),
    get: (key) => ask(reading("get", key), () => server.get(key)),
    list: (collection) => ask(reading("list", collection), () => server.list(collection)),
    listMetadata: (collection) =>
      ask(reading("list", collection), () =>
        Result.map(server.list(collection), ({ items, resourceVersion }) => ({
          items: items.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata })),
          resourceVersion
        }))
      ),
    watch: (collection, resourceVersion) =>
      Stream.unwrap(
        ask(reading("watch", collection), () =>
          Result.succeed(backend.watches.stream(server, collection, resourceVersion))
        )
      ),
    apply: (object, { force, dryRun }) =>
      ask({ ...writing("apply", object), dryRun }, (time) => server.apply(object, force, by(time, dryRun))),
    patch: (key, patch, { dryRun }) =>
      ask({ ...reading("patch", key), dryRun }, (time) => server.patch(key, patch, by(time, dryRun))),
    delete: (key, options) =>
      ask({ ...reading("delete", key), dryRun: options.dryRun }, (time) => server.delete(key, options, time)),
    create: (object) => ask(writing("create", object), (time) => server.create(object, by(time))),
    replaceStatus: (object) => ask(writing("update status", object), (time) => server.replaceStatus(object, by(time)))
  })
}
