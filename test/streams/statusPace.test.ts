import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { statusPace, statusTurns } from "../../src/streams/statusPace.ts"

/** Every vCenter looks every 50 ms for this long; gives when each one wrote. */
const writtenBy = Effect.fnUntraced(function* (vcenters: number, millis: number) {
  const turns = yield* statusTurns
  const paces = yield* Effect.forEach(Array.from({ length: vcenters }), () => statusPace(turns))
  const written = paces.map((): Array<number> => [])
  for (let at = 0; at <= millis; at += 50) {
    for (const [index, { wait, wrote }] of paces.entries()) {
      if ((yield* wait) > 0) continue
      yield* wrote
      written[index]?.push(at)
    }
    yield* TestClock.adjust("50 millis")
  }
  return written
})

describe("statusPace", () => {
  it.effect("lets one vCenter write every ten seconds, the first time at once", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* writtenBy(1, 25_000), [[0, 10_000, 20_000]])
    })
  )

  it.effect("lets five write at once, and then one every 200 ms, each in its turn", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* writtenBy(8, 5000)).flat(), [0, 0, 0, 0, 0, 200, 400, 600])
    })
  )

  it.effect("lets many write no more than five a second, and each of them as often as any other", () =>
    Effect.gen(function* () {
      const written = yield* writtenBy(100, 60_000)
      assert.isAtMost(written.flat().length, 5 + 60 * 5)
      for (const one of written) assert.include([3, 4], one.length)
    })
  )

  it.effect("says how long it takes until the turn has come, and keeps that turn", () =>
    Effect.gen(function* () {
      const turns = yield* statusTurns
      const { wait } = yield* statusPace(turns)
      for (let taken = 0; taken < 6; taken++) yield* turns
      assert.strictEqual(yield* wait, 400)
      yield* turns
      yield* TestClock.adjust("150 millis")
      assert.strictEqual(yield* wait, 250)
      yield* TestClock.adjust("250 millis")
      assert.strictEqual(yield* wait, 0)
    })
  )
})
