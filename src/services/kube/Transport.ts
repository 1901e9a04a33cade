import { Clock, Duration, Effect, Exit, Semaphore, Stream } from "effect"
import { KubeError } from "../Kube.ts"
import { failureOf } from "./Failure.ts"
import type { Request } from "./Request.ts"
import { warningsOf } from "./warningsOf.ts"
import { whatOf } from "./whatOf.ts"

/** How long headers serve before files and plugins are asked again. */
const FRESH: Duration.Input = "10 seconds"
/** After a 401 the source of the credentials is read anew, at most this often. */
const RELOAD: Duration.Input = "5 seconds"
/** Distinct warnings of the server that are remembered, so that each is logged once. */
const WARNINGS = 200

/** Requests with credentials and deadlines, answers judged; what is asked is not its business. */
export interface Transport {
  /** The text of a successful answer. */
  readonly send: (request: Request) => Effect.Effect<string, KubeError>
  /** The bytes of a successful answer as they come. The deadline is for its beginning. */
  readonly open: (request: Request) => Stream.Stream<Uint8Array, KubeError>
}

/** An answer that has begun. Header names are lower case. */
export interface Response {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly text: () => Promise<string>
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The library below: how to get credentials, and how to send one request with them. Its errors are whatever it throws. */
export interface Wire<Credentials> {
  readonly authenticate: Effect.Effect<Credentials, unknown>
  /** Reads the source of the credentials anew, because the server refused them. */
  readonly reload: Effect.Effect<void, unknown>
  readonly exchange: (request: Request, credentials: Credentials, signal: AbortSignal) => Promise<Response>
}

/**
 * A request that the server refuses with 401 was not acted upon: it is sent once more when there are other
 * credentials by then. Nothing else is repeated. Deadline and interruption abort the request in flight.
 *
 * @param readOnly a request that writes is a defect
 */
export const make = Effect.fnUntraced(function* <Credentials>(wire: Wire<Credentials>, readOnly: boolean) {
  const [credentials, forget] = yield* Effect.cachedInvalidateWithTTL(wire.authenticate, (exit) =>
    Exit.isSuccess(exit) ? FRESH : Duration.zero
  )
  const reloading = yield* Semaphore.make(1)
  let reloadedAt = Number.NEGATIVE_INFINITY
  const warned = new Set<string>()

  const authenticated = (request: Request) =>
    Effect.mapError(credentials, (error) => noAnswer(request, `credentials: ${whatOf(error)}`))

  /** Other credentials than the refused ones, when there are any. */
  const renewed = (request: Request, refused: Credentials) =>
    Effect.gen(function* () {
      const current = yield* authenticated(request)
      const now = yield* Clock.currentTimeMillis
      if (current !== refused || now - reloadedAt < Duration.toMillis(RELOAD)) return current
      reloadedAt = now
      yield* Effect.mapError(wire.reload, (error) => noAnswer(request, `credentials: ${whatOf(error)}`))
      yield* forget
      return yield* authenticated(request)
    }).pipe(reloading.withPermit)

  const exchange = (request: Request, used: Credentials, signal: AbortSignal) =>
    Effect.tryPromise({
      try: () => wire.exchange(request, used, signal),
      catch: (error) => noAnswer(request, whatOf(error))
    })

  const answered = Effect.fnUntraced(function* (request: Request, signal: AbortSignal) {
    const used = yield* authenticated(request)
    const response = yield* exchange(request, used, signal)
    if (response.status !== 401) return response
    const fresh = yield* renewed(request, used)
    if (fresh === used) return response
    // Read to its end, the refusal gives its connection back.
    yield* textOf(request, response)
    return yield* exchange(request, fresh, signal)
  })

  /** A successful answer, or the failure that its status and body tell. */
  const accepted = Effect.fnUntraced(function* (request: Request, signal: AbortSignal) {
    const response = yield* answered(request, signal)
    for (const text of warningsOf(response.headers.get("warning"))) {
      if (warned.has(text)) continue
      if (warned.size >= WARNINGS) warned.clear()
      warned.add(text)
      yield* Effect.logWarning("the API server warns").pipe(
        Effect.annotateLogs({ request: request.label, detail: text })
      )
    }
    if (response.status >= 200 && response.status < 300) return response
    const text = yield* textOf(request, response)
    return yield* new KubeError({
      request: request.label,
      ...failureOf(response.status, response.headers.get("retry-after"), text)
    })
  })

  const admitted = (request: Request): Effect.Effect<void> =>
    readOnly && request.writes ? Effect.die(new Error(`a write in read-only mode: ${request.label}`)) : Effect.void

  const send: Transport["send"] = (request) =>
    admitted(request).pipe(
      Effect.andThen(abortable),
      Effect.flatMap((signal) => accepted(request, signal)),
      Effect.flatMap((response) => textOf(request, response)),
      Effect.scoped,
      within(request)
    )

  const open: Transport["open"] = (request) =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* admitted(request)
        const signal = yield* abortable
        const response = yield* accepted(request, signal).pipe(within(request))
        return Stream.fromAsyncIterable(response.bytes, (error) => noAnswer(request, whatOf(error)))
      })
    )

  return { send, open } satisfies Transport
})

/** Made once: without a reason each signal would make a DOMException with its stack. */
const OVER = new Error("the request is over")

/** Aborted when its scope closes. */
const abortable = Effect.acquireRelease(
  Effect.sync(() => new AbortController()),
  (controller) => Effect.sync(() => controller.abort(OVER))
).pipe(Effect.map((controller) => controller.signal))

const within = (request: Request) =>
  Effect.timeoutOrElse({
    duration: request.deadline,
    orElse: () =>
      Effect.fail(
        new KubeError({
          reason: "Timeout",
          request: request.label,
          detail: `no answer within ${Duration.toSeconds(request.deadline)} s`
        })
      )
  })

const textOf = (request: Request, response: Response) =>
  Effect.tryPromise({ try: () => response.text(), catch: (error) => noAnswer(request, whatOf(error)) })

const noAnswer = (request: Request, detail: string): KubeError =>
  new KubeError({ reason: "Unreachable", request: request.label, detail })
