import type { Collection, KubeObject } from "../../src/services/Kube.ts"
import { isObject, stringOf } from "../../src/services/kube/Json.ts"
import type { Kind } from "./Kinds.ts"

/** Whether an object belongs to a collection. */
export const matcher = (
  kind: Kind,
  { namespace, name, labelSelector }: Collection
): ((object: KubeObject) => boolean) => {
  const selected = selector(labelSelector)
  return (object) =>
    object.apiVersion === kind.apiVersion &&
    object.kind === kind.kind &&
    (namespace === undefined || namespace === "" || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    selected(object)
}

type Requirement = (labels: ReadonlyMap<string, string>) => boolean

/**
 * A label selector as the API takes it ("Labels and Selectors", Kubernetes documentation). It throws on what it cannot read.
 *
 *   requirement        | met by objects whose label
 *   -------------------+---------------------------------
 *   a=b, a==b          | is that
 *   a!=b               | is another or missing
 *   a in (b,c)         | is one of them
 *   a notin (b,c)      | is none of them or missing
 *   a                  | exists
 *   !a                 | is missing
 */
const selector = (text: string | undefined): ((object: KubeObject) => boolean) => {
  const requirements = text === undefined || text.trim() === "" ? [] : split(text).map(requirement)
  return ({ metadata }) => {
    const labels = new Map(
      Object.entries(isObject(metadata.labels) ? metadata.labels : {}).map(([key, value]) => [
        key,
        stringOf(value) ?? ""
      ])
    )
    return requirements.every((holds) => holds(labels))
  }
}

/** By the commas that are not inside parentheses. */
const split = (text: string): ReadonlyArray<string> => text.split(/,(?![^(]*\))/).map((part) => part.trim())

const KEY = String.raw`([\w./-]+)`

const requirement = (text: string): Requirement => {
  const exists = new RegExp(`^${KEY}$`).exec(text)
  if (exists !== null) return (labels) => labels.has(exists[1] ?? "")
  const missing = new RegExp(`^!\\s*${KEY}$`).exec(text)
  if (missing !== null) return (labels) => !labels.has(missing[1] ?? "")
  const [, key = "", operator, value = ""] = new RegExp(`^${KEY}\\s*(==|=|!=)\\s*([\\w.-]*)$`).exec(text) ?? []
  if (operator !== undefined) return (labels) => (labels.get(key) === value) === (operator !== "!=")
  const [, name = "", verb, list = ""] = new RegExp(`^${KEY}\\s+(in|notin)\\s+\\(([^)]*)\\)$`).exec(text) ?? []
  if (verb === undefined) throw new Error(`the sandbox cannot read the label selector "${text}"`)
  const values = new Set(list.split(",").map((part) => part.trim()))
  return (labels) => values.has(labels.get(name) ?? "\u0000") === (verb === "in")
}
