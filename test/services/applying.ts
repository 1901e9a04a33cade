import { Effect, Fiber, Layer } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { JsonObject, Manifest } from "../../src/domain/Manifest.ts"
import { groupOf } from "../../src/domain/Manifest.ts"
import { mark, type Owner } from "../../src/domain/Owner.ts"
import type { Apply, Prune } from "../../src/domain/Plan.ts"
import { Applier } from "../../src/services/Applier.ts"
import type { KubeObject, ObjectKey } from "../../src/services/Kube.ts"
import { Shutdown } from "../../src/services/Shutdown.ts"

export const NAMESPACE = "default"
export const OWNER: Owner = { operator: "monsoon3/vcenter-operator", vcenter: "vc-a-0.cc.qa-de-1.cloud.sap" }
export const OTHER: Owner = { ...OWNER, vcenter: "vc-b-0.cc.qa-de-1.cloud.sap" }

/** An Applier over a cluster of its own. */
export const applier = (dryRun = false) =>
  Applier.layer(dryRun).pipe(
    Layer.provideMerge(Layer.merge(Shutdown.layer, Cluster.layerKube({ readOnly: dryRun }))),
    Layer.provideMerge(Cluster.layer)
  )

export const manifest = (name: string, body: JsonObject = { data: { is: "new" } }, kind = "ConfigMap"): Manifest => {
  const apiVersion = kind === "Deployment" ? "apps/v1" : "v1"
  return {
    apiVersion,
    group: groupOf(apiVersion),
    kind,
    namespace: NAMESPACE,
    name,
    body: { apiVersion, kind, ...body, metadata: { name, namespace: NAMESPACE } }
  }
}

export const podsOf = (image: string): JsonObject => ({
  spec: {
    selector: { matchLabels: { app: "it" } },
    template: { metadata: { labels: { app: "it" } }, spec: { containers: [{ name: "it", image }] } }
  }
})

/** A step that applies a manifest with the owner's mark; `digest`: an apply of it has succeeded before. */
export const apply = (plain: Manifest, digest?: string): Apply => {
  const { apiVersion, group, kind, namespace, name } = plain
  const placed = { template: "monsoon3/t", subject: "domain-c1" }
  return {
    _tag: "Apply",
    facts: "Complete",
    wanted: { manifest: mark(plain, OWNER), digest: "new", ...placed },
    recorded:
      digest === undefined ? undefined : { apiVersion, group, kind, namespace, name, ...placed, digest, unwanted: 0 }
  }
}

export const prune = (name: string, uid?: string): Prune => ({
  _tag: "Prune",
  cause: "subject gone",
  facts: "Complete",
  entry: {
    apiVersion: "v1",
    group: "",
    kind: "ConfigMap",
    namespace: NAMESPACE,
    name,
    template: "monsoon3/t",
    subject: "domain-c1",
    unwanted: 0,
    ...(uid === undefined ? {} : { uid })
  }
})

export const key = (name: string, kind = "ConfigMap"): ObjectKey => ({
  apiVersion: kind === "Deployment" ? "apps/v1" : "v1",
  kind,
  namespace: NAMESPACE,
  name
})

/** Admits and applies, as a run does. */
export const applyAll = Effect.fnUntraced(function* (...steps: ReadonlyArray<Apply>) {
  const applier = yield* Applier
  const { admitted, refused } = yield* applier.admit(OWNER, steps)
  return [
    ...refused,
    ...(yield* Effect.forEach(admitted, (each) => applier.apply(OWNER, each), { concurrency: "unbounded" }))
  ]
})

export const pruneOne = (step: Prune) => Applier.use((applier) => applier.prune(OWNER, step))

/** A live object, by somebody who has put it there with these labels. */
export const live = (body: Manifest["body"], labels: JsonObject = {}): KubeObject => ({
  ...body,
  apiVersion: `${body.apiVersion}`,
  kind: `${body.kind}`,
  metadata: { ...(body.metadata as KubeObject["metadata"]), labels }
})

/** What SIGTERM does. */
export const beginTheEnd = Effect.gen(function* () {
  const { sentinel } = yield* Shutdown
  const waiting = yield* Effect.forkChild(sentinel, { startImmediately: true })
  yield* Fiber.interrupt(waiting)
})
