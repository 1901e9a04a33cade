import { Result } from "effect"
import type { Failure } from "./Failure.ts"

/** How the server serves a kind. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

/** What a path leads to: a collection without `name`, in all namespaces without `namespace`. */
export interface Place {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: "status"
}

/** The path of a group-version's discovery document, and the beginning of all paths in it. */
export const root = (apiVersion: string): Result.Result<string, Failure> => {
  const [group = "", version, ...rest] = apiVersion.split("/")
  if (rest.length > 0) return refuse(`"${apiVersion}" is no apiVersion`)
  return version === undefined
    ? Result.map(segment("apiVersion", group), (encoded) => `/api/${encoded}`)
    : Result.map(Result.all([segment("group", group), segment("version", version)]), ([g, v]) => `/apis/${g}/${v}`)
}

/**
 * The path of an object or a collection. A name that would lead elsewhere is refused here: after URL normalisation
 * `DELETE …/secrets/` is every Secret, and `DELETE …/secrets/..` the namespace.
 *
 *   kind       | namespace | name | path
 *   -----------+-----------+------+------------------------------------------
 *   namespaced | given     | any  | root/namespaces/NAMESPACE/PLURAL[/NAME]
 *   namespaced | left out  | no   | root/PLURAL: all namespaces
 *   namespaced | left out  | yes  | refused
 *   cluster    | given     | any  | refused
 *   cluster    | left out  | any  | root/PLURAL[/NAME]
 *
 * An empty namespace counts as left out; an empty name is refused.
 */
export const path = (resource: Resource, { namespace, name, subresource }: Place): Result.Result<string, Failure> => {
  const inNamespace = namespace !== undefined && namespace !== ""
  if (inNamespace && !resource.namespaced) return refuse(`${resource.kind} is cluster-scoped: it takes no namespace`)
  if (!inNamespace && resource.namespaced && name !== undefined) return refuse(`${resource.kind} needs a namespace`)
  return Result.gen(function* () {
    const parts = [yield* root(resource.apiVersion)]
    if (inNamespace) parts.push("namespaces", yield* segment("namespace", namespace))
    parts.push(yield* segment("plural", resource.plural))
    if (name !== undefined) parts.push(yield* segment("name", name))
    if (subresource !== undefined) parts.push(subresource)
    return parts.join("/")
  })
}

/** One segment of a path, by the server's own rule (apimachinery, `IsValidPathSegmentName`) and never empty. */
const segment = (what: string, text: string): Result.Result<string, Failure> =>
  text === "" || text === "." || text === ".." || /[/%]/.test(text)
    ? refuse(`"${text}" is no ${what}`)
    : Result.succeed(encodeURIComponent(text))

const refuse = (detail: string): Result.Result<never, Failure> => Result.fail({ reason: "Rejected", detail })
