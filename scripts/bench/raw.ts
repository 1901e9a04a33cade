import { join, resolve } from "node:path"
import { Clock, Effect, Schema } from "effect"
import { OWNER_LABEL } from "../../src/domain/Owner.ts"
import { NAMESPACE } from "../../test/e2e/world/install.ts"
import { World } from "../../test/e2e/world.ts"

const CONCURRENCY = 32
const TARGET = resolve(import.meta.dirname, "../../deploy/target")

/** When each apply of the operator was answered, in milliseconds since the epoch, in order. */
export const appliesSince = Effect.fnUntraced(function* (mark: number) {
  const { kubernetes } = yield* World
  const writes = yield* kubernetes.writesSince(mark)
  return writes
    .filter(({ verb, what, dryRun, code }) => verb === "patch" && !what.includes("/status ") && !dryRun && code === 201)
    .map(({ at }) => at)
})

const Objects = Schema.Struct({
  items: Schema.Array(
    Schema.Struct({
      metadata: Schema.Struct({
        name: Schema.String,
        labels: Schema.Record(Schema.String, Schema.String),
        annotations: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
      }),
      type: Schema.optionalKey(Schema.String),
      data: Schema.optionalKey(Schema.Json),
      spec: Schema.optionalKey(Schema.Json)
    })
  )
})
const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Objects))

const COLLECTIONS = [
  { kind: "ConfigMap", apiVersion: "v1", root: "/api/v1", plural: "configmaps" },
  { kind: "Secret", apiVersion: "v1", root: "/api/v1", plural: "secrets" },
  { kind: "Deployment", apiVersion: "apps/v1", root: "/apis/apps/v1", plural: "deployments" }
]

/** What the operator has applied, as requests that apply the same in another namespace. */
const requests = Effect.fnUntraced(function* (namespace: string) {
  const { kubernetes } = yield* World
  const all = yield* Effect.forEach(COLLECTIONS, ({ kind, apiVersion, root, plural }) =>
    Effect.gen(function* () {
      const path = `${root}/namespaces/${NAMESPACE}/${plural}?labelSelector=${encodeURIComponent(OWNER_LABEL)}`
      const { body } = yield* kubernetes.api.ask({ method: "GET", path })
      return (yield* decode(body)).items.map(({ metadata, ...content }) => ({
        path: `${root}/namespaces/${namespace}/${plural}/${metadata.name}?fieldManager=raw&force=true`,
        body: JSON.stringify({ apiVersion, kind, metadata, ...content })
      }))
    })
  )
  return all.flat()
})

/**
 * Objects a second that the API server takes from the operator's account over bare connections that are kept.
 *
 * @param namespace a new one
 */
export const rawRate = Effect.fnUntraced(function* (namespace: string) {
  const { kubernetes } = yield* World
  yield* kubernetes.kubectl(["create", "namespace", namespace])
  for (const file of ["role.yaml", "role-binding.yaml"]) {
    yield* kubernetes.kubectl(["apply", "--namespace", namespace, "-f", join(TARGET, file)])
  }
  const api = yield* kubernetes.connectAs(NAMESPACE, "vcenter-operator", CONCURRENCY)
  const all = yield* requests(namespace)
  const before = yield* Clock.currentTimeMillis
  yield* Effect.forEach(
    all,
    Effect.fnUntraced(function* ({ path, body }) {
      const { status } = yield* api.ask({ method: "PATCH", path, type: "application/apply-patch+yaml", body })
      if (status !== 201) return yield* Effect.die(new Error(`PATCH ${path} answered ${status}`))
    }),
    { concurrency: CONCURRENCY, discard: true }
  )
  return (all.length / ((yield* Clock.currentTimeMillis) - before)) * 1000
})
