import { Predicate, Result } from "effect"
import { parseAllDocuments, type ScalarTag, stringify, type Tags } from "yaml"
import type { Json } from "../domain/Manifest.ts"

/** Why a text is no YAML, and the 1-based line of it. */
export interface YamlError {
  readonly line: number
  readonly detail: string
}

const TAG = "tag:yaml.org,2002:"

/** What PyYAML takes for a boolean: unlike YAML 1.1 not `y` and `n`. */
const booleans = (value: boolean, test: RegExp): ScalarTag => ({
  identify: Predicate.isBoolean,
  default: true,
  tag: `${TAG}bool`,
  test,
  resolve: () => value
})

/** What PyYAML takes for a float with an exponent: there must be a dot, and the exponent has a sign. */
const exponent: ScalarTag = {
  identify: Predicate.isNumber,
  default: true,
  tag: `${TAG}float`,
  test: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/,
  resolve: (text) => Number(text.replaceAll("_", ""))
}

const OURS: Tags = [
  booleans(true, /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/),
  booleans(false, /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/),
  exponent
]

const isOf = (name: string, format?: string) => (tag: Tags[number]) =>
  typeof tag === "object" && tag.tag === `${TAG}${name}` && (format === undefined || tag.format === format)

/** YAML 1.1 as PyYAML's safe_load reads it; timestamps stay the text they are, for that is what the API wants. */
const likePyYaml = (tags: Tags): Tags => [
  ...OURS,
  ...tags.filter((tag) => !isOf("bool")(tag) && !isOf("timestamp")(tag) && !isOf("float", "EXP")(tag))
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
