import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { neighbours } from "../../src/streams/neighbours.ts"

/** Counts how often each of them had to look. */
const looking = Effect.fnUntraced(function* (...vcenters: ReadonlyArray<string>) {
  const among = yield* neighbours
  const looks = new Map(vcenters.map((vcenter) => [vcenter, 0]))
  const fibers = yield* Effect.forEach(vcenters, (vcenter) =>
    Effect.forkChild(
      Stream.runForEach(among.news(vcenter), () => Effect.sync(() => looks.set(vcenter, (looks.get(vcenter) ?? 0) + 1)))
    )
  )
  const rest = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })
  yield* rest
  return { among, looks: Effect.as(rest, looks), stop: Effect.forEach(fibers, Fiber.interrupt) }
})

describe("neighbours", () => {
  it.effect("have each of them look once at first, and again only when another says something that concerns it", () =>
    Effect.gen(function* () {
      const { among, looks, stop } = yield* looking("a", "b", "c")
      assert.deepStrictEqual(
        [...(yield* looks)],
        [
          ["a", 1],
          ["b", 1],
          ["c", 1]
        ]
      )
      yield* among.say("a", { wanted: new Set(["x"]) })
      yield* among.say("c", { wanted: new Set(["y"]) })
      assert.deepStrictEqual(
        [...(yield* looks)],
        [
          ["a", 1],
          ["b", 1],
          ["c", 1]
        ]
      )
      yield* among.say("b", { wanted: new Set(["x"]) })
      assert.deepStrictEqual(
        [...(yield* looks)],
        [
          ["a", 2],
          ["b", 1],
          ["c", 1]
        ]
      )
      yield* among.say("b", { wanted: new Set(["x"]) })
      assert.deepStrictEqual(
        [...(yield* looks)],
        [
          ["a", 2],
          ["b", 1],
          ["c", 1]
        ]
      )
      yield* among.say("a", { wanted: new Set(), released: new Set(["x"]) })
      assert.deepStrictEqual(
        [...(yield* looks)],
        [
          ["a", 2],
          ["b", 2],
          ["c", 1]
        ]
      )
      yield* stop
    })
  )

  it.effect("give what all have said, their own news included", () =>
    Effect.gen(function* () {
      const among = yield* neighbours
      yield* among.say("a", { held: new Set(["x"]) })
      const claims = yield* among.say("b", { released: new Set(["y"]) })
      assert.deepStrictEqual(
        [...claims].map(([vcenter, { held, released }]) => [vcenter, [...held], [...released]]),
        [
          ["a", ["x"], []],
          ["b", [], ["y"]]
        ]
      )
    })
  )
})
