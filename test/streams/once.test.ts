import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Queue, Stream } from "effect"
import type { Happening } from "../../src/domain/Happening.ts"
import { once } from "../../src/streams/once.ts"
import { due } from "./time.ts"

const discovered = (...vcenters: ReadonlyArray<string>): Happening => ({
  _tag: "Discovered",
  serial: 1,
  vcenters,
  added: vcenters,
  gone: []
})
const reconciled = (vcenter: string, ...failures: ReadonlyArray<string>): Happening => ({
  _tag: "Reconciled",
  vcenter,
  objects: 1,
  withheld: 1,
  failures
})
const disconnected = (vcenter: string): Happening => ({
  _tag: "Disconnected",
  vcenter,
  reason: "Timeout",
  message: "no answer",
  retryInSeconds: 1
})

describe("once", () => {
  it.effect("ends as soon as every vCenter has been reconciled or has failed, with what failed", () =>
    Effect.gen(function* () {
      const happenings = yield* Queue.unbounded<Happening>()
      const ending = yield* Effect.forkChild(once(Stream.fromQueue(happenings)), { startImmediately: true })
      const tell = (happening: Happening) => Effect.andThen(Queue.offer(happenings, happening), due)
      yield* tell(discovered("a", "b", "c"))
      yield* tell(reconciled("b", "Deployment x: no"))
      yield* tell(disconnected("a"))
      yield* tell(disconnected("a"))
      assert.isUndefined(ending.pollUnsafe())
      yield* tell(reconciled("c"))
      assert.deepStrictEqual(yield* Fiber.join(ending), ["b: Deployment x: no", "a: Timeout: no answer"])
    })
  )

  it.effect("ends well when nothing failed, though deletes are withheld", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* once(Stream.make(discovered("a"), reconciled("a"))), [])
    })
  )

  it.effect("shows every happening up to the last that it needs, and none after it", () =>
    Effect.gen(function* () {
      const read: Array<string> = []
      const happenings = Stream.make(
        discovered("a"),
        disconnected("z"),
        reconciled("a"),
        reconciled("a", "later")
      ).pipe(Stream.tap(({ _tag }) => Effect.sync(() => read.push(_tag))))
      assert.deepStrictEqual(yield* once(happenings), [])
      assert.deepStrictEqual(read, ["Discovered", "Disconnected", "Reconciled"])
    })
  )
})
