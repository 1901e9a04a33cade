import { Context, Duration, Effect, Layer, Option, Schedule, Semaphore } from "effect"
import { type Stripped, type Suspect, stripped, strippedOf } from "../domain/AnotherWriter.ts"
import { type Entry, wasApplied } from "../domain/Ledger.ts"
import { type Identity, id, type JsonObject, label } from "../domain/Manifest.ts"
import { applied, ending, type Outcome } from "../domain/Outcome.ts"
import { DIGEST_LABEL, digestValue, type Owner, type Ownership, ownership } from "../domain/Owner.ts"
import type { Apply, Prune } from "../domain/Plan.ts"
import { admit, isApplied, liveObject } from "../domain/Takeover.ts"
import { Kube, KubeError, type KubeObject } from "./Kube.ts"
import { locate } from "./locate.ts"
import { owners as ownersOf } from "./owners.ts"
import { markFailed, remark } from "./remark.ts"
import { Shutdown } from "./Shutdown.ts"
import { takeOver } from "./takeOver.ts"
import { unlessPaused } from "./unlessPaused.ts"

/** API writes under way in the whole process: the server's fairness does the rest. */
const WRITES = 32
/** How long a request may still take when the process has been asked to end. */
const GRACE: Duration.Input = "7 seconds"
const ATTEMPTS = 3
const NEVER_PAUSED: Effect.Effect<boolean> = Effect.succeed(false)

/** An apply that ownership permits. */
export interface Admitted {
  readonly step: Apply
  /** Whether an object of this identity exists already. */
  readonly exists: boolean
  /** Whether it bears the owner's mark already, or would be new. */
  readonly isOwn: boolean
  /** UID of an object that is already as it is wanted: there is nothing to send. */
  readonly applied: string | undefined
  /**
   * It is not the operator's yet: how it becomes so. `mayChange`: even if its pods restart, `approved`: for a person has
   * approved it.
   */
  readonly takeOver: { readonly mayChange: boolean; readonly approved: boolean } | undefined
}

/** Performs the steps of a plan, one outcome each. It never fails: what goes wrong is the outcome of that object. */
export class Applier extends Context.Service<
  Applier,
  {
    /**
     * Asks who owns the objects of the applies: one LIST per kind and namespace. Refusals are outcomes.
     *
     * @param approved whether a person has approved that the live object of this identity and UID is taken over,
     *   whatever changes
     * @param releasedBy the other vCenter that has given this identity up
     */
    readonly admit: (
      owner: Owner,
      applies: ReadonlyArray<Apply>,
      approved?: (identity: string, uid: string) => boolean,
      releasedBy?: (identity: string) => string | undefined
    ) => Effect.Effect<{ readonly admitted: ReadonlyArray<Admitted>; readonly refused: ReadonlyArray<Outcome> }>
    /**
     * Whether an object that this owner has given up is no longer its own: another vCenter has marked it since, or it is
     * gone. Undefined while it is; nothing is written.
     */
    readonly letGo: (owner: Owner, prune: Prune) => Effect.Effect<Outcome | undefined>
    /**
     * Which of these somebody else has written since they were applied: one LIST per kind and namespace, the same that
     * `admit` asks for. What cannot be listed is left to the step that would write it.
     */
    readonly stripped: (owner: Owner, suspects: ReadonlyArray<Suspect>) => Effect.Effect<ReadonlyArray<Stripped>>
    /** Gives an object its mark back, by a person's approval. */
    readonly remark: (owner: Owner, entry: Entry) => Effect.Effect<Outcome>
    /** @param isPaused asked before each request: a person may stop what is under way */
    readonly apply: (owner: Owner, admitted: Admitted, isPaused?: Effect.Effect<boolean>) => Effect.Effect<Outcome>
    /**
     * Deletes an object that still carries the owner's mark and the recorded UID.
     *
     *   live                          | outcome
     *   ------------------------------+---------------------------------------------------------
     *   nothing                       | pruned
     *   marked as mine                | pruned, if its UID is the recorded one or none is recorded
     *   marked as mine, another UID   | prune failed: somebody made it again
     *   unmarked, the recorded UID    | another writer: it has lost its mark
     *   unmarked                      | foreign: what was recorded is gone, or never was
     *   marked by another             | foreign
     *   opted out                     | opted out
     *
     * @param isPaused as with `apply`
     */
    readonly prune: (owner: Owner, prune: Prune, isPaused?: Effect.Effect<boolean>) => Effect.Effect<Outcome>
  }
