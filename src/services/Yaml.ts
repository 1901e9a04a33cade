import { Predicate, Result } from "effect"
import { type Document, parseAllDocuments, type ScalarTag, stringify, type Tags, visit } from "yaml"
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
    if (!Number.isSafeInteger(value)) onError(`${text} is too large for a number that JSON carries safely: quote it`)
    return value
  }),
  scalar("float", FLOAT, (text) => readFloat(text))
]

/** Texts for which PyYAML's SafeLoader has a type but no value. */
const REFUSED: Tags = [
  scalar("value", /^(?:=|<<)$/, (text, onError) => {
    onError(`a plain ${text} stands for no value: quote it`)
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
 * (`on`, `0644`, `1_000`, sexagesimals, merge keys; of duplicate keys the last one counts).
 */
export const parse = (text: string): Result.Result<ReadonlyArray<Json>, YamlError> => {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    schema: "yaml-1.1",
    uniqueKeys: false,
    prettyErrors: true,
    customTags: likePyYaml
  })
  const values: Array<Json> = []
  for (const document of Array.isArray(documents) ? documents : []) {
    const problem = document.errors[0] ?? document.warnings[0]
    if (/(?:^|\s)!(?=\s|$)/.test(text) && bareTag(document))
      return Result.fail({ line: 1, detail: "the tag ! stands for no type" })
    if (problem !== undefined) {
      return Result.fail({ line: problem.linePos?.[0].line ?? 1, detail: firstLine(problem.message) })
    }
    const value = Result.try({ try: () => document.toJS({ maxAliasCount: 100 }) as unknown, catch: String })
    if (Result.isFailure(value)) return Result.fail({ line: 1, detail: firstLine(value.failure) })
    if (!isJson(value.success ?? null)) {
      return Result.fail({ line: 1, detail: "a value has no form in JSON (binary, a set, or a number that is none)" })
    }
    values.push((value.success ?? null) as Json)
  }
  return Result.succeed(values)
}

const bareTag = (document: Document.Parsed): boolean => {
  let found = false
  visit(document, {
    Node: (_, node) => {
      found = found || ("tag" in node && node.tag === "!")
    }
  })
  return found
}

const firstLine = (message: string): string =>
  message.split("\n")[0]?.replace(/ at line \d+, column \d+:$/, "") ?? message

const isJson = (value: unknown): value is Json => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true
  if (typeof value === "number") return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  return (
    Predicate.isObject(value) && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
  )
}

/** A value as YAML in block style, keys in their order; lines are not folded. */
export const print = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
