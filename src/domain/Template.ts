import { Result, Schema } from "effect"
import { Condition } from "./Condition.ts"
import type { JsonObject } from "./Manifest.ts"
import { isComplete, partial, type Snapshot } from "./Snapshot.ts"

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

/** What is read of all templates: those that can be rendered, and those that cannot even be read. */
interface Listed {
  readonly templates: ReadonlyArray<unknown>
  readonly failures: ReadonlyArray<unknown>
}

/**
 * A list of templates as proof of what is not in it. A definition that is removed and made again leaves no template at
 * all for a while, and the server lists that in good faith: while anything is recorded it proves nothing. The templates
 * then come back one by one; each object's time unwanted begins with the first list that has one of them.
 *
 *   list     | templates          | recorded | reading
 *   ---------+--------------------+----------+---------
 *   Partial  | any                | any      | Partial
 *   Complete | some, or unreadable| any      | Complete
 *   Complete | none               | nothing  | Complete
 *   Complete | none               | anything | Partial
 */
export const asProof = <A extends Listed>(list: Snapshot<A>, recorded: number): Snapshot<A> => {
  const { failures, templates } = list.value
  return recorded > 0 && templates.length + failures.length === 0 && isComplete(list)
    ? partial(list.value, NO_TEMPLATE)
    : list
}

const NO_TEMPLATE =
  "no VCenterTemplate exists, which proves nothing: nothing is deleted. If all objects are to go, keep one template that renders nothing"

/**
 * Whether a template may use the nova cells: it names them, or renders another one that does. Text is enough, for there
 * is no other way to a name.
 */
export const mayUseCells = ({ source }: Template, all: ReadonlyArray<Template>): boolean =>
  source.includes("cells") ||
  (/render|include|import|extends/.test(source) && all.some((other) => other.source.includes("cells")))

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
