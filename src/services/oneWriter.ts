import { Effect, Layer } from "effect"
import { Kube, type KubeError } from "./Kube.ts"
import { keyOf, labelOf } from "./kube/Request.ts"
import { Lease } from "./Lease.ts"

/**
 * The Kubernetes API with the Lease in front of every write. All services but the Lease itself, and the digest key that
 * is there before it, have no other: a new one cannot forget it. Each operation is named here, so that one which is
 * added has to be decided on.
 */
export const oneWriter: Layer.Layer<Kube, never, Kube | Lease> = Layer.effect(
  Kube,
  Effect.gen(function* () {
    const kube = yield* Kube
    const { admit } = yield* Lease
    const unless = <A>(dryRun: boolean, request: string, effect: Effect.Effect<A, KubeError>) =>
      dryRun ? effect : admit(request, effect)
    const { origin, isNamespaced, kinds, get, list, listMetadata, watch } = kube
    return Kube.of({
      origin,
      isNamespaced,
      kinds,
      get,
      list,
      listMetadata,
      watch,
      apply: (object, options) => unless(options.dryRun, labelOf("apply", keyOf(object)), kube.apply(object, options)),
      patch: (key, patch, options) => unless(options.dryRun, labelOf("patch", key), kube.patch(key, patch, options)),
      delete: (key, options) => unless(options.dryRun, labelOf("delete", key), kube.delete(key, options)),
      create: (object) => admit(labelOf("create", keyOf(object)), kube.create(object)),
      replaceStatus: (object) => admit(labelOf("update status of", keyOf(object)), kube.replaceStatus(object))
    })
  })
)
