export type ObjectType = keyof typeof PREFIXES

interface ManagedObject {
  readonly type: ObjectType
  /** By path: the text of `name`, the reference in `parent` and `hostFolder`, the references in everything else. */
  readonly values: Map<string, string | ReadonlyArray<string>>
  /** Not shown to the user at all. */
  hidden: boolean
  /** Properties that the user may not read. */
  readonly unreadable: Set<string>
}

/** How vCenter begins the references of its types. */
const PREFIXES = {
  Folder: "group-d",
  Datacenter: "datacenter-",
  ClusterComputeResource: "domain-c",
  Datastore: "datastore-",
  Network: "network-",
  DistributedVirtualPortgroup: "dvportgroup-",
  OpaqueNetwork: "network-o"
} as const

export const OBJECT_TYPES: ReadonlyArray<ObjectType> = [
  "Folder",
  "Datacenter",
  "ClusterComputeResource",
  "Datastore",
  "Network",
  "DistributedVirtualPortgroup",
  "OpaqueNetwork"
]

/** Lists in which an object may stand. */
const MEMBERSHIPS = ["childEntity", "datastore", "network"] as const

/**
 * What a vCenter manages, with the levers that change it. Objects are named by reference or, where that is unique, by
 * name. Every lever tells the listeners; `batch` makes several changes one.
 */
export class ManagedObjects {
  readonly root = "group-d1"
  readonly #objects = new Map<string, ManagedObject>()
  readonly #listeners = new Set<() => void>()
  #batches = 0
  #number = 1

  constructor() {
    this.#create("Folder", "Datacenters", this.root)
  }

