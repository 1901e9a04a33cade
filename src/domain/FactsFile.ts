import { Predicate, Result, Schema } from "effect"
import type { Cells } from "./Cells.ts"
import type { Facts } from "./ClusterFacts.ts"
import { type Cluster, Datacenter, type Inventory } from "./Inventory.ts"
import type { Json, JsonObject } from "./Manifest.ts"
import { placeholders } from "./placeholders.ts"
import { decode as decodeSettings, type Settings } from "./Settings.ts"

/** Everything that templates are rendered from, but the templates. */
export interface KnownFacts {
  /** Where the operator runs. */
  readonly facts: Facts
  readonly settings: Settings
  readonly cells: Cells
  /** By fully-qualified name. */
  readonly vcenters: ReadonlyMap<string, KnownVCenter>
}

export interface KnownVCenter {
  readonly inventory: Inventory
  /** The `br-` network chosen for a cluster, by managed object id of the cluster. */
  readonly choices: ReadonlyMap<string, string>
}

/** The seed when a file gives none: obviously no secret, and so are the passwords derived from it. */
export const PLACEHOLDER_SEED = "PLACEHOLDER-password"

const Host = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+$/, { expected: "a fully-qualified name" })
)

/** The file as people write it: what is left out has a value that is explained in docs/facts.md. */
const File = Schema.Struct({
  operator: Schema.Struct({
    region: Schema.NonEmptyString,
    domain: Schema.optionalKey(Schema.NonEmptyString),
    ownNamespace: Schema.optionalKey(Schema.NonEmptyString),
    inCluster: Schema.optionalKey(Schema.Boolean)
  }),
  settings: Schema.Record(Schema.String, Schema.String),
  cells: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  vcenters: Schema.Array(
    Schema.Struct({
      host: Host,
      clusters: Schema.Array(
        Schema.Struct({
          name: Schema.NonEmptyString,
          ref: Schema.optionalKey(Schema.NonEmptyString),
          datacenter: Schema.Union([Schema.NonEmptyString, Datacenter]),
          datastores: Schema.Array(Schema.String),
          networks: Schema.Array(Schema.String),
          bridge: Schema.optionalKey(Schema.String),
          incomplete: Schema.optionalKey(Schema.String)
        })
      )
    })
  )
})
type File = typeof File.Type

const decodeFile = Schema.decodeUnknownResult(File, { errors: "all", onExcessProperty: "error" })

/** The facts in a file's one document, or every problem of it. */
export const read = (document: unknown): Result.Result<KnownFacts, ReadonlyArray<string>> => {
  if (!(Predicate.hasProperty(document, "operator") || Predicate.hasProperty(document, "vcenters"))) {
    return Result.fail(["is no facts file: it has neither operator nor vcenters (docs/facts.md says what it holds)"])
  }
  const decoded = decodeFile(document)
  if (Result.isFailure(decoded)) return Result.fail(problemsIn(decoded.failure.message))
  const { cells, operator, settings, vcenters } = decoded.success
  const given = { password: PLACEHOLDER_SEED, dangerous_unsigned_dns: "true", ...settings }
  const data = Object.entries(given).map(([key, text]) => [key, Buffer.from(text).toString("base64")] as const)
  const understood = decodeSettings(Object.fromEntries(data))
  const twice = vcenters.filter(({ host }, index) => vcenters.findIndex((other) => other.host === host) < index)
  const problems = [
    ...(Result.isFailure(understood) ? understood.failure.map(({ message }) => `settings: ${message}`) : []),
    ...twice.map(({ host }) => `vcenters: ${host} is there twice`)
  ]
  if (Result.isFailure(understood) || problems.length > 0) return Result.fail(problems)
  const { domain = `cc.${operator.region}.cloud.sap`, inCluster = true, ownNamespace } = operator
  return Result.succeed({
    facts: {
      region: operator.region,
      domain,
      ownNamespace: ownNamespace ?? understood.success.namespace,
      inCluster
    },
    settings: understood.success,
    cells: cells === undefined ? Result.fail("the facts name no cells") : Result.succeed(new Set([...cells].sort())),
    vcenters: new Map(vcenters.map((vcenter) => [vcenter.host, knownOf(vcenter)]))
  })
}

const knownOf = ({ clusters }: File["vcenters"][number]): KnownVCenter => {
  const known = clusters.map(({ bridge: _, datacenter: place, ref, ...rest }): Cluster => {
    const datacenter = typeof place === "string" ? { ref: place, name: place } : place
    return { ...rest, ref: ref ?? `${datacenter.name}/${rest.name}`, datacenter }
  })
  const datacenters = new Map(known.map(({ datacenter }) => [datacenter.ref, datacenter]))
  return {
    inventory: { instanceUuid: "", clusters: known, datacenters: [...datacenters.values()] },
    choices: new Map(
      known.flatMap(({ ref }, index) => {
        const bridge = clusters[index]?.bridge
        return bridge === undefined ? [] : [[ref, bridge] as const]
      })
    )
  }
}

/**
 * The document of a file that holds these facts. Nothing of the Secret is in it but the target namespace, the names of
 * the keys, and for each value a placeholder of the same kind.
 */
export const write = ({ cells, facts, settings, vcenters }: KnownFacts): JsonObject => ({
  operator: { ...facts },
  settings: {
    namespace: settings.namespace,
    ...(settings.namespacePolicy === "target" ? {} : { namespace_policy: settings.namespacePolicy }),
    username: "PLACEHOLDER-username",
    password: PLACEHOLDER_SEED,
    ...placeholders(settings.extra)
  },
  ...(Result.isSuccess(cells) ? { cells: [...cells.success] } : {}),
  vcenters: [...vcenters]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, { choices, inventory }]) => ({
      host,
      clusters: inventory.clusters.map((cluster): JsonObject => clusterOf(cluster, choices.get(cluster.ref)))
    }))
})

const clusterOf = (cluster: Cluster, bridge: string | undefined): JsonObject => {
  const { datacenter, datastores, incomplete, name, networks, ref } = cluster
  const lists: { readonly [key: string]: Json } = { datastores: [...datastores], networks: [...networks] }
  return {
    name,
    ref,
    datacenter: { ...datacenter },
    ...lists,
    ...(bridge === undefined ? {} : { bridge }),
    ...(incomplete === undefined ? {} : { incomplete })
  }
}

// `Expected string, got 1\n  at ["settings"]["x"]` of each problem, on one line; what was got may be a secret.
const problemsIn = (message: string): ReadonlyArray<string> =>
  message
    .replaceAll(/\n {2}at /g, " at ")
    .split("\n")
    .map((line) => line.replace(/, (?:actual|got) .*?(?= at \[|$)/, ""))
