import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result, Schema } from "effect"
import * as Tsig from "../../src/services/dns/Tsig.ts"

// The known-answer vectors published with the BIND 10 and Kea sources: an example key, used nowhere else.
const KNOWN = key("www.example.com", "hmac-md5", "SFuWd/q99SzF8Yzd1QbB9g==")
const OUR_SECRET = "YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDEyMzQ1Njc="
const OURS = key("tsig-key", "hmac-sha256", OUR_SECRET)
const NOW = 1_800_000_000

function key(name: string, algorithm: Tsig.Algorithm, secret: string): Tsig.Key {
  return Result.getOrThrow(Tsig.key(name, algorithm, Redacted.make(secret)))
}

const hex = (...parts: ReadonlyArray<string>) => Buffer.from(parts.join("").replaceAll(" ", ""), "hex")
const EXAMPLE_COM = "07 6578616d706c65 03 636f6d 00"
const WWW = `03 777777 ${EXAMPLE_COM}`
const A_QUERY = hex("2d65 0100 0001 0000 0000 0000", WWW, "0001 0001")
const AXFR_QUERY = hex("3410 0000 0001 0000 0000 0000", EXAMPLE_COM, "00fc 0001")
const SOA_DATA = "02 6e73 c00c 04 726f6f74 c00c 77de0edf 00001c20 00000e10 00278d00 000004b0"
const FIRST_ANSWER = hex(
  "3410 8400 0001 0001 0000 0000",
  EXAMPLE_COM,
  "00fc 0001 c00c 0006 0001 00015180 0020",
  SOA_DATA
)
const SECOND_ANSWER = hex("3410 8400 0000 0001 0000 0000", EXAMPLE_COM, "0002 0001 00015180 0005 02 6e73 c00c")
const SOA_QUERY = hex("7fc4 0000 0001 0000 0000 0000", WWW, "0006 0001")
const BADTIME_ANSWER = hex("7fc4 8009 0001 0000 0000 0000", WWW, "0006 0001")

describe("the published vectors", () => {
  const begin = Tsig.begin(KNOWN)

  it("a query", () => {
    const { chain } = Tsig.sign(A_QUERY, begin, { seconds: 0x4da8877a })
    assert.strictEqual(chain.mac.toString("hex"), "227026ad297beee721ce6c6fff1e9ef3")
  })

  it("a zone transfer: its request, the first answer over all variables, the second over the timers", () => {
    const seconds = 0x4da8e951
    const request = Tsig.sign(AXFR_QUERY, begin, { seconds })
    assert.strictEqual(request.chain.mac.toString("hex"), "35b2fd08268781634400c7c8a5533b13")
    const first = Tsig.sign(FIRST_ANSWER, request.chain, { seconds })
    assert.strictEqual(first.chain.mac.toString("hex"), "bdd612cd2c7f9e0648bd6dc23713e83c")
    const second = Tsig.sign(SECOND_ANSWER, first.chain, { seconds })
    assert.strictEqual(second.chain.mac.toString("hex"), "102458f7f62ddd7d638d746034130968")
  })

  it("an answer that finds the query's time wrong", () => {
    const request = Tsig.sign(SOA_QUERY, begin, { seconds: 0x4da8b9d6 })
    const stamp = { seconds: 0x4da8b9d6, error: Tsig.BADTIME, other: hex("00004da8be86") }
    const { chain } = Tsig.sign(BADTIME_ANSWER, request.chain, stamp)
    assert.strictEqual(chain.mac.toString("hex"), "d4b043f6f44495ec8a01260e39159d76")
  })
})

describe("sign", () => {
  it("appends one TSIG and counts it", () => {
    const { wire } = Tsig.sign(A_QUERY, Tsig.begin(KNOWN), { seconds: 0x4da8877a })
    const record = hex(
      "03777777 076578616d706c65 03636f6d 00 00fa 00ff 00000000 003a",
      "08 686d61632d6d6435 07 7369672d616c67 03 726567 03 696e74 00",
      "00004da8877a 012c 0010 227026ad297beee721ce6c6fff1e9ef3 2d65 0000 0000"
    )
    assert.strictEqual(wire.toString("hex"), Buffer.concat([changedAt(A_QUERY, 11, 1), record]).toString("hex"))
  })

  it.each([
    ["hmac-sha1", 20],
    ["hmac-sha224", 28],
    ["hmac-sha256", 32],
    ["hmac-sha384", 48],
    ["hmac-sha512", 64]
  ] as const)("with %s makes a MAC of %i octets that the other side accepts", (algorithm, octets) => {
    const begin = Tsig.begin(key("k", algorithm, "AAAA"))
    const { wire, chain } = Tsig.sign(A_QUERY, begin, { seconds: NOW })
    assert.strictEqual(chain.mac.length, octets)
    assert.isTrue(Result.isSuccess(Tsig.verify(wire, begin, NOW)))
  })

  it("carries seconds beyond 32 bits", () => {
    const seconds = 2 ** 33 + 5
    const { wire } = Tsig.sign(A_QUERY, Tsig.begin(OURS), { seconds })
    assert.isTrue(Result.isSuccess(Tsig.verify(wire, Tsig.begin(OURS), seconds)))
    assert.strictEqual(problem(wire, Tsig.begin(OURS), seconds % 2 ** 32), "BadTime")
  })
})

