import { assert, describe, layer } from "@effect/vitest"
import { Cause, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import type { Fault } from "../../sandbox/dns/Fault.ts"
import * as NameServer from "../../sandbox/NameServer.ts"
import type { ZoneRecord } from "../../src/domain/Zone.ts"
import { Dns, type DnsError } from "../../src/services/Dns.ts"

const ZONE = "example.com"
// A secret for these tests only.
const SECRET = "YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDEyMzQ1Njc="
const KEY = { name: "tsig-key", algorithm: "hmac-sha256", secret: Redacted.make(SECRET) } as const

const hosts = (count: number): ReadonlyArray<ZoneRecord> =>
  Array.from({ length: count }, (_, index) => ({
    name: `vc-a-${index}.${ZONE}`,
    type: "A",
    data: `10.0.${index >> 8}.${index & 255}`
  }))

/** A server whose transfers have eight messages: 14 records and two SOAs. */
const RECORDS = hosts(14)
const start = (options: Partial<NameServer.Options> = {}) =>
  NameServer.start({ zone: ZONE, key: KEY, records: RECORDS, recordsPerMessage: 2, ...options })

const failed = <A>(effect: Effect.Effect<A, DnsError, Dns>) =>
  Effect.flip(effect).pipe(Effect.map(({ reason, detail }) => [reason, detail] as const))

const serial = (server: NameServer.NameServer, zone = ZONE) => Dns.use((dns) => dns.serial(server, zone))
const transfer = (server: NameServer.NameServer, zone = ZONE) => Dns.use((dns) => dns.transfer(server, zone))

/** What is under way on sockets takes real time; the clock of the test stands still meanwhile. */
const until = <E, R>(condition: Effect.Effect<boolean, E, R>) =>
  TestClock.withLive(Effect.repeat(Effect.andThen(Effect.sleep(5), condition), { until: (is) => is }))

layer(Dns.layer)("Dns", (it) => {
  describe("with the right key", () => {
    it.effect("tells the serial, also 0", () =>
      Effect.gen(function* () {
        const server = yield* start()
        assert.strictEqual(yield* serial(server), 1)
        yield* server.serial(0)
        assert.strictEqual(yield* serial(server), 0)
        yield* server.serial(2 ** 32 - 1)
        assert.strictEqual(yield* serial(server), 2 ** 32 - 1)
        assert.deepStrictEqual(yield* server.queries, { soa: 3, axfr: 0 })
      })
    )

    it.effect("transfers a zone of many messages in its order, without the SOAs", () =>
      Effect.gen(function* () {
        const server = yield* start()
        assert.deepStrictEqual(yield* transfer(server), { serial: 1, records: RECORDS })
        assert.deepStrictEqual(yield* server.queries, { soa: 0, axfr: 1 })
      })
    )

    it.effect("transfers 5,000 records in 500 messages", () =>
      Effect.gen(function* () {
        const records = hosts(5000)
        const server = yield* start({ records, recordsPerMessage: 10 })
        assert.deepStrictEqual(yield* transfer(server), { serial: 1, records })
      })
    )

    it.effect("transfers a zone that holds nothing but its SOA", () =>
      Effect.gen(function* () {
        const server = yield* start()
        yield* server.set([])
        assert.deepStrictEqual(yield* transfer(server), { serial: 2, records: [] })
      })
    )

    it.effect("gives addresses and targets, and no data of other types", () =>
      Effect.gen(function* () {
        const server = yield* start({ records: [{ name: `txt.${ZONE}`, type: "TXT", data: "a text" }] })
        yield* server.addHost("vc-a-0", "192.0.2.1")
        yield* server.addHost(`vc-a-1.${ZONE}`, "2001:db8::1")
        yield* server.addHost("vc-a-2", `lb.${ZONE}`)
        assert.deepStrictEqual(yield* transfer(server), {
          serial: 4,
          records: [
            { name: "txt.example.com", type: "TXT", data: "" },
            { name: "vc-a-0.example.com", type: "A", data: "192.0.2.1" },
            { name: "vc-a-1.example.com", type: "AAAA", data: "2001:db8::1" },
            { name: "vc-a-2.example.com", type: "CNAME", data: "lb.example.com" }
          ]
        })
        yield* server.removeHost("vc-a-1")
        assert.strictEqual((yield* transfer(server)).records.length, 3)
      })
    )

    it.effect("does not mind capitals or a closing dot in the zone's name", () =>
      Effect.gen(function* () {
        const server = yield* start()
        assert.strictEqual((yield* transfer(server, "Example.COM.")).records.length, RECORDS.length)
      })
    )

    it.effect.each(["hmac-sha1", "hmac-sha224", "hmac-sha384", "hmac-sha512"] as const)("speaks %s", (algorithm) =>
      Effect.gen(function* () {
        const server = yield* start({ key: { ...KEY, algorithm } })
        assert.strictEqual((yield* transfer(server)).records.length, RECORDS.length)
      })
    )

    it.effect("accepts 99 unsigned messages in a row, and not 100", () =>
      Effect.gen(function* () {
        const server = yield* start({ records: hosts(200), recordsPerMessage: 1 })
        yield* server.failNext({ unsignedMiddle: 99 })
        assert.strictEqual((yield* transfer(server)).records.length, 200)
        yield* server.failNext({ unsignedMiddle: 100 })
        assert.deepStrictEqual(yield* failed(transfer(server)), [
          "Unverified",
          "more than 99 messages in a row are not signed"
        ])
      })
    )

    it.effect("accepts a first message that leaves the question out", () =>
      Effect.gen(function* () {
        const server = yield* start()
        yield* server.failNext("noQuestion")
        assert.strictEqual((yield* transfer(server)).records.length, RECORDS.length)
      })
    )
  })

  describe("never takes as a zone", () => {
    it.effect.each<[Fault, DnsError["reason"], string]>([
      ["empty", "Incomplete", "the first message of the transfer is empty"],
      ["soaNotFirst", "Incomplete", "the transfer does not begin with the SOA of example.com"],
      ["truncate", "Incomplete", "the transfer ended before its closing SOA"],
      ["otherClosingSoa", "Incomplete", "the closing SOA (4000000000) is not the opening one (1)"],
      ["answersAfterTheEnd", "Incomplete", "answers after the final SOA"],
      ["notAnAnswer", "Incomplete", "a message is a query, not an answer"],
      ["wrongId", "Incomplete", "a message answers another query: its id differs"],
      [{ rcode: 2 }, "Refused", "the server answers SERVFAIL to AXFR of example.com"],
      [{ rcode: 11 }, "Refused", "the server answers response code 11 to AXFR of example.com"],
      ["servfailInTheMiddle", "Refused", "the server answers SERVFAIL to AXFR of example.com"],
      ["truncatedBit", "Incomplete", "a message is truncated"],
      ["wrongQuestion", "Incomplete", "a message answers another question"],
      ["reset", "Incomplete", "the connection broke: ECONNRESET"],
      [
        "drop",
        "Incomplete",
        "the server closed the connection without an answer; designate stays silent when the TSIG key is wrong: check tsig_key"
      ],
      ["unsigned", "Unverified", "the answer is not signed with TSIG, though the query was"],
      [{ unsignedRcode: 5 }, "Refused", "the server answers REFUSED to AXFR of example.com, unsigned"],
      ["unsignedLast", "Unverified", "the last message of the transfer is not signed"],
      [
        "forged",
        "Unverified",
        "BADSIG: the answer's TSIG is wrong; the secrets differ, or somebody changed the answer"
      ],
      [
        "forgedLast",
        "Unverified",
        "BADSIG: the answer's TSIG is wrong; the secrets differ, or somebody changed the answer"
      ],
      ["stale", "Unverified", "BADTIME: the server's clock is 3600 s behind this one"],
      [{ clockAhead: 1000 }, "Unverified", "the server answers BADTIME: the server's clock is 1000 s ahead of this one"]
    ])("a transfer with %j", ([fault, reason, detail]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1_800_000_000_000)
        const server = yield* start()
        yield* server.failNext(fault)
        assert.deepStrictEqual(yield* failed(transfer(server)), [reason, detail])
        assert.strictEqual((yield* transfer(server)).records.length, RECORDS.length)
        yield* until(Effect.map(server.connections, (open) => open === 0))
      })
    )
  })

  describe("never takes as a serial", () => {
    it.effect.each<[Fault, DnsError["reason"]]>([
      ["empty", "Incomplete"],
      ["notAnAnswer", "Incomplete"],
      ["wrongId", "Incomplete"],
      [{ rcode: 9 }, "Refused"],
      ["truncatedBit", "Incomplete"],
      ["wrongQuestion", "Incomplete"],
      ["drop", "Incomplete"],
      ["unsigned", "Unverified"],
      [{ unsignedRcode: 9 }, "Refused"],
      ["forged", "Unverified"],
      ["stale", "Unverified"],
      [{ clockAhead: 301 }, "Unverified"]
    ])("an answer with %j", ([fault, reason]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1_800_000_000_000)
        const server = yield* start()
        yield* server.failNext(fault)
        assert.strictEqual((yield* failed(serial(server)))[0], reason)
        assert.strictEqual(yield* serial(server), 1)
      })
    )
  })

  describe("with a key that does not fit", () => {
    it.effect.each<[string, Partial<NonNullable<NameServer.Options["key"]>>, string]>([
      [
        "secret",
        { secret: Redacted.make("AAAA") },
        "the server answers BADSIG: it holds another secret for this TSIG key"
      ],
      ["name", { name: "other-key" }, "the server answers BADKEY: it does not know this TSIG key name or algorithm"],
      [
        "algorithm",
        { algorithm: "hmac-sha512" },
        "the server answers BADKEY: it does not know this TSIG key name or algorithm"
      ]
    ])("another %s: says what the server says", ([, change, detail]) =>
      Effect.gen(function* () {
        const server = yield* start()
        assert.deepStrictEqual(yield* failed(transfer({ ...server, key: { ...KEY, ...change } })), [
          "Unverified",
          detail
        ])
      })
    )

    it.effect("not base64: says so without showing it, and without a connection", () =>
      Effect.gen(function* () {
        const server = yield* start()
        const key = { ...KEY, secret: Redacted.make("a-secret-in-plain-words!") }
        const error = yield* Effect.flip(serial({ ...server, key }))
        assert.strictEqual(error.reason, "BadKey")
        assert.strictEqual(error.message, `127.0.0.1:${server.port}: the TSIG secret is not base64: check tsig_key`)
        assert.notInclude(Cause.pretty(Cause.fail(error)), "plain-words")
        assert.deepStrictEqual(yield* server.queries, { soa: 0, axfr: 0 })
      })
    )

    it.effect("none at all: is refused", () =>
      Effect.gen(function* () {
        const server = yield* start()
        const detail = "the server answers REFUSED to AXFR of example.com"
        assert.deepStrictEqual(yield* failed(transfer({ ...server, key: undefined })), ["Refused", detail])
      })
    )
  })

  describe("without a key", () => {
    it.effect("takes unsigned answers", () =>
      Effect.gen(function* () {
        const server = yield* start({ key: undefined })
        assert.strictEqual(yield* serial(server), 1)
        assert.deepStrictEqual(yield* transfer(server), { serial: 1, records: RECORDS })
      })
    )

    it.effect.each<[Fault, DnsError["reason"]]>([
      ["truncate", "Incomplete"],
      ["otherClosingSoa", "Incomplete"],
      ["answersAfterTheEnd", "Incomplete"],
      ["servfailInTheMiddle", "Refused"],
      ["wrongId", "Incomplete"],
      ["drop", "Incomplete"]
    ])("still takes no transfer with %j", ([fault, reason]) =>
      Effect.gen(function* () {
        const server = yield* start({ key: undefined })
        yield* server.failNext(fault)
        assert.strictEqual((yield* failed(transfer(server)))[0], reason)
      })
    )
  })

  describe("the zone's name", () => {
    it.effect("that the server does not serve is refused", () =>
      Effect.gen(function* () {
        const server = yield* start()
        assert.strictEqual((yield* failed(serial(server, "example.org")))[0], "Refused")
        assert.strictEqual((yield* failed(transfer(server, "example.org")))[0], "Refused")
      })
    )

    it.effect.each(["a..b", `${"x".repeat(64)}.com`, `${"x.".repeat(130)}com`])("%j is never asked for", (zone) =>
      Effect.gen(function* () {
        const server = yield* start()
        assert.deepStrictEqual(yield* failed(serial(server, zone)), ["BadZone", `"${zone}" is no domain name`])
        assert.deepStrictEqual(yield* server.queries, { soa: 0, axfr: 0 })
      })
    )
  })
})