>()("vcenter-operator/services/Applier") {
  /** @param dryRun every write is a server dry run: this is the only place that knows */
  static readonly layer = (dryRun: boolean) =>
    Layer.effect(
      Applier,
      Effect.gen(function* () {
        const kube = yield* Kube
        const shutdown = yield* Shutdown
        const writes = yield* Semaphore.make(WRITES)
        /** Identities of what this process has sent: a listing may be older. */
        const written = new Set<string>()
        const owners = yield* ownersOf(kube)

        /** One step in its turn, tried a few times. */
        const attempt = Effect.fnUntraced(function* (
          verb: string,
          object: Identity,
          perform: Effect.Effect<Outcome, KubeError>,
          failed: (error: KubeError) => Outcome,
          isPaused: Effect.Effect<boolean> = NEVER_PAUSED
        ) {
          // Asked only now: it may have waited for its turn since before the end began.
          if (yield* shutdown.stopping) return notAttempted(object, "the operator is stopping")
          const once = yield* unlessPaused(perform, isPaused, (error) =>
            error === undefined ? notAttempted(object, "spec.paused is true") : failed(error)
          )
          return yield* shutdown
            .within(Effect.retry(once, patience), GRACE, () => lateError(`${verb} ${label(object)}`))
            .pipe(Effect.catch((error) => Effect.succeed(failed(error))))
        }, writes.withPermit)

        const apply = Effect.fn("Applier.apply")(
          (
            owner: Owner,
            { step, exists, isOwn, applied: done, takeOver: terms }: Admitted,
            isPaused?: Effect.Effect<boolean>
          ) => {
            const { manifest } = step.wanted
            if (done !== undefined) return Effect.succeed(applied(step, { uid: done }, false))
            written.add(id(manifest))
            const object = toKube(manifest.body, step)
            const perform =
              terms === undefined
                ? Effect.map(
                    kube.apply(object, { force: true, dryRun }),
                    ({ metadata }): Outcome => applied(step, metadata, !exists)
                  )
                : takeOver(kube, { owner, step, object, ...terms }, dryRun)
            return attempt("apply", manifest, perform, (error) => applyFailed(step, error), isPaused).pipe(
              // What the last listing says of its mark is no longer so.
              Effect.tap(() => (isOwn ? Effect.void : owners.forget(manifest)))
            )
          }
        )

        const prune = Effect.fn("Applier.prune")(
          (owner: Owner, { entry }: Prune, isPaused?: Effect.Effect<boolean>) => {
            const perform = Effect.gen(function* (): Effect.fn.Return<Outcome, KubeError> {
              const { found, key } = yield* locate(kube, entry)
              if (Option.isNone(found)) return { _tag: "Pruned", object: entry }
              const live = liveObject(found.value.metadata)
              const whose = ownership(live.metadata, owner, entry)
              if (whose._tag === "OptedOut") return { _tag: "OptedOut", object: entry }
              if (whose._tag === "Nobody" && entry.uid === live.uid) return stripped(entry, live)
              if (whose._tag !== "Mine") return foreign(entry, "it does not carry this operator's mark: not deleted")
              if (entry.uid !== undefined && entry.uid !== live.uid) {
                return pruneFailed(entry, false, "it was deleted and made again by somebody else: not deleted")
              }
              const { resourceVersion } = live.metadata
              const precondition = typeof resourceVersion === "string" ? { resourceVersion } : {}
              yield* kube.delete(key, { uid: live.uid, ...precondition, dryRun })
              return { _tag: "Pruned", object: entry }
            })
            const failed = (error: KubeError) => pruneFailed(entry, error.isTransient, error.detail)
            return attempt("delete", entry, perform, failed, isPaused)
          }
        )

        const admitAll = Effect.fn("Applier.admit")(function* (
          owner: Owner,
          applies: ReadonlyArray<Apply>,
          approved: (identity: string, uid: string) => boolean = () => false,
          releasedBy: (identity: string) => string | undefined = () => undefined
        ) {
          const admitted: Array<Admitted> = []
          const refused: Array<Outcome> = []
          for (const step of applies) {
            const { manifest } = step.wanted
            const live = yield* Effect.result(owners.of(manifest))
            if (live._tag === "Failure") {
              refused.push(applyFailed(step, live.failure))
              continue
            }
            const present = live.success.get(manifest.name)
            const admission = admit(present, owner, manifest, wasApplied(step.recorded), releasedBy(id(manifest)))
            if (admission._tag === "OptedOut") refused.push({ _tag: "OptedOut", object: manifest })
            else if (admission._tag === "Refuse") refused.push(foreign(manifest, admission.message))
            else if (admission._tag === "Ending") refused.push(ending(step))
            else if (admission._tag === "Stripped") {
              if (present !== undefined) refused.push(stripped(manifest, present))
            } else {
              const granted = present !== undefined && approved(id(manifest), present.uid)
              const isOwn = present === undefined || ownership(present.metadata, owner, manifest)._tag === "Mine"
              const isDone =
                isOwn && !written.has(id(manifest)) && present !== undefined
                  ? isApplied(present, step.wanted.digest, step.recorded)
                  : false
              admitted.push({
                step,
                exists: present !== undefined,
                isOwn,
                applied: isDone ? present?.uid : undefined,
                takeOver:
                  admission._tag === "TakeOver"
                    ? { mayChange: admission.invited || granted, approved: granted }
                    : undefined
              })
            }
          }
          return { admitted, refused }
        })

        const letGo = Effect.fn("Applier.letGo")(function* (owner: Owner, { entry }: Prune) {
          const live = yield* Effect.result(owners.of(entry))
          if (live._tag === "Failure") return undefined
          const present = live.success.get(entry.name)
          return handedOver(entry, present === undefined ? undefined : ownership(present.metadata, owner, entry))
        })

        const strippedAll = Effect.fn("Applier.stripped")(function* (owner: Owner, suspects: ReadonlyArray<Suspect>) {
          const found: Array<Stripped> = []
          for (const suspect of suspects) {
            const live = yield* Effect.result(owners.of({ ...suspect.entry, apiVersion: suspect.apiVersion }))
            if (live._tag === "Failure") continue
            const outcome = strippedOf(suspect, live.success.get(suspect.entry.name), owner)
            if (outcome !== undefined) found.push(outcome)
          }
          return found
        })

        const remarkOne = Effect.fn("Applier.remark")((owner: Owner, entry: Entry) =>
          attempt("mark", entry, remark(kube, owner, entry, dryRun), (error) => markFailed(entry, error)).pipe(
            Effect.tap(() => owners.forget(entry))
          )
        )

        return Applier.of({ admit: admitAll, letGo, stripped: strippedAll, remark: remarkOne, apply, prune })
      })
    )
}

