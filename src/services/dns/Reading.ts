import { Clock, Effect, Option, Result, Stream } from "effect"
import type { ZoneRecord } from "../../domain/Zone.ts"
import * as Axfr from "./Axfr.ts"
import { type Failure, incomplete } from "./Failure.ts"
import { type Answer, answersTo, isName, type Question, refusal } from "./Message.ts"
import * as Tsig from "./Tsig.ts"
import { rcode } from "./Wire.ts"

/** A question that has been put, and the chain its signature began; without a chain, answers are taken unsigned. */
export interface Asked {
  readonly question: Question
  readonly chain: Tsig.Chain | undefined
}

/** A whole zone as its serial and records, the SOA apart. */
export interface Zone {
  readonly serial: number
  readonly records: ReadonlyArray<ZoneRecord>
}

/** A message whose signature, code and question are right. */
interface Accepted {
  readonly answers: ReadonlyArray<Answer>
  readonly chain: Tsig.Chain | undefined
}

/** The serial of the zone's SOA, from the first message. */
export const readSerial = <R>(messages: Stream.Stream<Buffer, Failure, R>, asked: Asked) =>
  accepted(messages, asked).pipe(
    Stream.runHead,
    Effect.flatMap((first) =>
      Effect.fromResult(Option.match(first, { onNone: silence, onSome: serial(asked.question) }))
    )
  )

const serial =
  ({ zone }: Question) =>
  ({ answers }: Accepted): Result.Result<number, Failure> => {
    const found = answers.find(({ name, soa }) => soa !== undefined && isName(name, zone))
    return found?.soa === undefined
      ? Result.fail(incomplete(`the answer holds no SOA of ${zone}`))
      : Result.succeed(found.soa.serial)
  }

/** The whole zone, or a failure: it counts when its closing SOA has come in a message that is signed. */
export const readTransfer = <R>(messages: Stream.Stream<Buffer, Failure, R>, asked: Asked) =>
  accepted(messages, asked).pipe(
    Stream.mapAccumEffect(
      () => Axfr.begin(asked.question.zone),
      (axfr, { answers, chain }) =>
        Effect.fromResult(Result.map(Axfr.receive(axfr, answers), (part) => [part.axfr, [{ ...part, chain }]] as const))
    ),
    Stream.takeUntil(({ axfr }) => axfr.isWhole),
    Stream.runCollect,
    Effect.flatMap((parts) => Effect.fromResult(whole(parts)))
  )

const whole = (
  parts: ReadonlyArray<Axfr.Part & { readonly chain: Tsig.Chain | undefined }>
): Result.Result<Zone, Failure> => {
  const last = parts.at(-1)
  if (last?.axfr.opening === undefined) return silence()
  if (!last.axfr.isWhole) return Result.fail(incomplete("the transfer ended before its closing SOA"))
  if (last.chain !== undefined && !Tsig.isSettled(last.chain)) {
    return Result.fail({ reason: "Unverified", detail: "the last message of the transfer is not signed" })
  }
  return Result.succeed({ serial: last.axfr.opening.serial, records: parts.flatMap(({ records }) => records) })
}

/** What designate does on a wrong key, too: it says nothing and closes after half a second. */
export const SILENCE = "designate stays silent when the TSIG key is wrong: check tsig_key"

const silence = () => Result.fail(incomplete(`the server closed the connection without an answer; ${SILENCE}`))

const accepted = <R>(messages: Stream.Stream<Buffer, Failure, R>, { question, chain }: Asked) =>
  messages.pipe(
    Stream.mapAccumEffect(
      () => chain,
      Effect.fnUntraced(function* (chain, wire: Buffer) {
        const now = yield* Clock.currentTimeMillis
        const message = yield* Effect.fromResult(accept(question, chain, wire, Math.floor(now / 1000)))
        return [message.chain, [message]] as const
      })
    )
  )

/**
 * The answers of one message.
 *
 *   query    | answer                          | response code | result
 *   ---------+---------------------------------+---------------+----------------------------------------------
 *   unsigned | unsigned                        | any           | as Message.answersTo decides
 *   unsigned | signed                          | any           | Unverified: nobody can tell with what
 *   signed   | signature right                 | any           | as Message.answersTo decides
 *   signed   | unsigned where Tsig allows it   | any           | as Message.answersTo decides
 *   signed   | unsigned where it has to be     | not 0         | Refused: servers often refuse without signing
 *   signed   | unsigned where it has to be     | 0             | Unverified
 *   signed   | signature wrong                 | any           | Unverified
 *   any      | malformed                       | any           | Incomplete
 */
export const accept = (
  question: Question,
  chain: Tsig.Chain | undefined,
  wire: Buffer,
  seconds: number
): Result.Result<Accepted, Failure> => {
  const verified: Result.Result<{ readonly message: Buffer; readonly chain: Tsig.Chain | undefined }, Tsig.Problem> =
    chain === undefined ? Tsig.verifyNone(wire) : Tsig.verify(wire, chain, seconds)
  if (Result.isFailure(verified)) return Result.fail(failure(question, verified.failure, wire))
  const { message, chain: next } = verified.success
  return Result.map(answersTo(question, message), (answers) => ({ answers, chain: next }))
}

const failure = (question: Question, problem: Tsig.Problem, wire: Buffer): Failure => {
  const detail = Tsig.describe(problem)
  if (problem._tag === "Malformed") return incomplete(detail)
  if (problem._tag === "Unsigned" && rcode(wire) !== 0) {
    const { reason, detail } = refusal(question, rcode(wire))
    return { reason, detail: `${detail}, unsigned` }
  }
  return { reason: "Unverified", detail }
}
