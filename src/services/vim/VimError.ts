import { Data } from "effect"
import type { VCenterReason } from "../VCenter.ts"
import type { Fault } from "./Fault.ts"

/** A failed call, before it is known whose: `VCenter` adds the name. Its detail holds neither password nor session. */
export class VimError extends Data.TaggedError("VimError")<{
  readonly reason: typeof VCenterReason.Type
  readonly detail: string
  readonly fault?: Fault
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * What a fault means for the conversation.
 *
 *   fault                                                         | reason
 *   --------------------------------------------------------------+--------------
 *   InvalidLogin, PasswordExpired (a kind of InvalidLogin)        | LoginRejected
 *   NotAuthenticated                                              | SessionLost
 *   InvalidCollectorVersion, ManagedObjectNotFound, RequestCanceled | CollectorLost
 *   any other                                                     | Fault
 */
export const reasonOf = (fault: string): typeof VCenterReason.Type => REASONS.get(fault) ?? "Fault"

const REASONS: ReadonlyMap<string, typeof VCenterReason.Type> = new Map([
  ["InvalidLogin", "LoginRejected"],
  ["PasswordExpired", "LoginRejected"],
  ["NotAuthenticated", "SessionLost"],
  ["InvalidCollectorVersion", "CollectorLost"],
  ["ManagedObjectNotFound", "CollectorLost"],
  ["RequestCanceled", "CollectorLost"]
])

/** NotAuthenticated in the place of a value: vCenter does not always fault. */
export const sessionLost = (): VimError =>
  new VimError({
    reason: "SessionLost",
    detail: "the vCenter answers NotAuthenticated in place of values: the session has ended"
  })

/** Text from outside, fit for one line of a log: no control characters, and not too long. */
export const clip = (text: string, limit = 200): string => {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim()
  return line.length > limit ? `${line.slice(0, limit)}…` : line
}
