import { Predicate } from "effect"
import { groupOf, id, type Json, type JsonObject, type Manifest } from "./Manifest.ts"
import { isOwn } from "./OwnObjects.ts"
import type { Settings } from "./Settings.ts"

/** What is known where documents become manifests. */
export interface Rendered {
  /** The documents of one rendering; an empty one is null. */
  readonly documents: ReadonlyArray<Json>
  readonly template: { readonly namespace: string }
  readonly settings: Pick<Settings, "namespace" | "namespacePolicy">
  /** The operator's own namespace. */
  readonly ownNamespace: string
  /** Whether a kind lives in a namespace; undefined when the server does not serve it. */
  readonly isNamespaced: (apiVersion: string, kind: string) => boolean | undefined
}

/** A document that cannot be applied. The message says which, what is wrong and what to do. */
export interface DocumentProblem {
  /** 1-based. */
  readonly document: number
  readonly message: string
}

export interface Manifests {
  readonly manifests: ReadonlyArray<Manifest>
  readonly problems: ReadonlyArray<DocumentProblem>
}

/**
 * The manifests in the documents of one rendering. A problem of one document loses none of the others; what its
 * template rendered before is unknown then, which is the caller's to respect.
 *
 *   document                                     | becomes
 *   ---------------------------------------------+--------------------------------------------------
 *   empty                                        | nothing
 *   no mapping, a List                           | problem
 *   without apiVersion, kind or metadata.name    | problem
 *   a name that is no path segment (RFC 3986)    | problem
 *   a kind that is not served                    | problem
 *   a cluster-scoped kind                        | problem: never applied
 *   without a namespace                          | manifest in the target namespace
 *   with another namespace than the target       | problem
 *   one of the operator's own objects            | problem
 *   with fields that only the server sets        | problem
 *   a Secret with stringData                     | manifest with data
 *   the identity of an earlier document          | problem
 */
export const manifests = (rendered: Rendered): Manifests => {
  const found: Array<Manifest> = []
  const problems: Array<DocumentProblem> = []
  const seen = new Map<string, number>()
  for (const [index, document] of rendered.documents.entries()) {
    if (document === null) continue
    const number = index + 1
    const read = manifest(document, rendered)
    if (typeof read === "string") {
      problems.push({ document: number, message: `document ${number}: ${read}` })
      continue
    }
    const earlier = seen.get(id(read))
    if (earlier === undefined) {
      seen.set(id(read), number)
      found.push(read)
    } else {
      const message = `document ${number}: ${read.kind} ${read.name} is document ${earlier} already: give it another name`
      problems.push({ document: number, message })
    }
  }
  return { manifests: found, problems }
}

/** Metadata that the server sets: applying it would fail later, or bind the object to one that is gone. */
const SERVER_SET = ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields"]

/** A manifest, or what is wrong with the document. */
const manifest = (document: Json, { template, settings, ownNamespace, isNamespaced }: Rendered): Manifest | string => {
  if (!isObject(document)) return "is no mapping: expected a Kubernetes object"
  const { apiVersion, kind, metadata } = document
  if (typeof apiVersion !== "string" || apiVersion === "") return "has no apiVersion"
  if (typeof kind !== "string" || kind === "") return "has no kind"
  if (kind.endsWith("List") && "items" in document) return `is a ${kind}: write its items as documents of their own`
  if (!isObject(metadata) || typeof metadata.name !== "string" || metadata.name === "") {
    return `${kind} has no metadata.name`
  }
  const { name } = metadata
  const what = `${kind} ${name}`
  if (!isSegment(name)) return `${what}: the name may hold no slash, no percent sign and no white space`
  const namespaced = isNamespaced(apiVersion, kind)
  if (namespaced === undefined)
    return `${what}: the server does not serve ${apiVersion} ${kind}: install its CRD, or correct it`
  if (!namespaced) return `${what}: objects outside a namespace are never applied: apply it by other means`
  const target = settings.namespacePolicy === "target" ? settings.namespace : template.namespace
  const namespace = metadata.namespace ?? target
  if (namespace !== target) {
    return `${what}: namespace ${typeof namespace === "string" ? namespace : "of another type"} is not the target ${target}: leave it out`
  }
  if (isOwn({ apiVersion, kind, namespace: target, name }, ownNamespace)) {
    return `${what}: the operator keeps this object for itself, no template may render it: give it another name`
  }
  const set = SERVER_SET.filter((field) => field in metadata)
  if (set.length > 0) return `${what}: metadata.${set.join(", metadata.")} is set by the server: leave it out`
  // A status is the controller's to write, and the server drops it.
  const { status: _, ...body } = document
  const plain = kind === "Secret" && apiVersion === "v1" ? withData(body) : body
  if (typeof plain === "string") return `${what}: ${plain}`
  return {
    apiVersion,
    group: groupOf(apiVersion),
    kind,
    namespace,
    name,
    body: { ...plain, metadata: { ...metadata, namespace } }
  }
}

/** `stringData` is write-only: the server moves it to `data`, and so must we, or no two applies compare. */
const withData = (secret: JsonObject): JsonObject | string => {
  const { stringData, ...rest } = secret
  if (stringData === undefined || stringData === null) return rest
  if (!isObject(stringData)) return "stringData is no mapping"
  const encoded: Record<string, Json> = {}
  for (const [key, value] of Object.entries(stringData)) {
    if (typeof value !== "string") return `stringData.${key} is no text: quote it`
    encoded[key] = Buffer.from(value, "utf8").toString("base64")
  }
  return { ...rest, data: { ...(isObject(rest.data) ? rest.data : {}), ...encoded } }
}

const isObject = (value: Json | undefined): value is JsonObject => Predicate.isObject(value) && !Array.isArray(value)

const isSegment = (name: string): boolean => !/[/%\s]/.test(name) && name !== "." && name !== ".."
