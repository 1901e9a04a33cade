import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Shutdown } from "../../src/services/Shutdown.ts"
import { beginTheEnd } from "./applying.ts"

const late = () => "late"

describe("Shutdown", () => {
  it.effect("has not begun while the sentinel waits, and has when it is interrupted", () =>
    Effect.gen(function* () {
      const { sentinel, stopping } = yield* Shutdown
      const waiting = yield* Effect.forkChild(sentinel, { startImmediately: true })
      yield* TestClock.adjust("1 hour")
      assert.isFalse(yield* stopping)
      yield* Fiber.interrupt(waiting)
      assert.isTrue(yield* stopping)
    }).pipe(Effect.provide(Shutdown.layer))
  )

  it.effect("lets take as long as it takes what is under way while no end is in sight", () =>
    Effect.gen(function* () {
      const { within } = yield* Shutdown
      const fiber = yield* Effect.forkChild(within(Effect.delay(Effect.succeed("done"), "1 hour"), "7 seconds", late))
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* Fiber.join(fiber), "done")
    }).pipe(Effect.provide(Shutdown.layer))
  )

  it.effect.each([
    { takes: "6 seconds", becomes: "done" },
    { takes: "8 seconds", becomes: "late" }
  ] as const)("after the end has begun, what takes $takes more is $becomes", ({ takes, becomes }) =>
    Effect.gen(function* () {
      const { within } = yield* Shutdown
      const work = Effect.sleep("1 minute").pipe(Effect.andThen(Effect.sleep(takes)), Effect.as("done"))
      const fiber = yield* Effect.forkChild(Effect.catch(within(work, "7 seconds", late), Effect.succeed))
      yield* TestClock.adjust("1 minute")
      yield* beginTheEnd
      yield* TestClock.adjust("7 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), becomes)
    }).pipe(Effect.provide(Shutdown.layer))
  )

  it.effect("ends what may not be interrupted, too", () =>
    Effect.gen(function* () {
      const { within } = yield* Shutdown
      const fiber = yield* Effect.forkChild(
        Effect.uninterruptible(Effect.catch(within(Effect.never, "7 seconds", late), Effect.succeed)),
        { startImmediately: true }
      )
      yield* beginTheEnd
      yield* TestClock.adjust("7 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), "late")
    }).pipe(Effect.provide(Shutdown.layer))
  )

  it.effect("hands on the failure of what is under way", () =>
    Effect.gen(function* () {
      const { within } = yield* Shutdown
      assert.strictEqual(yield* Effect.flip(within(Effect.fail("broken"), "7 seconds", late)), "broken")
    }).pipe(Effect.provide(Shutdown.layer))
  )
})
