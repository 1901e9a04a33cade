import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { frame, unframe } from "../../src/services/dns/Exchange.ts"
import { query } from "../../src/services/dns/Message.ts"
import { accept, readTransfer } from "../../src/services/dns/Reading.ts"
import * as Tsig from "../../src/services/dns/Tsig.ts"

/** A transfer as BIND sent it: a record a message, each of them signed. The key was made for the recording. */
const Recording = Schema.fromJsonString(
  Schema.Struct({
    key: Schema.Struct({ name: Schema.String, algorithm: Schema.Literal("hmac-sha256"), secret: Schema.String }),
    zone: Schema.String,
    id: Schema.Int,
    seconds: Schema.Int,
    query: Schema.String,
    messages: Schema.Array(Schema.String)
  })
)
const recording = Schema.decodeUnknownSync(Recording)(
  readFileSync(new URL("data/bind-transfer.json", import.meta.url), "utf8")
)
const { zone, id, seconds } = recording
const question = { id, zone, type: "AXFR" } as const
const key = Result.getOrThrow(
  Tsig.key(recording.key.name, recording.key.algorithm, Redacted.make(recording.key.secret))
)
const request = Tsig.sign(query(question), Tsig.begin(key), { seconds })
const messages = recording.messages.map((message) => Buffer.from(message, "base64"))
const signed = Buffer.concat(messages.map(frame))
const EXPECTED = {
  serial: 2026112201,
  records: [
    { name: "example.com", type: "NS", data: "" },
    { name: "esx-1.example.com", type: "A", data: "192.0.2.101" },
    { name: "lb.example.com", type: "A", data: "192.0.2.30" },
    { name: "ns.example.com", type: "A", data: "192.0.2.53" },
    { name: "txt.example.com", type: "TXT", data: "" },
    { name: "vc-a-0.example.com", type: "A", data: "192.0.2.10" },
    { name: "vc-a-0.example.com", type: "AAAA", data: "2001:db8::10" },
    { name: "vc-a-1.example.com", type: "A", data: "192.0.2.11" },
    { name: "VC-B-0.example.com", type: "A", data: "192.0.2.20" },
    { name: "vc-c-0.example.com", type: "CNAME", data: "lb.example.com" }
  ]
}

const read = (octets: Buffer, chain: Tsig.Chain | undefined = request.chain) =>
  Stream.make(octets).pipe(
    Stream.mapAccum(() => Buffer.alloc(0), unframe),
    (framed) => readTransfer(framed, { question, chain }),
    Effect.result
  )

/** The recorded transfer, or nothing: whatever was done to the octets. */
const isNothingElse = Effect.fnUntraced(function* (octets: Buffer) {
  yield* TestClock.setTime(seconds * 1000)
  const result = yield* read(octets)
  if (Result.isSuccess(result)) assert.deepStrictEqual(result.success, EXPECTED)
  return result
})

const At = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: signed.length - 1 }))
const Index = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: messages.length - 1 }))
const Flips = Schema.Array(
  Schema.Struct({ at: At, mask: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 255 })) })
)

const flip = (octets: Buffer, flips: typeof Flips.Type): Buffer => {
  const changed = Buffer.from(octets)
  for (const { at, mask } of flips) {
    if (at < changed.length) changed.writeUInt8(changed.readUInt8(at) ^ mask, at)
  }
  return changed
}

