import { type Identity, id, label } from "./Manifest.ts"
import { rank } from "./Order.ts"
import { isFailure, type Outcome } from "./Outcome.ts"
import type { Apply } from "./Plan.ts"

/**
 * What failed before objects of a kind have their turn, one for each subject (a cluster or datacenter): the rest of
 * that subject is not attempted, or a Deployment would start its pods without the ConfigMap that was refused. Other
 * subjects go on: one bad object must not hold up a region.
 *
 *   an earlier outcome of the subject    | its objects of this kind
 *   -------------------------------------+--------------------------
 *   failed or refused, of a lower rank   | not attempted
 *   not attempted, of a lower rank       | not attempted
 *   failed, of the same or a higher rank | attempted
 *   anything else, opted out included    | attempted
 *   none: another subject's              | attempted
 */
export const failedBefore = (
  kind: string,
  outcomes: ReadonlyArray<Outcome>,
  applies: ReadonlyArray<Apply>
): ReadonlyMap<string, Identity> => {
  const bad = new Map(
    outcomes
      .filter((outcome) => isFailure(outcome) || outcome._tag === "NotAttempted")
      .filter(({ object }) => rank(object.kind) < rank(kind))
      .map(({ object }) => [id(object), object])
  )
  if (bad.size === 0) return new Map()
  const failed = new Map<string, Identity>()
  for (const { wanted } of applies) {
    const object = bad.get(id(wanted.manifest))
    if (object !== undefined && !failed.has(wanted.subject)) failed.set(wanted.subject, object)
  }
  return failed
}

/** The outcome of each of these steps, by identity, that must not be attempted after what has happened so far. */
export const notAttempted = (
  steps: ReadonlyArray<Apply>,
  outcomes: ReadonlyArray<Outcome>,
  applies: ReadonlyArray<Apply>
): ReadonlyMap<string, Outcome> => {
  const byKind = Map.groupBy(steps, ({ wanted: { manifest } }) => manifest.kind)
  return new Map(
    [...byKind].flatMap(([kind, group]) => {
      const failed = failedBefore(kind, outcomes, applies)
      return group.flatMap(({ wanted: { manifest, subject } }): ReadonlyArray<readonly [string, Outcome]> => {
        const earlier = failed.get(subject)
        if (earlier === undefined) return []
        const message = `${label(earlier)} comes first, and failed`
        return [[id(manifest), { _tag: "NotAttempted", object: manifest, message }]]
      })
    })
  )
}
