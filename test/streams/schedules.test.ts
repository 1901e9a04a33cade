import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Ref, type Schedule, Stream } from "effect"
import { TestClock } from "effect/testing"
import { VCenterError } from "../../src/services/VCenter.ts"
import {
  backoff,
  LOGIN_REJECTED,
  LOOK_AGAIN,
  LOOK_AT_FAILED,
  OBSERVED_GAP,
  reconnect,
  UNWANTED_LOOK,
  ZONE_POLL
} from "../../src/streams/schedules.ts"

const unreachable = new VCenterError({ reason: "Unreachable", vcenter: "vc-a-0", detail: "connection refused" })
const rejected = new VCenterError({ reason: "LoginRejected", vcenter: "vc-a-0", detail: "wrong password" })

/** Seconds between the attempts of something that fails in these ways, one after the other. */
const waits = Effect.fnUntraced(function* (
  failures: ReadonlyArray<VCenterError>,
  schedule: Schedule.Schedule<unknown, VCenterError>
) {
  const times = yield* Ref.make<ReadonlyArray<number>>([])
  const attempt = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const before = yield* Ref.getAndUpdate(times, (all) => [...all, now])
    const failure = failures[before.length]
    if (failure !== undefined) return yield* failure
  })
  yield* Effect.forkChild(Effect.retry(attempt, schedule), { startImmediately: true })
  yield* TestClock.adjust("2 hours")
  const all = yield* Ref.get(times)
  return all.slice(1).map((time, index) => (time - (all[index] ?? 0)) / 1000)
})

/** Twenty percent either way. */
const near = (waited: ReadonlyArray<number>, expected: ReadonlyArray<number>) => {
  assert.strictEqual(waited.length, expected.length)
  waited.forEach((seconds, index) => {
    assert.approximately(seconds, expected[index] ?? 0, 0.2 * (expected[index] ?? 0) + 0.001)
  })
}

describe("reconnect", () => {
  it.effect("waits 1, 2, 4 … seconds and at most a minute, give or take a fifth", () =>
    Effect.gen(function* () {
      const failures = Array.from({ length: 9 }, () => unreachable)
      near(yield* waits(failures, reconnect), [1, 2, 4, 8, 16, 32, 60, 60, 60])
    })
  )

  it.effect("waits five minutes after each rejected login: trying often locks the account", () =>
    Effect.gen(function* () {
      const waited = yield* waits([rejected, rejected, unreachable, rejected], reconnect)
      assert.deepStrictEqual([waited[0], waited[1], waited[3]], [300, 300, 300])
      near(waited.slice(2, 3), [4])
      assert.strictEqual(Duration.toSeconds(LOGIN_REJECTED), 300)
    })
  )

  it.effect("does not make all vCenters come back at the same moment", () =>
    Effect.gen(function* () {
      const all = yield* Effect.forEach(Array.from({ length: 10 }), () => waits([unreachable], reconnect))
      assert.isAbove(new Set(all.flat()).size, 5)
    })
  )

  it.effect("starts over with the first element of a stream: a source proves that it lives before it emits", () =>
    Effect.gen(function* () {
      const begun = yield* Ref.make<ReadonlyArray<number>>([])
      const source = Stream.unwrap(
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const before = yield* Ref.getAndUpdate(begun, (all) => [...all, now / 1000])
          return before.length === 4
            ? Stream.concat(Stream.make("inventory"), Stream.fail(unreachable))
            : Stream.fail(unreachable)
        })
      )
      yield* Effect.forkChild(Stream.runDrain(Stream.retry(source, reconnect)), { startImmediately: true })
      yield* TestClock.adjust("35 seconds")
      const times = yield* Ref.get(begun)
      near(
        times.slice(1, 7).map((time, index) => time - (times[index] ?? 0)),
        [1, 2, 4, 8, 1, 2]
      )
    })
  )
})

describe("backoff", () => {
  it.effect("never gives up", () =>
    Effect.gen(function* () {
      const failures = Array.from({ length: 60 }, () => unreachable)
      const waited = yield* waits(failures, backoff)
      assert.strictEqual(waited.length, 60)
      assert.isTrue(waited.slice(6).every((seconds) => seconds >= 48 && seconds <= 72))
    })
  )
})

describe("the constants", () => {
  it("look at what is unwanted often enough for its time to be counted in full", () => {
    assert.isBelow(Duration.toMillis(UNWANTED_LOOK), Duration.toMillis(OBSERVED_GAP))
    assert.strictEqual(Duration.toMillis(OBSERVED_GAP), 2 * Duration.toMillis(ZONE_POLL))
  })

  it("look sooner again at what may pass by itself than at what somebody has to mend", () => {
    assert.isBelow(Duration.toMillis(LOOK_AGAIN), Duration.toMillis(LOOK_AT_FAILED))
  })
})
