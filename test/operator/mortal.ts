import { Effect, Stream } from "effect"
import type { Kube } from "../../src/services/Kube.ts"

/** How long an operator lives: none of its requests takes effect, and none is answered, once it is dead. */
export interface Life {
  dead: boolean
  /** It dies when this many of its writes have taken effect, before it hears of the last one. */
  readonly diesAfter?: number
  /** Writes that have taken effect. */
  writes?: number
}

/** The API as one process sees it, which may be killed at any write. */
export const mortal = (kube: Kube["Service"], life: Life): Kube["Service"] => {
  const alive = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => (life.dead ? Effect.never : effect)).pipe(
      Effect.tap(() => (life.dead ? Effect.never : Effect.void))
    )
  const counted = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    alive(
      Effect.tap(effect, () =>
        Effect.sync(() => {
          life.writes = (life.writes ?? 0) + 1
          if (life.writes === life.diesAfter) life.dead = true
        })
      )
    )
  return {
    origin: kube.origin,
    isNamespaced: (apiVersion, kind) => alive(kube.isNamespaced(apiVersion, kind)),
    get: (key) => alive(kube.get(key)),
    list: (collection) => alive(kube.list(collection)),
    listMetadata: (collection) => alive(kube.listMetadata(collection)),
    watch: (collection, version) => Stream.unwrap(alive(Effect.sync(() => kube.watch(collection, version)))),
    apply: (object, options) =>
      options.dryRun ? alive(kube.apply(object, options)) : counted(kube.apply(object, options)),
    patch: (key, patch, options) =>
      options.dryRun ? alive(kube.patch(key, patch, options)) : counted(kube.patch(key, patch, options)),
    delete: (key, options) => (options.dryRun ? alive(kube.delete(key, options)) : counted(kube.delete(key, options))),
    create: (object) => counted(kube.create(object)),
    replaceStatus: (object) => counted(kube.replaceStatus(object))
  }
}
