import type { Reference } from "./Answers.ts"

/** Keys in schema order: the soap package cannot order the elements of a subtype. */
const traversal = (type: string, path: string, selectSet: ReadonlyArray<object> = []): object => ({
  attributes: { "xsi:type": "TraversalSpec" },
  name: path,
  type,
  path,
  skip: false,
  ...(selectSet.length === 0 ? {} : { selectSet })
})

const selection = (name: string): object => ({ attributes: { "xsi:type": "SelectionSpec" }, name })

/** What the container view lists. */
export const VIEWED: ReadonlyArray<string> = ["ClusterComputeResource", "Datacenter"]

/**
 * What is followed: the clusters and datacenters of a view, the datastores and networks that those clusters use, and
 * every folder above them. Never all folders or datastores: OpenStack makes thousands of folders for its projects. The
 * root folder is asked for by itself: a reading without it is not whole, not even one of an empty vCenter.
 */
export const filterSpec = (view: Reference, root: Reference): object => ({
  propSet: [
    { type: "ClusterComputeResource", pathSet: ["name", "parent", "datastore", "network"] },
    { type: "Datacenter", pathSet: ["name"] },
    { type: "Folder", pathSet: ["name", "parent"] },
    { type: "Datastore", pathSet: ["name"] },
    { type: "Network", pathSet: ["name"] },
    { type: "DistributedVirtualPortgroup", pathSet: ["name"] },
    { type: "OpaqueNetwork", pathSet: ["name"] }
  ],
  objectSet: [
    {
      obj: view,
      skip: true,
      selectSet: [
        traversal("ContainerView", "view", [
          traversal("ClusterComputeResource", "datastore"),
          traversal("ClusterComputeResource", "network"),
          traversal("ManagedEntity", "parent", [selection("parent")])
        ])
      ]
    },
    { obj: root, skip: false }
  ],
  reportMissingObjectsInResults: true
})
