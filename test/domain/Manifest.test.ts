import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  canonical,
  digest,
  groupOf,
  type Identity,
  id,
  type Json,
  label,
  type Manifest
} from "../../src/domain/Manifest.ts"
import { manifest } from "./fixtures.ts"

describe("groupOf", () => {
  it.each([
    ["v1", ""],
    ["apps/v1", "apps"],
    ["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io"],
    ["vcenter-operator.stable.sap.cc/v1", "vcenter-operator.stable.sap.cc"]
  ])("of %s is %j", (apiVersion, group) => {
    assert.strictEqual(groupOf(apiVersion), group)
  })
})

describe("id", () => {
  const core: Identity = { group: "", kind: "ConfigMap", namespace: "monsoon3", name: "a" }

  it("names group, kind, namespace and name, and never the version", () => {
    assert.strictEqual(id(core), "/ConfigMap/monsoon3/a")
    assert.strictEqual(id(manifest("a")), "apps/Deployment/monsoon3/a")
    const older: Manifest = { ...manifest("a"), apiVersion: "apps/v1beta1" }
    assert.strictEqual(id(older), id(manifest("a")))
  })

  // Kubernetes allows no slash in any of them.
  const Part = Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9.:-]{0,4}$/))
  const Two = { a: Schema.Tuple([Part, Part, Part, Part]), b: Schema.Tuple([Part, Part, Part, Part]) }
  const of = ([group, kind, namespace, name]: readonly [string, string, string, string]) =>
    id({ group, kind, namespace, name })

  it.prop("is the same for the same object alone", Two, ({ a, b }) => {
    assert.strictEqual(
      of(a) === of(b),
      a.every((part, index) => part === b[index])
    )
  })

  it("has a label for people", () => {
    assert.strictEqual(label(core), "ConfigMap monsoon3/a")
  })
})

describe("canonical", () => {
  it.each<[value: Json, text: string]>([
    [null, "null"],
    [true, "true"],
    [1.5, "1.5"],
    ['a"\n', '"a\\"\\n"'],
    [[], "[]"],
    [{}, "{}"],
    [{ b: 1, a: [{ d: null, c: "x" }] }, '{"a":[{"c":"x","d":null}],"b":1}'],
    // As numbers the keys would come first in any order; as text they stand where they belong.
    [{ b: 1, 10: 2, 9: 3 }, '{"10":2,"9":3,"b":1}']
  ])("of %j is %s", (value, text) => {
    assert.strictEqual(canonical(value), text)
  })

  const reversed = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(reversed)
    if (value === null || typeof value !== "object") return value
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, member]): [string, Json] => [key, reversed(member)])
        .reverse()
    )
  }

  it.prop("holds the whole value, whatever the order of its keys", { value: Schema.Json }, ({ value }) => {
    assert.deepStrictEqual(JSON.parse(canonical(value)), JSON.parse(JSON.stringify(value)))
    assert.strictEqual(canonical(reversed(value)), canonical(value))
  })

  it("tells values apart that differ in the order of a list or in their type", () => {
    const values: ReadonlyArray<Json> = [[1, 2], [2, 1], ["1", 2], { 0: 1, 1: 2 }, "[1,2]", null, "null", [null], []]
    assert.strictEqual(new Set(values.map(canonical)).size, values.length)
  })
})

describe("digest", () => {
  const key = new Uint8Array(32).fill(7)

  it("is HMAC-SHA-256, cut to 128 bits, in base64url", () => {
    // printf '{"a":1}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707… -binary | head -c 16 | basenc --base64url
    assert.strictEqual(digest({ a: 1 }, key), "DXM_7sME8THA3Lzrhzwxfg")
    assert.match(digest("x".repeat(100_000), key), /^[\w-]{22}$/)
  })

  it("is another under another key: it helps nobody to guess a Secret", () => {
    assert.notStrictEqual(digest({ a: 1 }, key), digest({ a: 1 }, new Uint8Array(32)))
  })

  it.prop("is the same for the same value alone", { a: Schema.Json, b: Schema.Json }, ({ a, b }) => {
    assert.strictEqual(digest(a, key) === digest(b, key), canonical(a) === canonical(b))
  })
})
