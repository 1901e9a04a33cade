import { Result } from "effect"
import type { Json, JsonObject } from "../../domain/Manifest.ts"
import type { KubeObject } from "../Kube.ts"

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const isArray = (value: Json | undefined): value is ReadonlyArray<Json> => Array.isArray(value)

/** What an answer's text says, or why it is no JSON. */
export const parse = (text: string): Result.Result<Json, string> => {
  try {
    return Result.succeed(JSON.parse(text))
  } catch {
    // The parser's message quotes the text, which may be a Secret.
    return Result.fail(`the answer is not JSON (${text.length} characters)`)
  }
}

export const isKubeObject = (value: Json | undefined): value is KubeObject =>
  isObject(value) &&
  typeof value.apiVersion === "string" &&
  typeof value.kind === "string" &&
  isObject(value.metadata) &&
  typeof value.metadata.name === "string"

/** The `metadata` of an object or a list; empty when there is none. */
export const metadataOf = (value: Json | undefined): JsonObject =>
  isObject(value) && isObject(value.metadata) ? value.metadata : {}

export const stringOf = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined)
