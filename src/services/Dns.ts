import { Clock, Context, Effect, Layer, Random, type Redacted, Ref, Result, Schema, Stream } from "effect"
import type { ZoneRecord } from "../domain/Zone.ts"
import { exchange } from "./dns/Exchange.ts"
import { DnsReason, type Failure } from "./dns/Failure.ts"
import { type Question, query } from "./dns/Message.ts"
import { type Asked, readSerial, readTransfer, SILENCE } from "./dns/Reading.ts"
import * as Tsig from "./dns/Tsig.ts"
import { encodeName } from "./dns/Wire.ts"

/** From the connection to the answer; short, because the zone is asked about every ten seconds. */
const SERIAL_DEADLINE_SECONDS = 5
/** From the connection to the closing SOA: designate reads its database while it transfers. */
const TRANSFER_DEADLINE_SECONDS = 60

/** A name server and how its answers are verified. */
export interface NameServer {
  readonly address: string
  readonly port: number
  /** TSIG key (RFC 8945), base64; `undefined` accepts unsigned answers (`dangerous_unsigned_dns`). */
  readonly key: TsigKey | undefined
}

export interface TsigKey {
  readonly name: string
  readonly algorithm: "hmac-sha1" | "hmac-sha224" | "hmac-sha256" | "hmac-sha384" | "hmac-sha512"
  /** The secret, base64. */
  readonly secret: Redacted.Redacted
}

/** A complete, verified transfer. */
export interface Transfer {
  readonly serial: number
  /** In the order of the transfer, without the opening and closing SOA. */
  readonly records: ReadonlyArray<ZoneRecord>
}

/** A failed exchange with the name server. */
export class DnsError extends Schema.TaggedError<DnsError>()("DnsError", {
  reason: DnsReason,
  server: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.server}: ${this.detail}`
  }
}

/** The two questions put to the name server, over TCP, each with a deadline. */
export class Dns extends Context.Service<
  Dns,
  {
    /** The serial of the zone's SOA (RFC 1035), verified. */
    readonly serial: (server: NameServer, zone: string) => Effect.Effect<number, DnsError>
    /** A whole zone (AXFR, RFC 5936), verified: everything or a failure. */
    readonly transfer: (server: NameServer, zone: string) => Effect.Effect<Transfer, DnsError>
  }
>()("vcenter-operator/services/Dns") {
  /** Over a way to send a query and take its answer: what the layers differ in. */
  static readonly layerOver = (converse: typeof exchange): Layer.Layer<Dns> =>
    Layer.succeed(Dns, {
      serial: Effect.fn("Dns.serial")((server, zone) =>
        ask(converse, server, zone, "SOA", SERIAL_DEADLINE_SECONDS, readSerial)
      ),
      transfer: Effect.fn("Dns.transfer")((server, zone) =>
        ask(converse, server, zone, "AXFR", TRANSFER_DEADLINE_SECONDS, readTransfer)
      )
    })

  /** DNS over TCP. */
  static readonly layer = Dns.layerOver(exchange)
}

const ask = <A>(
  converse: typeof exchange,
  server: NameServer,
  zone: string,
  type: Question["type"],
  deadline: number,
  read: (messages: Stream.Stream<Buffer, Failure>, asked: Asked) => Effect.Effect<A, Failure>
): Effect.Effect<A, DnsError> =>
  Effect.gen(function* () {
    const id = yield* Random.nextIntBetween(0, 0xffff)
    const now = yield* Clock.currentTimeMillis
    const { wire, asked } = yield* Effect.fromResult(prepare(server.key, { id, zone, type }, Math.floor(now / 1000)))
    const came = yield* Ref.make(0)
    const messages = converse(server.address, server.port, wire).pipe(
      Stream.tap(() => Ref.update(came, (count) => count + 1))
    )
    return yield* read(messages, asked).pipe(
      Effect.timeoutOrElse({
        duration: deadline * 1000,
        orElse: () => Effect.flatMap(Ref.get(came), (count) => Effect.fail(late(type, deadline, count)))
      })
    )
  }).pipe(Effect.mapError((failure) => new DnsError({ ...failure, server: place(server) })))

const prepare = (
  key: TsigKey | undefined,
  question: Question,
  seconds: number
): Result.Result<{ readonly wire: Buffer; readonly asked: Asked }, Failure> => {
  if (encodeName(question.zone) === undefined) {
    return Result.fail({ reason: "BadZone", detail: `${JSON.stringify(question.zone)} is no domain name` })
  }
  const wire = query(question)
  if (key === undefined) return Result.succeed({ wire, asked: { question, chain: undefined } })
  return Result.mapBoth(Tsig.key(key.name, key.algorithm, key.secret), {
    onFailure: (what): Failure => ({
      reason: "BadKey",
      detail:
        what === "secret"
          ? "the TSIG secret is not base64: check tsig_key"
          : `the TSIG key's name ${JSON.stringify(key.name)} is no domain name`
    }),
    onSuccess: (ready) => {
      const { wire: signed, chain } = Tsig.sign(wire, Tsig.begin(ready), { seconds })
      return { wire: signed, asked: { question, chain } }
    }
  })
}

const late = (type: Question["type"], seconds: number, messages: number): Failure => ({
  reason: "Timeout",
  detail:
    messages === 0
      ? `no answer to ${type} within ${seconds} s: out of reach, too slow, or ${SILENCE}`
      : `${type} was not complete within ${seconds} s: ${messages} messages came`
})

const place = ({ address, port }: NameServer): string => `${address.includes(":") ? `[${address}]` : address}:${port}`
