import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Passwords } from "../../src/services/Passwords.ts"
import { Redactor } from "../../src/services/Redactor.ts"

/** Secrets of these tests only. */
const SEED = Redacted.make("test-only seed")
const quick = Passwords.layerWith(({ username }) =>
  Effect.succeed(Redacted.make(new TextEncoder().encode(username.padEnd(64))))
)
const layer = Redactor.layer.pipe(Layer.provideMerge(quick))

describe("Redactor", () => {
  it.effect("takes out what it has learned, and never forgets it", () =>
    Effect.gen(function* () {
      const { learn, text } = yield* Redactor
      assert.strictEqual(yield* text("it is test-only one"), "it is test-only one")
      yield* learn([Redacted.make("test-only one")])
      yield* learn([Redacted.make("test-only two")])
      assert.strictEqual(yield* text("test-only one, test-only two"), "<redacted>, <redacted>")
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes out every password that was derived, without being told", () =>
    Effect.gen(function* () {
      const { text } = yield* Redactor
      const passwords = yield* Passwords
      const derived = Redacted.value(yield* passwords.derive("test-only-user", SEED, "vc-a-0.example.com"))
      assert.strictEqual(yield* text(`password = "${derived}"`), 'password = "<redacted>"')
    }).pipe(Effect.provide(layer))
  )

  it.effect("shows of a Secret its keys alone, of other kinds everything but secrets, in base64 too", () =>
    Effect.gen(function* () {
      const { learn, manifest } = yield* Redactor
      yield* learn([Redacted.make("test-only one")])
      const encoded = Buffer.from("a test-only one b").toString("base64")
      assert.deepStrictEqual(yield* manifest({ kind: "Secret", data: { key: "b3RoZXI=" } }), {
        kind: "Secret",
        data: { key: "<redacted>" }
      })
      assert.deepStrictEqual(
        yield* manifest({ kind: "ConfigMap", data: { a: "x test-only one y", b: encoded, c: "c" } }),
        {
          kind: "ConfigMap",
          data: { a: "x <redacted> y", b: "<redacted>", c: "c" }
        }
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes out what is learned or derived after others have been looked for", () =>
    Effect.gen(function* () {
      const { learn, text } = yield* Redactor
      const { derive } = yield* Passwords
      yield* learn([Redacted.make("test-only one")])
      assert.strictEqual(yield* text("test-only one, test-only two"), "<redacted>, test-only two")
      yield* learn([Redacted.make("test-only two")])
      assert.strictEqual(yield* text("test-only one, test-only two"), "<redacted>, <redacted>")
      const derived = Redacted.value(yield* derive("test-only-user", SEED, "vc-b-0.example.com"))
      assert.strictEqual(yield* text(`password=${derived}`), "password=<redacted>")
    }).pipe(Effect.provide(layer))
  )
})
