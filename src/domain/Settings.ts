import type { Duration, Redacted } from "effect"
import type { Value } from "./Value.ts"

/** The operator's settings, decoded from the Secret `vcenter-operator`. */
export interface Settings {
  /** The target namespace: objects without one go there, and no object goes elsewhere under the policy `target`. */
  readonly namespace: string
  /** `template` (the predecessor's newer behaviour): objects go to their template's namespace. */
  readonly namespacePolicy: "target" | "template"
  readonly username: string
  /** The master password. */
  readonly seed: Redacted.Redacted
  /** TSIG secret, base64; `undefined` only with `dangerous_unsigned_dns`. */
  readonly tsigKey: Redacted.Redacted | undefined
  readonly dnsIp: string | undefined
  readonly dnsPort: number | undefined
  readonly vcenterPort: number
  readonly vcenterLookup: "system" | "zone"
  /** PEM. */
  readonly vcenterCa: string | undefined
  readonly vcenterTls: "verify" | "insecure"
  readonly pruneDelay: Duration.Duration
  /** Percent of the recorded objects. */
  readonly allowPruneShare: number
  /** A delete set no larger than this is not judged by its share. */
  readonly allowPruneMin: number
  /** Every other key of the Secret, for the templates. */
  readonly extra: ReadonlyMap<string, Value>
  /** The values of all keys that must not be shown, for redaction. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
}
