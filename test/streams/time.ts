import { Effect } from "effect"
import { TestClock } from "effect/testing"

/**
 * Lets everything happen that is due now, however many fibers it goes through.
 *
 * The clock is touched first: before that, a sleep in a finalizer is interrupted by the clock's own warning.
 */
export const due = Effect.andThen(TestClock.adjust(0), Effect.repeat(Effect.yieldNow, { times: 50 }))

/** Virtual time in steps of a second: deadlines are set as time goes on. */
export const pass = Effect.fnUntraced(function* (seconds: number) {
  for (let passed = 0; passed < seconds; passed++) yield* TestClock.adjust("1 second")
  yield* due
})
