import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { packUid, unpackUid } from "../../src/domain/Uid.ts"

describe("packUid", () => {
  it.each([
    ["a UUID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "-B1Prn3sEdCnZQCgyR5r9g"],
    ["text that is no UUID", "uid-a", "=uid-a"],
    ["a UUID in capitals, which must come back so", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", undefined],
    ["22 characters that look packed", "-B1Prn3sEdCnZQCgyR5r9g", "=-B1Prn3sEdCnZQCgyR5r9g"],
    ["nothing", "", "="]
  ])("packs %s", (_, uid, packed) => {
    assert.strictEqual(packUid(uid), packed ?? `=${uid}`)
    assert.strictEqual(unpackUid(packUid(uid)), uid)
  })

  it.prop("gives back any text", [Schema.String], ([uid]) => {
    assert.strictEqual(unpackUid(packUid(uid)), uid)
  })
})

describe("unpackUid", () => {
  it.each(["", "u", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "-B1Prn3sEdCnZQCgyR5r9"])("refuses %o", (text) => {
    assert.isUndefined(unpackUid(text))
  })
})
