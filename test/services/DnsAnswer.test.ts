import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import * as Axfr from "../../src/services/dns/Axfr.ts"
import { type Answer, answersTo, type Soa } from "../../src/services/dns/Message.ts"
import { accept } from "../../src/services/dns/Reading.ts"
import * as Tsig from "../../src/services/dns/Tsig.ts"
import { encodeName, readName } from "../../src/services/dns/Wire.ts"

const QUESTION = { id: 0x3410, zone: "example.com", type: "AXFR" } as const
const NOW = 1_800_000_000
const hex = (...parts: ReadonlyArray<string>) => Buffer.from(parts.join("").replaceAll(" ", ""), "hex")

const NAME = "07 6578616d706c65 03 636f6d 00"
const ASKED = `${NAME} 00fc 0001`
const A = "01 61 c00c 0001 0001 0000012c 0004 c0000201"
const OPT = (extended: string) => `00 0029 0200 ${extended} 00 0000 0000`

describe("the answers of a message", () => {
  it.each<[string, Buffer, string]>([
    [
      "cannot be read: a pointer that points forward",
      hex("3410 8400 0001 0000 0000 0000 c00e 00fc 0001"),
      "Incomplete"
    ],
    [
      "cannot be read: an A record of five octets",
      hex("3410 8400 0001 0001 0000 0000", ASKED, "01 61 c00c 0001 0001 0000012c 0005 c000020105"),
      "Incomplete"
    ],
    ["is a query", hex("3410 0400 0001 0001 0000 0000", ASKED, A), "Incomplete"],
    ["has another id", hex("3411 8400 0001 0001 0000 0000", ASKED, A), "Incomplete"],
    ["has another opcode", hex("3410 a400 0001 0001 0000 0000", ASKED, A), "Incomplete"],
    ["has a response code", hex("3410 8405 0001 0001 0000 0000", ASKED, A), "Refused"],
    ["has an extended response code", hex("3410 8400 0001 0001 0000 0001", ASKED, A, OPT("01")), "Refused"],
    ["has an extended response code of nothing", hex("3410 8400 0001 0001 0000 0001", ASKED, A, OPT("00")), "1 answer"],
    ["is truncated", hex("3410 8600 0001 0001 0000 0000", ASKED, A), "Incomplete"],
    [
      "repeats the question with another name",
      hex("3410 8400 0001 0001 0000 0000 07 6578616d706c66 03 636f6d 00 00fc 0001", A),
      "Incomplete"
    ],
    [
      "repeats the question with another type",
      hex("3410 8400 0001 0001 0000 0000", NAME, "0006 0001", A),
      "Incomplete"
    ],
    [
      "repeats the question with another class",
      hex("3410 8400 0001 0001 0000 0000", NAME, "00fc 0003", A),
      "Incomplete"
    ],
    ["repeats the question", hex("3410 8400 0001 0001 0000 0000", ASKED, A), "1 answer"],
    [
      "repeats the question in capitals",
      hex("3410 8400 0001 0001 0000 0000 07 4558414d504c45 03 434f4d 00 00fc 0001", A),
      "1 answer"
    ],
    [
      "leaves the question out",
      hex("3410 8400 0000 0001 0000 0000", NAME, "0001 0001 0000012c 0004 c0000201"),
      "1 answer"
    ],
    [
      "has a record of class CH",
      hex("3410 8400 0001 0001 0000 0000", ASKED, "01 61 c00c 0001 0003 0000012c 0004 c0000201"),
      "Incomplete"
    ],
    [
      "has a record of class IN with the highest bit set",
      hex("3410 8400 0001 0001 0000 0000", ASKED, "01 61 c00c 0001 8001 0000012c 0004 c0000201"),
      "Incomplete"
    ],
    ["has an OPT among its answers", hex("3410 8400 0001 0001 0000 0000", ASKED, OPT("00")), "Incomplete"]
  ])("when it %s", (_, wire, expected) => {
    const result = Result.match(answersTo(QUESTION, wire), {
      onFailure: ({ reason }): string => reason,
      onSuccess: (answers) => `${answers.length} answer`
    })
    assert.strictEqual(result, expected)
  })
})

describe("accept", () => {
  const key = Result.getOrThrow(Tsig.key("tsig-key", "hmac-sha256", Redacted.make("AAAA")))
  const { chain } = Tsig.sign(hex("3410 0000 0001 0000 0000 0000", ASKED), Tsig.begin(key), { seconds: NOW })
  const plain = hex("3410 8400 0001 0001 0000 0000", ASKED, A)
  const refused = hex("3410 8405 0001 0000 0000 0000", ASKED)
  const first = Tsig.sign(plain, chain, { seconds: NOW })
  const forged = Tsig.sign(plain, { ...chain, mac: Buffer.alloc(32) }, { seconds: NOW }).wire

  it.each<[string, Tsig.Chain | undefined, Buffer, string]>([
    ["unsigned query, unsigned answer", undefined, plain, "accepted"],
    ["unsigned query, unsigned refusal", undefined, refused, "Refused"],
    ["unsigned query, signed answer", undefined, first.wire, "Unverified"],
    ["signed query, right signature", chain, first.wire, "accepted"],
    ["signed query, refusal with right signature", chain, Tsig.sign(refused, chain, { seconds: NOW }).wire, "Refused"],
    ["signed query, later answer unsigned", first.chain, plain, "accepted"],
    ["signed query, unsigned refusal", chain, refused, "Refused"],
    ["signed query, unsigned answer", chain, plain, "Unverified"],
    ["signed query, wrong signature", chain, forged, "Unverified"],
    ["signed query, malformed", chain, first.wire.subarray(0, -1), "Incomplete"],
    ["unsigned query, malformed", undefined, plain.subarray(0, -1), "Incomplete"]
  ])("%s", (_, before, wire, expected) => {
    const result = accept(QUESTION, before, wire, NOW)
    assert.strictEqual(Result.isSuccess(result) ? "accepted" : result.failure.reason, expected)
  })
})

