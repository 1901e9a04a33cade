import { Predicate } from "effect"
import type { Json, JsonObject } from "./Manifest.ts"

export const REDACTED = "<redacted>"

/** A shorter secret would tear ordinary words apart, and is none. */
const SHORTEST = 4

/**
 * Every spelling in which a secret may stand in what templates render: as it is, doubled and quoted for ini files,
 * escaped for JSON and YAML, for URLs and XML, and in base64.
 */
const spellings = (secret: string): ReadonlyArray<string> => {
  const doubled = secret.replaceAll("$", "$$$$")
  const plain = [secret, doubled, doubled.replaceAll('"', '\\"')]
  return [
    ...plain,
    ...plain.map((text) => JSON.stringify(text).slice(1, -1)),
    ...plain.map((text) => text.replaceAll("'", "''")),
    encodeURIComponent(secret.toWellFormed()),
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    ...plain.map((text) => Buffer.from(text, "utf8").toString("base64"))
  ]
}

/** Every spelling of each list of secrets, for as long as the list lives: making them costs more than looking for them. */
const remembered = new WeakMap<ReadonlyArray<string>, ReadonlyArray<string>>()

const longestFirst = (secrets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const known = remembered.get(secrets)
  if (known !== undefined) return known
  const all = new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(spellings))
  const sorted = [...all].sort((a, b) => b.length - a.length)
  remembered.set(secrets, sorted)
  return sorted
}

/** The text without the secrets, in whichever spelling they stand in it; the longest are taken out first. */
export const redact = (text: string, secrets: ReadonlyArray<string>): string =>
  longestFirst(secrets).reduce((left, spelling) => left.replaceAll(spelling, REDACTED), text)

/**
 * A Kubernetes object fit to be shown: of a Secret no value, of any other kind no text that holds a secret, also where
 * it is base64 of a longer text.
 */
export const redactManifest = (body: JsonObject, secrets: ReadonlyArray<string>): JsonObject => {
  const leaf = (text: string): string => {
    const shown = redact(text, secrets)
    const decoded = decode(text)
    return shown === text && decoded !== undefined && redact(decoded, secrets) !== decoded ? REDACTED : shown
  }
  const values = Object.entries(body).map(([key, value]): readonly [string, Json] => [
    key,
    body.kind === "Secret" && (key === "data" || key === "stringData") ? hideAll(value) : walk(value, leaf)
  ])
  return Object.fromEntries(values)
}

const walk = (value: Json, leaf: (text: string) => string): Json => {
  if (typeof value === "string") return leaf(value)
  if (Array.isArray(value)) return value.map((each) => walk(each, leaf))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, leaf)]))
  return value
}

const hideAll = (value: Json): Json =>
  isObject(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED])) : REDACTED

const isObject = (value: Json): value is JsonObject => Predicate.isObject(value) && !Array.isArray(value)

const decode = (text: string): string | undefined =>
  text.length >= SHORTEST && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, "base64").toString("utf8")
    : undefined
