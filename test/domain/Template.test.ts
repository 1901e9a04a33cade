import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { complete, partial } from "../../src/domain/Snapshot.ts"
import { asProof, decode, key, mayUseCells, path, type Template, VCenterTemplate } from "../../src/domain/Template.ts"

const metadata = { namespace: "monsoon3", name: "nova-compute", uid: "1b4e28ba", generation: 3 }
const resource = {
  apiVersion: "vcenter-operator.stable.sap.cc/v1",
  kind: "VCenterTemplate",
  metadata: { ...metadata, resourceVersion: "17", labels: { a: "b" }, managedFields: [{ manager: "helm" }] },
  options: { scope: "cluster", jinja2_options: { variable_start_string: "{=", variable_end_string: "=}" } },
  template: "kind: ConfigMap\n"
}

const template: Template = {
  ...metadata,
  scope: "cluster",
  options: { variable_start_string: "{=", variable_end_string: "=}" },
  source: "kind: ConfigMap\n"
}

const problem = (object: unknown): string =>
  Result.match(decode(object), { onFailure: ({ message }) => message, onSuccess: () => "no problem" })

describe("Template", () => {
  it.each<[what: string, object: unknown, template: Template]>([
    ["options of scope cluster", resource, template],
    [
      "options of scope storage",
      { ...resource, options: { scope: "storage" } },
      { ...template, scope: "storage", options: {} }
    ],
    [
      "options of scope datacenter",
      { ...resource, options: { scope: "datacenter", jinja2_options: {} } },
      { ...template, scope: "datacenter", options: {} }
    ],
    [
      "options of every kind of value",
      {
        ...resource,
        options: {
          scope: "cluster",
          jinja2_options: { "uses-service-user": "nova", trim_blocks: true, extensions: [], n: 1 }
        }
      },
      { ...template, options: { "uses-service-user": "nova", trim_blocks: true, extensions: [], n: 1 } }
    ],
    [
      "the first form, with scope and options in its metadata",
      {
        ...resource,
        options: undefined,
        metadata: { ...metadata, scope: "datacenter", jinja2_options: { trim_blocks: true } }
      },
      { ...template, scope: "datacenter", options: { trim_blocks: true } }
    ],
    ["an empty text", { ...resource, template: "" }, { ...template, source: "" }],
    ["a status of another version", { ...resource, status: { objects: "many" } }, template],
    ["no generation", { ...resource, metadata: { ...metadata, generation: undefined } }, { ...template, generation: 0 }]
  ])("is read from a resource with %s", (_, object, expected) => {
    // As the API server sends it: what is undefined is not there.
    const sent: unknown = JSON.parse(JSON.stringify(object))
    assert.deepStrictEqual(Result.getOrThrow(decode(sent)), expected)
  })

  it.each<[what: string, object: unknown, message: string]>([
    [
      "another scope",
      { ...resource, options: { scope: "host" } },
      'options.scope is "host": expected cluster, storage or datacenter'
    ],
    ["no scope", { ...resource, options: {} }, "options.scope is missing: expected cluster, storage or datacenter"],
    [
      "no options",
      { metadata, apiVersion: "v", kind: "k", template: "" },
      "options.scope is missing: expected cluster, storage or datacenter"
    ],
    [
      "another scope in its metadata",
      { metadata: { ...metadata, scope: "host" }, apiVersion: "v", kind: "k", template: "" },
      'metadata.scope is "host": expected cluster, storage or datacenter'
    ],
    [
      "options without a scope beside a scope in its metadata",
      { ...resource, options: {}, metadata: { ...metadata, scope: "cluster" } },
      "options.scope is missing: expected cluster, storage or datacenter"
    ],
    ["no text", { ...resource, template: undefined }, 'Expected string at ["template"]'],
    [
      "values of the wrong type",
      { ...resource, options: { scope: 1, jinja2_options: [] } },
      'Expected string at ["options"]["scope"]; Expected object at ["options"]["jinja2_options"]'
    ]
  ])("says what is wrong with a resource of %s", (_, object, message) => {
    assert.strictEqual(problem(object), message)
  })

  it("says that the text is missing", () => {
    const { template: _, ...rest } = resource
    assert.strictEqual(problem(rest), "template is missing: expected the template's text")
  })

  it("names the resource that has the problem", () => {
    const failed = Result.getOrThrow(Result.flip(decode({ ...resource, options: { scope: "host" } })))
    assert.strictEqual(key(failed), "monsoon3/nova-compute")
  })

  it("has the predecessor's path", () => {
    assert.strictEqual(path(template), "vcenter_cluster/monsoon3/nova-compute.yaml.j2")
  })

  it("takes every resource that the predecessor's CRD admits", () => {
    const isTemplate = Schema.is(VCenterTemplate)
    const { options: _, template: __, ...bare } = resource
    for (const admitted of [bare, { ...bare, options: {} }, { ...bare, options: { jinja2_options: {} } }, resource]) {
      assert.isTrue(isTemplate(admitted))
    }
  })

  it.prop("never throws, whatever the resource", [Schema.Json], ([json]) => {
    decode(json)
    decode({ ...resource, options: json })
    decode({ ...resource, metadata: json })
  })
})

describe("a list of templates, as proof of what is not in it", () => {
  const some = { templates: [template], failures: [] }
  const unreadable = { templates: [], failures: ["monsoon3/a"] }
  const none = { templates: [], failures: [] }

  it.each<[row: string, list: typeof some | typeof unreadable | typeof none, recorded: number, proves: boolean]>([
    ["proves it when it holds a template", some, 7, true],
    ["proves it when it holds one that cannot be read", unreadable, 7, true],
    ["proves it when it is empty and nothing is recorded", none, 0, true],
    ["proves nothing when it is empty and something is recorded", none, 1, false]
  ])("%s", (_, list, recorded, proves) => {
    assert.strictEqual(asProof(complete(list), recorded)._tag, proves ? "Complete" : "Partial")
  })

  it("stays partial, with its own reason", () => {
    const list = partial(none, "VCenterTemplates: no answer")
    assert.deepStrictEqual(asProof(list, 7), list)
  })
})

describe("a template that may use the nova cells", () => {
  const of = (source: string): Template => ({ ...template, source })
  const withCells = of("{{ cells | join(',') }}")

  it.each<[row: string, Template, others: ReadonlyArray<Template>, may: boolean]>([
    ["names them", withCells, [], true],
    ["does not name them", of("{{ name }}"), [withCells], false],
    ["renders another one that names them", of("{{ 'a' | render }}"), [withCells], true],
    ["renders another one that does not", of("{{ 'a' | render }}"), [of("x")], false]
  ])("%s", (_, one, others, may) => {
    assert.strictEqual(mayUseCells(one, [one, ...others]), may)
  })
})
