import { createHmac, timingSafeEqual } from "node:crypto"
import { Redacted, Result } from "effect"
import { Base64 } from "effect/encoding"
import { additionals, encodeName, id, readName, type Span, tsigSpan } from "./Wire.ts"

/** Algorithms by their names in settings; `hmac-md5` is here for the published known-answer vectors only. */
const ALGORITHMS = {
  "hmac-md5": { wire: "hmac-md5.sig-alg.reg.int", hash: "md5" },
  "hmac-sha1": { wire: "hmac-sha1", hash: "sha1" },
  "hmac-sha224": { wire: "hmac-sha224", hash: "sha224" },
  "hmac-sha256": { wire: "hmac-sha256", hash: "sha256" },
  "hmac-sha384": { wire: "hmac-sha384", hash: "sha384" },
  "hmac-sha512": { wire: "hmac-sha512", hash: "sha512" }
} as const

export type Algorithm = keyof typeof ALGORITHMS

/** A key ready for use: names in canonical wire form. */
export interface Key {
  readonly name: Buffer
  readonly algorithm: Buffer
  readonly hash: string
  readonly secret: Redacted.Redacted<Uint8Array>
}

/**
 * What the MAC of the next message covers besides that message (RFC 8945, 5.3): nothing for a request; its MAC for the
 * first answer; for later ones the last MAC and the unsigned messages since.
 */
export interface Chain {
  readonly key: Key
  readonly next: "request" | "first answer" | "later answer"
  readonly mac: Buffer
  readonly unsigned: ReadonlyArray<Buffer>
}

/** When a message is signed and what its TSIG says about an error. */
export interface Stamp {
  /** Seconds since 1970, 48 bits. */
  readonly seconds: number
  /** By how many seconds the clocks may differ; 300 as the RFC recommends. */
  readonly fudge?: number
  readonly error?: number
  readonly other?: Buffer
}

/** Why a message is not accepted. */
export type Problem =
  | { readonly _tag: "Malformed"; readonly detail: string }
  | { readonly _tag: "Unsigned" }
  | { readonly _tag: "SignedUnasked" }
  | { readonly _tag: "TooManyUnsigned" }
  | { readonly _tag: "WrongKey" }
  | { readonly _tag: "BadSignature" }
  /** The MAC is right; seconds by which its signer's clock is ahead. */
  | { readonly _tag: "BadTime"; readonly skew: number }
  /** What the server says about our signature; `skew` when it told its time. */
  | { readonly _tag: "Rejected"; readonly error: number; readonly skew: number | undefined }

export const BADSIG = 16
export const BADKEY = 17
export const BADTIME = 18
const FUDGE = 300
/** RFC 8945, 5.3.1: at most 99 messages between two signed ones. */
const MOST_UNSIGNED = 99
const NOTHING = Buffer.alloc(0)

/** The key of a base64 secret; fails naming what is wrong with it, never showing it. */
export const key = (
  name: string,
  algorithm: Algorithm,
  secret: Redacted.Redacted
): Result.Result<Key, "name" | "secret"> => {
  const wire = encodeName(name)
  const octets = Result.getOrUndefined(Base64.decode(Redacted.value(secret).trim()))
  if (octets === undefined || octets.length === 0) return Result.fail("secret")
  if (wire === undefined || wire.length === 1) return Result.fail("name")
  const { wire: algorithmName, hash } = ALGORITHMS[algorithm]
  const algorithmWire = encodeName(algorithmName) ?? NOTHING
  return Result.succeed({ name: wire, algorithm: algorithmWire, hash, secret: Redacted.make(octets) })
}

/** The chain that a request begins. */
export const begin = (key: Key): Chain => ({ key, next: "request", mac: NOTHING, unsigned: [] })

/** A message with its TSIG appended, and the chain for what follows. `wire` must be a whole message without a TSIG. */
export const sign = (wire: Buffer, chain: Chain, stamp: Stamp): { readonly wire: Buffer; readonly chain: Chain } => {
  const { key } = chain
  const { seconds, fudge = FUDGE, error = 0, other = NOTHING } = stamp
  const mac = digest(wire, chain, { seconds, fudge, error, other })
  const data = [key.algorithm, uint(6, seconds), uint(2, fudge), uint(2, mac.length), mac]
  const rest = [wire.subarray(0, 2), uint(2, error), uint(2, other.length), other]
  const rdata = Buffer.concat([...data, ...rest])
  const record = [key.name, uint(2, 250), uint(2, 255), uint(4, 0), uint(2, rdata.length), rdata]
  const signed = Buffer.concat([wire, ...record])
  signed.writeUInt16BE(additionals(wire) + 1, 10)
  return { wire: signed, chain: after(chain, mac) }
}

