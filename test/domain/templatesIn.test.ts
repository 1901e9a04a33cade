import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../../src/domain/Manifest.ts"
import { templatesIn, together } from "../../src/domain/templatesIn.ts"

const API = "vcenter-operator.stable.sap.cc/v1"
const TEMPLATE = {
  apiVersion: API,
  kind: "VCenterTemplate",
  metadata: { name: "one", namespace: "there" },
  options: { scope: "cluster" },
  template: "x"
}
const SECRET = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }

const shown = (documents: ReadonlyArray<Json>) => {
  const { found, notices, problems } = templatesIn("f.yaml", documents, "own")
  return [
    ...found.map(({ file, template }) => `${file}: ${template.namespace}/${template.name}`),
    ...problems.map(({ file, kind, message, template }) => `${kind} ${file} ${template ?? "-"}: ${message}`),
    ...notices
  ]
}

describe("the templates in a file", () => {
  it.each<[row: string, document: Json, expected: ReadonlyArray<string>]>([
    ["an empty document", null, []],
    ["a template", TEMPLATE, ["f.yaml: there/one"]],
    ["a template without a namespace", { ...TEMPLATE, metadata: { name: "one" } }, ["f.yaml: own/one"]],
    [
      "a template as a cluster gives it",
      { ...TEMPLATE, metadata: { ...TEMPLATE.metadata, uid: "u", generation: 3 }, status: { odd: 1 } },
      ["f.yaml: there/one"]
    ],
    [
      "a template that is none",
      { ...TEMPLATE, options: { scope: "host" } },
      ['template f.yaml there/one: options.scope is "host": expected cluster, storage or datacenter']
    ],
    [
      "a template without a name",
      { ...TEMPLATE, metadata: {} },
      ['template f.yaml -: document 1: Missing key at ["metadata"]["name"]']
    ],
    [
      "a template without metadata",
      { apiVersion: API, kind: "VCenterTemplate" },
      ['template f.yaml -: document 1: Missing key at ["metadata"]']
    ],
    [
      "a List",
      { apiVersion: "v1", kind: "List", items: [TEMPLATE, SECRET] },
      ["f.yaml: there/one", "f.yaml: document 1 is Secret s: left aside"]
    ],
    [
      "a List of the kind itself",
      { apiVersion: API, kind: "VCenterTemplateList", items: [TEMPLATE] },
      ["f.yaml: there/one"]
    ],
    ["another kind", SECRET, ["f.yaml: document 1 is Secret s: left aside"]],
    [
      "the kind of another group",
      { ...TEMPLATE, apiVersion: "example.com/v1" },
      ["f.yaml: document 1 is VCenterTemplate one: left aside"]
    ],
    [
      "another kind without a name",
      { apiVersion: "v1", kind: "Secret" },
      ["f.yaml: document 1 is a Secret: left aside"]
    ],
    ["no object", "text", ["f.yaml: document 1 is no Kubernetes object: left aside"]]
  ])("%s", (_, document, expected) => {
    assert.deepStrictEqual(shown([document]), expected)
  })

  it("names documents by their number, empty ones counted", () => {
    assert.deepStrictEqual(shown([null, TEMPLATE, 1]), [
      "f.yaml: there/one",
      "f.yaml: document 3 is no Kubernetes object: left aside"
    ])
  })
})

describe("the templates of several files", () => {
  it("have each name once; the second of a name is a problem", () => {
    const of = (file: string) => templatesIn(file, [TEMPLATE], "own").found
    const { found, problems } = together([...of("a.yaml"), ...of("b.yaml")])
    assert.deepStrictEqual(
      found.map(({ file }) => file),
      ["a.yaml"]
    )
    assert.deepStrictEqual(problems, [
      {
        kind: "duplicate",
        file: "b.yaml",
        template: "there/one",
        message: "the template is in a.yaml already: give one of them another name"
      }
    ])
  })
})
