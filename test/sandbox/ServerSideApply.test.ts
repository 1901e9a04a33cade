import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Json, JsonObject } from "../../src/domain/Manifest.ts"
import type { KubeError, KubeObject } from "../../src/services/Kube.ts"
import {
  cluster,
  configMap,
  container,
  containersOf,
  deployment,
  live,
  ownedBy,
  perform,
  type Step,
  template,
  withData
} from "./steps.ts"

// What is expected here was seen on kube-apiserver 1.36 with the same steps.

describe("server-side apply of maps", () => {
  const rows: ReadonlyArray<readonly [string, ReadonlyArray<Step>, JsonObject]> = [
    ["creates", [{ apply: configMap({ a: "1" }) }], { a: "1" }],
    ["changes what it owns", [{ apply: configMap({ a: "1" }) }, { apply: configMap({ a: "2" }) }], { a: "2" }],
    [
      "removes what it no longer applies",
      [{ apply: configMap({ a: "1", b: "1" }) }, { apply: configMap({ a: "1" }) }],
      { a: "1" }
    ],
    [
      "keeps what another applier owns",
      [
        { apply: configMap({ a: "1" }) },
        { applyAs: "other", object: configMap({ b: "2" }) },
        { apply: configMap({ a: "1" }) }
      ],
      { a: "1", b: "2" }
    ],
    [
      "keeps what it no longer applies while another applies it too",
      [{ apply: configMap({ a: "1" }) }, { applyAs: "other", object: configMap({ a: "1" }) }, { apply: configMap({}) }],
      { a: "1" }
    ],
    [
      "keeps what somebody has edited in",
      [{ apply: configMap({ a: "1" }) }, { edit: withData({ a: "1", b: "2" }) }, { apply: configMap({ a: "1" }) }],
      { a: "1", b: "2" }
    ],
    [
      "takes back what somebody has edited",
      [{ apply: configMap({ a: "1" }) }, { edit: withData({ a: "2" }) }, { apply: configMap({ a: "1" }) }],
      { a: "1" }
    ],
    [
      "cannot remove what it has lost to an edit",
      [{ apply: configMap({ a: "1" }) }, { edit: withData({ a: "2" }) }, { apply: configMap({}) }],
      { a: "2" }
    ],
    [
      "puts back what somebody has removed",
      [
        { apply: configMap({ a: "1", b: "1" }) },
        { edit: withData({ a: "1" }) },
        { apply: configMap({ a: "1", b: "1" }) }
      ],
      { a: "1", b: "1" }
    ],
    ["stores a null of data as an empty text", [{ apply: configMap({ a: null }) }], { a: "" }],
    [
      "keeps a key that a prototype would swallow",
      [{ apply: configMap(JSON.parse('{"__proto__":"1","constructor":"2"}')) }],
      JSON.parse('{"__proto__":"1","constructor":"2"}')
    ]
  ]
  it.effect.each(rows.map(([title, steps, expected]) => ({ title, steps, expected })))(
    "$title",
    ({ steps, expected }) =>
      Effect.gen(function* () {
        yield* Effect.forEach(steps, perform)
        assert.deepStrictEqual((yield* live).data, expected)
      }).pipe(Effect.provide(cluster))
  )
})

describe("server-side apply of lists", () => {
  const env = (...names: ReadonlyArray<string>): ReadonlyArray<Json> => names.map((name) => ({ name, value: "v" }))
  const [one, two] = [container("one"), container("two")]
  const injected = (object: KubeObject) => {
    const copy = JSON.parse(JSON.stringify(object))
    copy.spec.template.spec.containers.unshift(container("side"))
    return copy
  }
  const rows: ReadonlyArray<readonly [string, ReadonlyArray<Step>, ReadonlyArray<Json>]> = [
    ["adds an item by its name", [{ apply: deployment([one]) }, { apply: deployment([one, two]) }], [one, two]],
    ["removes an item", [{ apply: deployment([one, two]) }, { apply: deployment([two]) }], [two]],
    [
      "takes the order of the newest apply",
      [{ apply: deployment([one, two]) }, { apply: deployment([two, one]) }],
      [two, one]
    ],
    [
      "keeps an injected item where it was",
      [{ apply: deployment([one]) }, { edit: injected }, { apply: deployment([two, one]) }],
      [container("side"), two, one]
    ],
    [
      "removes an item inside an item",
      [
        { apply: deployment([container("one", { env: env("A", "B") })]) },
        { apply: deployment([container("one", { env: env("B") })]) }
      ],
      [container("one", { env: env("B") })]
    ],
    [
      "tells ports apart by number and protocol, TCP when none is said",
      [
        {
          apply: deployment([
            container("one", { ports: [{ containerPort: 1 }, { containerPort: 1, protocol: "UDP" }] })
          ])
        },
        { apply: deployment([container("one", { ports: [{ containerPort: 1, protocol: "UDP" }] })]) }
      ],
      [container("one", { ports: [{ containerPort: 1, protocol: "UDP" }] })]
    ],
    [
      "takes a list without keys as one value",
      [
        { apply: deployment([container("one", { args: ["a", "b"] })]) },
        { apply: deployment([container("one", { args: ["c"] })]) }
      ],
      [container("one", { args: ["c"] })]
    ],
    [
      "removes all of a structure whose last field is no longer applied",
      [
        { apply: deployment([container("one", { livenessProbe: { httpGet: { path: "/", port: 1 } } })]) },
        { apply: deployment([one]) }
      ],
      [one]
    ]
  ]
  it.effect.each(rows.map(([title, steps, expected]) => ({ title, steps, expected })))(
    "$title",
    ({ steps, expected }) =>
      Effect.gen(function* () {
        yield* Effect.forEach(steps, perform)
        assert.deepStrictEqual(containersOf(yield* live), expected)
      }).pipe(Effect.provide(cluster))
  )

  it.effect("takes every list of a custom resource as one value", () =>
    Effect.gen(function* () {
      yield* perform({ apply: template({ list: [{ name: "a" }] }) })
      yield* perform({ applyAs: "other", object: template({ list: [{ name: "b" }] }) })
      assert.deepStrictEqual((yield* live).spec, { list: [{ name: "b" }] })
    }).pipe(Effect.provide(cluster))
  )
})

describe("conflicts", () => {
  const refused = (step: Step) =>
    perform(step).pipe(
      Effect.flip,
      Effect.map((error: KubeError) => [error.reason, error.detail])
    )
  it.effect("name the other managers and the fields, and change nothing", () =>
    Effect.gen(function* () {
      yield* perform({ applyAs: "first", object: configMap({ a: "1" }) })
      yield* perform({ edit: withData({ a: "1", b: "2" }) })
      const before = yield* live
      assert.deepStrictEqual(yield* refused({ apply: configMap({ a: "x", b: "y" }), force: false }), [
        "Conflict",
        'Apply failed with 2 conflicts: conflict with "first" using v1: .data.a; conflict with "kubectl-edit" using v1: .data.b'
      ])
      assert.deepStrictEqual(yield* live, before)
    }).pipe(Effect.provide(cluster))
  )
  it.effect("do not arise where the values are equal", () =>
    Effect.gen(function* () {
      yield* perform({ applyAs: "first", object: configMap({ a: "1" }) })
      yield* perform({ apply: configMap({ a: "1" }), force: false })
      assert.deepStrictEqual(ownedBy(yield* live, "first"), { "f:data": { "f:a": {} } })
      assert.deepStrictEqual(ownedBy(yield* live, "vcenter-operator"), { "f:data": { "f:a": {} } })
    }).pipe(Effect.provide(cluster))
  )
})
