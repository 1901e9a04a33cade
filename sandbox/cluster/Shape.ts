import type { Json } from "../../src/domain/Manifest.ts"
import { isArray, isObject } from "../../src/services/kube/Json.ts"

/** How the server treats a map or list when several managers write it. */
export type Shape =
  /** As one value: who owns it owns all of it. */
  | { readonly _tag: "Atomic" }
  /** Item by item. */
  | { readonly _tag: "Map" }
  /** A list whose items are told apart by these keys. */
  | { readonly _tag: "Keyed"; readonly keys: ReadonlyArray<Key> }
  /** A list of scalars, each an item of its own. */
  | { readonly _tag: "Set" }

interface Key {
  readonly name: string
  /** What a missing key means. */
  readonly fallback?: string
}

const atomic: Shape = { _tag: "Atomic" }
const map: Shape = { _tag: "Map" }
const keyed = (...names: ReadonlyArray<string>): Shape => ({
  _tag: "Keyed",
  keys: names.map((name) => (name === "protocol" ? { name, fallback: "TCP" } : { name }))
})

/** Lists with keys, by the end of their path; `[]` stands for an item (OpenAPI document of Kubernetes 1.36). */
const KEYED: ReadonlyArray<readonly [RegExp, Shape]> = [
  [/(^|\.)(init|ephemeral)?containers$/i, keyed("name")],
  [/ontainers\[\]\.env$/, keyed("name")],
  [/ontainers\[\]\.ports$/, keyed("containerPort", "protocol")],
  [/ontainers\[\]\.volumeMounts$/, keyed("mountPath")],
  [/ontainers\[\]\.volumeDevices$/, keyed("devicePath")],
  [/ontainers\[\]\.resources\.claims$/, keyed("name")],
  [/spec\.volumes$/, keyed("name")],
  [/spec\.imagePullSecrets$/, keyed("name")],
  [/spec\.hostAliases$/, keyed("ip")],
  [/spec\.resourceClaims$/, keyed("name")],
  [/spec\.schedulingGates$/, keyed("name")],
  [/spec\.topologySpreadConstraints$/, keyed("topologyKey", "whenUnsatisfiable")],
  [/^Service\.spec\.ports$/, keyed("port", "protocol")],
  [/^ServiceAccount\.secrets$/, keyed("name")],
  [/\.status\.conditions$/, keyed("type")]
]

/** Maps that are one value, by their path. */
const ATOMIC: ReadonlyArray<RegExp> = [
  /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|PodDisruptionBudget|PersistentVolumeClaim|Service)\.spec\.selector$/,
  /\.(labelSelector|podSelector|namespaceSelector|nodeSelector|roleRef|claimRef|secretRef|dataSource)$/,
  /\.(configMapKeyRef|secretKeyRef|fieldRef|resourceFieldRef)$/,
  /\.requiredDuringSchedulingIgnoredDuringExecution$/,
  /(spec\.imagePullSecrets|^ServiceAccount\.secrets|\.metadata\.ownerReferences)\[\]$/
]

/**
 * The shape of a value, by where it is.
 *
 *   value | kind     | path                    | shape
 *   ------+----------+-------------------------+-------------------------------------------
 *   map   | built-in | in `ATOMIC`             | atomic
 *   map   | any      | any other               | item by item
 *   list  | any      | metadata.finalizers     | set
 *   list  | any      | metadata.ownerReferences| by uid
 *   list  | built-in | in `KEYED`              | by those keys
 *   list  | any      | any other               | atomic; so is every list of a custom resource that does not say otherwise
 *
 * @param path kind and field names with dots between, `[]` for a list item: `Deployment.spec.template.spec.containers[].env`
 */
export const shapeOf = (value: Json, path: string, builtIn: boolean): Shape | undefined => {
  if (isObject(value)) {
    return ATOMIC.some((pattern) => pattern.test(path)) && (builtIn || path.includes(".metadata.")) ? atomic : map
  }
  if (!isArray(value)) return undefined
  if (/^\w+\.metadata\.finalizers$/.test(path)) return { _tag: "Set" }
  if (/^\w+\.metadata\.ownerReferences$/.test(path)) return keyed("uid")
  return (builtIn ? KEYED.find(([pattern]) => pattern.test(path))?.[1] : undefined) ?? atomic
}

/** The path element of a list item, or why it has none. */
export const elementOf = (shape: Shape, item: Json): string => {
  if (shape._tag === "Set") return `v:${JSON.stringify(item)}`
  if (shape._tag !== "Keyed" || !isObject(item)) return ""
  const keys: Array<readonly [string, Json]> = []
  for (const { name, fallback } of shape.keys) {
    const value = item[name] ?? fallback
    if (value !== undefined) keys.push([name, value])
  }
  return `k:${JSON.stringify(Object.fromEntries(keys.sort(([a], [b]) => (a < b ? -1 : 1))))}`
}
