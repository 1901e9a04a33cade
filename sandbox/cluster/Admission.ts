import { canonical, type Json, type JsonObject } from "../../src/domain/Manifest.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { isArray, isObject } from "../../src/services/kube/Json.ts"
import type { Kind } from "./Kinds.ts"

/** etcd's limit for one object. */
const LARGEST = 1.5 * 1024 * 1024
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const WORKLOADS: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"])

/** As the server stores it: without nulls, which are empty texts in `data`, and with a Secret's `stringData` in `data`. */
export const normalize = (object: KubeObject): KubeObject => {
  const { stringData, data, ...rest } = object
  const whole = {
    ...withoutNulls(rest),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: metadataOf(object)
  }
  if (object.kind !== "ConfigMap" && object.kind !== "Secret") {
    return { ...whole, ...withoutNulls({ ...given("data", data), ...given("stringData", stringData) }) }
  }
  const texts = new Map<string, Json>()
  if (isObject(data)) for (const [key, value] of Object.entries(data)) texts.set(key, value ?? "")
  else if (data !== undefined && data !== null) return { ...whole, data }
  if (isObject(stringData) && object.kind === "Secret") {
    for (const [key, value] of Object.entries(stringData))
      texts.set(key, Buffer.from(`${value ?? ""}`).toString("base64"))
  }
  // An empty map is left out (`omitempty`).
  return texts.size === 0 ? whole : { ...whole, data: Object.fromEntries(texts) }
}

const given = (name: string, value: Json | undefined): JsonObject => (value === undefined ? {} : { [name]: value })

/**
 * Why the server would not store an object, of what templates of this operator may well do wrong.
 *
 *   fault                                                  | the server's answer
 *   -------------------------------------------------------+-----------------------------
 *   name, label or label key malformed                     | 422
 *   a value of ConfigMap.data that is no text              | 500, apply of an untypeable object
 *   a value of Secret.data that is no base64               | 500, likewise
 *   workload without containers, or one without image      | 422
 *   workload whose selector does not match its template    | 422
 *   selector of a workload changed                         | 422, "field is immutable"
 *   larger than etcd takes                                 | 413
 */
export const refusal = (kind: Kind, object: KubeObject, before: KubeObject | undefined): Failure | undefined => {
  const problems = [...metadataProblems(kind, object), ...workloadProblems(object, before)]
  if (problems.length > 0) {
    const list = problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`
    return rejected(`${nameOf(kind)} "${object.metadata.name}" is invalid: ${list}`)
  }
  const untypeable = dataProblem(object)
  if (untypeable !== undefined) {
    return rejected(
      `failed to create typed patch object (/${object.metadata.name}; ${object.apiVersion}, Kind=${object.kind}): ${untypeable}`
    )
  }
  return Buffer.byteLength(JSON.stringify(object)) > LARGEST ? rejected("etcdserver: request is too large") : undefined
}

const rejected = (detail: string): Failure => ({ reason: "Rejected", detail })

/** How errors name a kind: `Deployment.apps`. */
const nameOf = ({ apiVersion, kind }: Kind): string => {
  const slash = apiVersion.indexOf("/")
  return slash === -1 ? kind : `${kind}.${apiVersion.slice(0, slash)}`
}

const metadataOf = (object: KubeObject): KubeObject["metadata"] => ({
  ...withoutNulls(object.metadata),
  name: object.metadata.name
})

const withoutNulls = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => [name, deeply(part)])
  )

const deeply = (value: Json): Json => {
  if (isArray(value)) return value.map(deeply)
  return isObject(value) ? withoutNulls(value) : value
}

const metadataProblems = ({ apiVersion }: Kind, { metadata }: KubeObject): ReadonlyArray<string> => {
  const { name } = metadata
  const problems: Array<string> = []
  const malformed = apiVersion.startsWith("rbac.") ? /[/%]|^\.{1,2}$/.test(name) : !SUBDOMAIN.test(name)
  if (malformed || name.length > 253)
    problems.push("metadata.name: Invalid value: a lowercase RFC 1123 subdomain is needed")
  for (const [key, value] of Object.entries(isObject(metadata.labels) ? metadata.labels : {})) {
    if (!LABEL_KEY.test(key))
      problems.push("metadata.labels: Invalid value: name part must consist of alphanumeric characters")
    if (typeof value !== "string" || value.length > 63 || !LABEL_VALUE.test(value)) {
      problems.push(`metadata.labels: Invalid value: the value of ${key} is no valid label`)
    }
  }
  return problems
}

const workloadProblems = (object: KubeObject, before: KubeObject | undefined): ReadonlyArray<string> => {
  if (!WORKLOADS.has(object.kind)) return []
  const spec = isObject(object.spec) ? object.spec : {}
  const template = isObject(spec.template) ? spec.template : {}
  const labels = isObject(template.metadata) && isObject(template.metadata.labels) ? template.metadata.labels : {}
  const wanted = isObject(spec.selector) && isObject(spec.selector.matchLabels) ? spec.selector.matchLabels : {}
  const containers = isObject(template.spec) && isArray(template.spec.containers) ? template.spec.containers : []
  const problems: Array<string> = []
  if (spec.selector === undefined) problems.push("spec.selector: Required value")
  if (containers.length === 0) problems.push("spec.template.spec.containers: Required value")
  containers.forEach((container, index) => {
    if (isObject(container) && container.image === undefined) {
      problems.push(`spec.template.spec.containers[${index}].image: Required value`)
    }
  })
  if (Object.entries(wanted).some(([key, value]) => labels[key] !== value)) {
    problems.push("spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`")
  }
  const old = before !== undefined && isObject(before.spec) ? before.spec.selector : undefined
  if (old !== undefined && canonical(old) !== canonical(spec.selector ?? null)) {
    problems.push("spec.selector: Invalid value: field is immutable")
  }
  return problems
}

const dataProblem = ({ kind, data }: KubeObject): string | undefined => {
  if ((kind !== "ConfigMap" && kind !== "Secret") || data === undefined) return undefined
  if (!isObject(data)) return ".data: expected map, got another type"
  for (const [key, value] of Object.entries(data)) {
    if (typeof value !== "string") return `.data.${key}: expected string, got another type`
    if (kind === "Secret" && !BASE64.test(value)) return `.data.${key}: illegal base64 data`
  }
  return undefined
}
