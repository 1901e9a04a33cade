import { Cache, Context, Duration, Effect, Layer, Schedule } from "effect"
import { OWNER_LABEL } from "../domain/Owner.ts"
import type { Marked } from "../domain/rebuild.ts"
import { Kube, type KubeError } from "./Kube.ts"

/** How long a search serves: long enough for the vCenters that start together. */
const FRESH: Duration.Input = "2 seconds"
/** Lists under way at a time. */
const TOGETHER = 8

/** Everything in a namespace that bears a mark. */
export interface Search {
  readonly found: ReadonlyArray<Marked>
  /** `apiVersion Kind` of what this operator may not list. It can hardly have applied any of it. */
  readonly forbidden: ReadonlyArray<string>
  /** `apiVersion Kind`, or a group-version alone, that could not be listed, and why. */
  readonly failed: ReadonlyMap<string, string>
}

/** Finds live objects by the operator's marks, whatever their kind: from them a record that was lost is rebuilt. */
export class Marks extends Context.Service<
  Marks,
  {
    /** One LIST by label for each kind that discovery shows. Fails when discovery does. */
    readonly search: (namespace: string) => Effect.Effect<Search, KubeError>
  }
>()("vcenter-operator/services/Marks") {
  static readonly layer = Layer.effect(
    Marks,
    Effect.gen(function* () {
      const kube = yield* Kube
      const searches = yield* Cache.makeWith((namespace: string) => searchIn(kube, namespace), {
        capacity: 64,
        timeToLive: (exit) => (exit._tag === "Success" ? FRESH : Duration.zero)
      })
      return Marks.of({ search: (namespace) => Cache.get(searches, namespace) })
    })
  )
}

const searchIn = Effect.fn("Marks.search")(function* (kube: Kube["Service"], namespace: string) {
  const { kinds, unknown } = yield* Effect.retry(kube.kinds, patience)
  const found: Array<Marked> = []
  const forbidden: Array<string> = []
  const failed = new Map(unknown.map((error) => [error.request.replace("discover ", ""), error.detail]))
  const listed = yield* Effect.forEach(
    kinds,
    (kind) =>
      kube.listMetadata({ ...kind, namespace, labelSelector: OWNER_LABEL }).pipe(
        Effect.retry(patience),
        Effect.result,
        Effect.map((result) => [kind, result] as const)
      ),
    { concurrency: TOGETHER }
  )
  for (const [{ apiVersion, kind }, result] of listed) {
    const name = `${apiVersion} ${kind}`
    if (result._tag === "Success") {
      found.push(...result.success.items.map(({ metadata }) => ({ apiVersion, kind, metadata })))
    } else if (result.failure.reason === "Forbidden") forbidden.push(name)
    // Its definition was removed meanwhile, and its objects with it.
    else if (result.failure.reason !== "Unserved") failed.set(name, result.failure.detail)
  }
  return { found, forbidden, failed } satisfies Search
})

/** A few tries for what passes by itself. */
const patience = Schedule.exponential("200 millis").pipe(
  Schedule.setInputType<KubeError>(),
  Schedule.while(({ input }) => input.isTransient),
  Schedule.upTo({ times: 2 })
)
