import { Effect, Option } from "effect"
import { stripped } from "../domain/AnotherWriter.ts"
import { wasApplied } from "../domain/Ledger.ts"
import type { Json } from "../domain/Manifest.ts"
import { applied as appliedOf, ending, type Outcome } from "../domain/Outcome.ts"
import type { Owner } from "../domain/Owner.ts"
import type { PatchOperation } from "../domain/Patch.ts"
import type { Apply } from "../domain/Plan.ts"
import { admit, freedom, inheritance, liveObject } from "../domain/Takeover.ts"
import type { Kube, KubeError, KubeObject } from "./Kube.ts"

/** How often a take-over begins anew because somebody else wrote the object in the middle: controllers write statuses. */
const TURNS = 4

/** An object that somebody else made and that is to become the operator's. */
export interface TakeOver {
  readonly owner: Owner
  readonly step: Apply
  /** The wanted object, marked. */
  readonly object: KubeObject
  /** A person has approved that its generation changes, or invited the operator by annotation. */
  readonly mayChange: boolean
}

/**
 * Takes an object over: reads it anew, tries the apply, absorbs the old managers and removes the owner references, tries
 * again, applies. Each step is for the version that the one before has seen, so that what was tried is what is done.
 *
 *   first try (as it is) | second try (absorbed) | outcome                  | has been written
 *   ---------------------+-----------------------+--------------------------+------------------------------
 *   another generation   | –                     | withheld                 | no owner reference any more
 *   same generation      | another generation    | withheld                 | likewise, and who owns its fields
 *   same generation      | same, or none needed  | applied: the mark is set | all
 *
 * The second try shows what the first cannot: fields that only the old managers had set, which go with the apply. It is
 * left out when there was nothing to absorb, and both are when the object may change.
 *
 * What waits for an approval loses its owner references all the same: to delete a template meanwhile must not delete it.
 *
 * The mark comes last and with the rest of the apply. After a crash in between the object is unmarked still, so the next
 * look takes it over from where this one stopped; an object that is marked needs nothing more.
 */
export const takeOver = (kube: Kube["Service"], input: TakeOver, dryRun: boolean): Effect.Effect<Outcome, KubeError> =>
  attempt(kube, input, dryRun).pipe(
    Effect.retry({ times: TURNS - 1, while: (error: KubeError) => error.reason === "Conflict" })
  )

const attempt = Effect.fnUntraced(function* (
  kube: Kube["Service"],
  { owner, step, object, mayChange }: TakeOver,
  dryRun: boolean
): Effect.fn.Return<Outcome, KubeError> {
  const { manifest } = step.wanted
  const key = {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    namespace: manifest.namespace,
    name: manifest.name
  }
  const applied = ({ metadata }: KubeObject, created: boolean): Outcome => appliedOf(step, metadata, created)
  const found = yield* kube.get(key)
  if (Option.isNone(found)) return applied(yield* kube.apply(object, { force: true, dryRun }), true)
  const live = found.value
  const admission = admit(liveObject(live.metadata), owner, manifest, wasApplied(step.recorded))
  if (admission._tag === "OptedOut") return { _tag: "OptedOut", object: manifest }
  if (admission._tag === "Stripped") return stripped(manifest, liveObject(live.metadata))
  if (admission._tag === "Ending") return ending(step)
  if (admission._tag === "Refuse") return { _tag: "Foreign", object: manifest, message: admission.message }
  if (admission._tag === "Apply") return applied(yield* kube.apply(object, { force: true, dryRun }), false)

  const changes = (tried: KubeObject) => !mayChange && tried.metadata.generation !== live.metadata.generation
  const withheld = (message: string): Outcome => ({
    _tag: "TakeOverWithheld",
    object: manifest,
    uid: textOf(live.metadata.uid),
    message
  })
  const keepOwners = object.metadata.ownerReferences !== undefined
  const toInherit = ({ metadata }: KubeObject) =>
    inheritance(metadata, manifest.apiVersion, { invited: admission.invited, keepOwners })

  const tried = yield* kube.apply(at(object, live), { force: true, dryRun: true })
  const patch = (operations: ReadonlyArray<PatchOperation>) =>
    kube.patch(key, { resourceVersion: textOf(live.metadata.resourceVersion), operations }, { dryRun })
  if (changes(tried)) {
    const free = keepOwners ? [] : freedom(live.metadata)
    if (free.length > 0) yield* patch(free)
    return withheld("taking it over would change it and restart its pods")
  }
  let current = live
  // What the apply itself takes away from the old managers needs no patch.
  if (toInherit(tried).length > 0) {
    current = yield* patch(toInherit(live))
    if (changes(yield* kube.apply(at(object, current), { force: true, dryRun: true }))) {
      return withheld("taking it over would remove what only its old owner had set, and restart its pods")
    }
  }
  return applied(yield* kube.apply(at(object, current), { force: true, dryRun }), false)
})

/** The object for one version of the live one: any other is a conflict. */
const at = (object: KubeObject, { metadata }: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: textOf(metadata.resourceVersion) }
})

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")
