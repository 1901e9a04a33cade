import type { RecordedSubject } from "./Ledger.ts"
import type { RenderContext } from "./RenderContext.ts"

/** What a cluster had when its objects were applied, and has no more. */
export interface Lost {
  readonly ref: string
  readonly name: string
  readonly what: ReadonlyArray<"datastores" | "network">
  readonly message: string
}

/**
 * What a cluster has lost of that from which the configuration of its agents is made. Lost storage must not rewrite it,
 * for that restarts every agent of the cluster at the worst of times: its objects stay as they are until the storage is
 * back, or a person approves.
 *
 *   recorded           | in vCenter                                | lost
 *   -------------------+-------------------------------------------+------------
 *   never, or no object of it | any                                | –
 *   eph* datastores    | at least one, whatever its name           | –
 *   eph* datastores    | none, and the settings use no datastores  | –
 *   eph* datastores    | none                                      | datastores
 *   a br-* network     | at least one, whatever its name           | –
 *   a br-* network     | none                                      | network
 *
 * @param before absent when no object of the cluster is recorded
 */
export const lostStorage = (before: RecordedSubject | undefined, context: RenderContext): Lost | undefined => {
  const { name, ref, bridge } = context.subject
  // Unavailable, not absent: with policies (pbm_enabled) nobody asks for it.
  const datastores = before?.eph === true && context.unavailable.has("datastore_regex")
  const network = before?.bridge !== undefined && bridge === undefined
  if (!datastores && !network) return undefined
  const gone = [
    ...(datastores ? ["datastore that starts with eph"] : []),
    ...(network ? [`network that starts with br- (it had ${before.bridge})`] : [])
  ]
  return {
    ref,
    name,
    what: [...(datastores ? ["datastores" as const] : []), ...(network ? ["network" as const] : [])],
    message: `LostStorage: cluster ${name} has lost its last ${gone.join(" and its last ")}: its objects stay as they are`
  }
}
