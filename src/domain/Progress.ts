import type { Happening } from "./Happening.ts"

/** How far a run with `--once` has come. */
export interface Progress {
  /** vCenters of the zone that have neither been reconciled nor failed; undefined before the first zone. */
  readonly waiting: ReadonlySet<string> | undefined
  readonly failures: ReadonlyArray<string>
  readonly over: boolean
}

export const begin: Progress = { waiting: undefined, failures: [], over: false }

/**
 * One happening further.
 *
 *   happening         | over when                            | failures
 *   ------------------+--------------------------------------+-------------------------
 *   settings rejected | no zone has been read yet            | its problems
 *   discover failed   | no zone has been read yet            | its message
 *   discovered        | the zone holds no vCenter            | –
 *   disconnected      | no other vCenter is being waited for | that vCenter and reason
 *   reconciled        | no other vCenter is being waited for | what failed there
 *
 * Withheld deletes are no failure. What happens to a vCenter a second time changes nothing.
 */
export const progress = (before: Progress, happening: Happening): Progress => {
  switch (happening._tag) {
    case "SettingsRejected":
      return before.waiting === undefined ? failed(before, happening.problems) : before
    case "DiscoverFailed":
      return before.waiting === undefined ? failed(before, [happening.message]) : before
    case "Discovered":
      return before.waiting === undefined
        ? { ...before, waiting: new Set(happening.vcenters), over: happening.vcenters.length === 0 }
        : before
    case "Disconnected":
      return settled(before, happening.vcenter, [`${happening.vcenter}: ${happening.reason}: ${happening.message}`])
    case "Reconciled":
      return settled(
        before,
        happening.vcenter,
        happening.failures.map((failure) => `${happening.vcenter}: ${failure}`)
      )
    default:
      return before
  }
}

const failed = (before: Progress, failures: ReadonlyArray<string>): Progress => ({ ...before, failures, over: true })

const settled = (before: Progress, vcenter: string, failures: ReadonlyArray<string>): Progress => {
  if (before.waiting?.has(vcenter) !== true) return before
  const waiting = before.waiting.difference(new Set([vcenter]))
  return { waiting, failures: [...before.failures, ...failures], over: waiting.size === 0 }
}
