import { Effect, Layer } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { Json, JsonObject } from "../../src/domain/Manifest.ts"
import { Kube, type KubeObject } from "../../src/services/Kube.ts"

export const NAMESPACE = "default"
export const cluster = Cluster.layerKube({ readOnly: false }).pipe(Layer.provideMerge(Cluster.layer))

const object = (apiVersion: string, kind: string, rest: JsonObject, metadata: JsonObject = {}): KubeObject => ({
  apiVersion,
  kind,
  ...rest,
  metadata: { ...metadata, name: "it", namespace: NAMESPACE }
})
export const configMap = (data: JsonObject, metadata: JsonObject = {}) => object("v1", "ConfigMap", { data }, metadata)
export const template = (spec: JsonObject) => object("vcenter-operator.stable.sap.cc/v1", "VCenterTemplate", { spec })
export const deployment = (containers: ReadonlyArray<Json>, spec: JsonObject = {}, metadata: JsonObject = {}) =>
  object(
    "apps/v1",
    "Deployment",
    {
      spec: {
        ...spec,
        selector: { matchLabels: { app: "it" } },
        template: { metadata: { labels: { app: "it" } }, spec: { containers } }
      }
    },
    metadata
  )
export const container = (name: string, rest: JsonObject = {}): Json => ({ name, image: "i", ...rest })

/** A write: by the operator, forced, unless it says otherwise. */
export type Step =
  | { readonly apply: KubeObject; readonly force?: boolean }
  | { readonly applyAs: string; readonly object: KubeObject }
  | { readonly edit: (object: KubeObject) => KubeObject }

export const perform = (step: Step) =>
  Effect.gen(function* () {
    const { applyAs, edit } = yield* Cluster
    const kube = yield* Kube
    if ("apply" in step) yield* kube.apply(step.apply, { force: step.force ?? true, dryRun: false })
    else if ("applyAs" in step) yield* applyAs(step.applyAs, step.object)
    else {
      const live = (yield* Cluster.use((cluster) => cluster.objects)).find(({ metadata }) => metadata.name === "it")
      if (live === undefined) throw new Error("there is nothing to edit")
      yield* edit({ apiVersion: live.apiVersion, kind: live.kind, namespace: NAMESPACE, name: "it" }, step.edit)
    }
  })

export const live = Effect.gen(function* () {
  const found = (yield* Cluster.use((cluster) => cluster.objects)).find(({ metadata }) => metadata.name === "it")
  if (found === undefined) throw new Error("there is no such object")
  return found
})

export const withData = (data: JsonObject) => (live: KubeObject) => ({ ...live, data })
export const containersOf = (live: KubeObject): Json => JSON.parse(JSON.stringify(live)).spec.template.spec.containers
export const ownedBy = (live: KubeObject, manager: string, operation = "Apply"): Json => {
  const entries: ReadonlyArray<Record<string, Json>> = JSON.parse(JSON.stringify(live.metadata.managedFields))
  return entries.find((entry) => entry.manager === manager && entry.operation === operation)?.fieldsV1 ?? null
}
