import { Data, Schema } from "effect"
import type { Fault } from "./Fault.ts"

/** Why a conversation with a vCenter failed. */
export const VCenterReason = Schema.Literals([
  /** InvalidLogin: name or password is wrong. Trying often locks the account. */
  "LoginRejected",
  /** NotAuthenticated: the session ended; log in again. */
  "SessionLost",
  /** The certificate is not trusted; the message names the setting `vcenter_ca`. */
  "Untrusted",
  /** Name resolution, refused or cut connection. */
  "Unreachable",
  /** No answer in time. */
  "Timeout",
  /** The collector's version is unknown to the server, or its objects are gone: start over with an empty version. */
  "CollectorLost",
  /** Any other SOAP fault. */
  "Fault",
  /** The answer is not what vSphere's API promises (no SOAP, too large, other HTTP status). */
  "BadAnswer"
])

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
