import { Schema } from "effect"

export const DnsReason = Schema.Literals([
  "Unreachable",
  /** No answer in time; designate stays silent on a wrong TSIG key, and the message says so. */
  "Timeout",
  /** The server refused: REFUSED, NOTAUTH, SERVFAIL … */
  "Refused",
  /** TSIG missing, BADSIG, BADKEY, BADTIME. */
  "Unverified",
  /** The transfer ended before its closing SOA, or the answer breaks the protocol. */
  "Incomplete",
  /** The TSIG key in the settings is not base64, or its name is no domain name. */
  "BadKey",
  /** The zone's name is no domain name. */
  "BadZone"
])

/** What went wrong with an exchange, before it is known with which server. */
export interface Failure {
  readonly reason: typeof DnsReason.Type
  readonly detail: string
}

export const incomplete = (detail: string): Failure => ({ reason: "Incomplete", detail })
