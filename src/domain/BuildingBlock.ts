/**
 * The short name of a cluster that runs virtual machines: what follows `production`, a building block's number without
 * leading zeroes. Undefined for every other cluster.
 *
 *   cluster           | name
 *   ------------------+------
 *   productionbb091   | bb91
 *   productionbb000   | bb0
 *   productionswift1  | swift1
 *   production        | –
 *   storagebb091      | –
 */
export const productionName = (cluster: string): string | undefined => {
  const suffix = /^production(.+)$/.exec(cluster)?.[1]
  return suffix?.replace(/^bb0*(\d+)$/, "bb$1")
}

/** The short name of a storage cluster: what follows `storage`, as it is. Undefined for every other cluster. */
export const storageName = (cluster: string): string | undefined => /^storage(.+)$/.exec(cluster)?.[1]

/** Tells the two groups of nova's datastores apart (Python's syntax; nova-compute reads it). */
export const HAGROUP_REGEX = ".*_hg(?P<hagroup>[ab])$"

/**
 * A regular expression for nova's datastores among those of a cluster: the longest common prefix of the names that
 * start with `eph`. Undefined when there is none, because `^.*` would give nova every datastore.
 */
export const datastoreRegex = (datastores: ReadonlyArray<string>): string | undefined => {
  const names = ephemeral(datastores)
  return names.length === 0 ? undefined : `^${escapeRegex(commonPrefix(names))}.*`
}

/** Whether nova's datastores form two groups: some end with `_hga` and some with `_hgb`, in any case. */
export const hasHagroups = (datastores: ReadonlyArray<string>): boolean => {
  const groups = new Set(ephemeral(datastores).map((name) => /_hg([ab])$/i.exec(name)?.[1]?.toLowerCase()))
  return groups.has("a") && groups.has("b")
}

/** The networks of a cluster that virtual machines may use (`br-` and something), in the order in which vCenter lists them. */
export const bridges = (networks: ReadonlyArray<string>): ReadonlyArray<string> =>
  networks.filter((name) => /^br-./.test(name))

/** The network chosen before (in any case), as long as it exists; else the first. */
export const chooseBridge = (networks: ReadonlyArray<string>, before: string | undefined): string | undefined => {
  const found = bridges(networks)
  return found.find((name) => name.toLowerCase() === before?.toLowerCase()) ?? found[0]
}

const ephemeral = (datastores: ReadonlyArray<string>): ReadonlyArray<string> =>
  datastores.filter((name) => name.startsWith("eph"))

// Only what has a meaning: escaping more (`-`, as Python does) would change every rendered file.
const escapeRegex = (text: string): string => text.replaceAll(/[.^$*+?()[\]{}|\\]/g, "\\$&")

const commonPrefix = (names: ReadonlyArray<string>): string => {
  const [first = "", ...rest] = names
  const characters = [...first]
  const length = Math.min(...rest.map((name) => agreeing(characters, [...name])), characters.length)
  return characters.slice(0, length).join("")
}

const agreeing = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): number => {
  const end = a.findIndex((character, index) => character !== b[index])
  return end === -1 ? a.length : end
}
