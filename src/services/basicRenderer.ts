import { createHash } from "node:crypto"
import { Effect, Layer, Redacted } from "effect"
import nunjucks from "nunjucks"
import type { JsonObject } from "../domain/Manifest.ts"
import { path, type Template } from "../domain/Template.ts"
import type { Value } from "../domain/Value.ts"
import { Passwords } from "./Passwords.ts"
import { RenderError, Renderer, type RenderInput } from "./Renderer.ts"

/** Stands in for the renderer until it is there. */
export const basicRenderer = Layer.effect(
  Renderer,
  Effect.gen(function* () {
    const passwords = yield* Passwords
    const derived = new Map<string, string>()
    const render = (input: RenderInput): Effect.Effect<string, RenderError> =>
      Effect.suspend(() => {
        try {
          return Effect.succeed(renderText(input, input.template, derived, 0))
        } catch (error) {
          if (!(error instanceof Missing)) return Effect.fail(renderError(input, error))
          const { username, host } = error
          return passwords.derive(username, input.seed, host).pipe(
            Effect.map((password) => derived.set(`${username}\n${host}`, Redacted.value(password))),
            Effect.andThen(render(input))
          )
        }
      })
    return Renderer.of({ render })
  })
)

class Missing extends Error {
  readonly username: string
  readonly host: string
  constructor(username: string, host: string) {
    super("a password has to be derived first")
    this.username = username
    this.host = host
  }
}

const renderError = ({ template }: RenderInput, error: unknown): RenderError => {
  const detail = (error instanceof Error ? error.message : String(error))
    .replace(/^.*\n\s*/, "")
    .replace(/^Error: /, "")
  const line = /\[Line (\d+)/.exec(error instanceof Error ? error.message : "")?.[1]
  return new RenderError({
    kind: "syntax",
    template: path(template),
    ...(line === undefined ? {} : { line: Number(line) }),
    detail: detail.split("\n").join(" ")
  })
}

const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}.]*$/u
const DEPTH = 10

const TAGS: Readonly<Record<string, string>> = {
  variable_start_string: "variableStart",
  variable_end_string: "variableEnd",
  block_start_string: "blockStart",
  block_end_string: "blockEnd",
  comment_start_string: "commentStart",
  comment_end_string: "commentEnd"
}
const PASSED_THROUGH: ReadonlySet<string> = new Set(["uses-service-user", "use-ini-password", "keep_trailing_newline"])
const FLAGS: Readonly<Record<string, string>> = { trim_blocks: "trimBlocks", lstrip_blocks: "lstripBlocks" }

const environmentOptions = (options: JsonObject): Record<string, unknown> => {
  const tags: Record<string, string> = {}
  const flags: Record<string, boolean> = {}
  for (const [name, value] of Object.entries(options)) {
    const tag = TAGS[name]
    const flag = FLAGS[name]
    if (tag !== undefined && typeof value === "string") tags[tag] = value
    else if (flag !== undefined && typeof value === "boolean") flags[flag] = value
    else if (!PASSED_THROUGH.has(name)) throw new Error(`the option ${name} is not known`)
  }
  return { autoescape: false, ...flags, ...(Object.keys(tags).length === 0 ? {} : { tags }) }
}

const plain = (value: Value): unknown => {
  if (value instanceof Map)
    return Object.assign(Object.create(null), Object.fromEntries([...value].map(([key, each]) => [key, plain(each)])))
  if (value instanceof Set) return [...value]
  return Array.isArray(value) ? value.map(plain) : value
}

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value))
const iniEscape = (value: unknown): string => text(value).replaceAll("$", () => "$$")
const iniQuote = (value: unknown): string => `"${iniEscape(value).replaceAll('"', '\\"')}"`

const renderText = (
  input: RenderInput,
  template: Template,
  derived: ReadonlyMap<string, string>,
  depth: number
): string => {
  if (depth > DEPTH) throw new Error(`templates render each other more than ${DEPTH} deep`)
  const { values, unavailable } = input.context
  const environment = new nunjucks.Environment(null, environmentOptions(template.options) as nunjucks.ConfigureOptions)
  const derive = (username: unknown, host: unknown) => {
    const user = text(username) || text(values.get("username"))
    const site = text(host) || text(values.get("host"))
    const password = derived.get(`${user}\n${site}`)
    if (password === undefined) throw new Missing(user, site)
    return password
  }
  environment.addFilter("ini_escape", iniEscape)
  environment.addFilter("ini_quote", iniQuote)
  environment.addFilter("quote", iniQuote)
  environment.addFilter("b64enc", (value: unknown) => Buffer.from(text(value)).toString("base64"))
  environment.addFilter("sha256sum", (value: unknown) => createHash("sha256").update(text(value)).digest("hex"))
  environment.addFilter("derive_password", derive)
  environment.addFilter("render", (name: unknown) => {
    const other = input.library.get(text(name))
    if (other === undefined) throw new Error(`there is no template ${text(name)}`)
    return renderText(input, other, derived, depth + 1)
  })
  check(template.source, environment)
  const context = Object.fromEntries([...values].map(([key, value]) => [key, plain(value)]))
  for (const [name, reason] of unavailable) {
    if (new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(template.source)) throw new Error(reason)
  }
  return environment.renderString(template.source, context).replace(/\n$/, "")
}

/** Symbols go into generated code as they are: only names may. */
const check = (source: string, environment: nunjucks.Environment): void => {
  const { lexer } = nunjucks as unknown as {
    readonly lexer: {
      lex(source: string, options: unknown): { nextToken(): { type: string; value: string; lineno: number } | null }
    }
  }
  const tokens = lexer.lex(source, (environment as unknown as { opts: unknown }).opts)
  for (let token = tokens.nextToken(); token !== null; token = tokens.nextToken()) {
    if (
      token.type === "symbol" &&
      (!IDENTIFIER.test(token.value) || /^(?:constructor|prototype|__proto__)$/.test(token.value))
    ) {
      throw new Error(`[Line ${token.lineno + 1}] ${token.value.slice(0, 40)} is no name that a template may use`)
    }
  }
}
