import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { Clock, Config, Context, Deferred, Duration, Effect, Layer, Option, Ref, Result } from "effect"
import * as LeaseSpec from "../domain/LeaseSpec.ts"
import { ClusterFacts } from "./ClusterFacts.ts"
import { Journal } from "./Journal.ts"
import { Kube, KubeError, type KubeObject } from "./Kube.ts"

/** How often the Lease is renewed. */
const RENEW_EVERY: Duration.Input = "3 seconds"
/** After a failed attempt, and while another process holds it. */
const RETRY: Duration.Input = "1 second"
/** How long one attempt may take: a slow server must not keep everybody from writing. */
const ATTEMPT: Duration.Input = "8 seconds"
/** How long the end of the process waits for the Lease to be given back. */
const RELEASE: Duration.Input = "2 seconds"
/** Without a renewal for so long this process holds it no more, well before another one may take it (15 s). */
const RENEW_DEADLINE = 10_000
/** How often a write looks again while it is not known whether the Lease is still held. */
const DOUBT: Duration.Input = "100 millis"

/** A time by both clocks, in milliseconds. */
interface Moment {
  readonly steady: number
  readonly wall: number
}

/** The Lease in the hands of this process. */
interface Hold {
  /** When the last renewal that succeeded was sent. */
  readonly renewed: Ref.Ref<Moment>
  /** Says why, when it is held no more. */
  readonly lost: Deferred.Deferred<string>
}

type Attempt = { readonly _tag: "Held"; readonly sent: Moment } | { readonly _tag: "Anothers"; readonly holder: string }

