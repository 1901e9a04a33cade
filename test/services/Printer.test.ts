import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock, TestConsole } from "effect/testing"
import type { Happening } from "../../src/domain/Happening.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { type Output, Printer } from "../../src/services/Printer.ts"
import { Redactor } from "../../src/services/Redactor.ts"

/** Of these tests only. */
const SECRET = "test-only secret"
const VCENTER = "vc-a-0.cc.qa-de-1.cloud.sap"

const layer = (output: Output, colours = false) =>
  Printer.layer(output, colours).pipe(
    Layer.provide(Layer.effectDiscard(Redactor.use(({ learn }) => learn([Redacted.make(SECRET)])))),
    Layer.provideMerge(Redactor.layer),
    Layer.provide(Passwords.layer)
  )

const printed = (output: Output, happenings: ReadonlyArray<Happening>, colours = false) =>
  Effect.gen(function* () {
    const { print } = yield* Printer
    yield* TestClock.adjust("1500 millis")
    yield* Effect.forEach(happenings, print)
    return yield* TestConsole.logLines
  }).pipe(Effect.provide(layer(output, colours)))

const created: Happening = {
  _tag: "Outcome",
  vcenter: VCENTER,
  object: "ConfigMap monsoon3/a",
  outcome: "created"
}
const warning: Happening = { _tag: "Warning", vcenter: VCENTER, message: `it says "${SECRET}"` }
const manifest: Happening = {
  _tag: "Manifest",
  vcenter: VCENTER,
  template: "monsoon3/t",
  body: {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a" },
    data: { other: Buffer.from("test-only unknown").toString("base64") }
  }
}

describe("Printer, for people", () => {
  it.effect("prints a line with the seconds since the start, who, and what", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* printed("pretty", [created]), [
        "   1.5s vc-a-0      + ConfigMap monsoon3/a created"
      ])
    })
  )

  it.effect("gives the text its colour, where colours are seen", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* printed("pretty", [created], true), [
        "   1.5s vc-a-0      \u001b[32m+ ConfigMap monsoon3/a created\u001b[0m"
      ])
    })
  )

  it.effect("prints a manifest as YAML, of a Secret the keys alone", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* printed("pretty", [manifest]), [
        "   1.5s vc-a-0      # monsoon3/t",
        ...["apiVersion: v1", "kind: Secret", "metadata:", "  name: a", "data:", "  other: <redacted>"].map(
          (line) => `${" ".repeat(20)}${line}`
        )
      ])
    })
  )

  it.effect("takes out secrets", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* printed("pretty", [warning]), ['   1.5s vc-a-0      it says "<redacted>"'])
    })
  )
})

describe("Printer, for machines", () => {
  it.effect("prints one JSON object a line, with time and event first", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* printed("ndjson", [created]), [
        `{"time":"1970-01-01T00:00:01.500Z","event":"Outcome","vcenter":"${VCENTER}","object":"ConfigMap monsoon3/a","outcome":"created"}`
      ])
    })
  )

  it.effect("takes out secrets, and stays JSON", () =>
    Effect.gen(function* () {
      const lines = (yield* printed("ndjson", [warning, manifest])).map((line) => JSON.parse(String(line)))
      assert.strictEqual(lines[0].message, 'it says "<redacted>"')
      assert.deepStrictEqual(lines[1].body.data, { other: "<redacted>" })
    })
  )

  it.effect("prints what spans lines on one", () =>
    Effect.gen(function* () {
      const lines = yield* printed("ndjson", [{ _tag: "Warning", message: "one\ntwo" }])
      assert.lengthOf(lines, 1)
      assert.notInclude(String(lines[0]), "\n")
    })
  )
})