describe("verify", () => {
  const request = Tsig.sign(AXFR_QUERY, Tsig.begin(OURS), { seconds: NOW }).chain
  const first = Tsig.sign(FIRST_ANSWER, request, { seconds: NOW })
  const signedBy = (other: Tsig.Key, stamp: Partial<Tsig.Stamp> = {}) =>
    Tsig.sign(FIRST_ANSWER, { ...request, key: other }, { seconds: NOW, ...stamp }).wire
  const other = { ...OURS, secret: KNOWN.secret }

  it.each<[string, string, Buffer, Tsig.Chain]>([
    ["a TSIG that is not last", "Malformed", countedAsAnswer(first.wire), request],
    ["two TSIGs", "Malformed", Tsig.sign(first.wire, request, { seconds: NOW }).wire, request],
    ["a TSIG of class IN", "Malformed", changedAt(first.wire, FIRST_ANSWER.length + OURS.name.length + 3, 1), request],
    [
      "a TSIG with a time to live",
      "Malformed",
      changedAt(first.wire, FIRST_ANSWER.length + OURS.name.length + 7, 1),
      request
    ],
    ["a TSIG that breaks off", "Malformed", first.wire.subarray(0, -1), request],
    ["a message that is longer than its records", "Malformed", Buffer.concat([first.wire, Buffer.of(0)]), request],
    ["less than a header", "Malformed", first.wire.subarray(0, 11), request],
    ["no TSIG in a request", "Unsigned", AXFR_QUERY, Tsig.begin(OURS)],
    ["no TSIG in a first answer", "Unsigned", FIRST_ANSWER, request],
    ["no TSIG in the 99th later answer", "accepted", SECOND_ANSWER, followedBy(first.chain, 98)],
    ["no TSIG in the 100th later answer", "TooManyUnsigned", SECOND_ANSWER, followedBy(first.chain, 99)],
    ["an error without a MAC", "Rejected", withoutMac(first.wire, Tsig.BADKEY), request],
    ["another key name", "WrongKey", signedBy(key("other", "hmac-sha256", "AAAA")), request],
    ["another algorithm", "WrongKey", signedBy(key("tsig-key", "hmac-sha512", "AAAA")), request],
    ["another secret", "BadSignature", signedBy(other), request],
    ["another secret and another time", "BadSignature", signedBy(other, { seconds: 0 }), request],
    ["another secret and an error", "BadSignature", signedBy(other, { error: Tsig.BADTIME }), request],
    ["an empty MAC without an error", "BadSignature", withoutMac(first.wire, 0), request],
    ["the MAC of another request", "BadSignature", first.wire, { ...request, mac: Buffer.alloc(32) }],
    ["an error under a right MAC", "Rejected", signedBy(OURS, { error: Tsig.BADTIME }), request],
    ["a time 301 s ago", "BadTime", signedBy(OURS, { seconds: NOW - 301 }), request],
    ["a time 301 s ahead", "BadTime", signedBy(OURS, { seconds: NOW + 301 }), request],
    ["a time 300 s ago", "accepted", signedBy(OURS, { seconds: NOW - 300 }), request],
    ["the right key and time", "accepted", first.wire, request],
    ["names in capitals", "accepted", first.wire, { ...request, key: key("TSIG-Key.", "hmac-sha256", OUR_SECRET) }]
  ])("%s: %s", (_, expected, wire, chain) => {
    assert.strictEqual(problem(wire, chain, NOW), expected)
  })

  it("gives the message back as it was before it was signed", () => {
    const { message } = Result.getOrThrow(Tsig.verify(first.wire, request, NOW))
    assert.strictEqual(message.toString("hex"), FIRST_ANSWER.toString("hex"))
  })

  it("takes the id that was signed, and leaves the one in the header to its reader", () => {
    const forwarded = changedAt(first.wire, 1, 0x11)
    const { message } = Result.getOrThrow(Tsig.verify(forwarded, request, NOW))
    assert.strictEqual(message.readUInt16BE(0), 0x3411)
  })

  it("covers the unsigned messages in between with the next MAC", () => {
    const chain = followedBy(first.chain, 2)
    const { wire } = Tsig.sign(SECOND_ANSWER, chain, { seconds: NOW })
    assert.strictEqual(problem(wire, chain, NOW), "accepted")
    assert.strictEqual(problem(wire, followedBy(first.chain, 1), NOW), "BadSignature")
  })

  it("is settled only after a signed message", () => {
    const unsigned = Result.getOrThrow(Tsig.verify(SECOND_ANSWER, first.chain, NOW)).chain
    assert.isFalse(Tsig.isSettled(unsigned))
    const { wire } = Tsig.sign(SECOND_ANSWER, unsigned, { seconds: NOW })
    assert.isTrue(Tsig.isSettled(Result.getOrThrow(Tsig.verify(wire, unsigned, NOW)).chain))
  })

  it("tells by how much the clocks differ, from the server's time or from the answer's", () => {
    const told = Buffer.alloc(6)
    told.writeUIntBE(NOW - 1000, 0, 6)
    const rejected = signedBy(OURS, { error: Tsig.BADTIME, other: told })
    assert.strictEqual(
      describeProblem(rejected, request),
      "the server answers BADTIME: the server's clock is 1000 s behind this one"
    )
    const early = signedBy(OURS, { seconds: NOW + 400 })
    assert.strictEqual(describeProblem(early, request), "BADTIME: the server's clock is 400 s ahead of this one")
  })

  it.prop(
    "finds any change of the message, its time or its MAC",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: first.wire.length * 8 - 1 }))],
    ([bit]) => {
      const changed = Buffer.from(first.wire)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const result = Tsig.verify(changed, request, NOW)
      // The id in the header is not signed, and the case of the key's letters does not count.
      if (Result.isSuccess(result)) {
        assert.strictEqual(result.success.message.subarray(2).toString("hex"), FIRST_ANSWER.subarray(2).toString("hex"))
      }
    },
    { arbitrary: { runs: 500 } }
  )
})