  /** Calls the listener after each change; gives the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The listeners see everything that happens in `changes` as one change. */
  batch<A>(changes: () => A): A {
    this.#batches++
    try {
      return changes()
    } finally {
      this.#batches--
      if (this.#batches === 0) for (const listener of [...this.#listeners]) listener()
    }
  }

  /** In a folder, the root folder when left out. */
  addDatacenter(name: string, folder = this.root): string {
    return this.batch(() => {
      const ref = this.#create("Datacenter", name)
      this.#enter(ref, this.find(folder))
      const host = this.#create("Folder", "host")
      this.#get(host).values.set("parent", ref)
      this.#get(ref).values.set("hostFolder", host)
      return ref
    })
  }

  /** In a folder or, for clusters, in a datacenter. */
  addFolder(name: string, parent = this.root): string {
    return this.batch(() => this.#enter(this.#create("Folder", name), this.#folder(parent)))
  }

  /**
   * In a folder or datacenter, the first datacenter when left out. Datastores and networks that are not there come to
   * be.
   */
  addCluster(
    name: string,
    options: {
      readonly in?: string
      readonly datastores?: ReadonlyArray<string>
      readonly networks?: ReadonlyArray<string>
    } = {}
  ): string {
    return this.batch(() => {
      const ref = this.#create("ClusterComputeResource", name)
      for (const datastore of options.datastores ?? []) this.mount(ref, datastore)
      for (const network of options.networks ?? []) this.attach(ref, network)
      return this.#enter(ref, this.#folder(options.in ?? this.visible("Datacenter")[0] ?? "a datacenter"))
    })
  }

  addDatastore(name: string): string {
    return this.batch(() => this.#create("Datastore", name))
  }

  addNetwork(
    name: string,
    type: "Network" | "DistributedVirtualPortgroup" | "OpaqueNetwork" = "DistributedVirtualPortgroup"
  ): string {
    return this.batch(() => this.#create(type, name))
  }

  /** Mounts a datastore on a cluster; one that is not there comes to be. */
  mount(cluster: string, datastore: string): void {
    this.batch(() => {
      const ref = this.#search(datastore) ?? this.addDatastore(datastore)
      this.#edit(this.find(cluster), "datastore", (refs) => [...refs, ref])
    })
  }

  unmount(cluster: string, datastore: string): void {
    const ref = this.find(datastore)
    this.batch(() => this.#edit(this.find(cluster), "datastore", (refs) => refs.filter((other) => other !== ref)))
  }

  /** Gives a cluster a network; one that is not there comes to be. */
  attach(cluster: string, network: string): void {
    this.batch(() => {
      const ref = this.#search(network) ?? this.addNetwork(network)
      this.#edit(this.find(cluster), "network", (refs) => [...refs, ref])
    })
  }

  detach(cluster: string, network: string): void {
    const ref = this.find(network)
    this.batch(() => this.#edit(this.find(cluster), "network", (refs) => refs.filter((other) => other !== ref)))
  }

  rename(object: string, name: string): void {
    this.batch(() => this.#get(this.find(object)).values.set("name", name))
  }

  /** Moves a cluster, folder or datacenter into another folder, or into a datacenter. */
  move(object: string, parent: string): void {
    this.batch(() => {
      const ref = this.find(object)
      this.#leaveLists(ref, ["childEntity"])
      this.#enter(ref, this.#folder(parent))
    })
  }

  /** Removes an object with everything in it. */
  remove(object: string): void {
    this.batch(() => {
      const ref = this.find(object)
      for (const [inside, { values }] of [...this.#objects]) if (values.get("parent") === ref) this.remove(inside)
      this.#leaveLists(ref, MEMBERSHIPS)
      this.#objects.delete(ref)
    })
  }

  /** The user may not see the object any more: it leaves without a word. */
  hide(object: string): void {
    this.batch(() => Object.assign(this.#get(this.find(object)), { hidden: true }))
  }

  show(object: string): void {
    this.batch(() => Object.assign(this.#get(this.find(object)), { hidden: false }))
  }

  /** The user may not read one property any more: it is reported missing, with NoPermission. */
  hideProperty(object: string, path: string): void {
    this.batch(() => this.#get(this.find(object)).unreadable.add(path))
  }

  showProperty(object: string, path: string): void {
    this.batch(() => this.#get(this.find(object)).unreadable.delete(path))
  }

  /** Reference of an object, by reference or name. */
  find(object: string): string {
    const ref = this.#search(object)
    if (ref === undefined) throw new Error(`no ${object} in this vCenter`)
    return ref
  }

  /** References of the objects of a type that the user may see, in the order in which they came to be. */
  visible(type: ObjectType): ReadonlyArray<string> {
    return [...this.#objects].flatMap(([ref, object]) => (object.type === type && !object.hidden ? [ref] : []))
  }

  /** An object's type; `undefined` when there is none. */
  typeOf(ref: string): ObjectType | undefined {
    return this.#objects.get(ref)?.type
  }

  isHidden(ref: string): boolean {
    return this.#objects.get(ref)?.hidden === true
  }

  isReadable(ref: string, path: string): boolean {
    return this.#objects.get(ref)?.unreadable.has(path) !== true
  }

  /** A property's value, whether the user may read it or not. */
  read(ref: string, path: string): string | ReadonlyArray<string> | undefined {
    return this.#objects.get(ref)?.values.get(path)
  }

  #create(type: ObjectType, name: string, ref = `${PREFIXES[type]}${++this.#number}`): string {
    const values = new Map<string, string | ReadonlyArray<string>>([["name", name]])
    if (type === "Folder") values.set("childEntity", [])
    if (type === "ClusterComputeResource") values.set("datastore", []).set("network", [])
    this.#objects.set(ref, { type, values, hidden: false, unreadable: new Set() })
    return ref
  }

  #enter(ref: string, folder: string): string {
    this.#get(ref).values.set("parent", folder)
    this.#edit(folder, "childEntity", (refs) => [...refs, ref])
    return ref
  }

  #leaveLists(ref: string, paths: ReadonlyArray<string>): void {
    for (const path of paths) {
      for (const holder of this.#objects.keys())
        this.#edit(holder, path, (refs) => refs.filter((other) => other !== ref))
    }
  }

  #edit(ref: string, path: string, change: (refs: ReadonlyArray<string>) => ReadonlyArray<string>): void {
    const { values } = this.#get(ref)
    const refs = values.get(path)
    if (refs !== undefined && typeof refs !== "string") values.set(path, change(refs))
  }

  /** The folder that stands for a datacenter where clusters are concerned. */
  #folder(parent: string): string {
    const ref = this.find(parent)
    const host = this.#get(ref).values.get("hostFolder")
    return typeof host === "string" ? host : ref
  }

  #get(ref: string): ManagedObject {
    const object = this.#objects.get(ref)
    if (object === undefined) throw new Error(`no ${ref} in this vCenter`)
    return object
  }

  #search(object: string): string | undefined {
    if (this.#objects.has(object)) return object
    const named = [...this.#objects].filter(([, { values }]) => values.get("name") === object)
    if (named.length > 1) throw new Error(`${named.length} objects are called ${object}: give the reference`)
    return named[0]?.[0]
  }
}
