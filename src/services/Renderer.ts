import { Context, type Effect, type Redacted, Schema } from "effect"
import type { RenderContext } from "../domain/RenderContext.ts"
import type { Template } from "../domain/Template.ts"

/** One rendering: a template, in the context of one subject. */
export interface RenderInput {
  readonly template: Template
  /** Every template by its path, for the filter `render`. */
  readonly library: ReadonlyMap<string, Template>
  readonly context: RenderContext
  /** The master password, for the filter `derive_password`; never in the context. */
  readonly seed: Redacted.Redacted
}

export const RenderKind = Schema.Literals([
  /** The template does not parse. */
  "syntax",
  /** A name or attribute that is not there, or cannot be known now. */
  "undefined",
  /** An operation that the values do not allow; an unknown filter or option. */
  "type",
  /** Too deep, too long, too large. */
  "limit"
])

/** A template that could not be rendered for one subject. */
export class RenderError extends Schema.TaggedError<RenderError>()("RenderError", {
  kind: RenderKind,
  /** Path of the template in which it happened (not always the one asked for: `render`). */
  template: Schema.String,
  /** 1-based line in the template's source, when known. */
  line: Schema.optionalKey(Schema.Int),
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.template}${this.line === undefined ? "" : `:${this.line}`}: ${this.detail}`
  }
}

/** Templates in Jinja2's syntax. No state is shared between templates; options belong to one template. */
export class Renderer extends Context.Service<
  Renderer,
  {
    /** The rendered text. */
    readonly render: (input: RenderInput) => Effect.Effect<string, RenderError>
  }
>()("vcenter-operator/services/Renderer") {}