describe("a recorded transfer", () => {
  it.effect("is what BIND was asked for and what it gave", () =>
    Effect.gen(function* () {
      assert.strictEqual(request.wire.toString("base64"), recording.query)
      assert.isTrue(Result.isSuccess(yield* isNothingElse(signed)))
    })
  )

  it.effect("cut off anywhere is no transfer", () =>
    Effect.gen(function* () {
      for (let length = 0; length < signed.length; length++) {
        assert.isTrue(Result.isFailure(yield* isNothingElse(signed.subarray(0, length))), `${length} octets`)
      }
    })
  )

  it.effect("with any one octet changed gives nothing else", () =>
    Effect.gen(function* () {
      // The lowest bit, the one of the letter case, and the highest.
      for (const mask of [0x01, 0x20, 0x80]) {
        for (let at = 0; at < signed.length; at++) yield* isNothingElse(flip(signed, [{ at, mask }]))
      }
    })
  )

  it.effect.prop(
    "with octets changed, taken out or put in gives nothing else",
    { flips: Flips, at: At, size: At, inserted: Schema.Uint8Array },
    ({ flips, at, size, inserted }) =>
      Effect.gen(function* () {
        yield* isNothingElse(flip(signed, flips))
        yield* isNothingElse(Buffer.concat([signed.subarray(0, at), signed.subarray(at + size)]))
        yield* isNothingElse(Buffer.concat([signed.subarray(0, at), inserted, signed.subarray(at)]))
      }),
    { arbitrary: { runs: 300 } }
  )

  it.effect.prop("with messages left out, repeated or exchanged gives nothing else", [Index, Index], ([one, other]) =>
    Effect.gen(function* () {
      const [a = Buffer.alloc(0), b = Buffer.alloc(0)] = [messages[one], messages[other]]
      yield* isNothingElse(Buffer.concat(messages.toSpliced(one, 1).map(frame)))
      yield* isNothingElse(Buffer.concat(messages.toSpliced(one, 0, b).map(frame)))
      yield* isNothingElse(Buffer.concat(messages.with(one, b).with(other, a).map(frame)))
    })
  )

  it.effect("a day later is no transfer: its signatures are of that time", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime((seconds + 86_400) * 1000)
      const result = yield* read(signed)
      assert.isTrue(Result.isFailure(result) && result.failure.reason === "Unverified")
    })
  )

  it.effect("that answers another request is no transfer", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(seconds * 1000)
      const again = Tsig.sign(query(question), Tsig.begin(key), { seconds: seconds + 1 })
      const result = yield* read(signed, again.chain)
      assert.isTrue(Result.isFailure(result) && result.failure.reason === "Unverified")
    })
  )
})

describe("an unsigned transfer", () => {
  const plain = Buffer.concat(
    messages.map((message, index) => {
      const chain = messages.slice(0, index).reduce((so, before) => verified(before, so).chain, request.chain)
      return frame(verified(message, chain).message)
    })
  )

  it.effect("is read when no key is set", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(Result.getOrThrow(yield* asUnsigned(plain)), EXPECTED)
    })
  )

  it.effect.prop(
    "is a zone or a failure, and never a defect, whatever became of its octets",
    { flips: Flips, at: At, inserted: Schema.Uint8Array },
    ({ flips, at, inserted }) =>
      Effect.gen(function* () {
        yield* asUnsigned(flip(plain, flips))
        yield* asUnsigned(Buffer.concat([plain.subarray(0, at), inserted, plain.subarray(at)]))
      }),
    { arbitrary: { runs: 500 } }
  )

  it.prop(
    "never trips over a message of random octets",
    [Schema.Uint8Array, Schema.Boolean],
    ([octets, hasHeader]) => {
      const header = messages[1]?.subarray(0, 12) ?? Buffer.alloc(12)
      const wire = hasHeader ? Buffer.concat([header, octets]) : Buffer.from(octets)
      accept(question, undefined, wire, seconds)
      accept(question, request.chain, wire, seconds)
    },
    { arbitrary: { runs: 500 } }
  )
})

function asUnsigned(octets: Buffer) {
  return Stream.make(octets).pipe(
    Stream.mapAccum(() => Buffer.alloc(0), unframe),
    (framed) => readTransfer(framed, { question, chain: undefined }),
    Effect.result
  )
}

function verified(message: Buffer, chain: Tsig.Chain) {
  return Result.getOrThrow(Tsig.verify(message, chain, seconds))
}
