import { Result, Schema } from "effect"
import type { JsonObject } from "./Manifest.ts"
import { Condition } from "./VCenterState.ts"

export const TEMPLATE_KIND = "VCenterTemplate"

/** What a template is rendered for: each production cluster, each storage cluster, or each availability zone. */
export const SCOPES = ["cluster", "storage", "datacenter"] as const
export type Scope = (typeof SCOPES)[number]

/** A `VCenterTemplate`, decoded. */
export interface Template {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly scope: Scope
  /** `jinja2_options` as written: delimiters and other options of this template alone. */
  readonly options: JsonObject
  readonly source: string
}

/** `namespace/name`: how status, ledger and log name a template. */
export const key = (self: { readonly namespace: string; readonly name: string }): string =>
  `${self.namespace}/${self.name}`

/** The path by which the `render` filter and error messages name a template, as in the predecessor. */
export const path = (self: Template): string => `vcenter_${self.scope}/${self.namespace}/${self.name}.yaml.j2`

const JinjaOptions = Schema.Record(Schema.String, Schema.Json)

/** Written by the operator: what became of a template in all vCenters. */
export const TemplateStatus = Schema.Struct({
  observedGeneration: Schema.optionalKey(Schema.Int),
  /** Objects that it renders, in all vCenters. */
  objects: Schema.optionalKey(Schema.Int),
  /** vCenters for which it renders. */
  vcenters: Schema.optionalKey(Schema.Int),
  /** The newest failure; absent when all is well. */
  lastError: Schema.optionalKey(
    Schema.Struct({
      message: Schema.String,
      /** `syntax`, `undefined`, `type`, `limit` or `yaml`. */
      kind: Schema.optionalKey(Schema.String),
      /** Path of the template in which it happened, when it is not this one (`render`). */
      template: Schema.optionalKey(Schema.String),
      /** 1-based line and column in that template's text. */
      line: Schema.optionalKey(Schema.Int),
      column: Schema.optionalKey(Schema.Int),
      /** That line, with a caret below the column. */
      excerpt: Schema.optionalKey(Schema.String),
      vcenter: Schema.optionalKey(Schema.String),
      /** Name of the cluster or datacenter. */
      subject: Schema.optionalKey(Schema.String)
    })
  ),
  conditions: Schema.optionalKey(Schema.Array(Condition))
})
export type TemplateStatus = typeof TemplateStatus.Type

/**
 * The custom resource as people write it: `options` and `template` lie at the top level, as in the predecessor, and
 * nothing is required, so that every stored resource stays valid. Every Jinja option may appear.
 */
export const VCenterTemplate = Schema.Struct({
  apiVersion: Schema.String,
  kind: Schema.String,
  metadata: Schema.Struct({
    namespace: Schema.String,
    name: Schema.String,
    uid: Schema.String,
    generation: Schema.optionalKey(Schema.Int),
    /** The predecessor's first form; read only when there is no `options`. */
    scope: Schema.optionalKey(Schema.String),
    jinja2_options: Schema.optionalKey(JinjaOptions)
  }),
  options: Schema.optionalKey(
    Schema.Struct({
      scope: Schema.optionalKey(Schema.String),
      jinja2_options: Schema.optionalKey(JinjaOptions)
    })
  ),
  template: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(TemplateStatus)
})
export type VCenterTemplate = typeof VCenterTemplate.Type

/** A resource that is no usable template; the others go on. */
export interface TemplateProblem {
  readonly namespace: string
  readonly name: string
  readonly message: string
}

const { status: _, ...written } = VCenterTemplate.fields
const decodeWritten = Schema.decodeUnknownResult(Schema.Struct(written), { errors: "all" })
const Named = Schema.Struct({
  metadata: Schema.Struct({ namespace: Schema.optionalKey(Schema.String), name: Schema.optionalKey(Schema.String) })
})
const decodeNamed = Schema.decodeUnknownResult(Named)
const isScope = Schema.is(Schema.Literals(SCOPES))

/**
 * The template in a custom resource.
 *
 *   resource                              | result
 *   --------------------------------------+------------------------------------------------
 *   options.scope is one of SCOPES        | the template
 *   no options, metadata.scope is         | the template (the predecessor's first form)
 *   no scope, another scope, no template  | a problem of this template alone
 *   anything of the wrong type            | a problem that names each place
 *
 * The status is not read: an odd one, written by another version, spoils nothing.
 */
export const decode = (resource: unknown): Result.Result<Template, TemplateProblem> => {
  const decoded = decodeWritten(resource)
  if (Result.isFailure(decoded)) return Result.fail(problem(resource, flat(decoded.failure.message)))
  const { metadata, options, template } = decoded.success
  const place = options === undefined && metadata.scope !== undefined ? "metadata" : "options"
  const { scope, jinja2_options = {} } = options ?? metadata
  const expected = `expected ${SCOPES.slice(0, -1).join(", ")} or ${SCOPES.at(-1)}`
  if (scope === undefined) return Result.fail(problem(resource, `${place}.scope is missing: ${expected}`))
  if (!isScope(scope)) return Result.fail(problem(resource, `${place}.scope is "${scope.slice(0, 40)}": ${expected}`))
  if (template === undefined) return Result.fail(problem(resource, "template is missing: expected the template's text"))
  const { namespace, name, uid, generation = 0 } = metadata
  return Result.succeed({ namespace, name, uid, generation, scope, options: jinja2_options, source: template })
}

const problem = (resource: unknown, message: string): TemplateProblem => {
  const named = Result.getOrUndefined(decodeNamed(resource))?.metadata
  return { namespace: named?.namespace ?? "", name: named?.name ?? "", message }
}

// `Expected string\n  at ["template"]` of each problem, on one line.
const flat = (message: string): string => message.replaceAll(/\n {2}at /g, " at ").replaceAll("\n", "; ")
