import { Effect, Option, Stream } from "effect"
import type { Happening } from "../domain/Happening.ts"
import { begin, type Progress, progress } from "../domain/Progress.ts"

/**
 * Follows the happenings until every vCenter has been reconciled or has failed its first attempt.
 *
 * @returns what failed; empty when all is well
 */
export const once = <E, R>(happenings: Stream.Stream<Happening, E, R>): Effect.Effect<ReadonlyArray<string>, E, R> =>
  happenings.pipe(
    Stream.mapAccum(
      () => begin,
      (before: Progress, happening) => {
        const after = progress(before, happening)
        return [after, [after]] as const
      }
    ),
    Stream.filter(({ over }) => over),
    Stream.runHead,
    Effect.map((last) => (Option.isSome(last) ? last.value.failures : []))
  )
