import * as packet from "dns-packet"
import { Result } from "effect"
import { canonical } from "../../domain/Zone.ts"
import { type Failure, incomplete } from "./Failure.ts"

/** What is asked. */
export interface Question {
  readonly id: number
  /** Without the closing dot. */
  readonly zone: string
  readonly type: "SOA" | "AXFR"
}

/** The start of authority (RFC 1035, 3.3.13); names lower case. */
export interface Soa {
  readonly mname: string
  readonly rname: string
  readonly serial: number
  readonly refresh: number
  readonly retry: number
  readonly expire: number
  readonly minimum: number
}

export interface Answer {
  readonly name: string
  readonly type: string
  /** The address of A and AAAA, the target of CNAME, `""` for every other type. */
  readonly data: string
  /** Of a SOA record. */
  readonly soa: Soa | undefined
}

/** RFC 1035, 4.1.1; RFC 2136, 2.2; RFC 6891, 9. */
const RCODES: ReadonlyMap<number, string> = new Map([
  [1, "FORMERR"],
  [2, "SERVFAIL"],
  [3, "NXDOMAIN"],
  [4, "NOTIMP"],
  [5, "REFUSED"],
  [6, "YXDOMAIN"],
  [7, "YXRRSET"],
  [8, "NXRRSET"],
  [9, "NOTAUTH"],
  [10, "NOTZONE"],
  [16, "BADVERS"]
])

/** A query in wire form: one question, no flags. */
export const query = ({ id, zone, type }: Question): Buffer =>
  packet.encode({ type: "query", id, flags: 0, questions: [{ name: zone, type, class: "IN" }] })

/**
 * The answers of a message, when it answers the question (RFC 5936, 2.2).
 *
 *   message                                        | result
 *   -----------------------------------------------+------------
 *   cannot be read                                 | Incomplete
 *   QR bit not set, another id, another opcode     | Incomplete
 *   response code other than 0, also an extended   | Refused
 *   truncated (TC): there is no truncation on TCP  | Incomplete
 *   question repeated, another one                 | Incomplete
 *   question repeated, or left out                 | its answers
 *   a record of another class than IN              | Incomplete
 */
export const answersTo = (question: Question, wire: Buffer): Result.Result<ReadonlyArray<Answer>, Failure> => {
  const message = decode(wire)
  if (message === undefined) return Result.fail(incomplete("a message cannot be read"))
  const flags = message.flags ?? 0
  if (message.type !== "response") return Result.fail(incomplete("a message is a query, not an answer"))
  if (message.id !== question.id) return Result.fail(incomplete("a message answers another query: its id differs"))
  if (((flags >> 11) & 0xf) !== 0) return Result.fail(incomplete("a message has another opcode than QUERY"))
  const code = (flags & 0xf) | (extendedRcode(message) << 4)
  if (code !== 0) return Result.fail(refusal(question, code))
  if ((flags & packet.TRUNCATED_RESPONSE) !== 0) return Result.fail(incomplete("a message is truncated"))
  if (!(message.questions ?? []).every((asked) => isSame(asked, question))) {
    return Result.fail(incomplete("a message answers another question"))
  }
  const records = message.answers ?? []
  const strange = records.find((record) => record.type === "OPT" || record.class !== "IN" || record.flush === true)
  if (strange !== undefined) return Result.fail(incomplete(`${strange.name} is not a record of class IN`))
  return Result.succeed(records.map(answer))
}

/** What a response code other than 0 means for the question. */
export const refusal = ({ zone, type }: Question, code: number): Failure => ({
  reason: "Refused",
  detail: `the server answers ${RCODES.get(code) ?? `response code ${code}`} to ${type} of ${zone}`
})

/** undefined when dns-packet cannot read it, or reads another number of octets than there are. */
const decode = (wire: Buffer): packet.DecodedPacket | undefined => {
  try {
    const message = packet.decode(wire)
    return packet.decode.bytes === wire.length ? message : undefined
  } catch {
    return undefined
  }
}

const extendedRcode = ({ additionals = [] }: packet.Packet): number =>
  additionals.reduce((code, record) => (record.type === "OPT" ? record.extendedRcode : code), 0)

const isSame = (asked: packet.Question, { zone, type }: Question): boolean =>
  asked.type === type && (asked.class ?? "IN") === "IN" && isName(asked.name, zone)

/** Whether two names are the same. */
export const isName = (a: string, b: string): boolean => canonical(a) === canonical(b)

const answer = (record: packet.Answer): Answer => ({
  name: record.name,
  type: record.type,
  data: record.type === "A" || record.type === "AAAA" || record.type === "CNAME" ? record.data : "",
  soa: record.type === "SOA" ? soa(record.data) : undefined
})

const soa = (data: packet.SoaData): Soa => ({
  mname: canonical(data.mname),
  rname: canonical(data.rname),
  serial: data.serial ?? 0,
  refresh: data.refresh ?? 0,
  retry: data.retry ?? 0,
  expire: data.expire ?? 0,
  minimum: data.minimum ?? 0
})
