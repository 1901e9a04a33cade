import { Duration, Equal, Redacted, Result } from "effect"
import { counted } from "./Count.ts"
import { parse as parseJson } from "./ExactJson.ts"
import { FIELDS, type Field, IGNORED_KEYS, isBase64, OPERATOR_KEYS } from "./OperatorKeys.ts"
import type { Value } from "./Value.ts"

/** The operator's settings, decoded from the Secret `vcenter-operator`. */
export interface Settings {
  /** The target namespace: objects without one go there, and no object goes elsewhere under the policy `target`. */
  readonly namespace: string
  /** `template` (the predecessor's newer behaviour): objects go to their template's namespace. */
  readonly namespacePolicy: "target" | "template"
  /** `dangerous_owner_references`: each object is owned by its template, and deleted with it. */
  readonly ownerReferences: boolean
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
  /** What becomes of the objects of a vCenter that has left the zone: with `prune`, a person may let them go. */
  readonly vcenterGone: "retain" | "prune"
  readonly vcenterGoneGrace: Duration.Duration
  /** Every other key of the Secret, for the templates. */
  readonly extra: ReadonlyMap<string, Value>
  /** The values of all keys that must not be shown, for redaction. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
}

/** Why a key of the Secret cannot be used. The message names the key and what is expected, never the value. */
export interface SettingsProblem {
  readonly key: string
  readonly message: string
}

/**
 * Settings from the `data` of the operator's Secret (base64 values), or every problem at once.
 *
 *   key                | value                                     | when missing or empty
 *   -------------------+-------------------------------------------+-------------------------------------------
 *   namespace          | name of a namespace (RFC 1123 label)      | problem
 *   username           | one line                                  | problem
 *   password           | any text                                  | problem
 *   tsig_key           | base64                                    | problem, unless dangerous_unsigned_dns
 *   dangerous_unsigned_dns | true, false                           | false
 *   dangerous_owner_references | true, false                       | false
 *   namespace_policy   | target, template                          | target
 *   dns_ip, dns_port   | IP address, port                          | looked up
 *   vcenter_port       | port                                      | 443
 *   vcenter_lookup     | system, zone                              | system
 *   vcenter_ca         | PEM certificates                          | the system's authorities
 *   vcenter_tls        | verify, insecure                          | verify
 *   prune_delay        | 90s, 5m, 1h, plain seconds                | 5m
 *   allow_prune_share  | 0 to 100 (percent)                        | 30
 *   allow_prune_min    | 0 to 1000000                              | 5
 *   vcenter_gone       | retain, prune                             | retain
 *   vcenter_gone_grace | 90s, 5m, 1h, plain seconds                | 1h
 *   IGNORED_KEYS       | not read                                  |
 *   any other          | for the templates: JSON where that loses nothing, else the text as it is
 *
 * Line breaks at the end of a value (Secrets made with `echo`) are dropped from the operator's own keys, which cannot
 * hold any. `password` keeps them: the passwords in the vCenters may have been derived from it with them. So do the
 * templates' keys, whose rendered text would change. A `tsig_key` is used even with `dangerous_unsigned_dns`.
 */
export const decode = (
  data: Readonly<Record<string, string>>
): Result.Result<Settings, ReadonlyArray<SettingsProblem>> => {
  const problems: Array<SettingsProblem> = []
  const texts = new Map<string, string>()
  for (const [key, encoded] of Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (IGNORED_KEYS.has(key)) continue
    const text = decodeText(encoded)
    if (text === undefined) problems.push({ key, message: `${key}: expected UTF-8 text in base64` })
    else texts.set(key, text)
  }

  const optional = <A>({ key, expected, read }: Field<A>): A | undefined => {
    const text = texts.get(key)
    const trimmed = key === FIELDS.seed.key ? text : text?.replace(/[\r\n]+$/, "")
    if (trimmed === undefined || trimmed === "") return undefined
    const value = read(trimmed)
    if (value === undefined) problems.push({ key, message: `${key}: expected ${expected}` })
    return value
  }

  const required = <A>(wanted: Field<A>): A | undefined => {
    const value = optional(wanted)
    const { key, expected } = wanted
    if (value === undefined && !problems.some((problem) => problem.key === key)) {
      problems.push({ key, message: `${key}: missing or empty; expected ${expected}` })
    }
    return value
  }

  const extra = new Map<string, Value>()
  for (const [key, text] of texts) if (!OPERATOR_KEYS.has(key)) extra.set(key, valueOf(text))

  const namespace = required(FIELDS.namespace)
  const username = required(FIELDS.username)
  const seed = required(FIELDS.seed)
  const tsigKey = optional(FIELDS.unsignedDns) === "true" ? optional(FIELDS.tsigKey) : required(FIELDS.tsigKey)
  const rest = {
    namespacePolicy: optional(FIELDS.namespacePolicy) ?? "target",
    ownerReferences: optional(FIELDS.ownerReferences) === "true",
    dnsIp: optional(FIELDS.dnsIp),
    dnsPort: optional(FIELDS.dnsPort),
    vcenterPort: optional(FIELDS.vcenterPort) ?? 443,
    vcenterLookup: optional(FIELDS.vcenterLookup) ?? "system",
    vcenterCa: optional(FIELDS.vcenterCa),
    vcenterTls: optional(FIELDS.vcenterTls) ?? "verify",
    pruneDelay: optional(FIELDS.pruneDelay) ?? Duration.minutes(5),
    allowPruneShare: optional(FIELDS.allowPruneShare) ?? 30,
    allowPruneMin: optional(FIELDS.allowPruneMin) ?? 5,
    vcenterGone: optional(FIELDS.vcenterGone) ?? "retain",
    vcenterGoneGrace: optional(FIELDS.vcenterGoneGrace) ?? Duration.hours(1)
  }
  if (problems.length > 0 || namespace === undefined || username === undefined || seed === undefined) {
    return Result.fail(problems)
  }
  const secrets = [seed, ...(tsigKey === undefined ? [] : [tsigKey]), ...[...extra.values()].flatMap(secretsOf)]
  return Result.succeed({ namespace, username, seed, tsigKey, ...rest, extra, secrets })
}

const decodeText = (encoded: string): string | undefined => {
  if (!isBase64(encoded)) return undefined
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  return Result.getOrUndefined(Result.try(() => decoder.decode(Buffer.from(encoded, "base64"))))
}

const valueOf = (text: string): Value => {
  const value = parseJson(text)
  return value === undefined ? text : value
}

const PLAIN = /^\s*(?:true|false|[-+]?[\d.]+(?:e[-+]?\d+)?)\s*$/i
const SHORTEST_SECRET = 4

// Templates indent what has several lines, so each line counts as well as the whole.
const secretsOf = (value: Value): ReadonlyArray<Redacted.Redacted> => {
  if (typeof value === "string") {
    const texts = new Set([value, value.trimEnd(), ...value.split("\n").map((line) => line.trim())])
    return [...texts]
      .filter((text) => text.length >= SHORTEST_SECRET && !PLAIN.test(text))
      .map((text) => Redacted.make(text))
  }
  if (value instanceof Map) return [...value.values()].flatMap(secretsOf)
  return Array.isArray(value) ? value.flatMap(secretsOf) : []
}

/** What a new login depends on: compare with `Equal.equals`. */
export const forLogin = ({ username, seed, vcenterPort, vcenterLookup, vcenterCa, vcenterTls }: Settings) => ({
  username,
  seed,
  vcenterPort,
  vcenterLookup,
  vcenterCa,
  vcenterTls
})

/** What a new zone transfer depends on; `namespace` is where the DNS Service is looked for. */
export const forTransfer = ({ namespace, tsigKey, dnsIp, dnsPort }: Settings) => ({
  namespace,
  tsigKey,
  dnsIp,
  dnsPort
})

/** What a new rendering depends on. */
export const forRender = ({ namespace, namespacePolicy, ownerReferences, username, seed, extra }: Settings) => ({
  namespace,
  namespacePolicy,
  ownerReferences,
  username,
  seed,
  extra: ordered(extra)
})

/** Whether two settings are the same in every value. */
export const same = (a: Settings, b: Settings): boolean =>
  Equal.equals({ ...a, extra: ordered(a.extra) }, { ...b, extra: ordered(b.extra) })

// Maps are equal in any order, but templates see the order.
const ordered = (value: Value): unknown => {
  if (value instanceof Map) return [...value].map(([key, member]) => [key, ordered(member)])
  return Array.isArray(value) ? value.map(ordered) : value
}

/** What must be said loudly: settings that give up a protection. Nothing for the defaults. */
export const notices = (self: Settings): ReadonlyArray<string> =>
  [
    self.tsigKey === undefined
      ? "dangerous_unsigned_dns: the zone is accepted without a signature; whoever answers for the name server decides which vCenters exist"
      : "",
    self.ownerReferences
      ? "dangerous_owner_references: each object is owned by its VCenterTemplate; deleting a template deletes its objects, past all guards"
      : "",
    self.vcenterTls === "insecure"
      ? "vcenter_tls is insecure: certificates are not verified; whoever answers for a vCenter learns its password"
      : "",
    self.allowPruneShare > 30
      ? `allow_prune_share: ${self.allowPruneShare} percent of the objects may be pruned at once`
      : "",
    self.allowPruneMin > 5
      ? `allow_prune_min: up to ${counted(self.allowPruneMin, "object")} may be pruned whatever their share`
      : "",
    Duration.toSeconds(self.pruneDelay) < 60
      ? `prune_delay: what vanished is pruned after ${Duration.toSeconds(self.pruneDelay)} s`
      : "",
    self.vcenterGone === "prune"
      ? `vcenter_gone is prune: ${Duration.toSeconds(self.vcenterGoneGrace)} s after a vCenter has left the zone, its objects may be approved for deletion`
      : "",
    /[\r\n]$/.test(Redacted.value(self.seed))
      ? "password ends with a line break, which is part of the seed; if logins fail, store it without"
      : ""
  ].filter((notice) => notice !== "")
