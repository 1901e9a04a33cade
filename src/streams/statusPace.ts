import { Duration, Effect, Ref } from "effect"
import { STATUS_BURST, STATUS_GAP, STATUS_PAUSE } from "./schedules.ts"

/** Takes a turn to write a status: the milliseconds until it has come. */
export type StatusTurn = Effect.Effect<number>

/** Turns for the status writes of the process, in the order in which they are taken: some at once, then one by one. */
export const statusTurns: Effect.Effect<StatusTurn> = Effect.gen(function* () {
  const gap = Duration.toMillis(STATUS_GAP)
  const earliest = (now: number) => now - (STATUS_BURST - 1) * gap
  const last = yield* Ref.make(-Infinity)
  return Effect.gen(function* () {
    const now = yield* monotonicMillis
    const turn = yield* Ref.updateAndGet(last, (before) => Math.max(before + gap, earliest(now)))
    return Math.max(0, turn - now)
  })
})

/** When the status of one vCenter may be written. What has to wait is not held up: it looks again then. */
export interface StatusPace {
  /** Milliseconds until it may be written, at least `STATUS_PAUSE` after the last one and in its turn; 0: now. */
  readonly wait: Effect.Effect<number>
  /** It has been written. */
  readonly wrote: Effect.Effect<void>
}

export const statusPace = Effect.fnUntraced(function* (turns: StatusTurn) {
  const rest = Duration.toMillis(STATUS_PAUSE)
  const known = yield* Ref.make<{ readonly rested: number; readonly turn?: number }>({ rested: -Infinity })
  const wait = Effect.gen(function* () {
    const now = yield* monotonicMillis
    const { rested, turn } = yield* Ref.get(known)
    if (now < rested) return rested - now
    const mine = turn ?? now + (yield* turns)
    yield* Ref.set(known, { rested, turn: mine })
    return Math.max(0, mine - now)
  })
  const wrote = Effect.flatMap(monotonicMillis, (now) => Ref.set(known, { rested: now + rest }))
  return { wait, wrote } satisfies StatusPace
})

// Not the time of day, which may be set back.
const monotonicMillis = Effect.clockWith((clock) =>
  Effect.map(clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)
)
