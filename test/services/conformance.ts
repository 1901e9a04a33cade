import { createHash } from "node:crypto"
import { Option, Predicate, Result, Schema } from "effect"
import type { Json, JsonObject } from "../../src/domain/Manifest.ts"
import type { Value } from "../../src/domain/Value.ts"
import { render } from "../../src/services/jinja/Engine.ts"
import { Failure } from "../../src/services/jinja/Failure.ts"
import type { Programs, Source } from "../../src/services/jinja/Programs.ts"
import { parseFloating } from "../../src/services/jinja/python/Parsing.ts"
import { Dict } from "../../src/services/jinja/values/Dict.ts"
import { Float } from "../../src/services/jinja/values/Float.ts"
import { PySet } from "../../src/services/jinja/values/PySet.ts"
import { Range } from "../../src/services/jinja/values/Range.ts"
import type { Val } from "../../src/services/jinja/values/Thing.ts"
import { Tuple } from "../../src/services/jinja/values/Tuple.ts"

const Options = Schema.Record(Schema.String, Schema.Json)

const Templates = Schema.Record(
  Schema.String,
  Schema.Union([Schema.String, Schema.Struct({ src: Schema.String, opts: Schema.optionalKey(Options) })])
)

const Case = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  cat: Schema.String,
  src: Schema.String,
  opts: Schema.optionalKey(Options),
  templates: Schema.optionalKey(Templates),
  ctx: Schema.optionalKey(Options),
  expect: Schema.Union([
    Schema.Struct({ out: Schema.String }),
    Schema.Struct({ error: Schema.String, templateError: Schema.optionalKey(Schema.Boolean) })
  ])
})

/** One template, its context, and what Jinja2 made of it. */
export type Case = typeof Case.Type

/** Templates and a context at the head belong to every case. */
const File = Schema.Struct({
  templates: Schema.optionalKey(Templates),
  ctx: Schema.optionalKey(Options),
  cases: Schema.Array(Case)
})
const decodeFile = Schema.decodeUnknownResult(Schema.fromJsonString(File))

