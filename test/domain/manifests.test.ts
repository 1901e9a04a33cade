import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../../src/domain/Manifest.ts"
import { manifests } from "../../src/domain/manifests.ts"

const KINDS = new Map([
  ["v1 ConfigMap", true],
  ["v1 Secret", true],
  ["v1 Namespace", false],
  ["apps/v1 Deployment", true],
  ["coordination.k8s.io/v1 Lease", true],
  ["vcenter-operator.stable.sap.cc/v1 VCenterState", true]
])

const read = (documents: ReadonlyArray<Json>, namespacePolicy: "target" | "template" = "target") =>
  manifests({
    documents,
    template: { namespace: "authors" },
    settings: { namespace: "monsoon3", namespacePolicy },
    ownNamespace: "monsoon3",
    isNamespaced: (apiVersion, kind) => KINDS.get(`${apiVersion} ${kind}`)
  })

const configMap = (metadata: Json, rest: { readonly [key: string]: Json } = {}): Json => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
  ...rest
})

const own = (apiVersion: string, kind: string, name: string): Json => ({ apiVersion, kind, metadata: { name } })

const good = configMap({ name: "good" })

const refused: ReadonlyArray<readonly [title: string, document: Json, expected: RegExp]> = [
  ["no mapping", "text", /is no mapping/],
  ["a sequence", [good], /is no mapping/],
  ["a List", { apiVersion: "v1", kind: "ConfigMapList", metadata: { name: "x" }, items: [good] }, /write its items/],
  ["no apiVersion", { kind: "ConfigMap", metadata: { name: "x" } }, /has no apiVersion/],
  ["no kind", { apiVersion: "v1", metadata: { name: "x" } }, /has no kind/],
  ["no metadata", { apiVersion: "v1", kind: "ConfigMap" }, /has no metadata.name/],
  ["an empty name", configMap({ name: "" }), /has no metadata.name/],
  ["a name with a slash", configMap({ name: "a/b" }), /no slash/],
  ["a name that climbs", configMap({ name: ".." }), /no slash/],
  ["a kind that is not served", { apiVersion: "x/v1", kind: "Y", metadata: { name: "z" } }, /does not serve x\/v1 Y/],
  ["a cluster-scoped kind", { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } }, /never applied/],
  ["another namespace", configMap({ name: "x", namespace: "kube-system" }), /kube-system is not the target monsoon3/],
  ["the operator's Secret", own("v1", "Secret", "vcenter-operator"), /keeps this object for itself/],
  ["the key of the digests", own("v1", "Secret", "vcenter-operator-digest-key"), /keeps this object for itself/],
  ["the operator's Lease", own("coordination.k8s.io/v1", "Lease", "vcenter-operator"), /keeps this object for itself/],
  ["a record", own("vcenter-operator.stable.sap.cc/v1", "VCenterState", "x"), /keeps this object for itself/],
  ["a UID", configMap({ name: "x", uid: "1" }), /metadata.uid is set by the server/],
  ["a resourceVersion", configMap({ name: "x", resourceVersion: "1" }), /metadata.resourceVersion is set/],
  [
    "stringData that is no text",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: 1 } },
    /stringData.a is no text/
  ]
]

describe("manifests", () => {
  for (const [title, document, expected] of refused) {
    it(`refuses ${title}, names the document, and loses no other`, () => {
      const { manifests: found, problems } = read([good, document, configMap({ name: "last" })])
      assert.deepStrictEqual(
        found.map(({ name }) => name),
        ["good", "last"]
      )
      assert.deepStrictEqual(
        problems.map(({ document: number }) => number),
        [2]
      )
      assert.match(problems[0]?.message ?? "", expected)
      assert.match(problems[0]?.message ?? "", /^document 2: /)
    })
  }

  it("takes what is called like the operator's own and is not", () => {
    const { problems } = read([own("v1", "ConfigMap", "vcenter-operator"), own("v1", "Secret", "vcenter-operator-x")])
    assert.deepStrictEqual(problems, [])
    assert.deepStrictEqual(read([own("v1", "Secret", "vcenter-operator")], "template").problems, [])
  })

  it("skips empty documents and counts them", () => {
    const { manifests: found, problems } = read([null, good, null, "text"])
    assert.strictEqual(found.length, 1)
    assert.strictEqual(problems[0]?.document, 4)
  })

  it("refuses the second of two documents with one identity", () => {
    const { manifests: found, problems } = read([good, good])
    assert.strictEqual(found.length, 1)
    assert.match(problems[0]?.message ?? "", /document 2: ConfigMap good is document 1 already/)
  })

  it("puts an object without a namespace into the target", () => {
    const [first] = read([good]).manifests
    assert.strictEqual(first?.namespace, "monsoon3")
    assert.deepStrictEqual(first?.body.metadata, { name: "good", namespace: "monsoon3" })
  })

  it("puts it into the template's namespace under the policy template, and refuses the target", () => {
    assert.strictEqual(read([good], "template").manifests[0]?.namespace, "authors")
    assert.match(
      read([configMap({ name: "x", namespace: "monsoon3" })], "template").problems[0]?.message ?? "",
      /is not the target authors/
    )
  })

  it("moves stringData into data, where it wins over what is there", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: "eA==", b: "eQ==" },
      stringData: { b: "ü" }
    }
    const [first] = read([secret]).manifests
    assert.deepStrictEqual(first?.body.data, { a: "eA==", b: Buffer.from("ü").toString("base64") })
    assert.isFalse("stringData" in (first?.body ?? {}))
  })

  it("leaves out a status", () => {
    assert.isFalse("status" in (read([configMap({ name: "x" }, { status: {} })]).manifests[0]?.body ?? {}))
  })
})
