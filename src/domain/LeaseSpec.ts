import { Option, Schema } from "effect"
import type { Json, JsonObject } from "./Manifest.ts"

export const API_VERSION = "coordination.k8s.io/v1"
export const KIND = "Lease"
/** In the operator's own namespace. */
export const NAME = "vcenter-operator"

/** How long a Lease holds that its holder does not renew, in seconds. */
export const DURATION = 15

/** The part of `spec` that decides (coordination.k8s.io/v1, LeaseSpec). */
const Spec = Schema.Struct({
  holderIdentity: Schema.optionalKey(Schema.String),
  leaseDurationSeconds: Schema.optionalKey(Schema.Int),
  acquireTime: Schema.optionalKey(Schema.String),
  leaseTransitions: Schema.optionalKey(Schema.Int)
})
export type LeaseSpec = typeof Spec.Type

const decode = Schema.decodeUnknownOption(Spec)

/** What a live Lease says; one that cannot be read is nobody's. */
export const read = (spec: unknown): LeaseSpec => Option.getOrElse(decode(spec), (): LeaseSpec => ({}))

/** What to do about the Lease. */
export type Decision =
  | { readonly _tag: "Create" }
  | { readonly _tag: "Take" }
  | { readonly _tag: "Renew" }
  | { readonly _tag: "Wait"; readonly holder: string }

/**
 * Whether this process may hold the Lease. Another's is expired when this process has seen no change of it for as long
 * as it says it holds, by its own clock: the times in it come from a clock that may be wrong (client-go,
 * tools/leaderelection).
 *
 *   Lease                                       | decision
 *   --------------------------------------------+---------
 *   none                                        | create
 *   nobody's: given back, or unreadable         | take
 *   mine                                        | renew
 *   another's, unchanged for its whole duration | take
 *   another's, changed since                    | wait
 *
 * @param unchanged for how long this process has seen it as it is now, in milliseconds
 */
export const decide = (me: string, lease: LeaseSpec | undefined, unchanged: number): Decision => {
  if (lease === undefined) return { _tag: "Create" }
  const holder = lease.holderIdentity ?? ""
  if (holder === "") return { _tag: "Take" }
  if (holder === me) return { _tag: "Renew" }
  return unchanged >= (lease.leaseDurationSeconds ?? DURATION) * 1000 ? { _tag: "Take" } : { _tag: "Wait", holder }
}

/** The `spec` to be written. @param now in milliseconds since the epoch; only people read it */
export const held = (me: string, before: LeaseSpec | undefined, now: number): JsonObject => {
  const isMine = before?.holderIdentity === me
  const time = microTime(now)
  return {
    holderIdentity: me,
    leaseDurationSeconds: DURATION,
    acquireTime: (isMine ? before.acquireTime : undefined) ?? time,
    renewTime: time,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (before === undefined || isMine ? 0 : 1)
  }
}

/** The `spec` of a Lease that is given back: a successor need not wait until it expires. */
export const released = (before: LeaseSpec, now: number): JsonObject => ({
  holderIdentity: "",
  leaseDurationSeconds: 1,
  acquireTime: before.acquireTime ?? microTime(now),
  renewTime: microTime(now),
  leaseTransitions: before.leaseTransitions ?? 0
})

/** MicroTime, as the API writes times of a Lease. */
const microTime = (now: number): Json => new Date(now).toISOString().replace("Z", "000Z")
