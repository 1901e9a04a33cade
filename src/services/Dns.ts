import { Context, type Effect, type Redacted, Schema } from "effect"
import type { ZoneRecord } from "../domain/Zone.ts"

/** A name server and how its answers are verified. */
export interface NameServer {
  readonly address: string
  readonly port: number
  /** TSIG key (RFC 8945), base64; `undefined` accepts unsigned answers (`dangerous_unsigned_dns`). */
  readonly key: TsigKey | undefined
}

export interface TsigKey {
  readonly name: string
  readonly algorithm: "hmac-sha1" | "hmac-sha224" | "hmac-sha256" | "hmac-sha384" | "hmac-sha512"
  /** The secret, base64. */
  readonly secret: Redacted.Redacted
}

/** A complete, verified transfer. */
export interface Transfer {
  readonly serial: number
  readonly records: ReadonlyArray<ZoneRecord>
}

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
  /** The TSIG key in the settings is not base64. */
  "BadKey"
])

/** A failed exchange with the name server. */
export class DnsError extends Schema.TaggedError<DnsError>()("DnsError", {
  reason: DnsReason,
  server: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.server}: ${this.detail}`
  }
}

/** The two questions put to the name server, over TCP, each with a deadline. */
export class Dns extends Context.Service<
  Dns,
  {
    /** The serial of the zone's SOA (RFC 1035), verified. */
    readonly serial: (server: NameServer, zone: string) => Effect.Effect<number, DnsError>
    /** A whole zone (AXFR, RFC 5936), verified: everything or a failure. */
    readonly transfer: (server: NameServer, zone: string) => Effect.Effect<Transfer, DnsError>
  }
>()("vcenter-operator/services/Dns") {}
