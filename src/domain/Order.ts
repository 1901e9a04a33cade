import type { Manifest } from "./Manifest.ts"

/**
 * What must exist before what: a Deployment applied before its ConfigMap starts pods with the old configuration.
 * Deletes go in reverse.
 */
const RANKS: ReadonlyArray<ReadonlyArray<string>> = [
  ["Namespace"],
  ["ServiceAccount"],
  ["Role", "ClusterRole"],
  ["RoleBinding", "ClusterRoleBinding"],
  ["Secret"],
  ["ConfigMap"],
  ["Service"],
  ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob"]
]

/** Rank of a kind; kinds that are not listed come last. */
export const rank = (kind: string): number => {
  const found = RANKS.findIndex((kinds) => kinds.includes(kind))
  return found === -1 ? RANKS.length : found
}

/** Groups of equal rank, lowest first; within a group the order given. */
export const ranked = <A extends Pick<Manifest, "kind">>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
  const groups = new Map<number, Array<A>>()
  for (const item of items) {
    const group = groups.get(rank(item.kind))
    if (group === undefined) groups.set(rank(item.kind), [item])
    else group.push(item)
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}
