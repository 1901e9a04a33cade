import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { excerpt } from "../domain/Excerpt.ts"
import type { Json } from "../domain/Manifest.ts"
import type { RenderContext } from "../domain/RenderContext.ts"
import { path, type Template } from "../domain/Template.ts"
import { Asked } from "./jinja/Asked.ts"
import { type Answer, type Lacking, passwordKey, type Task } from "./jinja/Task.ts"
import { Thread } from "./jinja/Thread.ts"
import { Passwords } from "./Passwords.ts"

/** One rendering: a template, in the context of one subject. */
export interface RenderInput {
  readonly template: Template
  /** Every template by its path, for the filter `render`. */
  readonly library: ReadonlyMap<string, Template>
  readonly context: RenderContext
  /** The master password, for the filter `derive_password`; never in the context. */
  readonly seed: Redacted.Redacted
  /** An undefined value that is printed or iterated is an error, as an author wants to know it; Jinja2 shows nothing. */
  readonly strict?: boolean
}

export const RenderKind = Schema.Literals([
  /** The template does not parse, or names a filter or test that does not exist. */
  "syntax",
  /** A name or attribute that is not there, or cannot be known now. */
  "undefined",
  /** An operation that the values do not allow; an unknown option; what Jinja2 has and this has not. */
  "type",
  /** Too deep, too long, too large, too slow. */
  "limit",
  /** The text that it renders is no YAML. */
  "yaml"
])

/** A template that could not be rendered for one subject. */
export class RenderError extends Schema.TaggedError<RenderError>()("RenderError", {
  kind: RenderKind,
  /** Path of the template in which it happened (not always the one asked for: `render`). */
  template: Schema.String,
  /** 1-based line in the template's source, when known. */
  line: Schema.optionalKey(Schema.Int),
  /** 1-based column in that line, when known. */
  column: Schema.optionalKey(Schema.Int),
  /** That line, with a caret below the column. */
  excerpt: Schema.optionalKey(Schema.String),
  detail: Schema.String
}) {
  override get message(): string {
    const place = [this.template, this.line, this.column].filter((part) => part !== undefined).join(":")
    return `${place}: ${this.kind}: ${this.detail}`
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
    /** The YAML documents in the rendered text, empty ones as null. */
    readonly documents: (input: RenderInput) => Effect.Effect<ReadonlyArray<Json>, RenderError>
  }
>()("vcenter-operator/services/Renderer") {
  /**
   * Renders in a thread of its own, with the semantics of Jinja2 3.1's default environment: whatever a template does,
   * it ends within two seconds and in this error, and nothing else waits for it. Renderings that are asked for at the
   * same time go there together.
   */
  static readonly layer = Layer.unwrap(
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => new Thread()),
        (thread) => Effect.promise(() => thread.end())
      ),
      (thread) => Renderer.layerOver(inThread(thread))
    )
  )

  /**
   * The same over whatever performs tasks: tests in virtual time, which waits for no thread, perform them in their own.
   */
  static readonly layerOver = (performed: (task: Task) => Effect.Effect<Answer>) =>
    Layer.effect(Renderer, rendererWith(performed))
}

const inThread = (thread: Thread) => (task: Task) =>
  Effect.callback<Answer>((resume) => {
    const giveUp = thread.submit(
      task,
      (answer) => resume(Effect.succeed(answer)),
      (error) => resume(Effect.die(error))
    )
    return Effect.sync(giveUp)
  })

/**
 * Passwords are derived here: a rendering that lacks some is thrown away and done again with them, so the master
 * password never leaves this thread.
 */
const rendererWith = Effect.fnUntraced(function* (performed: (task: Task) => Effect.Effect<Answer>) {
  const passwords = yield* Passwords

  const asked = new Asked()

  const derive =
    ({ seed }: RenderInput) =>
    (lacking: Lacking) =>
      Effect.map(
        passwords.derive(lacking.username, seed, lacking.host),
        (password) => [passwordKey(lacking), Redacted.value(password)] as const
      )

  const derived = (input: RenderInput, wanted: ReadonlyArray<Lacking>) =>
    wanted.length === 0
      ? Effect.succeed(NONE)
      : Effect.map(Effect.forEach(wanted, derive(input)), (known) => new Map(known))

  const again = (input: RenderInput, wants: Task["wants"], wanted: ReadonlyArray<Lacking>): Effect.Effect<Answer> => {
    if (wanted.length > MAX_PASSWORDS) return Effect.succeed(tooMany(input))
    return derived(input, wanted).pipe(
      Effect.flatMap((known) => performed(taskOf(input, known, wants))),
      Effect.flatMap((answer) => {
        if (answer._tag !== "Lacking") return Effect.succeed(answer)
        const more = [...wanted, ...answer.passwords]
        asked.note(input.template, input.context, more)
        return again(input, wants, more)
      })
    )
  }

  const answer = (input: RenderInput, wants: Task["wants"]) =>
    again(input, wants, asked.of(input.template, input.context))

  return Renderer.of({
    render: (input) =>
      Effect.flatMap(answer(input, "text"), (found) =>
        found._tag === "Text" ? Effect.succeed(found.text) : failure(input, found)
      ),
    documents: (input) =>
      Effect.flatMap(answer(input, "documents"), (found) =>
        found._tag === "Documents" ? Effect.succeed(found.documents) : failure(input, found)
      )
  })
})

const tooMany = ({ template }: RenderInput): Answer => {
  const detail = `more than ${MAX_PASSWORDS} passwords are derived`
  return { _tag: "Failed", problem: { kind: "limit", template: path(template), detail } }
}

const NONE: ReadonlyMap<string, string> = new Map()

const taskOf = (
  { template, library, context, strict = false }: RenderInput,
  passwords: ReadonlyMap<string, string>,
  wants: Task["wants"]
): Task => ({
  path: path(template),
  template,
  library,
  context,
  passwords,
  strict,
  wants
})

const failure = ({ template, library }: RenderInput, answer: Answer): Effect.Effect<never, RenderError> => {
  if (answer._tag !== "Failed") {
    return Effect.die(new Error(`the rendering thread answered ${answer._tag}, which was not asked for`))
  }
  const { problem } = answer
  const failed = problem.template === path(template) ? template : library.get(problem.template)
  const shown =
    failed === undefined || problem.line === undefined
      ? undefined
      : excerpt(failed.source, problem.line, problem.column)
  return Effect.fail(new RenderError({ ...problem, ...(shown === undefined ? {} : { excerpt: shown }) }))
}
