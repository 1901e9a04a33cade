import * as packet from "dns-packet"
import { Redacted, Result } from "effect"
import { canonical, type ZoneRecord } from "../../src/domain/Zone.ts"
import * as Tsig from "../../src/services/dns/Tsig.ts"
import { apply, type Draft, type Fault, type Question, type Reply, type Resource } from "./Fault.ts"

/** What the name server serves now, and how. */
export interface Served {
  readonly zone: string
  readonly serial: number
  readonly records: ReadonlyArray<ZoneRecord>
  readonly recordsPerMessage: number
  readonly key: Tsig.Key | undefined
}

/** Messages ready for the wire. */
export interface Sent {
  readonly messages: ReadonlyArray<Buffer>
  readonly ending: Reply["ending"]
}

const REFUSED = 5
const NOTAUTH = 9
const HOUR = 3600

export const readQuery = (wire: Buffer): Question => {
  const { id = 0, questions = [] } = packet.decode(wire)
  return { id, name: questions[0]?.name ?? "", type: questions[0]?.type ?? "" }
}

/**
 * The answer to a query.
 *
 *   key of the server | TSIG of the query             | answer, as BIND gives it
 *   ------------------+-------------------------------+----------------------------------------
 *   none              | any                           | the reply, unsigned
 *   one               | right                         | the reply, signed
 *   one               | none                          | REFUSED, unsigned
 *   one               | another key, wrong signature  | NOTAUTH, BADKEY or BADSIG without a MAC
 *   one               | right, but its time is not    | NOTAUTH, BADTIME, signed, with the server's time
 *
 * @param seconds the server's time
 */
export const answer = (wire: Buffer, served: Served, fault: Fault | undefined, seconds: number): Sent => {
  const query = readQuery(wire)
  const { messages, ending } = fault === undefined ? reply(query, served) : apply(fault, reply(query, served))
  if (served.key === undefined) return { messages: messages.map((draft) => encode(draft, served.zone)), ending }
  const verified = Tsig.verify(wire, Tsig.begin(served.key), seconds)
  if (Result.isFailure(verified)) {
    return { messages: [reject(verified.failure, query, wire, served.key, seconds)], ending }
  }
  return { messages: sign(messages, served.zone, verified.success.chain, seconds), ending }
}

const reply = (query: Question, { zone, serial, records, recordsPerMessage }: Served): Reply => {
  const soa: Resource = { type: "SOA", serial }
  if (canonical(query.name) !== zone) return { messages: [{ ...draft(query, []), rcode: NOTAUTH }], ending: "stay" }
  if (query.type !== "AXFR") return { messages: [draft(query, query.type === "SOA" ? [soa] : [])], ending: "stay" }
  const all = [soa, ...records, soa]
  const messages = Array.from({ length: Math.ceil(all.length / recordsPerMessage) }, (_, index) => ({
    ...draft(query, all.slice(index * recordsPerMessage, (index + 1) * recordsPerMessage)),
    question: index === 0 ? query : undefined
  }))
  return { messages, ending: "stay" }
}

const draft = (query: Question, answers: ReadonlyArray<Resource>): Draft => ({
  id: query.id,
  isAnswer: true,
  isTruncated: false,
  rcode: 0,
  question: query,
  answers,
  signature: "right"
})

const sign = (
  drafts: ReadonlyArray<Draft>,
  zone: string,
  first: Tsig.Chain,
  seconds: number
): ReadonlyArray<Buffer> => {
  let chain = first
  return drafts.map((draft) => {
    const message = encode(draft, zone)
    if (draft.signature === "none") {
      chain = Tsig.leaveUnsigned(message, chain)
      return message
    }
    const stamp = { seconds: draft.signature === "stale" ? seconds - HOUR : seconds }
    const signed = Tsig.sign(
      message,
      draft.signature === "forged" ? { ...chain, key: forger(chain.key) } : chain,
      stamp
    )
    chain = { ...signed.chain, key: chain.key }
    return signed.wire
  })
}

const forger = (key: Tsig.Key): Tsig.Key => ({ ...key, secret: Redacted.make(Buffer.from("another secret")) })

const reject = (problem: Tsig.Problem, query: Question, wire: Buffer, key: Tsig.Key, seconds: number): Buffer => {
  const refusal = { ...draft(query, []), rcode: problem._tag === "Unsigned" ? REFUSED : NOTAUTH }
  if (problem._tag === "BadTime") {
    const theirs = seconds + problem.skew
    const chain = Result.getOrThrow(Tsig.verify(wire, Tsig.begin(key), theirs)).chain
    return Tsig.sign(encode(refusal, ""), chain, { seconds: theirs, error: Tsig.BADTIME, other: time(seconds) }).wire
  }
  if (problem._tag === "Unsigned") return encode(refusal, "")
  return encode(
    refusal,
    "",
    withoutMac(key, query.id, problem._tag === "WrongKey" ? Tsig.BADKEY : Tsig.BADSIG, seconds)
  )
}

/** A TSIG that says what is wrong with the query's and cannot be signed itself (RFC 8945, 5.3.2). */
const withoutMac = (key: Tsig.Key, id: number, error: number, seconds: number): packet.Answer => {
  const rest = Buffer.alloc(10)
  rest.writeUInt16BE(300, 0)
  rest.writeUInt16BE(id, 4)
  rest.writeUInt16BE(error, 6)
  return {
    type: "TSIG",
    name: "tsig-key",
    class: "ANY",
    ttl: 0,
    data: Buffer.concat([key.algorithm, time(seconds), rest])
  }
}

const time = (seconds: number): Buffer => {
  const octets = Buffer.alloc(6)
  octets.writeUIntBE(seconds, 0, 6)
  return octets
}

const encode = (draft: Draft, zone: string, tsig?: packet.Answer): Buffer =>
  packet.encode({
    type: draft.isAnswer ? "response" : "query",
    id: draft.id,
    flags: packet.AUTHORITATIVE_ANSWER | (draft.isTruncated ? packet.TRUNCATED_RESPONSE : 0) | draft.rcode,
    questions: draft.question === undefined ? [] : [{ name: draft.question.name, type: questionType(draft.question) }],
    answers: draft.answers.map((record) => resource(record, zone)),
    additionals: tsig === undefined ? [] : [tsig]
  })

const questionType = ({ type }: Question): packet.RecordType =>
  type === "AXFR" ? "AXFR" : type === "SOA" ? "SOA" : "A"

const resource = (record: Resource, zone: string): packet.Answer => {
  if ("serial" in record) {
    const timers = { refresh: 3600, retry: 600, expire: 86_400, minimum: 300 }
    const data = { mname: `ns.${zone}`, rname: `hostmaster.${zone}`, serial: record.serial, ...timers }
    return { type: "SOA", name: zone, ttl: 300, data }
  }
  const { name, type, data } = record
  if (type === "A" || type === "AAAA" || type === "CNAME" || type === "NS") return { type, name, ttl: 300, data }
  return { type: "TXT", name, ttl: 300, data }
}