/** The chain after a message that goes unsigned between signed ones. */
export const leaveUnsigned = (wire: Buffer, chain: Chain): Chain => ({ ...chain, unsigned: [...chain.unsigned, wire] })

/** Whether every message so far is covered by a MAC: only then a conversation may end. */
export const isSettled = (chain: Chain): boolean => chain.unsigned.length === 0

/**
 * Checks a message as it came (RFC 8945, 5.2 and 5.4).
 *
 *   TSIG                                      | result
 *   ------------------------------------------+----------------------------------------------------
 *   not last, twice, breaks off               | Malformed
 *   none, request or first answer             | Unsigned
 *   none, later answer, 99 at most in a row   | accepted; its octets go into the next MAC
 *   none, the 100th in a row                  | TooManyUnsigned
 *   with an error and no MAC                  | Rejected (BADKEY, BADSIG: cannot be signed)
 *   another key name or algorithm             | WrongKey
 *   MAC differs, whatever its time and error  | BadSignature
 *   MAC right, with an error                  | Rejected (BADTIME: with the server's time)
 *   MAC right, time out of fudge              | BadTime
 *   MAC right, time right                     | accepted
 *
 * @param seconds the time now, since 1970
 * @returns the message without its TSIG, and the chain for the next one
 */
export const verify = (
  wire: Buffer,
  chain: Chain,
  seconds: number
): Result.Result<{ readonly message: Buffer; readonly chain: Chain }, Problem> => {
  const span = tsigSpan(wire)
  if (Result.isFailure(span)) return Result.fail({ _tag: "Malformed", detail: span.failure })
  if (span.success === undefined) return verifyUnsigned(wire, chain)
  const tsig = readTsig(wire, span.success)
  if (tsig === undefined) return Result.fail({ _tag: "Malformed", detail: "its TSIG cannot be read" })
  const rejected: Problem = { _tag: "Rejected", error: tsig.error, skew: skewOf(tsig, seconds) }
  if (tsig.error !== 0 && tsig.mac.length === 0) return Result.fail({ ...rejected, skew: undefined })
  if (!tsig.name.equals(chain.key.name) || !tsig.algorithm.equals(chain.key.algorithm)) {
    return Result.fail({ _tag: "WrongKey" })
  }
  const message = Buffer.from(wire.subarray(0, span.success.start))
  message.writeUInt16BE(additionals(wire) - 1, 10)
  message.writeUInt16BE(tsig.originalId, 0)
  const mac = digest(message, chain, tsig)
  message.writeUInt16BE(id(wire), 0)
  if (mac.length !== tsig.mac.length || !timingSafeEqual(mac, tsig.mac)) return Result.fail({ _tag: "BadSignature" })
  if (tsig.error !== 0) return Result.fail(rejected)
  const skew = tsig.seconds - seconds
  if (Math.abs(skew) > tsig.fudge) return Result.fail({ _tag: "BadTime", skew })
  return Result.succeed({ message, chain: after(chain, mac) })
}

/** Checks an answer to an unsigned query: well formed and without a TSIG. */
export const verifyNone = (
  wire: Buffer
): Result.Result<{ readonly message: Buffer; readonly chain: undefined }, Problem> => {
  const span = tsigSpan(wire)
  if (Result.isFailure(span)) return Result.fail({ _tag: "Malformed", detail: span.failure })
  if (span.success !== undefined) return Result.fail({ _tag: "SignedUnasked" })
  return Result.succeed({ message: wire, chain: undefined })
}

const verifyUnsigned = (
  message: Buffer,
  chain: Chain
): Result.Result<{ readonly message: Buffer; readonly chain: Chain }, Problem> => {
  if (chain.next !== "later answer") return Result.fail({ _tag: "Unsigned" })
  if (chain.unsigned.length >= MOST_UNSIGNED) return Result.fail({ _tag: "TooManyUnsigned" })
  return Result.succeed({ message, chain: leaveUnsigned(message, chain) })
}

