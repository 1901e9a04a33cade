import { Duration, Effect, Schedule } from "effect"
import type { VCenterError } from "../services/VCenter.ts"

/** How often the zone's serial is asked for. */
export const ZONE_POLL: Duration.Duration = Duration.seconds(10)

/** A gap between two complete looks counts at most this much towards `prune_delay`: two polls of the zone. */
export const OBSERVED_GAP: Duration.Duration = Duration.times(ZONE_POLL, 2)

/** While something waits for `prune_delay`, how often it is looked at again at the latest. */
export const UNWANTED_LOOK: Duration.Duration = ZONE_POLL

/** When a run failed in a way that may pass by itself, or a vCenter did not confirm an absence. */
export const LOOK_AGAIN: Duration.Duration = Duration.seconds(30)

/** When a run failed in a way that somebody has to mend: a permission, a kind that is not served, a foreign object. */
export const LOOK_AT_FAILED: Duration.Duration = Duration.minutes(5)

/** While a delete waits for the first word of another vCenter: that comes within seconds of the start. */
export const UNHEARD_LOOK: Duration.Duration = Duration.seconds(1)

/** After somebody else has written the record: read again and plan again. */
export const CONFLICT_PAUSE: Duration.Duration = Duration.seconds(1)

/** After a run that has made another one due: approved take-overs, or a record that has become empty. */
export const APPROVED_PAUSE: Duration.Duration = Duration.seconds(1)

/** At most one status write per vCenter in this time, beyond the ledger's own. */
export const STATUS_PAUSE: Duration.Duration = Duration.seconds(10)

/** Status writes of the process, beyond the ledger's own: so many at once, then one in this time. */
export const STATUS_BURST = 5
export const STATUS_GAP: Duration.Duration = Duration.millis(200)

/** Between two rounds of status writes of the templates. */
export const TEMPLATE_STATUS_PAUSE: Duration.Duration = Duration.seconds(2)

/** A watch is not trusted for longer: everything is listed anew. */
export const RELIST: Duration.Duration = Duration.minutes(10)

/** A session is not trusted for longer: a new one reads the whole inventory. */
export const SESSION_AGE: Duration.Duration = Duration.hours(1)

/** Between the end of one watch and the next, which goes on where it ended. */
export const WATCH_PAUSE: Duration.Duration = Duration.seconds(1)

/** After InvalidLogin: trying often locks the account. New credentials are tried at once. */
export const LOGIN_REJECTED: Duration.Duration = Duration.minutes(5)

/** Logins under way at a time, and how long the next one waits for its turn: hanging ones must hold up nobody. */
export const LOGINS = 8
export const LOGIN_TURN: Duration.Duration = Duration.seconds(5)

/** 1, 2, 4 … 60 s, ±20 %: lists, watches, and what else is asked again until it answers. */
export const backoff = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("1 minute")]).pipe(
  Schedule.jittered
)

/** The same for a vCenter; a rejected login waits longer. It starts over with the first inventory after a login. */
export const reconnect = backoff.pipe(
  Schedule.setInputType<VCenterError>(),
  Schedule.modifyDelay(({ input, duration }) =>
    Effect.succeed(input.reason === "LoginRejected" ? LOGIN_REJECTED : duration)
  )
)
