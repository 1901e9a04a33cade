import { Effect, Schema } from "effect"
import { GROUP, OWNER_LABEL } from "../../../src/domain/Owner.ts"
import type { Live } from "./Api.ts"
import { NAMESPACE } from "./install.ts"
import type { Kubernetes } from "./Kubernetes.ts"

/** Kinds with the paths of their collections: everything that an operator might write, but for Leases. */
const KINDS = new Map([
  ["ConfigMap", "/api/v1/configmaps"],
  ["Secret", "/api/v1/secrets"],
  ["Service", "/api/v1/services"],
  ["ServiceAccount", "/api/v1/serviceaccounts"],
  ["Namespace", "/api/v1/namespaces"],
  ["Event", "/api/v1/events"],
  ["Deployment", "/apis/apps/v1/deployments"],
  ["StatefulSet", "/apis/apps/v1/statefulsets"],
  ["DaemonSet", "/apis/apps/v1/daemonsets"],
  ["VCenterTemplate", `/apis/${GROUP}/v1/vcenter-templates`],
  ["VCenterState", `/apis/${GROUP}/v1/vcenter-states`]
])

/** Objects by kind and name: `Deployment nova-compute-bb91`. */
export type Objects = ReadonlyMap<string, Live>

const collect = (kubernetes: Kubernetes, query: string): Effect.Effect<Objects> =>
  Effect.forEach(
    KINDS,
    ([kind, path]) =>
      Effect.map(kubernetes.api.list(`${path}${query}`), (items) =>
        items.map((live) => [`${kind} ${live.metadata.name}`, live] as const)
      ),
    { concurrency: "unbounded" }
  ).pipe(Effect.map((lists) => new Map(lists.flat().sort(([a], [b]) => (a < b ? -1 : 1)))))

/** What the operator has applied. */
export const owned = (kubernetes: Kubernetes): Effect.Effect<Objects> =>
  collect(kubernetes, `?labelSelector=${encodeURIComponent(OWNER_LABEL)}`)

/** Everything in the cluster, of the kinds above. */
export const everything = (kubernetes: Kubernetes): Effect.Effect<Objects> => collect(kubernetes, "")

/** What differs between two readings: each object that came, went, or has another resource version. */
export const differences = (before: Objects, after: Objects): ReadonlyArray<string> =>
  [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name)?.metadata.resourceVersion !== after.get(name)?.metadata.resourceVersion
  )

const State = Schema.Struct({
  conditions: Schema.Array(
    Schema.Struct({ type: Schema.String, status: Schema.String, reason: Schema.String, message: Schema.String })
  ),
  clusters: Schema.Int,
  objects: Schema.Int,
  withheld: Schema.Int,
  problems: Schema.Array(Schema.Struct({ object: Schema.String, reason: Schema.String })),
  approvals: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        reason: Schema.String,
        digest: Schema.String,
        count: Schema.Int,
        objects: Schema.Array(Schema.String)
      })
    )
  )
})

/** What a VCenterState shows, conditions by type, problems as `OBJECT REASON`. */
export const stateOf = Effect.fnUntraced(function* (kubernetes: Kubernetes, vcenter: string) {
  const path = `/apis/${GROUP}/v1/namespaces/${NAMESPACE}/vcenter-states`
  const found = (yield* kubernetes.api.list(path)).find(({ metadata }) => metadata.name === vcenter)
  if (found === undefined) return yield* Effect.fail(new Error(`no VCenterState ${vcenter}`))
  const { conditions, problems, ...rest } = yield* Schema.decodeUnknownEffect(State)(found.status)
  return {
    ...rest,
    problems: problems.map(({ object, reason }) => `${object} ${reason}`),
    conditions: new Map(conditions.map((condition) => [condition.type, condition]))
  }
})

const TemplateStatus = Schema.Struct({
  objects: Schema.optionalKey(Schema.Int),
  lastError: Schema.optionalKey(
    Schema.Struct({
      message: Schema.String,
      line: Schema.optionalKey(Schema.Int),
      template: Schema.optionalKey(Schema.String)
    })
  )
})

/** What a VCenterTemplate shows. */
export const templateStatusOf = Effect.fnUntraced(function* (kubernetes: Kubernetes, name: string) {
  const path = `/apis/${GROUP}/v1/namespaces/${NAMESPACE}/vcenter-templates`
  const found = (yield* kubernetes.api.list(path)).find((live) => live.metadata.name === name)
  return yield* Schema.decodeUnknownEffect(TemplateStatus)(found?.status)
})
