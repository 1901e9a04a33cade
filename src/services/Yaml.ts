import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import {
  Document,
  isCollection,
  isNode,
  isScalar,
  Lexer,
  parseAllDocuments,
  type Range,
  Scalar,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLMap,
  type YAMLSeq
} from "yaml"
import type { Json } from "../domain/Manifest.ts"
import { FLOAT, INT, readFloat, readInt } from "./yamlNumbers.ts"
import { FORBIDDEN, isImpossible, type Stop, stopIn, TIMESTAMP } from "./yamlText.ts"

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
  scalar("float", FLOAT, (text) => readFloat(text)),
  scalar("timestamp", TIMESTAMP, (text, onError) => {
    if (isImpossible(text)) onError("a date or time that there is not")
    return text
  })
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

/**
 * The documents of a text, empty ones as null: YAML 1.1 as PyYAML reads it, because templates were written for it
 * (`on`, `0644`, `1_000`, sexagesimals, merge keys; of duplicate keys the last one counts). What PyYAML refuses is
 * refused, as far as it is known to; and what has no form in JSON. No message shows what stands in the text.
 */
export const parse = (text: string): Result.Result<ReadonlyArray<Json>, YamlError> => {
  const stop = stopIn(text) ?? tabIn(text)
  if (stop !== undefined) return failure(text, stop.offset, stop.detail)
  const documents = parseAllDocuments(text, {
    version: "1.1",
    schema: "yaml-1.1",
    uniqueKeys: false,
    prettyErrors: true,
    logLevel: "silent",
    keepSourceTokens: true,
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

/** PyYAML takes no tab for white space between tokens, except in a comment. */
const tabIn = (text: string): Stop | undefined => {
  if (!text.includes("\t")) return undefined
  let offset = 0
  let isScalar = false
  for (const token of new Lexer().lex(text)) {
    if (!isScalar && /^[ \t]*\t[ \t]*$/.test(token)) return { offset, detail: "a tab between words: use spaces" }
    isScalar = token === SCALAR_FOLLOWS
    if (!MARKS.has(token)) offset += token.length
  }
  return undefined
}

/** What the lexer puts between the pieces of the text. */
const SCALAR_FOLLOWS = "\u001f"
const MARKS: ReadonlySet<string> = new Set(["\u0002", "\u0018", SCALAR_FOLLOWS])

/**
 *   node                              | PyYAML                 | done here
 *   ----------------------------------+------------------------+------------------------------------
 *   a tag `!` without a name          | text                   | refused: nobody means it
 *   !!pairs                           | a list of tuples       | refused: no form in JSON
 *   a tab in or beside plain text     | refuses it             | the same
 *   a mapping or list as a key        | refuses it             | the same
 *   an empty key, a float or a time   | None, a float, a date  | refused: no key of JSON
 *   the keys 1 and true, 0 and false  | one key                | refused
 *   << twice in one mapping           | the last one counts    | refused
 *   an odd or repeated anchor         | refuses it             | the same
 *   an alias within what it stands for| never ends             | refused
 *   a quoted text without an end      | refuses it             | the same
 *   a key of several lines            | refuses it             | the same
 *   a key that begins with ?          | reads most of them     | refused: nobody writes them
 *   ? or a leading : in [ ] or { }    | ends a text with it    | refused
 *   a block text at the left edge     | refuses it             | the same
 *   a block text that the end cuts    | no line break at its end | the break that was added is taken away
 */
const oddity = (document: Document.Parsed, text: string): Stop | undefined => {
  let found: Stop | undefined
  const anchors = new Set<string>()
  const note = (node: { readonly range?: Range | null | undefined }, detail: string): symbol => {
    found = { offset: node.range?.[0] ?? 0, detail }
    return visit.BREAK
  }
  const valueIs = (node: Scalar | YAMLMap | YAMLSeq): symbol | undefined => {
    if (node.tag === "!" || node.tag === "") return note(node, "the tag stands for no type")
    if (node.tag === `${TAG}pairs`) return note(node, "!!pairs has no form in JSON")
    const { anchor } = node
    if (anchor === undefined) return undefined
    if (!/^[\w-]+$/.test(anchor)) return note(node, "an anchor may have letters, digits, - and _ in its name")
    if (anchors.has(anchor)) return note(node, "an anchor is there twice")
    anchors.add(anchor)
    return undefined
  }
  visit(document, {
    Alias: (_, node, path) =>
      path.some((each) => isCollection(each) && each.anchor === node.source)
        ? note(node, "an alias stands within what it stands for")
        : undefined,
    Pair: (_, { key, srcToken }) => {
      if (isNode(key) && srcToken?.start.some(({ type }) => type === "explicit-key-ind") === true)
        return note(key, "a key that begins with ? is not supported")
      const before = srcToken?.sep?.findIndex(({ type }) => type === "map-value-ind") ?? 0
      if (isNode(key) && srcToken?.sep?.slice(0, before).some(({ type }) => type === "newline") === true)
        return note(key, "a key and its colon stand on different lines")
      if (isCollection(key)) return note(key, "a mapping or a list cannot be a key")
      return isScalar(key) ? oddKey(key, text, note) : undefined
    },
    Seq: (_, node) => valueIs(node),
    Map: (_, node) => {
      const keys = node.items.map(({ key }) => (isScalar(key) ? key.value : undefined))
      if (keys.filter((key) => typeof key === "symbol").length > 1) return note(node, "<< is there twice")
      const isOne = (number: number, other: boolean) => keys.includes(number) && keys.includes(other)
      return isOne(1, true) || isOne(0, false) ? note(node, "1 and true, or 0 and false, are one key") : valueIs(node)
    },
    Scalar: (_, node, path) => {
      const odd = oddText(node, text, path)
      if (odd !== undefined) return note(node, odd)
      if (isCut(node, text) && typeof node.value === "string") node.value = node.value.replace(/\n$/, "")
      return valueIs(node)
    }
  })
  return found
}

/** Why PyYAML does not read a text as it was read here. */
const oddText = (node: Scalar, text: string, path: ReadonlyArray<unknown>): string | undefined => {
  const inFlow = path.some((each) => isCollection(each) && each.flow === true)
  const source = text.slice(...(node.range ?? [0, 0]))
  switch (node.type) {
    case Scalar.PLAIN:
      if (touchesTab(node, text)) return "a tab in or beside plain text: quote it"
      return inFlow && /^:|[?]/.test(source)
        ? "a text that begins with : or holds ? in a list or mapping: quote it"
        : undefined
    case Scalar.QUOTE_DOUBLE:
      if (/\\\r?\n[ \t]*\r?\n/.test(source)) return "an escaped line break is followed by an empty line"
      return /^"(?:[^"\\]|\\[\s\S])*"$/.test(source) ? undefined : "a quoted text has no end"
    case Scalar.QUOTE_SINGLE:
      return /^'(?:[^']|'')*'$/.test(source) ? undefined : "a quoted text has no end"
    default:
      // Only a document that is nothing else can begin at the left edge.
      if (path.length === 1 && /\n\S/.test(source)) return "a block text has to be indented"
      return /^[|>][-+]?[1-9]/.test(source) && /\n +/.test(spaceAfter(node, text))
        ? "a block text ends with spaces"
        : undefined
  }
}