const after = ({ key, next }: Chain, mac: Buffer): Chain => ({
  key,
  next: next === "request" ? "first answer" : "later answer",
  mac,
  unsigned: []
})

/** A problem in words for the person who has to mend it. */
export const describe = (problem: Problem): string => {
  switch (problem._tag) {
    case "Malformed":
      return `the answer is malformed: ${problem.detail}`
    case "Unsigned":
      return "the answer is not signed with TSIG, though the query was"
    case "SignedUnasked":
      return "the answer is signed with TSIG, though the query was not"
    case "TooManyUnsigned":
      return `more than ${MOST_UNSIGNED} messages in a row are not signed`
    case "WrongKey":
      return "the answer is signed with another TSIG key or algorithm"
    case "BadSignature":
      return "BADSIG: the answer's TSIG is wrong; the secrets differ, or somebody changed the answer"
    case "BadTime":
      return `BADTIME: ${clocks(problem.skew)}`
    case "Rejected":
      return rejection(problem.error, problem.skew)
  }
}

const rejection = (error: number, skew: number | undefined): string => {
  if (error === BADSIG) return "the server answers BADSIG: it holds another secret for this TSIG key"
  if (error === BADKEY) return "the server answers BADKEY: it does not know this TSIG key name or algorithm"
  if (error === BADTIME) return `the server answers BADTIME${skew === undefined ? "" : `: ${clocks(skew)}`}`
  return `the server answers with TSIG error ${error}`
}

const clocks = (skew: number): string =>
  `the server's clock is ${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead of"} this one`

interface Tsig extends Required<Stamp> {
  readonly name: Buffer
  readonly algorithm: Buffer
  readonly mac: Buffer
  readonly originalId: number
}

/** RFC 8945, 4.2. */
const readTsig = (wire: Buffer, { start, type, data, end }: Span): Tsig | undefined => {
  if (wire.readUInt16BE(type + 2) !== 255 || wire.readUInt32BE(type + 4) !== 0) return undefined
  const name = readName(wire, start)
  const algorithm = readName(wire, data)
  if (name === undefined || algorithm === undefined || algorithm.end + 10 > end) return undefined
  const at = algorithm.end
  const macEnd = at + 10 + wire.readUInt16BE(at + 8)
  if (macEnd + 6 > end || macEnd + 6 + wire.readUInt16BE(macEnd + 4) !== end) return undefined
  return {
    name: name.canonical,
    algorithm: algorithm.canonical,
    seconds: wire.readUIntBE(at, 6),
    fudge: wire.readUInt16BE(at + 6),
    mac: wire.subarray(at + 10, macEnd),
    originalId: wire.readUInt16BE(macEnd),
    error: wire.readUInt16BE(macEnd + 2),
    other: wire.subarray(macEnd + 6, end)
  }
}

const skewOf = ({ other }: Tsig, seconds: number): number | undefined =>
  other.length === 6 ? other.readUIntBE(0, 6) - seconds : undefined

/** RFC 8945, 4.3: prior MAC, messages, then all variables, or the timers alone for later answers. */
const digest = (wire: Buffer, { key, next, mac, unsigned }: Chain, stamp: Required<Stamp>): Buffer => {
  const hmac = createHmac(key.hash, Redacted.value(key.secret))
  if (next !== "request") hmac.update(uint(2, mac.length)).update(mac)
  for (const message of unsigned) hmac.update(message)
  hmac.update(wire)
  const timers = [uint(6, stamp.seconds), uint(2, stamp.fudge)]
  if (next === "later answer") return hmac.update(Buffer.concat(timers)).digest()
  const owner = [key.name, uint(2, 255), uint(4, 0), key.algorithm]
  const rest = [uint(2, stamp.error), uint(2, stamp.other.length), stamp.other]
  return hmac.update(Buffer.concat([...owner, ...timers, ...rest])).digest()
}

const uint = (octets: number, value: number): Buffer => {
  const buffer = Buffer.alloc(octets)
  buffer.writeUIntBE(value, 0, octets)
  return buffer
}