/** A few tries for what passes by itself, waiting as long as the server asks; what lasts is tried again by the next run. */
const patience = Schedule.exponential("200 millis").pipe(
  Schedule.jittered,
  Schedule.setInputType<KubeError>(),
  Schedule.modifyDelay(({ input, duration }) =>
    Effect.succeed(input.retryAfter === undefined ? duration : Duration.seconds(Math.min(input.retryAfter, 30)))
  ),
  Schedule.while(({ input }) => input.isTransient && input.reason !== "Conflict"),
  Schedule.upTo({ times: ATTEMPTS - 1 })
)

const toKube = (body: JsonObject, { wanted: { manifest, digest } }: Apply): KubeObject => {
  const metadata = body.metadata as JsonObject
  const labels = { ...(metadata.labels as JsonObject | undefined), [DIGEST_LABEL]: digestValue(digest) }
  return {
    ...body,
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: { ...metadata, labels, name: manifest.name, namespace: manifest.namespace }
  }
}

const lateError = (request: string): KubeError =>
  new KubeError({ reason: "Timeout", request, detail: "not answered before the operator had to stop" })

const applyFailed = (step: Apply, error: KubeError): Outcome => ({
  _tag: "ApplyFailed",
  object: step.wanted.manifest,
  step,
  answered: error.answered,
  transient: error.isTransient,
  message: error.detail
})

const foreign = (object: Identity, message: string): Outcome => ({ _tag: "Foreign", object, message })

const handedOver = (object: Identity, whose: Ownership | undefined): Outcome | undefined => {
  if (whose === undefined) return { _tag: "HandedOver", object, message: "it is gone" }
  switch (whose._tag) {
    case "Another":
      return { _tag: "HandedOver", object, message: `it belongs to ${whose.owner}` }
    case "OptedOut":
      return { _tag: "OptedOut", object }
    case "Mine":
    case "Nobody":
      return undefined
  }
}

const pruneFailed = (object: Identity, transient: boolean, message: string): Outcome => ({
  _tag: "PruneFailed",
  object,
  transient,
  message
})

const notAttempted = (object: Identity, message: string): Outcome => ({ _tag: "NotAttempted", object, message })
