import { scryptSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { derive, SCRYPT, salt } from "../../src/domain/LongPassword.ts"
import recorded from "./data/masterpassword.json" with { type: "json" }

const Vectors = Schema.Struct({
  cases: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      password: Schema.String,
      site: Schema.String,
      type: Schema.Literals(["max", "long", "medium", "basic", "short", "pin"]),
      counter: Schema.Int,
      result: Schema.String
    })
  )
})
const { cases } = Schema.decodeUnknownSync(Vectors)(recorded)

const keys = new Map<string, Uint8Array>()
const keyOf = (name: string, password: string): Uint8Array => {
  const owner = `${name}\n${password}`
  const { N, r, p, length } = SCRYPT
  const key = keys.get(owner) ?? scryptSync(password, salt(name), length, { N, r, p, maxmem: 256 * N * r })
  keys.set(owner, key)
  return key
}

describe("LongPassword", () => {
  it("has all 65 recorded passwords to compare with", () => {
    assert.strictEqual(cases.length, 65)
  })

  it.each(cases)("gives the recorded $type password $counter of $name for $site", (row) => {
    assert.strictEqual(derive(keyOf(row.name, row.password), row.site, row), row.result)
  })

  it("counts the characters of a user name, not its bytes or UTF-16 units", () => {
    assert.deepStrictEqual([...salt("Ü😀")].slice(-10, -6), [0, 0, 0, 2])
  })

  it.prop(
    "gives fourteen characters with a digit for every site",
    [Schema.String, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffffffff }))],
    ([site, counter]) => {
      assert.match(derive(new Uint8Array(64), site, { type: "long", counter }), /^(?=.*\d)[\x21-\x7e]{14}$/)
    }
  )
})
