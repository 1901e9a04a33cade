/** One record of a zone transfer that can name a vCenter. */
export interface ZoneRecord {
  /** Fully-qualified owner name without the closing dot. */
  readonly name: string
  readonly type: string
  /** The address of A and AAAA, the target of CNAME, `""` for every other type. */
  readonly data: string
}

/** A vCenter as its zone names it. */
export interface VCenterHost {
  /** Fully-qualified, lower case, without the closing dot. */
  readonly fqdn: string
  /** The first label, lower case: `vc-a-0`. */
  readonly name: string
  /** What the zone itself says about the address, IPv4 first; empty when a CNAME leads out of the zone. */
  readonly addresses: ReadonlyArray<string>
}

const VCENTER = /^vc-[a-z]+-[0-9]+$/
const ADDRESSED: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"])
/** Half of the serial number space, RFC 1982. */
const HALF = 2 ** 31

/**
 * A name in the one form in which names are compared: without the closing dot, A to Z in lower case. No other letter is
 * touched (RFC 4343): the Kelvin sign is no k.
 */
export const canonical = (name: string): string =>
  name.replace(/\.$/, "").replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * The vCenters of a zone, by FQDN, in the order of their FQDNs. The order and the letter case of the records do not
 * matter; nor do records that come twice.
 *
 *   name (zone example.com)     | type           | a vCenter?
 *   ----------------------------+----------------+-------------------------------------
 *   vc-a-0.example.com          | A, AAAA, CNAME | yes
 *   VC-A-0.Example.COM          | A              | yes, the same one
 *   vc-a-0.example.com          | any other      | no: nothing to connect to
 *   vc-a-0.sub.example.com      | A              | no: two labels below the zone
 *   vc-a-0.example.org          | A              | no: outside the zone
 *   vc-a-0                      | A              | no: outside the zone
 *   vc-a-0-old.example.com      | A              | no: the whole label has to match
 *   avc-a-0.example.com         | A              | no
 *   vc-a.example.com            | A              | no: the number is missing
 *   vc-a1-0.example.com         | A              | no: the middle is letters alone
 */
export const vcenters = (zone: string, records: ReadonlyArray<ZoneRecord>): ReadonlyMap<string, VCenterHost> => {
  const parent = canonical(zone)
  const byName = Map.groupBy(
    records.filter(({ type }) => ADDRESSED.has(type)),
    ({ name }) => canonical(name)
  )
  const hosts = [...byName.keys()].sort().flatMap((fqdn): ReadonlyArray<[string, VCenterHost]> => {
    const name = labelBelow(parent, fqdn)
    if (name === undefined || !VCENTER.test(name)) return []
    return [[fqdn, { fqdn, name, addresses: addresses(byName, fqdn) }]]
  })
  return new Map(hosts)
}

const labelBelow = (parent: string, fqdn: string): string | undefined =>
  fqdn.endsWith(`.${parent}`) ? fqdn.slice(0, -(parent.length + 1)) : undefined

/** Follows CNAMEs as far as the zone goes; a loop ends where it began. */
const addresses = (byName: ReadonlyMap<string, ReadonlyArray<ZoneRecord>>, fqdn: string): ReadonlyArray<string> => {
  const names = new Set([fqdn])
  const v4 = new Set<string>()
  const v6 = new Set<string>()
  for (const name of names) {
    for (const { type, data } of byName.get(name) ?? []) {
      if (type === "A") v4.add(data)
      else if (type === "AAAA") v6.add(data.toLowerCase())
      else names.add(canonical(data))
    }
  }
  return [...[...v4].sort(), ...[...v6].sort()]
}

/**
 * Where a zone's serial stands against the last one known (RFC 1982, 32 bits; 0 is a serial like any other).
 *
 *   seen - known, modulo 2^32 | result
 *   --------------------------+-------------------------------------------------
 *   0                         | same
 *   1 .. 2^31 - 1             | newer, also across the wrap from 4294967295 to 0
 *   2^31                      | older: RFC 1982 leaves it open
 *   2^31 + 1 .. 2^32 - 1      | older
 */
export const compareSerials = (known: number, seen: number): "newer" | "same" | "older" => {
  const ahead = (seen - known) >>> 0
  if (ahead === 0) return "same"
  return ahead < HALF ? "newer" : "older"
}
