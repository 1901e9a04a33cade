import { Redacted } from "effect"
import { EXPECTED as DURATION, parse as parseInterval } from "./Interval.ts"

/** One of the operator's own keys. `read` gives undefined for a value that is not as `expected`. */
export interface Field<A> {
  readonly key: string
  readonly expected: string
  readonly read: (text: string) => A | undefined
}

const field = <A>(key: string, expected: string, read: (text: string) => A | undefined): Field<A> => ({
  key,
  expected,
  read
})

const choice = <A extends string>(key: string, ...choices: ReadonlyArray<A>): Field<A> =>
  field(key, choices.map((one) => `"${one}"`).join(" or "), (text) => choices.find((one) => one === text))

const whole = (key: string, minimum: number, maximum: number): Field<number> =>
  field(key, `a whole number from ${minimum} to ${maximum}`, (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= minimum && value <= maximum ? value : undefined
  })

const matching = (key: string, expected: string, pattern: RegExp): Field<string> =>
  field(key, expected, (text) => (pattern.test(text) ? text : undefined))

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/
const CERTIFICATE = /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/** Whether a text is standard base64 with padding (RFC 4648 section 4). */
export const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)

const isIp = (text: string): boolean =>
  IPV4.test(text) || (/^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`))

const isPem = (text: string): boolean => {
  const rest = text.replaceAll(CERTIFICATE, "")
  return rest !== text && !/-----(?:BEGIN|END) /.test(rest)
}

/** The keys of the Secret `vcenter-operator` that the operator itself reads. */
export const FIELDS = {
  namespace: matching("namespace", "the name of the target namespace", NAMESPACE),
  namespacePolicy: choice("namespace_policy", "target", "template"),
  username: matching("username", "the user name for the vCenters on one line", /^\P{Cc}+$/u),
  seed: field("password", "the master password", (text) => Redacted.make(text)),
  tsigKey: field("tsig_key", 'the TSIG secret in base64 (only dangerous_unsigned_dns: "true" does without)', (text) => {
    const secret = text.replaceAll(/\s/g, "")
    return secret !== "" && isBase64(secret) ? Redacted.make(secret) : undefined
  }),
  unsignedDns: choice("dangerous_unsigned_dns", "true", "false"),
  ownerReferences: choice("dangerous_owner_references", "true", "false"),
  dnsIp: field("dns_ip", "an IPv4 or IPv6 address", (text) => (isIp(text) ? text : undefined)),
  dnsPort: whole("dns_port", 1, 65535),
  vcenterPort: whole("vcenter_port", 1, 65535),
  vcenterLookup: choice("vcenter_lookup", "system", "zone"),
  vcenterCa: field("vcenter_ca", "certificates in PEM, and nothing else in PEM", (text) =>
    isPem(text) ? text : undefined
  ),
  vcenterTls: choice("vcenter_tls", "verify", "insecure"),
  pruneDelay: field("prune_delay", DURATION, parseInterval),
  allowPruneShare: whole("allow_prune_share", 0, 100),
  allowPruneMin: whole("allow_prune_min", 0, 1_000_000),
  vcenterGone: choice("vcenter_gone", "retain", "prune"),
  vcenterGoneGrace: field("vcenter_gone_grace", DURATION, parseInterval)
}

/** Keys of the operator itself: none of them reaches a template. */
export const OPERATOR_KEYS: ReadonlySet<string> = new Set(Object.values(FIELDS).map(({ key }) => key))

/**
 * Keys by which the predecessor managed service users in Vault, which this operator does not do. They are neither read
 * nor judged nor given to templates, so that a Secret made for it stays valid and its credentials stay out of sight.
 */
export const IGNORED_KEYS: ReadonlySet<string> = new Set([
  "manage_service_user_passwords",
  "max_time_not_seen",
  "vault_check_interval",
  "nsxt_management_user_cache_lifetime",
  "password_length",
  "password_digits",
  "password_symbols",
  "role_id",
  "secret_id",
  "ad_ttu_username",
  "ad_ttu_password",
  "active_directory",
  "vault_url",
  "mount_point_read",
  "mount_point_write",
  "mount_point_write_nsxt"
])
