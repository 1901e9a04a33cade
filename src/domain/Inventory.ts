import { Schema } from "effect"

/** A vSphere managed object id as vCenter gives it, for example `domain-c8`; unique within one vCenter. */
export const ObjectReference = Schema.String

/** A vSphere datacenter. Its name in lower case is the availability zone. */
export const Datacenter = Schema.Struct({ ref: ObjectReference, name: Schema.String })
export type Datacenter = typeof Datacenter.Type

/** A vSphere cluster with what templates need to know of it. */
export const Cluster = Schema.Struct({
  ref: ObjectReference,
  name: Schema.String,
  /** The datacenter it belongs to, found by walking up its folders; reference and name are `""` when it cannot be seen. */
  datacenter: Datacenter,
  /** Names of the mounted datastores, in the order in which vCenter lists them. */
  datastores: Schema.Array(Schema.String),
  /** Names of the networks and port groups, in the order in which vCenter lists them. */
  networks: Schema.Array(Schema.String),
  /** Why these facts are not whole (a missing permission, say); absent when they are. */
  incomplete: Schema.optionalKey(Schema.String)
})
export type Cluster = typeof Cluster.Type

/** What is followed of one vCenter. Clusters and datacenters are sorted by name, then reference. */
export const Inventory = Schema.Struct({
  /** `about.instanceUuid`: tells another vCenter behind the same name. */
  instanceUuid: Schema.String,
  /** Every cluster, whatever its name; conventions decide later which ones count. */
  clusters: Schema.Array(Cluster),
  datacenters: Schema.Array(Datacenter)
})
export type Inventory = typeof Inventory.Type

/** What vCenter said when asked for one object by its reference. */
export type Presence =
  /** `ManagedObjectNotFound`: the object is gone. */
  | { readonly _tag: "Gone" }
  /** The object exists and has this name. */
  | { readonly _tag: "Present"; readonly name: string }
  /** NoPermission or anything else: nothing is proved. */
  | { readonly _tag: "Unknown"; readonly reason: string }
