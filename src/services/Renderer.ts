import { Context, Effect, Layer, Redacted, Result, Schema } from "effect"
import type { RenderContext } from "../domain/RenderContext.ts"
import { path, type Template } from "../domain/Template.ts"
import { render, toVal } from "./jinja/Engine.ts"
import { Failure } from "./jinja/Failure.ts"
import { Programs } from "./jinja/Programs.ts"
import { type Slot, Unavailable } from "./jinja/values/Undefined.ts"
import { Passwords } from "./Passwords.ts"

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

/** The most passwords that one template may derive: each asks for one more rendering at worst. */
export const MAX_PASSWORDS = 64

/** Templates in Jinja2's syntax. No state is shared between templates; options belong to one template. */
export class Renderer extends Context.Service<
  Renderer,
  {
    /** The rendered text. */
    readonly render: (input: RenderInput) => Effect.Effect<string, RenderError>
  }
>()("vcenter-operator/services/Renderer") {
  /**
   * Renders synchronously, with the semantics of Jinja2 3.1's default environment. Passwords are derived off the event
   * loop: a rendering that lacks some is thrown away and done again with them.
   */
  static readonly layer = Layer.effect(
    Renderer,
    Effect.gen(function* () {
      const passwords = yield* Passwords
      const programs = new Programs()
      return Renderer.of({
        render: Effect.fn("Renderer.render")(function* (input) {
          const known = new Map<string, string>()
          while (true) {
            const { text, lacking } = attempt(input, known, programs)
            if (lacking.size === 0) return yield* Effect.fromResult(text)
            if (known.size + lacking.size > MAX_PASSWORDS) break
            for (const [key, { username, host }] of lacking) {
              known.set(key, Redacted.value(yield* passwords.derive(username, input.seed, host)))
            }
          }
          const detail = `more than ${MAX_PASSWORDS} passwords are derived`
          return yield* new RenderError({ kind: "limit", template: path(input.template), detail })
        })
      })
    })
  )
}

interface Lacking {
  readonly username: string
  readonly host: string
}

interface Attempt {
  /** To be used only when no password is lacking. */
  readonly text: Result.Result<string, RenderError>
  readonly lacking: ReadonlyMap<string, Lacking>
}

const attempt = (
  { template, library, context }: RenderInput,
  known: ReadonlyMap<string, string>,
  programs: Programs
): Attempt => {
  const lacking = new Map<string, Lacking>()
  const values = new Map<string, Slot>()
  for (const [name, value] of context.values) values.set(name, toVal(value))
  for (const [name, reason] of context.unavailable) values.set(name, new Unavailable(reason))
  const text = Result.try({
    try: () =>
      render(
        {
          path: path(template),
          find: (wanted) => (wanted === path(template) ? template : library.get(wanted)),
          values,
          password: (username, host) => {
            const key = `${username}\n${host}`
            const password = known.get(key)
            if (password === undefined) lacking.set(key, { username, host })
            return password ?? ""
          }
        },
        programs
      ),
    catch: (error) => renderError(error, path(template))
  })
  return { text, lacking }
}

const renderError = (error: unknown, template: string): RenderError => {
  if (!(error instanceof Failure)) {
    // A defect of this renderer is that one template's failure: the others go on.
    const detail = `the renderer failed: ${error instanceof Error ? error.message : "no reason given"}`
    return new RenderError({ kind: "type", template, detail })
  }
  const { kind, detail, line } = error
  return new RenderError({
    kind,
    template: error.template ?? template,
    ...(line === undefined ? {} : { line }),
    detail
  })
}
