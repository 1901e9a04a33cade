import { Redacted, Result } from "effect"
import {
  bridges,
  chooseBridge,
  datastoreRegex,
  HAGROUP_REGEX,
  hasHagroups,
  productionName,
  storageName
} from "./BuildingBlock.ts"
import type { Cells } from "./Cells.ts"
import type { Facts } from "./ClusterFacts.ts"
import type { Cluster, Datacenter, Inventory } from "./Inventory.ts"
import type { Settings } from "./Settings.ts"
import type { Scope } from "./Template.ts"
import type { Value } from "./Value.ts"

/** The cluster or datacenter that one rendering is for. */
export interface Subject {
  readonly scope: Scope
  /** vSphere name: `productionbb091`, `storagebb7`, `QA-DE-1a`. */
  readonly name: string
  /** Managed object id: the evidence asked for before its objects are pruned. */
  readonly ref: string
  /** Managed object id of the datacenter; for scope datacenter the same as `ref`. */
  readonly datacenter: string
  /** The `br-` network chosen for a cluster, as vCenter names it: to be passed in again as its choice. */
  readonly bridge?: string
  /** Whether a cluster has datastores that start with `eph`, and they are used. Absent otherwise. */
  readonly eph?: boolean
}

/** What one subject gives a template to work with. */
export interface RenderContext {
  readonly subject: Subject
  readonly values: ReadonlyMap<string, Value>
  /** Names that exist but cannot be known now, with the reason: a template that touches one fails, no other does. */
  readonly unavailable: ReadonlyMap<string, string>
  /** Why the facts are not whole: the subject's objects are kept as they are. Absent when they are whole. */
  readonly incomplete?: string
  /** What a person should know of the choices made, for a condition. Absent when there is nothing to say. */
  readonly notes?: ReadonlyArray<string>
}

/** Everything that the contexts of one vCenter are made of. */
export interface ContextInput {
  /** Fully-qualified name of the vCenter. */
  readonly fqdn: string
  readonly inventory: Inventory
  readonly settings: Settings
  readonly facts: Facts
  readonly cells: Cells
  /** The vCenter's password, derived for `fqdn`. */
  readonly password: Redacted.Redacted
  /** The `br-` network chosen before, by managed object id of the cluster. */
  readonly choices: ReadonlyMap<string, string>
}

/**
 * The contexts of one scope, in the order of the inventory.
 *
 *   scope      | one for
 *   -----------+----------------------------------------------------
 *   cluster    | each cluster `production<suffix>`
 *   storage    | each cluster `storage<suffix>`
 *   datacenter | each datacenter with a production cluster
 *
 *   value                        | is
 *   -----------------------------+------------------------------------------------------------------
 *   (every extra key)            | as in the operator's Secret
 *   region, domain, own_namespace, incluster | where the operator runs
 *   namespace, username          | as in the operator's Secret
 *   host, password               | the vCenter's fully-qualified name, its derived password
 *   vcenter_name                 | first label of the host
 *   availability_zone            | name of the datacenter in lower case
 *   cells                        | set of names; unavailable while unknown
 *   dry_run, retries, last_retry_time | "False", 0, 0: constant, or every rendering would differ
 *   name                         | clusters: without `production` or `storage` (bb91); datacenter: vcenter_name
 *   – clusters only –            |
 *   cluster_name, nsx_t_enabled  | name in vSphere, True
 *   datastore_regex              | `^<prefix of the eph* datastores>.*`; unavailable without any, absent with pbm_enabled
 *   datastore_hagroup_regex      | constant; only when both groups exist, absent with pbm_enabled
 *   bridge, physical             | the `br-` network in lower case, and what follows `br-`; absent without any
 *
 * The order is the predecessor's: the Secret's keys come first and the operator's names replace them; of the absent
 * names alone a key of the Secret shows through.
 *
 * Subjects whose names would be the same to templates (`productionbb091` and `productionbb91`, datacenters that differ
 * in case) are incomplete, all of them: none wins, and what is applied stays.
 */
export const contexts = (input: ContextInput, scope: Scope): ReadonlyArray<RenderContext> => {
  const { clusters } = input.inventory
  const production = named(clusters, productionName)
  switch (scope) {
    case "cluster":
      return apart(production.map(([cluster, name]) => ofCluster(input, scope, cluster, name)))
    case "storage":
      return apart(named(clusters, storageName).map(([cluster, name]) => ofCluster(input, scope, cluster, name)))
    case "datacenter": {
      const members = production.map(([cluster]) => cluster)
      return apart(ofDatacenters(input, members))
    }
  }
}

/** Whether a cluster counts at all: by its name it is a production or a storage cluster. */
export const isFollowed = (cluster: string): boolean =>
  productionName(cluster) !== undefined || storageName(cluster) !== undefined

/** A context with the name by which its objects are told from those of the others. */
interface Candidate {
  readonly alias: string
  readonly context: RenderContext
}

const named = (
  clusters: ReadonlyArray<Cluster>,
  nameOf: (cluster: string) => string | undefined
): ReadonlyArray<readonly [Cluster, string]> =>
  clusters.flatMap((cluster) => {
    const name = nameOf(cluster.name)
    return name === undefined ? [] : [[cluster, name] as const]
  })

