import { Duration, Option } from "effect"
import type { Failure } from "../domain/Desired.ts"
import { id } from "../domain/Manifest.ts"
import { isFailure, isTransient } from "../domain/Outcome.ts"
import type { Settings } from "../domain/Settings.ts"
import type { RunOutput } from "./run.ts"
import { APPROVED_PAUSE, LOOK_AGAIN, LOOK_AT_FAILED, UNHEARD_LOOK, UNWANTED_LOOK } from "./schedules.ts"

/** When to look again: while something waits for `prune_delay`, soon after what may pass, later after what may be mended. */
export const waitOf = (
  output: RunOutput,
  failures: ReadonlyArray<Failure>,
  settings: Settings
): Option.Option<Duration.Duration> => {
  const delay = Duration.toMillis(settings.pruneDelay)
  const waits = output.verdict.withheld
    .filter(({ guard }) => guard === "PruneDelay")
    .map(({ prune }) => delay - (output.unwanted.millis.get(id(prune.entry)) ?? 0))
  const next =
    waits.length === 0
      ? Option.none()
      : Option.some(Duration.min(Duration.millis(Math.max(1, Math.min(...waits))), UNWANTED_LOOK))
  const retry =
    output.verdict.withheld.some(({ guard }) => LOOKED_AT_AGAIN.has(guard)) || output.outcomes.some(isTransient)
  const returning = output.verdict.withheld.some(({ guard }) => guard === "VCenterRetained")
  const unheard = output.verdict.withheld.some(({ guard }) => guard === "Unheard")
  // The last hour's deletes count less as time passes.
  const limited = output.verdict.withheld.some(({ guard }) => guard === "Share")
  const full = output.plan.held.some(({ reason }) => reason === "LedgerFull")
  const failed = limited || full || failures.length > 0 || output.outcomes.some(isFailure)
  // What was just approved to be taken over, or taken back, is applied by the next look; a record that has just become
  // empty is another status.
  const emptied = output.ledger.entries.size === 0 && output.outcomes.some(({ _tag }) => _tag === "Pruned")
  const again = output.takeOvers !== undefined || output.outcomes.some(({ _tag }) => _tag === "Remarked")
  const approved = again || emptied ? Option.some(APPROVED_PAUSE) : Option.none()
  return soonest([
    approved,
    next,
    unheard ? Option.some(UNHEARD_LOOK) : Option.none(),
    returning ? Option.some(UNWANTED_LOOK) : Option.none(),
    retry ? Option.some(LOOK_AGAIN) : failed ? Option.some(LOOK_AT_FAILED) : Option.none()
  ])
}

/** What these object to may pass without anything new about this vCenter. */
const LOOKED_AT_AGAIN: ReadonlySet<string> = new Set(["Unconfirmed", "WantedElsewhere", "MayBeElsewhere"])

/** The soonest of these waits. */
export const soonest = (waits: ReadonlyArray<Option.Option<Duration.Duration>>): Option.Option<Duration.Duration> => {
  const given = waits.filter(Option.isSome).map(({ value }) => value)
  return given.length === 0 ? Option.none() : Option.some(given.reduce((a, b) => Duration.min(a, b)))
}
