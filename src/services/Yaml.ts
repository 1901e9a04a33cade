import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import {
  Document,
  isCollection,
  isScalar,
  parseAllDocuments,
  type Range,
  Scalar,
  type ScalarTag,
  type Tags,
  visit
} from "yaml"
import type { Json } from "../domain/Manifest.ts"
import { FLOAT, INT, readFloat, readInt } from "./yamlNumbers.ts"

/** Why a text is no YAML, and the 1-based line of it. */
export interface YamlError {
  readonly line: number
  readonly detail: string
}

const TAG = "tag:yaml.org,2002:"

const scalar = (name: string, test: RegExp, resolve: ScalarTag["resolve"]): ScalarTag => ({
  default: true,
  tag: `${TAG}${name}`,
  test,
  resolve
})

/** What PyYAML takes for a boolean (unlike YAML 1.1 not `y` and `n`) and for a number. */
const PYYAML: Tags = [
  scalar("bool", /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true),
  scalar("bool", /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false),
  scalar("int", INT, (text, onError) => {
    const value = readInt(text)
    if (!Number.isSafeInteger(value)) onError("a whole number is larger than JSON carries safely, quote it")
    return value
  }),
  scalar("float", FLOAT, (text) => readFloat(text))
]

/** Texts for which PyYAML's SafeLoader has a type but no value. */
const REFUSED: Tags = [
  scalar("value", /^(?:=|<<)$/, (text, onError) => {
    onError(`a plain ${text} stands for no value, quote it`)
    return text
  })
]

const REPLACED: ReadonlySet<string> = new Set(["bool", "int", "float", "timestamp"].map((name) => TAG + name))

/** YAML 1.1 as PyYAML's safe_load reads it; timestamps stay the text they are, for that is what the API wants. */
const likePyYaml = (tags: Tags): Tags => [
  ...PYYAML,
  ...tags.filter((tag) => typeof tag === "string" || !REPLACED.has(tag.tag)),
  ...REFUSED
]

/** Characters that YAML 1.1 allows in no document, and those that it takes for ends of lines. */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/**
 * The documents of a text, empty ones as null: YAML 1.1 as PyYAML reads it, because templates were written for it
 * (`on`, `0644`, `1_000`, sexagesimals, merge keys; of duplicate keys the last one counts). What PyYAML refuses is
 * refused, as far as it is known to; and what has no form in JSON. No message shows what stands in the text.
 */
export const parse = (text: string): Result.Result<ReadonlyArray<Json>, YamlError> => {
  const forbidden = FORBIDDEN.exec(text)
  if (forbidden !== null) {
    const code = forbidden[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")
    return failure(text, forbidden.index, `the character U+${code} may only stand in quotes, as an escape`)
  }
  const documents = parseAllDocuments(text, {
    version: "1.1",
    schema: "yaml-1.1",
    uniqueKeys: false,
    prettyErrors: true,
    logLevel: "silent",
    customTags: likePyYaml
  })
  // Nothing but a directive or a comment gives no documents, and may be an error all the same.
  const [problem] = "empty" in documents ? documents.errors : []
  if (problem !== undefined) return failure(text, problem.pos[0], wordsOf(problem.message))
  const values: Array<Json> = []
  for (const [at, document] of documents.entries()) {
    const value = valueOf(document, at, text)
    if (Result.isFailure(value)) return Result.fail(value.failure)
    values.push(value.success)
  }
  return Result.succeed(values)
}

const valueOf = (document: Document.Parsed, at: number, text: string): Result.Result<Json, YamlError> => {
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined) return failure(text, problem.pos[0], wordsOf(problem.message))
  if (at > 0 && document.directives.docStart !== true) {
    return failure(text, document.range[0], "a document after the first has to begin with ---")
  }
  const odd = oddity(document, text)
  if (odd !== undefined) return failure(text, odd.offset, odd.detail)
  const value = Result.try({
    try: (): unknown => document.toJS({ maxAliasCount: 100 }) ?? null,
    catch: (error) => wordsOf(error instanceof Error ? error.message : "an alias that cannot be resolved")
  })
  if (Result.isFailure(value)) return failure(text, document.range[0], value.failure)
  if (isJson(value.success)) return Result.succeed(value.success)
  return failure(text, document.range[0], "a value has no form in JSON (binary, a set, or a number that is none)")
}