const ofCluster = (input: ContextInput, scope: "cluster" | "storage", cluster: Cluster, name: string): Candidate => {
  const { ref, datacenter, datastores, networks } = cluster
  const before = input.choices.get(ref)
  // A list that is not whole proves nothing against the choice.
  const bridge = cluster.incomplete !== undefined && before !== undefined ? before : chooseBridge(networks, before)
  const pbm = input.settings.extra.get("pbm_enabled")
  const usesPolicies = pbm === true || pbm === "true"
  const regex = usesPolicies ? undefined : datastoreRegex(datastores)
  const values = new Map([
    ...common(input, datacenter),
    ["name", name],
    ["cluster_name", cluster.name],
    ["nsx_t_enabled", true],
    ...(regex === undefined ? [] : [["datastore_regex", regex] as const]),
    ...(regex !== undefined && hasHagroups(datastores) ? [["datastore_hagroup_regex", HAGROUP_REGEX] as const] : []),
    ...(bridge === undefined
      ? []
      : [["bridge", bridge.toLowerCase()] as const, ["physical", bridge.slice(3).toLowerCase()] as const])
  ])
  // Rendered as empty it would let nova use every datastore: a template that asks for it must not render at all.
  const missing =
    usesPolicies || values.has("datastore_regex")
      ? []
      : [["datastore_regex", `cluster ${cluster.name} has no datastore that starts with eph`] as const]
  const { values: seen, unavailable } = known(input, values)
  const notes = [
    bridge !== undefined && bridges(networks).length > 1
      ? `cluster ${cluster.name} has several networks that start with br-: ${bridge} is used, of ${bridges(networks).join(", ")}`
      : ""
  ].filter((note) => note !== "")
  return {
    alias: name,
    context: {
      subject: {
        scope,
        name: cluster.name,
        ref,
        datacenter: datacenter.ref,
        ...(bridge === undefined ? {} : { bridge }),
        ...(regex === undefined ? {} : { eph: true })
      },
      values: seen,
      unavailable: new Map([...unavailable, ...missing]),
      ...(cluster.incomplete === undefined ? {} : { incomplete: cluster.incomplete }),
      ...(notes.length === 0 ? {} : { notes })
    }
  }
}

const ofDatacenters = (input: ContextInput, clusters: ReadonlyArray<Cluster>): ReadonlyArray<Candidate> => {
  const placed = clusters.filter(isPlaced)
  const stray = clusters.find((cluster) => !isPlaced(cluster))
  const datacenters = new Map(placed.map(({ datacenter }) => [datacenter.ref, datacenter]))
  return [...datacenters.values()].sort(byNameThenRef).map((datacenter) => ({
    alias: datacenter.name.toLowerCase(),
    context: {
      subject: { scope: "datacenter", name: datacenter.name, ref: datacenter.ref, datacenter: datacenter.ref },
      ...known(input, new Map([...common(input, datacenter), ["name", firstLabel(input.fqdn)]])),
      ...(stray === undefined
        ? {}
        : {
            incomplete: `the datacenter of cluster ${stray.name} is not known: ${stray.incomplete ?? "no reason given"}`
          })
    }
  }))
}

const isPlaced = ({ datacenter }: Cluster): boolean => datacenter.ref !== "" && datacenter.name !== ""

const byNameThenRef = (a: Datacenter, b: Datacenter): number => {
  const [left, right] = [`${a.name}\n${a.ref}`, `${b.name}\n${b.ref}`]
  return left < right ? -1 : left > right ? 1 : 0
}

const common = ({ fqdn, settings, facts, password }: ContextInput, { name }: Datacenter): ReadonlyMap<string, Value> =>
  new Map<string, Value>([
    ...settings.extra,
    ["region", facts.region],
    ["domain", facts.domain],
    ["own_namespace", facts.ownNamespace],
    ["incluster", facts.inCluster],
    ["namespace", settings.namespace],
    ["username", settings.username],
    ["host", fqdn],
    ["password", Redacted.value(password)],
    ["vcenter_name", firstLabel(fqdn)],
    ["availability_zone", name.toLowerCase()],
    ["dry_run", "False"],
    ["retries", 0],
    ["last_retry_time", 0]
  ])

const known = (
  { cells }: ContextInput,
  values: ReadonlyMap<string, Value>
): Pick<RenderContext, "values" | "unavailable"> => {
  const others = [...values].filter(([name]) => name !== "cells")
  return Result.match(cells, {
    onFailure: (reason) => ({ values: new Map(others), unavailable: new Map([["cells", reason]]) }),
    onSuccess: (names) => ({ values: new Map([...others, ["cells", names]]), unavailable: new Map() })
  })
}

const firstLabel = (fqdn: string): string => fqdn.split(".", 1)[0] ?? fqdn

const apart = (candidates: ReadonlyArray<Candidate>): ReadonlyArray<RenderContext> =>
  candidates.map(({ alias, context }) => {
    const same = candidates.filter((other) => other.alias === alias && other.context !== context)
    if (same.length === 0) return context
    const others = same.map(({ context: { subject } }) => `${subject.name} (${subject.ref})`).join(", ")
    const clash = `${context.subject.name} and ${others} are both called ${alias} in templates: rename one`
    return { ...context, incomplete: context.incomplete === undefined ? clash : `${context.incomplete}; ${clash}` }
  })
