import type { Redacted } from "effect"

/** How to reach and trust one vCenter. */
export interface Target {
  /** Fully-qualified name: for the log, the TLS server name and the `Host` header. */
  readonly fqdn: string
  /** IP address to connect to; left out: the system's resolver looks the name up. */
  readonly address?: string
  readonly port: number
  readonly username: string
  readonly password: Redacted.Redacted
  readonly tls: Tls
}

export type Tls =
  /** Certificates are verified: against `ca` (PEM) when given, else the system's authorities. */
  { readonly _tag: "Verify"; readonly ca?: string } | { readonly _tag: "Insecure" }
