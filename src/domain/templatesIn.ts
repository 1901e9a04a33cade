import { Predicate, Result } from "effect"
import type { Json, JsonObject } from "./Manifest.ts"
import { GROUP } from "./Owner.ts"
import type { Found, Problem } from "./Problem.ts"
import { decode, key, TEMPLATE_KIND } from "./Template.ts"

/** What a file holds for `render`. */
export interface Contents {
  readonly found: ReadonlyArray<Found>
  readonly problems: ReadonlyArray<Problem>
  /** What is left aside, and why. */
  readonly notices: ReadonlyArray<string>
}

/**
 * The templates among the documents of a file.
 *
 *   document                          | becomes
 *   ----------------------------------+---------------------------------------------------------
 *   empty                             | nothing
 *   a VCenterTemplate                 | a template, or the problems of it
 *   – without a namespace             | a template in the operator's own namespace
 *   a List                            | each item as a document of its own
 *   anything else                     | a notice
 *
 * @param ownNamespace where `kubectl apply` would put a template that names no namespace
 */
export const templatesIn = (file: string, documents: ReadonlyArray<Json>, ownNamespace: string): Contents => {
  const found: Array<Found> = []
  const problems: Array<Problem> = []
  const notices: Array<string> = []
  for (const [index, document] of documents.entries()) {
    for (const item of itemsOf(document)) {
      if (!isTemplate(item)) {
        notices.push(`${file}: document ${index + 1} is ${nameOf(item)}: left aside`)
        continue
      }
      const decoded = decode(withDefaults(item, ownNamespace))
      if (Result.isSuccess(decoded)) {
        found.push({ template: decoded.success, file })
        continue
      }
      const { name, namespace, message } = decoded.failure
      problems.push({
        kind: "template",
        file,
        message: name === "" ? `document ${index + 1}: ${message}` : message,
        ...(name === "" ? {} : { template: key({ namespace, name }) })
      })
    }
  }
  return { found, problems, notices }
}

/** Templates of all files, each name once: of two with the same name the first counts, and the second is a problem. */
export const together = (all: ReadonlyArray<Found>): Pick<Contents, "found" | "problems"> => {
  const found = new Map<string, Found>()
  const problems: Array<Problem> = []
  for (const each of all) {
    const name = key(each.template)
    const first = found.get(name)
    if (first === undefined) found.set(name, each)
    else {
      const message = `the template is in ${first.file} already: give one of them another name`
      problems.push({ kind: "duplicate", file: each.file, template: name, message })
    }
  }
  return { found: [...found.values()], problems }
}

const itemsOf = (document: Json): ReadonlyArray<Json> => {
  if (document === null) return []
  return isObject(document) &&
    typeof document.kind === "string" &&
    /List$/.test(document.kind) &&
    isList(document.items)
    ? document.items.flatMap(itemsOf)
    : [document]
}

const isTemplate = (document: Json): document is JsonObject =>
  isObject(document) &&
  document.kind === TEMPLATE_KIND &&
  typeof document.apiVersion === "string" &&
  document.apiVersion.startsWith(`${GROUP}/`)

/** The API server gives a template its UID; a file of an author has none. */
const withDefaults = (document: JsonObject, namespace: string): JsonObject =>
  isObject(document.metadata)
    ? { ...document, metadata: { namespace, uid: "none: read from a file", ...document.metadata } }
    : document

const nameOf = (document: Json): string => {
  if (!isObject(document) || typeof document.kind !== "string") return "no Kubernetes object"
  const name = isObject(document.metadata) ? document.metadata.name : undefined
  return typeof name === "string" ? `${document.kind} ${name}` : `a ${document.kind}`
}

const isObject = (value: Json | undefined): value is JsonObject => Predicate.isObject(value) && !Array.isArray(value)

const isList = (value: Json | undefined): value is ReadonlyArray<Json> => Array.isArray(value)