const failure = (text: string, offset: number, detail: string): Result.Result<never, YamlError> =>
  Result.fail({ line: text.slice(0, offset).split("\n").length, detail })

/** A place in a document where PyYAML stops, and this parser would go on. */
interface Oddity {
  readonly offset: number
  readonly detail: string
}

/**
 *   node                              | PyYAML                 | done here
 *   ----------------------------------+------------------------+------------------------------------
 *   a tag `!` without a name          | refuses it             | the same
 *   a tab in or beside plain text     | refuses it             | the same
 *   a mapping or list as a key        | refuses it             | the same
 *   an empty key                      | None                   | refused: no key of JSON
 *   a block text that the end cuts    | no line break at its end | the break that was added is taken away
 */
const oddity = (document: Document.Parsed, text: string): Oddity | undefined => {
  let found: Oddity | undefined
  const note = (node: { readonly range?: Range | null | undefined }, detail: string): symbol => {
    found = { offset: node.range?.[0] ?? 0, detail }
    return visit.BREAK
  }
  visit(document, {
    Node: (_, node) => ("tag" in node && node.tag === "!" ? note(node, "the tag ! stands for no type") : undefined),
    Pair: (_, { key }) => {
      if (isCollection(key)) return note(key, "a mapping or a list cannot be a key")
      return isScalar(key) && key.value === null ? note(key, "a key is empty") : undefined
    },
    Scalar: (_, node) => {
      if (node.tag === "!") return note(node, "the tag ! stands for no type")
      if (node.type === Scalar.PLAIN && touchesTab(node, text))
        return note(node, "a tab in or beside plain text: quote it")
      if (isCut(node, text) && typeof node.value === "string") node.value = node.value.replace(/\n$/, "")
      return undefined
    }
  })
  return found
}

const touchesTab = ({ range }: Scalar, text: string): boolean =>
  range !== undefined && range !== null && text.slice(Math.max(0, range[0] - 1), range[1] + 1).includes("\t")

// Jinja2 takes the last line break of a text, which may be that of a block text: PyYAML then adds none.
const isCut = ({ type, range }: Scalar, text: string): boolean =>
  (type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) &&
  range?.[1] === text.length &&
  text.slice(text.lastIndexOf("\n") + 1).trim() !== ""

// What follows a colon may be a piece of the text, and that a secret.
const wordsOf = (message: string): string =>
  message
    .split("\n")[0]
    ?.replace(/ at line \d+, column \d+:?$/, "")
    .replace(/: .*$/, "") ?? message

const isJson = (value: unknown): value is Json => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true
  if (typeof value === "number") return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  return (
    Predicate.isObject(value) && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
  )
}

/**
 * A value as YAML in block style, keys in their order; lines are not folded. What YAML 1.1 would take for something
 * else than the text it is (`yes`, `0644`, `1:30`) is quoted: `parse`, PyYAML and kubectl read back the same value.
 */
export const print = (value: unknown): string => {
  const document = new Document(value, {
    version: "1.1",
    schema: "yaml-1.1",
    aliasDuplicateObjects: false,
    customTags: (tags) => [...tags.filter((tag) => typeof tag !== "string" && tag.tag !== `${TAG}merge`), ...REFUSED]
  })
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && needsEscapes(node.value)) node.type = Scalar.QUOTE_DOUBLE
    }
  })
  document.directives = undefined
  return document.toString({ lineWidth: 0 }).replaceAll(FORBIDDEN_EVERYWHERE, escaped)
}

const FORBIDDEN_EVERYWHERE = new RegExp(FORBIDDEN, "gu")

const needsEscapes = (text: string): boolean => FORBIDDEN.test(text) || (/[\t\r]/.test(text) && !/\n/.test(text))

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
