import { Result } from "effect"
import { canonical } from "../../domain/Zone.ts"

/** A resource record where it lies in its message. */
export interface Span {
  readonly start: number
  /** First octet after the owner name. */
  readonly type: number
  readonly data: number
  readonly end: number
}

/** A domain name as it is digested: lower case, uncompressed; `end` is where it stops in its message. */
export interface Name {
  readonly canonical: Buffer
  readonly end: number
}

export const HEADER = 12
const TSIG = 250
const MAX_NAME = 255
const MAX_LABEL = 63

/** Octets of a message's fixed part (RFC 1035, 4.1.1). The message must be at least `HEADER` octets long. */
export const id = (wire: Buffer): number => wire.readUInt16BE(0)
export const rcode = (wire: Buffer): number => wire.readUInt16BE(2) & 0xf
export const additionals = (wire: Buffer): number => wire.readUInt16BE(10)

/** A name in wire form, lower case, uncompressed; undefined when it is no domain name (RFC 1035, 2.3.4). */
export const encodeName = (name: string): Buffer | undefined => {
  const text = canonical(name)
  const labels = text === "" ? [] : text.split(".").map((label) => Buffer.from(label))
  if (labels.some(({ length }) => length === 0 || length > MAX_LABEL)) return undefined
  const wire = Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)])
  return wire.length > MAX_NAME ? undefined : wire
}

/** The name at an offset, its pointers followed; undefined when it breaks off, grows too long, or points forward. */
export const readName = (wire: Buffer, offset: number): Name | undefined => {
  const parts: Array<Buffer> = []
  let [at, before, end, size] = [offset, offset, -1, 1]
  for (;;) {
    const length = wire[at]
    if (length === undefined) return undefined
    if (length === 0) return { canonical: Buffer.concat([...parts, Buffer.of(0)]), end: end === -1 ? at + 1 : end }
    if (length >= 0xc0) {
      if (at + 2 > wire.length) return undefined
      if (end === -1) end = at + 2
      at = wire.readUInt16BE(at) & 0x3fff
      if (at >= before) return undefined
      before = at
    } else {
      size += length + 1
      if (length > MAX_LABEL || at + length + 1 > wire.length || size > MAX_NAME) return undefined
      parts.push(lower(wire.subarray(at, at + length + 1)))
      at += length + 1
    }
  }
}

/** Lower case in ASCII alone; a length octet of 65 to 90 cannot occur. */
const lower = (octets: Buffer): Buffer =>
  Buffer.from(octets.map((octet) => (octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet)))

/**
 * The TSIG record of a message, undefined when it has none. Fails when the message is not exactly as long as its
 * records, or when a TSIG stands anywhere but last in the additional section (RFC 8945, 5.1).
 */
export const tsigSpan = (wire: Buffer): Result.Result<Span | undefined, string> => {
  if (wire.length < HEADER) return Result.fail("it is shorter than a DNS header")
  let at: number | undefined = HEADER
  for (let left = wire.readUInt16BE(4); left > 0 && at !== undefined; left--) at = within(wire, skipName(wire, at), 4)
  const records = wire.readUInt16BE(6) + wire.readUInt16BE(8) + additionals(wire)
  let found: Span | undefined
  for (let index = 1; index <= records && at !== undefined; index++) {
    const span = readSpan(wire, at)
    if (span !== undefined && wire.readUInt16BE(span.type) === TSIG) {
      if (index < records || additionals(wire) === 0) return Result.fail("its TSIG is not the last record")
      found = span
    }
    at = span?.end
  }
  if (at === undefined) return Result.fail("a record breaks off")
  return at === wire.length ? Result.succeed(found) : Result.fail("octets follow its last record")
}

const readSpan = (wire: Buffer, start: number): Span | undefined => {
  const type = skipName(wire, start)
  const data = within(wire, type, 10)
  if (type === undefined || data === undefined) return undefined
  const end = within(wire, data, wire.readUInt16BE(data - 2))
  return end === undefined ? undefined : { start, type, data, end }
}

const within = (wire: Buffer, at: number | undefined, octets: number): number | undefined =>
  at === undefined || at + octets > wire.length ? undefined : at + octets

const skipName = (wire: Buffer, offset: number): number | undefined => {
  for (let at = offset; ; ) {
    const length = wire[at]
    if (length === undefined) return undefined
    if (length === 0) return at + 1
    if (length >= 0xc0) return within(wire, at, 2)
    if (length > MAX_LABEL) return undefined
    at += length + 1
  }
}
