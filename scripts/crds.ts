import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { Schema } from "effect"
import { GROUP } from "../src/domain/Owner.ts"
import { TEMPLATE_KIND, TemplateStatus, VCenterTemplate } from "../src/domain/Template.ts"
import { KIND, Spec, Status } from "../src/domain/VCenterState.ts"
import { print } from "../src/services/Yaml.ts"
import { structural } from "./structural.ts"

interface Column {
  readonly name: string
  readonly type: "string" | "integer" | "date"
  readonly jsonPath: string
  readonly description?: string
  readonly priority?: number
}

interface Resource {
  readonly file: string
  readonly kind: string
  readonly singular: string
  readonly shortName: string
  /** Schema of the top-level fields besides the standard ones. */
  readonly properties: { readonly [name: string]: unknown }
  readonly columns: ReadonlyArray<Column>
}

const condition = (type: string, field: string): string => `.status.conditions[?(@.type=="${type}")].${field}`

/**
 * The ledger is the operator's own, whatever its version: the server would drop the fields of a later one that it does not
 * know, at every reading and for good at the next write.
 */
const ShownStatus = Schema.Struct({ ...Status.fields, ledger: Schema.optionalKey(Schema.Unknown) })

const resources: ReadonlyArray<Resource> = [
  {
    file: "crds/vcentertemplate.yaml",
    kind: TEMPLATE_KIND,
    singular: "vcenter-template",
    shortName: "vct",
    properties: {
      options: structural(Schema.Struct(VCenterTemplate.fields.options.schema.fields)),
      template: { type: "string" },
      status: structural(TemplateStatus)
    },
    columns: [
      { name: "Scope", type: "string", jsonPath: ".options.scope" },
      {
        name: "Objects",
        type: "integer",
        jsonPath: ".status.objects",
        description: "Objects it renders, in all vCenters"
      },
      { name: "Error", type: "string", jsonPath: ".status.lastError.message" },
      { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }
    ]
  },
  {
    file: "crds/vcenterstate.yaml",
    kind: KIND,
    singular: "vcenter-state",
    shortName: "vcs",
    properties: { spec: structural(Spec), status: structural(ShownStatus) },
    columns: [
      { name: "Connected", type: "string", jsonPath: condition("Connected", "status") },
      { name: "Clusters", type: "integer", jsonPath: ".status.clusters" },
      { name: "Objects", type: "integer", jsonPath: ".status.objects", description: "Objects recorded as applied" },
      { name: "Withheld", type: "integer", jsonPath: ".status.withheld", description: "Deletes that are withheld" },
      { name: "Ready", type: "string", jsonPath: condition("Ready", "status") },
      { name: "Reason", type: "string", jsonPath: ".status.reason" },
      { name: "Version", type: "string", jsonPath: ".status.version", priority: 1 },
      { name: "Message", type: "string", jsonPath: condition("Ready", "message"), priority: 1 },
      { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }
    ]
  }
]

const definition = ({ kind, singular, shortName, properties, columns }: Resource) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${singular}s.${GROUP}` },
  spec: {
    group: GROUP,
    names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular, shortNames: [shortName] },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        additionalPrinterColumns: columns,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", properties } }
      }
    ]
  }
})

const checking = process.argv.includes("--check")
const HEAD = "# Generated from the Schemas by `make crds`; edit those.\n"
let drifted = false
for (const resource of resources) {
  const text = HEAD + print(definition(resource))
  if (!checking) writeFileSync(resource.file, text)
  else if (!existsSync(resource.file) || readFileSync(resource.file, "utf8") !== text) {
    process.stderr.write(`${resource.file} does not match the Schemas: run \`make crds\`\n`)
    drifted = true
  }
}
process.exitCode = drifted ? 1 : 0
