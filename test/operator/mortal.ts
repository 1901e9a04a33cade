import { Effect, Stream } from "effect"
import type { Kube } from "../../src/services/Kube.ts"

/** How long an operator lives: none of its requests takes effect, and none is answered, once it is dead. */
export interface Life {
  dead: boolean
  /** It dies when this many of its writes have taken effect, before it hears of the last one. */
  readonly diesAfter?: number
  /** It dies when it sends its write of this number, which does not reach the server. */
  readonly diesBefore?: number
  /** Writes that have been sent, and those that have taken effect. */
  sent?: number
  writes?: number
  /** How long each request takes, half of it before the effect and half of it after. */
  readonly pause?: Effect.Effect<void>
  readonly onDeath?: () => void
}

/** The API as one process sees it, which may be killed at any write. */
export const mortal = (kube: Kube["Service"], life: Life): Kube["Service"] => {
  const { pause = Effect.void } = life
  const die = () => {
    life.dead = true
    life.onDeath?.()
  }
  const alive = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    pause.pipe(
      Effect.andThen(Effect.suspend(() => (life.dead ? Effect.never : effect))),
      Effect.tap(() => pause),
      Effect.tap(() => (life.dead ? Effect.never : Effect.void))
    )
  const counted = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    alive(
      Effect.suspend(() => {
        life.sent = (life.sent ?? 0) + 1
        if (life.sent !== life.diesBefore) return effect
        die()
        return Effect.never
      }).pipe(
        Effect.tap(() =>
          Effect.sync(() => {
            life.writes = (life.writes ?? 0) + 1
            if (life.writes === life.diesAfter) die()
          })
        )
      )
    )
  return {
    origin: kube.origin,
    isNamespaced: (apiVersion, kind) => alive(kube.isNamespaced(apiVersion, kind)),
    kinds: alive(kube.kinds),
    get: (key) => alive(kube.get(key)),
    list: (collection) => alive(kube.list(collection)),
    listMetadata: (collection) => alive(kube.listMetadata(collection)),
    watch: (collection, version) => Stream.unwrap(alive(Effect.sync(() => kube.watch(collection, version)))),
    apply: (object, options) =>
      options.dryRun ? alive(kube.apply(object, options)) : counted(kube.apply(object, options)),
    patch: (key, patch, options) =>
      (options.dryRun || key.kind === "Lease" ? alive : counted)(kube.patch(key, patch, options)),
    delete: (key, options) => (options.dryRun ? alive(kube.delete(key, options)) : counted(kube.delete(key, options))),
    create: (object) => (object.kind === "Lease" ? alive : counted)(kube.create(object)),
    replaceStatus: (object) => counted(kube.replaceStatus(object))
  }
}