describe("key", () => {
  it.each([
    ["tsig-key", OUR_SECRET, "usable"],
    ["tsig-key", ` ${OUR_SECRET}\n`, "usable"],
    ["tsig-key", "", "secret"],
    ["tsig-key", "not base64!", "secret"],
    ["tsig-key", "AAA", "secret"],
    ["", OUR_SECRET, "name"],
    ["a..b", OUR_SECRET, "name"],
    ["x".repeat(64), OUR_SECRET, "name"]
  ])("named %j with secret %j: %s", (name, secret, expected) => {
    const result = Tsig.key(name, "hmac-sha256", Redacted.make(secret))
    assert.strictEqual(Result.isSuccess(result) ? "usable" : result.failure, expected)
  })

  it("shows its secret nowhere", () => {
    assert.include(JSON.stringify(OURS), '"secret":"<redacted>"')
    assert.notInclude(
      inspect(OURS, { depth: null, showHidden: true }),
      Buffer.from(OUR_SECRET, "base64").toString("hex")
    )
  })
})

const problem = (wire: Buffer, chain: Tsig.Chain, seconds: number): string =>
  Result.match(Tsig.verify(wire, chain, seconds), { onFailure: ({ _tag }) => _tag, onSuccess: () => "accepted" })

const describeProblem = (wire: Buffer, chain: Tsig.Chain): string =>
  Result.match(Tsig.verify(wire, chain, NOW), { onFailure: Tsig.describe, onSuccess: () => "accepted" })

function followedBy(chain: Tsig.Chain, unsigned: number): Tsig.Chain {
  return Array.from({ length: unsigned }).reduce<Tsig.Chain>((so) => Tsig.leaveUnsigned(SECOND_ANSWER, so), chain)
}

function changedAt(wire: Buffer, at: number, octet: number): Buffer {
  const changed = Buffer.from(wire)
  changed.writeUInt8(octet, at)
  return changed
}

/** The TSIG moved from the additional section to the answers. */
function countedAsAnswer(wire: Buffer): Buffer {
  const moved = Buffer.from(wire)
  moved.writeUInt16BE(wire.readUInt16BE(6) + 1, 6)
  moved.writeUInt16BE(0, 10)
  return moved
}

/** A signed sha256 message with its MAC taken out and an error put in. */
function withoutMac(wire: Buffer, error: number): Buffer {
  const [fixed, mac, tail] = [wire.subarray(0, -40), 32, Buffer.from(wire.subarray(-6))]
  tail.writeUInt16BE(error, 2)
  const changed = Buffer.concat([fixed, Buffer.of(0, 0), tail])
  const length = changed.length - (FIRST_ANSWER.length + OURS.name.length + 10)
  assert.strictEqual(wire.length - changed.length, mac)
  changed.writeUInt16BE(length, FIRST_ANSWER.length + OURS.name.length + 8)
  return changed
}
