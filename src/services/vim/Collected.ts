import type { Cluster, Datacenter, Inventory } from "../../domain/Inventory.ts"
import { complete, partial, type Snapshot } from "../../domain/Snapshot.ts"
import { clip } from "./VimError.ts"

/** What changed of one managed object. */
export interface Update {
  readonly kind: "enter" | "modify" | "leave"
  /** vSphere type, `ClusterComputeResource` for example. */
  readonly type: string
  readonly ref: string
  readonly changes: ReadonlyArray<Change>
  /** Properties that the user may not read. */
  readonly missing: ReadonlyArray<Missing>
}

/** A property's new value: a text, or references; `undefined`: it is unset now. */
export interface Change {
  readonly path: string
  readonly value: string | ReadonlyArray<string> | undefined
}

export interface Missing {
  readonly path: string
  /** Type of the fault: `NoPermission`, as a rule. */
  readonly fault: string
}

/** What is known of one managed object. */
interface Known {
  readonly type: string
  readonly values: ReadonlyMap<string, string | ReadonlyArray<string>>
  /** Faults by path. */
  readonly missing: ReadonlyMap<string, string>
}

/** Every managed object that the server has reported, by reference. */
export type Collected = ReadonlyMap<string, Known>

export const empty: Collected = new Map()

/**
 * Takes in updates, in the order in which they came.
 *
 *   kind           | object known | effect
 *   ---------------+--------------+--------------------------------------------------------------
 *   enter, modify  | no           | it is known from now on
 *   enter, modify  | yes          | what is mentioned changes: a server may enter an object again
 *   leave          | no           | none
 *   leave          | yes          | it is forgotten
 *
 * A property has a value or is missing: what is mentioned last holds.
 */
export const apply = (self: Collected, updates: ReadonlyArray<Update>): Collected => {
  const next = new Map(self)
  for (const update of updates) {
    if (update.kind === "leave") next.delete(update.ref)
    else next.set(update.ref, merge(next.get(update.ref), update))
  }
  return next
}

const merge = (known: Known | undefined, update: Update): Known => {
  const values = new Map(known?.values)
  const missing = new Map(known?.missing)
  for (const { path, value } of update.changes) {
    missing.delete(path)
    if (value === undefined) values.delete(path)
    else values.set(path, value)
  }
  for (const { path, fault } of update.missing) {
    missing.set(path, fault)
    values.delete(path)
  }
  return { type: update.type, values, missing }
}

/** What the inventory is read against. */
export interface Origin {
  readonly instanceUuid: string
  /** Reference of the root folder: while it is not reported, what was reported is not everything. */
  readonly root: string
}

/**
 * The inventory in what was collected.
 *
 *   found                                                        | snapshot | the cluster concerned
 *   -------------------------------------------------------------+----------+---------------------------
 *   everything                                                   | Complete | whole
 *   no root folder                                               | Partial  |
 *   a property missing: of a cluster                             | Partial  | incomplete
 *   … name of a datastore or network, parent of a folder above   | Partial  | incomplete
 *   … of any other object                                        | Partial  | whole
 *   a datastore or network of a cluster, not reported            | Partial  | incomplete, without it
 *   no datacenter above a cluster                                | Partial  | incomplete, datacenter ""
 *   no name of a cluster or datacenter                           | Partial  | left out
 */
export const snapshot = (self: Collected, { instanceUuid, root }: Origin): Snapshot<Inventory> => {
  const gaps: Array<string> = self.has(root) ? [] : [`the root folder ${clip(root)} is not shown`]
  const clusters: Array<Cluster> = []
  const datacenters: Array<Datacenter> = []
  for (const [ref, known] of self) {
    const name = text(known, "name")
    if (known.type === "ClusterComputeResource" && name !== undefined) {
      const cluster = clusterOf(self, ref, name, known)
      clusters.push(cluster)
      if (cluster.incomplete !== undefined) gaps.push(`cluster ${clip(name)}: ${cluster.incomplete}`)
      continue
    }
    for (const [path, fault] of known.missing) gaps.push(unreadable(ref, known, path, fault))
    if (known.type === "Datacenter" && name !== undefined) datacenters.push({ ref, name })
    else if (NAMED.has(known.type) && !known.missing.has("name")) gaps.push(`${known.type} ${clip(ref)} has no name`)
  }
  const inventory: Inventory = {
    instanceUuid,
    clusters: clusters.sort(byNameThenRef),
    datacenters: datacenters.sort(byNameThenRef)
  }
  return gaps.length === 0 ? complete(inventory) : partial(inventory, summary(gaps))
}

const NAMED: ReadonlySet<string> = new Set(["ClusterComputeResource", "Datacenter"])

const clusterOf = (self: Collected, ref: string, name: string, known: Known): Cluster => {
  const gaps = [...known.missing].map(([path, fault]) => unreadable(ref, known, path, fault))
  const datacenter = known.missing.has("parent") ? undefined : above(self, known)
  if (datacenter === undefined && !known.missing.has("parent")) gaps.push("no datacenter above it can be seen")
  const names = (path: string): ReadonlyArray<string> =>
    (list(known, path) ?? []).flatMap((member) => {
      const found = self.get(member)
      const called = found === undefined ? undefined : text(found, "name")
      if (called !== undefined) return [called]
      gaps.push(`${path} ${clip(member)} cannot be seen`)
      return []
    })
  const cluster = {
    ref,
    name,
    datacenter: datacenter ?? { ref: "", name: "" },
    datastores: names("datastore"),
    networks: names("network")
  }
  for (const path of ["datastore", "network"]) {
    if (list(known, path) === undefined && !known.missing.has(path)) gaps.push(`${path} was not reported`)
  }
  return gaps.length === 0 ? cluster : { ...cluster, incomplete: summary(gaps) }
}

/** Up the folders, which may be nested, to the datacenter; `undefined` where the way is not shown. */
const above = (self: Collected, known: Known): Datacenter | undefined => {
  const seen = new Set<string>()
  for (let ref = text(known, "parent"); ref !== undefined && !seen.has(ref); ) {
    seen.add(ref)
    const parent = self.get(ref)
    if (parent === undefined) return undefined
    const name = text(parent, "name")
    if (parent.type === "Datacenter") return name === undefined ? undefined : { ref, name }
    ref = text(parent, "parent")
  }
  return undefined
}

const text = ({ values }: Known, path: string): string | undefined => {
  const value = values.get(path)
  return typeof value === "string" ? value : undefined
}

const list = ({ values }: Known, path: string): ReadonlyArray<string> | undefined => {
  const value = values.get(path)
  return typeof value === "string" ? undefined : value
}

const unreadable = (ref: string, known: Known, path: string, fault: string): string =>
  `${path} of ${known.type} ${clip(text(known, "name") ?? ref)} cannot be read (${fault})`

const byNameThenRef = (a: Datacenter, b: Datacenter): number => compare(a.name, b.name) || compare(a.ref, b.ref)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

// The same gaps give the same sentence, whatever the order in which they came.
const summary = (gaps: ReadonlyArray<string>): string => {
  const sorted = [...new Set(gaps)].sort()
  const shown = sorted.slice(0, 3).join("; ")
  return sorted.length > 3 ? `${shown}; and ${sorted.length - 3} more` : shown
}
