import { Console, Duration, Effect, Option, Runtime, Schema, Stream } from "effect"
import { Journal } from "../services/Journal.ts"
import { Lease } from "../services/Lease.ts"
import { Printer } from "../services/Printer.ts"
import { Redactor } from "../services/Redactor.ts"
import { Shutdown } from "../services/Shutdown.ts"
import { once } from "./once.ts"
import { operator } from "./operator.ts"
import { statusTurns } from "./statusPace.ts"
import { templateStatus } from "./templateStatus.ts"

/** How a run of the operator differs from another. */
export interface Mode {
  /** Show what would be done; write nothing. */
  readonly dryRun: boolean
  /** End when every vCenter has been reconciled or has failed its first attempt. */
  readonly once: boolean
  /** How long `once` may take. */
  readonly timeout: Duration.Duration
}

/** `--once` has ended, and not everything is as it should be. */
export class Unfinished extends Schema.TaggedError<Unfinished>()("Unfinished", {
  failures: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return this.failures.join("\n")
  }

  /** It has been said: the runtime need not log it again. */
  override readonly [Runtime.errorReported] = false
}

/**
 * The operator, shown. Being interrupted (SIGTERM, or the end of `--once`) it begins no further step, finishes and
 * records what is under way, and shows it.
 */
export const program = Effect.fnUntraced(function* ({ dryRun, once: endsOnce, timeout }: Mode) {
  const journal = yield* Journal
  const lease = yield* Lease
  const printer = yield* Printer
  const redactor = yield* Redactor
  const shutdown = yield* Shutdown
  const turns = yield* statusTurns
  const statuses = yield* templateStatus(dryRun, turns)
  const shown = Stream.tap(journal.happenings, printer.print)
  const reader = endsOnce
    ? once(shown).pipe(
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () =>
            Effect.map(lease.holder, (holder) => {
              const why = Option.match(holder, { onNone: () => "", onSome: (name) => `: ${name} holds the Lease` })
              return [`not every vCenter was reconciled within ${Duration.format(timeout)}${why}`]
            })
        }),
        Effect.tap(() => statuses.write)
      )
    : Effect.as(Stream.runDrain(shown), [])
  const failures = yield* Effect.raceAllFirst([
    reader,
    lease.whileHeld(Effect.andThen(operator(dryRun, statuses, turns), Effect.never)),
    shutdown.sentinel
  ]).pipe(
    Effect.ensuring(Effect.flatMap(journal.rest, (rest) => Effect.forEach(rest, printer.print, { discard: true })))
  )
  if (failures.length === 0) return
  yield* Effect.forEach(failures, (failure) => Effect.flatMap(redactor.text(`failed: ${failure}`), Console.error), {
    discard: true
  })
  return yield* new Unfinished({ failures })
})
