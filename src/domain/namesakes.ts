import type { Inventory } from "./Inventory.ts"
import type { Ledger, RecordedSubject } from "./Ledger.ts"

/**
 * Clusters and datacenters that were made anew under their names, by their new references, as they are recorded: objects
 * are still recorded for the old ones, which are not there any more. To a person, and to a template, they are the same.
 *
 *   recorded                                       | in the inventory                  | namesake
 *   -----------------------------------------------+-----------------------------------+---------
 *   objects for it, its reference is not there     | one of its name, nothing recorded | yes
 *   objects for it, its reference is there         | another one of its name           | no: two of them
 *   no object for it                               | one of its name                   | no
 */
export const namesakes = (ledger: Ledger, inventory: Inventory): ReadonlyMap<string, RecordedSubject> => {
  const recordedFor = new Set([...ledger.entries.values()].map(({ subject }) => subject))
  const there = new Set([...inventory.clusters, ...inventory.datacenters].map(({ ref }) => ref))
  const left = [...ledger.subjects.values()].filter(({ ref }) => recordedFor.has(ref) && !there.has(ref))
  const anew = (
    found: ReadonlyArray<{ readonly ref: string; readonly name: string }>,
    isDatacenter: boolean
  ): ReadonlyArray<readonly [string, RecordedSubject]> =>
    found.flatMap(({ ref, name }) => {
      const before = left.find((each) => each.name === name && (each.scope === "datacenter") === isDatacenter)
      return before === undefined || recordedFor.has(ref) ? [] : [[ref, before] as const]
    })
  return new Map([...anew(inventory.clusters, false), ...anew(inventory.datacenters, true)])
}