describe("a zone transfer", () => {
  const timers = { refresh: 3600, retry: 600, expire: 86_400, minimum: 300 }
  const SOA: Soa = { mname: "ns.example.com", rname: "hostmaster.example.com", serial: 7, ...timers }
  const soa = (change: Partial<Soa> = {}, name = "example.com"): Answer => ({
    name,
    type: "SOA",
    data: "",
    soa: { ...SOA, ...change }
  })
  const host: Answer = { name: "vc-a-0.example.com", type: "A", data: "192.0.2.1", soa: undefined }

  const begun = Axfr.begin("Example.com")
  const opened = Result.getOrThrow(Axfr.receive(begun, [soa()])).axfr
  const whole = Result.getOrThrow(Axfr.receive(opened, [soa()])).axfr

  it.each<[string, Axfr.Axfr, ReadonlyArray<Answer>, string]>([
    ["begins with nothing", begun, [], "Incomplete"],
    ["begins with its SOA", begun, [soa()], "0 records, going on"],
    ["begins with its SOA in capitals", begun, [soa({}, "EXAMPLE.com")], "0 records, going on"],
    ["begins with another record", begun, [host, soa()], "Incomplete"],
    ["begins with the SOA of another zone", begun, [soa({}, "example.org")], "Incomplete"],
    ["goes on with a record", opened, [host], "1 records, going on"],
    ["goes on with nothing", opened, [], "0 records, going on"],
    ["goes on with the SOA of another name", opened, [soa({ serial: 1 }, "sub.example.com")], "1 records, going on"],
    ["ends with the same SOA", opened, [host, soa()], "1 records, whole"],
    ["begins and ends in one message", begun, [soa(), host, host, soa()], "2 records, whole"],
    ["ends with another serial", opened, [soa({ serial: 8 })], "Incomplete"],
    ["ends with another primary", opened, [soa({ mname: "ns2.example.com" })], "Incomplete"],
    ["ends with another mailbox", opened, [soa({ rname: "root.example.com" })], "Incomplete"],
    ["ends with another refresh", opened, [soa({ refresh: 1 })], "Incomplete"],
    ["ends with another retry", opened, [soa({ retry: 1 })], "Incomplete"],
    ["ends with another expire", opened, [soa({ expire: 1 })], "Incomplete"],
    ["ends with another minimum", opened, [soa({ minimum: 1 })], "Incomplete"],
    ["goes on after its end", opened, [soa(), host], "Incomplete"],
    ["goes on after its end in the next message", whole, [host], "Incomplete"]
  ])("%s", (_, so, answers, expected) => {
    const result = Result.match(Axfr.receive(so, answers), {
      onFailure: ({ reason }): string => reason,
      onSuccess: ({ records, axfr }) => `${records.length} records, ${axfr.isWhole ? "whole" : "going on"}`
    })
    assert.strictEqual(result, expected)
  })
})

describe("a name on the wire", () => {
  it("is lower case and uncompressed however it came", () => {
    const wire = hex("03 434f4d 00", "07 4558414d504c45 c000", "01 61 c005")
    assert.deepStrictEqual(readName(wire, 15), { canonical: hex("01 61", NAME), end: 19 })
    assert.deepStrictEqual(encodeName("A.Example.COM."), hex("01 61", NAME))
  })

  it.each<[string, Buffer]>([
    ["breaks off", hex("01 61")],
    ["breaks off in a label", hex("05 61")],
    ["breaks off in a pointer", hex("c0")],
    ["points to itself", hex("c000")],
    ["points forward", hex("c002 00")],
    ["has a label of 64 octets", Buffer.concat([Buffer.of(64), Buffer.alloc(64), Buffer.of(0)])],
    ["is longer than 255 octets", Buffer.concat([Buffer.from("\u0001a".repeat(128)), Buffer.of(0)])]
  ])("that %s is none", (_, wire) => {
    assert.isUndefined(readName(wire, 0))
  })

  it("may be 255 octets long", () => {
    const name = "a.".repeat(127)
    assert.strictEqual(encodeName(name)?.length, 255)
    assert.isUndefined(encodeName(`${name}a`))
    assert.strictEqual(readName(Buffer.concat([Buffer.from("\u0001a".repeat(127)), Buffer.of(0)]), 0)?.end, 255)
  })
})