/** The blank lines with which a block text ends, and those behind it. */
const spaceAfter = ({ range }: Scalar, text: string): string => {
  const [start, , end] = range ?? [0, 0, 0]
  const whole = text.slice(start, end) + (/^[ \n]*(?=\n|$)/.exec(text.slice(end))?.[0] ?? "")
  return whole.slice(whole.trimEnd().length)
}

const oddKey = (key: Scalar, text: string, note: (node: Scalar, detail: string) => symbol): symbol | undefined => {
  if (key.value === null) return note(key, "a key is empty")
  if (text.slice(...(key.range ?? [0, 0])).includes("\n")) return note(key, "a key has several lines")
  const isFloat = typeof key.value === "number" && (!Number.isInteger(key.value) || /[.]/.test(key.source ?? ""))
  const isTime = key.type === Scalar.PLAIN && TIMESTAMP.test(key.source ?? "")
  return isFloat || isTime ? note(key, "a float or a time cannot be a key, quote it") : undefined
}

const touchesTab = ({ range }: Scalar, text: string): boolean =>
  range !== undefined && range !== null && text.slice(Math.max(0, range[0] - 1), range[1] + 1).includes("\t")

const isBlock = ({ type }: Scalar): boolean => type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED

// Jinja2 takes the last line break of a text, which may be that of a block text: PyYAML then adds none.
const isCut = (node: Scalar, text: string): boolean => {
  if (!isBlock(node) || node.range?.[1] !== text.length) return false
  const last = text.slice(text.lastIndexOf("\n") + 1)
  // Spaces alone are text where they reach beyond the indentation.
  const value = String(node.value)
  if (/^\n+$/.test(value)) return value.length >= text.slice(node.range[0]).split("\n").length - 1
  return /[^ ]/.test(last) || (last !== "" && /(?:^|\n) +\n$/.test(value))
}

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
