import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Json } from "../../src/domain/Manifest.ts"
import { Kube, type KubeObject } from "../../src/services/Kube.ts"
import {
  cluster,
  configMap,
  container,
  containersOf,
  deployment,
  live,
  NAMESPACE,
  ownedBy,
  perform,
  template,
  withData
} from "./steps.ts"

// What is expected here was seen on kube-apiserver 1.36 with the same steps.

describe("managedFields", () => {
  it.effect("name fields, list items by their keys, and nothing that belongs to the server", () =>
    Effect.gen(function* () {
      const ports = [{ containerPort: 80 }]
      yield* perform({
        apply: deployment([container("one", { ports, args: ["a"] })], { replicas: 2 }, { labels: { l: "1" } })
      })
      assert.deepStrictEqual(ownedBy(yield* live, "vcenter-operator"), {
        "f:metadata": { "f:labels": { "f:l": {} } },
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:template": {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": {
              "f:containers": {
                'k:{"name":"one"}': {
                  ".": {},
                  "f:args": {},
                  "f:image": {},
                  "f:name": {},
                  "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } }
                }
              }
            }
          }
        }
      })
    }).pipe(Effect.provide(cluster))
  )
  it.effect("give a field to who changed it last by force", () =>
    Effect.gen(function* () {
      yield* perform({ apply: configMap({ a: "1", b: "1" }) })
      yield* perform({ edit: withData({ a: "2", b: "1" }) })
      assert.deepStrictEqual(ownedBy(yield* live, "vcenter-operator"), { "f:data": { "f:b": {} } })
      assert.deepStrictEqual(ownedBy(yield* live, "kubectl-edit", "Update"), { "f:data": { "f:a": {} } })
      yield* perform({ apply: configMap({ a: "3", b: "1" }) })
      assert.isNull(ownedBy(yield* live, "kubectl-edit", "Update"))
    }).pipe(Effect.provide(cluster))
  )
})

describe("versions", () => {
  const rows: ReadonlyArray<
    readonly [string, KubeObject, KubeObject, readonly [versioned: boolean, generation: Json]]
  > = [
    ["the same apply", deployment([container("one")]), deployment([container("one")]), [false, 1]],
    ["another specification", deployment([container("one")]), deployment([container("two")]), [true, 2]],
    [
      "another label",
      deployment([container("one")]),
      deployment([container("one")], {}, { labels: { a: "b" } }),
      [true, 1]
    ],
    // The strategy of apps/v1 Deployments counts annotations, that of no other kind does.
    [
      "another annotation of a Deployment",
      deployment([container("one")]),
      deployment([container("one")], {}, { annotations: { a: "b" } }),
      [true, 2]
    ],
    ["another annotation of a ConfigMap", configMap({}), configMap({}, { annotations: { a: "b" } }), [true, null]],
    ["other data of a ConfigMap", configMap({}), configMap({ a: "1" }), [true, null]],
    ["another spec of a custom resource", template({ a: "1" }), template({ a: "2" }), [true, 2]]
  ]
  it.effect.each(rows.map(([title, first, second, expected]) => ({ title, first, second, expected })))(
    "$title: new resourceVersion, generation = $expected",
    ({ first, second, expected }) =>
      Effect.gen(function* () {
        yield* perform({ apply: first })
        const before = yield* live
        yield* perform({ apply: second })
        const after = yield* live
        const versioned = after.metadata.resourceVersion !== before.metadata.resourceVersion
        assert.deepStrictEqual([versioned, after.metadata.generation ?? null], expected)
        assert.strictEqual(after.metadata.uid, before.metadata.uid)
      }).pipe(Effect.provide(cluster))
  )

  it.effect("a dry run answers as the write would, and changes nothing", () =>
    Effect.gen(function* () {
      const kube = yield* Kube
      yield* perform({ apply: deployment([container("one")]) })
      const before = yield* live
      const tried = yield* kube.apply(deployment([container("two")]), { force: true, dryRun: true })
      assert.deepStrictEqual([containersOf(tried), tried.metadata.generation], [[container("two")], 2])
      assert.deepStrictEqual(yield* live, before)
      const fresh = yield* kube.apply(
        { ...configMap({}), metadata: { name: "new", namespace: NAMESPACE } },
        { force: true, dryRun: true }
      )
      assert.isUndefined(fresh.metadata.resourceVersion)
      const key = { apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE, name: "new" }
      assert.isTrue(Option.isNone(yield* kube.get(key)))
    }).pipe(Effect.provide(cluster))
  )
})
