import { empty } from "./Ledger.ts"
import { type Findings, statusOf } from "./Status.ts"
import type { Status } from "./VCenterState.ts"

/**
 * The status of a vCenter whose ledger cannot be read: why, and the numbers as they were last known. It holds no ledger;
 * the one that lies there stays.
 *
 * @param why what is wrong with the ledger
 * @param now milliseconds since the epoch
 */
export const statusOfUnread = (
  why: string,
  seen: Pick<Findings, "discovered" | "connection">,
  previous: Status | undefined,
  generation: number | undefined,
  now: number
): Status => {
  const findings: Findings = {
    ...seen,
    ledger: empty,
    stopped: {
      reason: "LedgerUnreadable",
      message: `${why}: nothing is applied or deleted for this vCenter; install the operator that wrote it, or restore the status from a backup`
    },
    run: undefined
  }
  const { ledger: _, ...status } = statusOf(findings, previous, generation, now)
  const { clusters = status.clusters, objects = status.objects } = previous ?? {}
  return { ...status, clusters, objects }
}
