import type { Claims } from "./Claims.ts"
import type { Ledger } from "./Ledger.ts"

/** A vCenter that is not the one for which objects are recorded, or that is another name's already. */
export interface Stranger {
  /** `about.instanceUuid` as it is now. */
  readonly seen: string
  readonly recorded: string | undefined
  readonly message: string
}

/**
 * Whether the vCenter behind a name is the one that the record is of. What another one shows is another region's
 * inventory: nothing may be written by it, neither applied nor deleted, before a person has looked.
 *
 *   recorded  | objects recorded | seen | another name's | stranger
 *   ----------+------------------+------+----------------+---------------------------------------
 *   U         | any              | U    | any            | no: it is known, or was approved
 *   V         | some             | U    | any            | yes: not the one recorded
 *   V or none | none             | U    | yes            | yes: both names lead to one vCenter
 *   V or none | none             | U    | no             | no
 *   none      | some             | U    | no             | no: the record was made anew
 */
export const strangerOf = (vcenter: string, ledger: Ledger, seen: string, claims: Claims): Stranger | undefined => {
  const recorded = ledger.instanceUuid
  if (recorded === seen) return undefined
  const [other] = [...claims]
    .filter(([name, { instances }]) => name !== vcenter && instances?.has(seen) === true)
    .map(([name]) => name)
    .sort()
  const same = other === undefined ? "" : `: it is the one behind ${other}`
  if (recorded !== undefined && ledger.entries.size > 0) {
    const message = `the vCenter behind this name is another one (instanceUuid ${seen}, recorded ${recorded})${same}`
    return { seen, recorded, message }
  }
  if (other === undefined) return undefined
  return { seen, recorded, message: `the vCenter behind this name (instanceUuid ${seen}) is the one behind ${other}` }
}

/** The instance UUIDs that belong to a name: what is there now, and what objects are recorded of. */
export const instancesOf = (ledger: Ledger, seen: string | undefined): ReadonlySet<string> => {
  const { entries, instanceUuid: recorded } = ledger
  return new Set([
    ...(seen === undefined ? [] : [seen]),
    ...(recorded === undefined || entries.size === 0 ? [] : [recorded])
  ])
}
