const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const PACKED = /^[A-Za-z0-9_-]{22}$/
/** Before what is no UUID: no base64url begins so. */
const VERBATIM = "="

/** A UID in the ledger: the 16 bytes of a UUID (RFC 9562) as base64url, 22 characters instead of 36. */
export const packUid = (uid: string): string =>
  UUID.test(uid) ? Buffer.from(uid.replaceAll("-", ""), "hex").toString("base64url") : `${VERBATIM}${uid}`

/** What `packUid` was given; undefined for what it never gives. */
export const unpackUid = (packed: string): string | undefined => {
  if (packed.startsWith(VERBATIM)) return packed.slice(VERBATIM.length)
  if (!PACKED.test(packed)) return undefined
  const hex = Buffer.from(packed, "base64url").toString("hex")
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
}