/** One process writes: the one that holds the Lease `vcenter-operator` of the operator's own namespace. */
export class Lease extends Context.Service<
  Lease,
  {
    /**
     * Runs `leading` whenever this process holds the Lease. When it is lost, `leading` is interrupted, and the Lease is
     * competed for anew. It is renewed until `leading` has ended, and then given back.
     */
    readonly whileHeld: <A, E, R>(leading: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
    /** Lets a write pass while the Lease is held, and cuts it when the Lease is lost: then it may have taken effect. */
    readonly admit: <A>(request: string, write: Effect.Effect<A, KubeError>) => Effect.Effect<A, KubeError>
    /** Who else holds it, while this process waits. */
    readonly holder: Effect.Effect<Option.Option<string>>
  }
>()("vcenter-operator/services/Lease") {
  /** @param dryRun nothing is written, so no Lease is needed */
  static readonly layer = (dryRun: boolean) =>
    dryRun
      ? Layer.succeed(
          Lease,
          Lease.of({
            whileHeld: (leading) => leading,
            admit: (_, write) => write,
            holder: Effect.succeed(Option.none())
          })
        )
      : Layer.effect(Lease, make)
}

const make = Effect.gen(function* () {
  const kube = yield* Kube
  const journal = yield* Journal
  const { ownNamespace: namespace } = yield* ClusterFacts
  const me = yield* identity
  const key = { apiVersion: LeaseSpec.API_VERSION, kind: LeaseSpec.KIND, namespace, name: LeaseSpec.NAME }
  const hold = yield* Ref.make(Option.none<Hold>())
  const holder = yield* Ref.make(Option.none<string>())
  /** As it was written last: a renewal need not ask. */
  const last = yield* Ref.make(Option.none<KubeObject>())
  const seen = yield* Ref.make({ version: "", since: 0 })

  /** Milliseconds for which the live Lease has been as it is, as far as this process has seen. */
  const unchanged = Effect.fnUntraced(function* ({ metadata }: KubeObject, now: number) {
    const version = typeof metadata.resourceVersion === "string" ? metadata.resourceVersion : ""
    const { since } = yield* Ref.updateAndGet(seen, (before) =>
      before.version === version ? before : { version, since: now }
    )
    return now - since
  })

  const write = (live: KubeObject, spec: KubeObject["spec"]) => {
    const { resourceVersion } = live.metadata
    return kube.patch(
      key,
      {
        resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
        operations: [{ op: "add", path: "/spec", value: spec ?? {} }]
      },
      { dryRun: false }
    )
  }

  /** Takes or renews the Lease, or says whose it is. */
  const attempt = Effect.gen(function* (): Effect.fn.Return<Attempt, KubeError> {
    const known = yield* Ref.getAndSet(last, Option.none())
    const live = Option.getOrUndefined(Option.isSome(known) ? known : yield* kube.get(key))
    const spec = live === undefined ? undefined : LeaseSpec.read(live.spec)
    const sent = yield* moment
    const decision = LeaseSpec.decide(me, spec, live === undefined ? 0 : yield* unchanged(live, sent.steady))
    if (decision._tag === "Wait") return { _tag: "Anothers", holder: decision.holder }
    const wanted = LeaseSpec.held(me, spec, sent.wall)
    const { apiVersion, kind, name } = key
    const written =
      live === undefined
        ? yield* kube.create({ apiVersion, kind, metadata: { name, namespace }, spec: wanted })
        : yield* write(live, wanted)
    yield* Ref.set(last, Option.some(written))
    return { _tag: "Held", sent }
  }).pipe(
    Effect.timeoutOrElse({
      duration: ATTEMPT,
      orElse: () => Effect.fail(new KubeError({ reason: "Timeout", request: REQUEST, detail: "no answer in time" }))
    }),
    Effect.result
  )

  const compete = Effect.gen(function* () {
    let told = ""
    while (true) {
      const result = yield* attempt
      const held = Result.isSuccess(result) && result.success._tag === "Held" ? result.success : undefined
      const other = Result.isSuccess(result) && result.success._tag === "Anothers" ? result.success.holder : undefined
      yield* Ref.set(holder, Option.fromUndefinedOr(other))
      if (held !== undefined) {
        if (told !== "") yield* journal.tell({ _tag: "Leading" })
        return { renewed: yield* Ref.make(held.sent), lost: yield* Deferred.make<string>() } satisfies Hold
      }
      const now = other ?? (Result.isFailure(result) ? result.failure.message : "")
      if (now !== told) {
        yield* journal.tell(
          other === undefined
            ? { _tag: "Warning", message: `the Lease cannot be had: ${now}` }
            : { _tag: "Standby", holder: other }
        )
      }
      told = now
      yield* Effect.sleep(RETRY)
    }
  })

  /** Renews for ever; ends when the Lease is lost, with the reason. */
  const renew = Effect.fnUntraced(function* ({ renewed }: Hold) {
    yield* Effect.sleep(RENEW_EVERY)
    while (true) {
      const left = RENEW_DEADLINE - (yield* sinceMoment(yield* Ref.get(renewed))).steady
      const result = yield* attempt.pipe(Effect.timeoutOption(Duration.millis(Math.max(1, left))))
      if (Option.isSome(result) && Result.isSuccess(result.value)) {
        const { success } = result.value
        if (success._tag === "Anothers") return `${success.holder} holds it`
        yield* Ref.set(renewed, success.sent)
        yield* Effect.sleep(RENEW_EVERY)
        continue
      }
      const { steady } = yield* sinceMoment(yield* Ref.get(renewed))
      if (steady >= RENEW_DEADLINE) {
        const why = Option.isSome(result) && Result.isFailure(result.value) ? `: ${result.value.failure.message}` : ""
        return `it could not be renewed for ${RENEW_DEADLINE / 1000} s${why}`
      }
      yield* Effect.sleep(Duration.millis(Math.min(Duration.toMillis(RETRY), RENEW_DEADLINE - steady)))
    }
  })

  const release = Effect.gen(function* () {
    const live = yield* kube.get(key)
    if (Option.isNone(live)) return
    const spec = LeaseSpec.read(live.value.spec)
    if (spec.holderIdentity !== me) return
    yield* write(live.value, LeaseSpec.released(spec, yield* Clock.currentTimeMillis))
  }).pipe(
    Effect.timeoutOrElse({
      duration: RELEASE,
      orElse: () => Effect.fail(new KubeError({ reason: "Timeout", request: REQUEST, detail: "no answer in time" }))
    }),
    Effect.catch(({ message }) =>
      journal.tell({
        _tag: "Warning",
        message: `the Lease was not given back, a successor waits until it expires: ${message}`
      })
    )
  )

  /** Once: from having the Lease to the end of `leading`, or to the loss. */
  const term = <A, E, R>(leading: Effect.Effect<A, E, R>): Effect.Effect<Option.Option<A>, E, R> =>
    Effect.acquireUseRelease(
      Effect.gen(function* () {
        const mine = yield* Effect.interruptible(compete)
        yield* Ref.set(hold, Option.some(mine))
        const renewing = yield* renew(mine).pipe(
          Effect.flatMap((why) => Deferred.succeed(mine.lost, why)),
          Effect.forkDetach({ startImmediately: true })
        )
        return { mine, renewing }
      }),
      ({ mine }) =>
        Effect.raceFirst(
          Effect.map(leading, Option.some),
          Deferred.await(mine.lost).pipe(
            Effect.flatMap((message) => journal.tell({ _tag: "LeaseLost", message })),
            Effect.as(Option.none())
          )
        ),
      ({ mine, renewing }) =>
        Effect.gen(function* () {
          renewing.interruptUnsafe()
          yield* Ref.set(hold, Option.none())
          yield* Ref.set(last, Option.none())
          if (!(yield* Deferred.isDone(mine.lost))) yield* release
        })
    )

  const whileHeld = <A, E, R>(leading: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(
      Effect.suspend(() => term(leading)),
      Option.match({ onNone: () => whileHeld(leading), onSome: Effect.succeed })
    )

  /** The Lease, as long as it is held; waits while that is not known, after a pause of the process or a jump of its clock. */
  const current = Effect.gen(function* () {
    while (true) {
      const now = yield* Ref.get(hold)
      if (Option.isNone(now) || (yield* Deferred.isDone(now.value.lost))) return Option.none<Hold>()
      const { steady, wall } = yield* sinceMoment(yield* Ref.get(now.value.renewed))
      if (Math.max(steady, wall) < RENEW_DEADLINE) return now
      yield* Effect.sleep(DOUBT)
    }
  })

  const admit = Effect.fnUntraced(function* <A>(request: string, writing: Effect.Effect<A, KubeError>) {
    const now = yield* current
    if (Option.isNone(now)) return yield* notTheWriter(request)
    return yield* Effect.raceFirst(
      writing,
      Effect.flatMap(Deferred.await(now.value.lost), (why) => Effect.fail(cut(request, why)))
    )
  })

  return Lease.of({ whileHeld, admit, holder: Ref.get(holder) })
})

const REQUEST = `Lease ${LeaseSpec.NAME}`

const notTheWriter = (request: string): KubeError =>
  new KubeError({ reason: "NotTheWriter", request, detail: "not sent: this process does not hold the Lease" })

const cut = (request: string, why: string): KubeError =>
  new KubeError({ reason: "Timeout", request, detail: `the Lease was lost meanwhile: ${why}` })

const moment = Effect.map(
  Effect.all([Clock.currentTimeMillis, Effect.clockWith((clock) => clock.monotonicTimeNanos)]),
  ([wall, nanos]): Moment => ({ wall, steady: Number(nanos / 1_000_000n) })
)

const sinceMoment = (then: Moment) =>
  Effect.map(moment, ({ wall, steady }): Moment => ({ wall: wall - then.wall, steady: steady - then.steady }))

/**
 * A pod's name is unique and outlives the restarts of its container, of which there is one at a time: after a crash the
 * next one goes on at once. Elsewhere every process is somebody else.
 */
const identity = Config.option(Config.String("POD_NAME")).pipe(
  Effect.map(Option.filter((name) => name.trim() !== "")),
  Effect.map(Option.getOrElse(() => `${hostname()}_${randomUUID()}`))
)