/** The cases of a recorded file (its head explains the tagged values). */
export const casesOf = (text: string): ReadonlyArray<Case> => {
  const { templates = {}, ctx = {}, cases } = Result.getOrThrow(decodeFile(tagged(text)))
  return cases.map((each) => ({ templates, ctx, ...each }))
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** What JavaScript's objects would lose: the order of keys that are numbers, floats that are whole, large numbers. */
const tagged = (json: string): string =>
  json.replace(TOKEN, (token: string, colon?: string) => {
    if (colon !== undefined) return /^"\d/.test(token) ? token.replace('"', '"\\u0000') : token
    if (token.startsWith('"') || /^-?\d{1,15}$/.test(token)) return token
    return `{"${/^-?\d+$/.test(token) ? "$int" : "$float"}":"${token}"}`
  })

const entriesOf = (json: JsonObject | ReadonlyArray<Json>): ReadonlyArray<readonly [key: string, value: Json]> =>
  Object.entries(json).map(([key, value]) => [key.replace("\0", ""), value])

/**
 *   Jinja2    | here      | verdict
 *   ----------+-----------+----------------------------
 *   a text    | the same  | same
 *   a text    | an error  | refused
 *   a text    | another   | different
 *   an error  | one of the same kind | same
 *   an error  | one of another kind  | different
 *   an error  | that something is not supported | refused: it stopped before it came there
 *   an error  | a text    | different
 *   either    | a defect  | different
 */
export interface Verdict {
  readonly verdict: "same" | "refused" | "different"
  readonly got: string
}

/** The path under which a case's own template is known. */
const MAIN = "__main__"

/** What becomes of a case here, against what became of it in Jinja2. */
export const judge = (test: Case, programs: Programs): Verdict => {
  const got = Result.try(() => rendered(test, programs))
  if (Result.isFailure(got)) {
    const { failure } = got
    if (!(failure instanceof Failure)) return { verdict: "different", got: `a defect: ${String(failure)}` }
    const text = `${failure.kind}, line ${failure.line ?? "?"}: ${failure.detail}`
    if ("out" in test.expect || / is not supported$/.test(failure.detail)) return { verdict: "refused", got: text }
    return { verdict: kindOf(test.expect.error) === kindOf(failure.kind) ? "same" : "different", got: text }
  }
  const isSame = "out" in test.expect && test.expect.out === got.success
  return { verdict: isSame ? "same" : "different", got: got.success }
}

// Python's exceptions and the kinds of this renderer: what the language itself raises is of type or limit.
const kindOf = (error: string): string =>
  KINDS.get(error) ?? (error === "syntax" || error === "undefined" ? error : "type")

const KINDS: ReadonlyMap<string, string> = new Map([
  ["SyntaxError", "syntax"],
  ["TemplateSyntaxError", "syntax"],
  ["TemplateAssertionError", "syntax"],
  ["UndefinedError", "undefined"],
  ["TemplateNotFound", "undefined"],
  ["TemplatesNotFound", "undefined"]
])

const rendered = ({ src, opts = {}, templates = {}, ctx = {} }: Case, programs: Programs): string => {
  const library = new Map<string, Source>(
    Object.entries(templates).map(([path, template]) =>
      Predicate.isString(template)
        ? [path, { source: template, options: {} }]
        : [path, { source: template.src, options: template.opts ?? {} }]
    )
  )
  library.set(MAIN, { source: src, options: opts })
  return render(
    {
      path: MAIN,
      find: (path) => library.get(path),
      values: new Map(entriesOf(ctx).map(([name, value]) => [name, valueOf(value)])),
      password: (username, host) =>
        derived(username, host, Predicate.isString(ctx.master_password) ? ctx.master_password : "")
    },
    programs
  )
}

/** What the recording had in place of the master password's algorithm. */
export const derived = (username: string, host: string, seed: string): string => {
  const digest = createHash("sha256").update([username, host, seed].join("\0")).digest("hex")
  return `P$${digest.slice(0, 10)}"`
}

/** A value of the recording as the operator has it, for the kinds that both know. */
export const plain = (json: Json): Value => {
  if (Array.isArray(json)) return json.map(plain)
  if (json === null || typeof json !== "object") return json
  const [entry] = Object.entries(json)
  if (entry?.[0] === "$set") return new Set(Array.isArray(entry[1]) ? entry[1].map(plain) : [])
  if (entry?.[0] === "$float") return { float: Number(entry[1]) }
  if (entry?.[0] === "$int") return BigInt(String(entry[1]))
  return new Map(entriesOf(json).map(([key, value]) => [key, plain(value)]))
}

const Pairs = Schema.Array(Schema.Tuple([Schema.Json, Schema.Json]))
const decodePairs = Schema.decodeUnknownOption(Pairs)

/** A value of the recording: JSON, with tags for what JSON has not. */
const valueOf = (json: Json): Val => {
  if (json === null || typeof json !== "object") return json
  if (Array.isArray(json)) return json.map(valueOf)
  const [entry] = Object.entries(json)
  if (entry === undefined) return new Dict()
  const [tag, content] = entry
  const items = Array.isArray(content) ? content.map(valueOf) : []
  switch (tag) {
    case "$set":
      return new PySet(items)
    case "$tuple":
      return new Tuple(items)
    case "$float":
      return new Float(parseFloating(String(content)) ?? 0)
    case "$int":
      return BigInt(String(content))
    case "$range": {
      const [start = 0, stop = 0, step = 1] = items.map(Number)
      return new Range(start, stop, step)
    }
    case "$dict":
      return new Dict(
        Option.getOrElse(decodePairs(content), () => []).map(([key, value]) => [valueOf(key), valueOf(value)])
      )
    default:
      return new Dict(entriesOf(json).map(([key, value]) => [key, valueOf(value)]))
  }
}
