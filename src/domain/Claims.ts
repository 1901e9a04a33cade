import type { Desired, Wanted } from "./Desired.ts"
import { type Ledger, withoutDigest } from "./Ledger.ts"
import { label } from "./Manifest.ts"

/** What one vCenter says of objects that others may want too, by identity. */
export interface Claim {
  /** Rendered for it. */
  readonly wanted: ReadonlySet<string>
  /** Applied for it, by its record. */
  readonly held: ReadonlySet<string>
  /**
   * Still recorded, no longer wanted, and that beyond doubt: others may have them. Nothing while the vCenter is not
   * connected.
   */
  readonly released: ReadonlySet<string>
  /** Instance UUIDs of the vCenter behind it: as it is now, and as recorded. */
  readonly instances?: ReadonlySet<string>
  /**
   * What it may want besides, and why that is not known: its clusters and datacenters, by name, that are held, without
   * storage, or not rendered. It stays as it was while the vCenter cannot be read: what is not known of it at all holds
   * up nobody else.
   */
  readonly unsure?: ReadonlyMap<string, string>
  /** It has been looked at since the operator started. */
  readonly isHeard?: true
}

/** By FQDN: what each vCenter has said last, since the operator started. */
export type Claims = ReadonlyMap<string, Claim>

const NOTHING: ReadonlySet<string> = new Set()
const SILENT: Claim = { wanted: NOTHING, held: NOTHING, released: NOTHING }

/** What is rendered for a vCenter: what two of its own templates or clusters both render, it wants no less. */
export const claimed = ({ wanted, contested }: Desired): ReadonlySet<string> =>
  new Set([...wanted.keys(), ...contested.keys()])

/** The claims of vCenters of which only what is rendered for them is known. */
export const claimsOf = (all: ReadonlyMap<string, Desired>): Claims =>
  new Map([...all].map(([vcenter, desired]) => [vcenter, { ...SILENT, wanted: claimed(desired) }]))

const another = (claims: Claims, vcenter: string, says: (claim: Claim) => boolean): string | undefined =>
  [...claims]
    .filter(([other, claim]) => other !== vcenter && says(claim))
    .map(([other]) => other)
    .sort()[0]

/** Of which of its clusters and datacenters it is not known what a vCenter wants: held, without storage, not rendered. */
export const unsureOf = ({ failures, held, lost, subjects }: Desired): ReadonlyMap<string, string> => {
  const reasons: ReadonlyArray<readonly [string, string]> = [
    ...held,
    ...[...lost].map(([ref, { message }]) => [ref, message] as const),
    ...failures.flatMap(({ subject, message }) => (subject === undefined ? [] : [[subject, message] as const]))
  ]
  return new Map(reasons.map(([ref, why]) => [subjects.get(ref)?.name ?? ref, why]))
}

/** Another vCenter of the zone that has not been looked at yet since the operator started. */
export const unheard = (claims: Claims, vcenter: string, zone: ReadonlySet<string>): string | undefined =>
  [...zone].filter((other) => other !== vcenter && claims.get(other)?.isHeard === undefined).sort()[0]

/**
 * Why another vCenter of the zone may want what was made for a cluster or datacenter that is gone here: it shows one of
 * that name. Undefined when none does.
 */
export const mayHave = (
  claims: Claims,
  vcenter: string,
  zone: ReadonlySet<string>,
  subject: string
): string | undefined =>
  [...claims]
    .flatMap(([other, { unsure }]) => {
      const why = unsure?.get(subject)
      return other === vcenter || !zone.has(other) || why === undefined ? [] : [`${other} has ${subject}, too: ${why}`]
    })
    .sort()[0]

/** Another vCenter that wants this identity: the first by name, so that messages do not change with who came first. */
export const claimant = (claims: Claims, vcenter: string, identity: string): string | undefined =>
  another(claims, vcenter, ({ wanted }) => wanted.has(identity))

/** Another vCenter for which this identity has been applied. */
export const holder = (claims: Claims, vcenter: string, identity: string): string | undefined =>
  another(claims, vcenter, ({ held }) => held.has(identity))

/** Another vCenter that has given this identity up, so that it may be taken. */
export const releaser = (claims: Claims, vcenter: string, identity: string): string | undefined =>
  another(claims, vcenter, ({ released }) => released.has(identity))

/** What another vCenter wants too belongs to neither. */
export const contestOthers = (desired: Desired, vcenter: string, claims: Claims): Desired => {
  const wanted = new Map<string, Wanted>()
  const contested = new Map(desired.contested)
  for (const [key, each] of desired.wanted) {
    const other = claimant(claims, vcenter, key)
    if (other === undefined) wanted.set(key, each)
    else contested.set(key, `${label(each.manifest)} is rendered for ${other} too: give the objects different names`)
  }
  return { ...desired, wanted, contested }
}

/**
 * The ledger with doubts about what has been to another vCenter and comes back: that one records it too, and gives it up,
 * so it may have been applied for it since. It is applied again, or it would look unchanged.
 */
export const reclaimed = (ledger: Ledger, { wanted }: Desired, vcenter: string, claims: Claims): Ledger => {
  const back = [...ledger.entries].filter(([key]) => wanted.has(key) && releaser(claims, vcenter, key) !== undefined)
  if (back.length === 0) return ledger
  const doubted = back.map(([key, entry]) => [key, withoutDigest(entry)] as const)
  return { ...ledger, entries: new Map([...ledger.entries, ...doubted]) }
}

/** The claims after a vCenter has said something new, and the other vCenters that it concerns: they have to look again. */
export const said = (
  claims: Claims,
  vcenter: string,
  news: Partial<Claim>
): { readonly claims: Claims; readonly concerned: ReadonlyArray<string> } => {
  const before = claims.get(vcenter) ?? SILENT
  const after = { ...before, ...news }
  const changed = [
    ...before.wanted.symmetricDifference(after.wanted),
    ...before.held.symmetricDifference(after.held),
    ...before.released.symmetricDifference(after.released)
  ]
  const instances = [...(before.instances ?? NOTHING).symmetricDifference(after.instances ?? NOTHING)]
  const concerned = [...claims]
    .filter(
      ([other, { wanted, held, instances: theirs }]) =>
        other !== vcenter &&
        (changed.some((key) => wanted.has(key) || held.has(key)) || instances.some((uuid) => theirs?.has(uuid)))
    )
    .map(([other]) => other)
  return {
    claims:
      changed.length + instances.length === 0 && news.isHeard === undefined
        ? claims
        : new Map([...claims, [vcenter, after]]),
    concerned
  }
}
