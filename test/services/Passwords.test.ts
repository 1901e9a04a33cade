import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import { KEPT_KEYS, keyOf, type Owner, Passwords } from "../../src/services/Passwords.ts"

const SEED = Redacted.make("correct horse battery staple")
const SITE = "vc-a-0.cc.qa-de-1.cloud.sap"

/** The service over a slow half that is instant and counted. */
const counted = () => {
  const computed: Array<string> = []
  const layer = Passwords.layerWith(({ username, seed }: Owner) =>
    Effect.as(
      Effect.andThen(
        Effect.sync(() => computed.push(`${username} ${Redacted.value(seed)}`)),
        Effect.yieldNow
      ),
      Redacted.make(new Uint8Array(64).fill(Redacted.value(seed).length))
    )
  )
  return { computed, layer }
}

describe("Passwords", () => {
  it.live("derives the password of a vCenter", () =>
    Effect.gen(function* () {
      const passwords = yield* Passwords
      assert.strictEqual(Redacted.value(yield* passwords.derive("osapivc", SEED, SITE)), "Pocq9$PubpPavu")
    }).pipe(Effect.provide(Passwords.layer))
  )

  it.live("leaves the event loop free while it computes a key", () =>
    Effect.gen(function* () {
      let turns = 0
      const count = yield* Effect.forkChild(
        Effect.forever(
          Effect.andThen(
            Effect.sync(() => turns++),
            Effect.sleep("1 millis")
          )
        )
      )
      yield* keyOf({ username: "osapivc", seed: SEED })
      yield* Fiber.interrupt(count)
      assert.isAbove(turns, 2)
    })
  )

  it.effect("computes one key for one user and seed, even when many ask at once", () => {
    const { computed, layer } = counted()
    return Effect.gen(function* () {
      const passwords = yield* Passwords
      const ask = (site: number) => passwords.derive("osapivc", Redacted.make("seed"), `vc-a-${site}.example.com`)
      const derived = yield* Effect.forEach([...Array(20).keys()], ask, { concurrency: "unbounded" })
      assert.strictEqual(new Set(derived.map(Redacted.value)).size, 20)
      assert.deepStrictEqual(computed, ["osapivc seed"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("still answers the others when the first that asked is interrupted", () => {
    const { layer } = counted()
    return Effect.gen(function* () {
      const passwords = yield* Passwords
      const ask = Effect.forkChild(passwords.derive("osapivc", SEED, SITE), { startImmediately: true })
      const [first, second] = [yield* ask, yield* ask]
      yield* Fiber.interrupt(first)
      assert.strictEqual(Redacted.value(yield* Fiber.join(second)).length, 14)
    }).pipe(Effect.provide(layer))
  })

  it.effect("gives other passwords for another user or another seed", () => {
    const { computed, layer } = counted()
    return Effect.gen(function* () {
      const passwords = yield* Passwords
      yield* passwords.derive("a", Redacted.make("seed"), SITE)
      yield* passwords.derive("b", Redacted.make("seed"), SITE)
      yield* passwords.derive("a", Redacted.make("other"), SITE)
      assert.deepStrictEqual(computed, ["a seed", "b seed", "a other"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("knows every password it has derived", () => {
    const { layer } = counted()
    return Effect.gen(function* () {
      const passwords = yield* Passwords
      const derived = yield* Effect.forEach(["vc-a-0", "vc-b-0"], (site) => passwords.derive("a", SEED, site))
      assert.deepStrictEqual((yield* passwords.known).map(Redacted.value), derived.map(Redacted.value))
    }).pipe(Effect.provide(layer))
  })

  it.effect("forgets the keys of old seeds, never the one in use", () => {
    const { computed, layer } = counted()
    return Effect.gen(function* () {
      const passwords = yield* Passwords
      const rotate = (n: number) =>
        Effect.andThen(
          passwords.derive("a", Redacted.make("in use"), `vc-a-${n}`),
          passwords.derive("a", Redacted.make(`seed ${n}`), SITE)
        )
      yield* Effect.forEach([...Array(KEPT_KEYS + 1).keys()], rotate)
      yield* passwords.derive("a", Redacted.make("seed 0"), "vc-b-0")
      assert.strictEqual(computed.filter((key) => key === "a in use").length, 1)
      assert.strictEqual(computed.filter((key) => key === "a seed 0").length, 2)
    }).pipe(Effect.provide(layer))
  })
})
