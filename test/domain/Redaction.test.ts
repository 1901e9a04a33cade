import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { REDACTED, redact, redactManifest } from "../../src/domain/Redaction.ts"

/** With everything that the spellings escape. For tests only. */
const SECRET = `te$t "o'nly"<&> secret`

const doubled = SECRET.replaceAll("$", () => "$$")

const places: ReadonlyArray<readonly [title: string, text: string]> = [
  ["as it is", SECRET],
  ["within a line", `password = ${SECRET} # end`],
  ["through ini_escape", doubled],
  ["through ini_quote", `"${doubled.replaceAll('"', '\\"')}"`],
  ["in JSON", JSON.stringify({ a: SECRET })],
  ["in a single-quoted YAML scalar", `'${SECRET.replaceAll("'", "''")}'`],
  ["in a URL", `https://x/?p=${encodeURIComponent(SECRET)}`],
  ["in XML", `<a>te$t "o'nly"&lt;&amp;&gt; secret</a>`],
  ["in base64", Buffer.from(SECRET).toString("base64")]
]

describe("redact", () => {
  for (const [title, text] of places) {
    it(`takes out a secret ${title}`, () => {
      const shown = redact(text, [SECRET])
      assert.include(shown, REDACTED)
      assert.notInclude(shown, "nly")
    })
  }

  it("takes out the longer of two secrets first, so that no end of it is left", () => {
    assert.strictEqual(redact("abcdef", ["abcd", "abcdef"]), REDACTED)
  })

  it("leaves short words alone", () => {
    assert.strictEqual(redact("a true word", ["a", "tru", "wor"]), "a true word")
  })

  it.prop(
    "leaves no secret in any text that holds it",
    [Schema.String, Schema.String, Schema.String],
    ([a, secret, b]) => {
      if (secret.length < 4 || REDACTED.includes(secret)) return
      const shown = redact(a + secret + b, [secret]).replaceAll(REDACTED, "\u0000")
      assert.notInclude(shown, secret)
    }
  )
})

describe("redactManifest", () => {
  it("shows the keys of a Secret and none of its values", () => {
    const shown = redactManifest(
      { kind: "Secret", metadata: { name: "s" }, data: { a: "eA==" }, stringData: { b: "y" } },
      []
    )
    assert.deepStrictEqual(shown, {
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: REDACTED },
      stringData: { b: REDACTED }
    })
  })

  it("takes a known secret out of a ConfigMap, however deep", () => {
    const shown = redactManifest(
      { kind: "ConfigMap", data: { "nova.conf": `a = ${SECRET}\nb = 1` }, list: [[SECRET]] },
      [SECRET]
    )
    assert.deepStrictEqual(shown, {
      kind: "ConfigMap",
      data: { "nova.conf": `a = ${REDACTED}\nb = 1` },
      list: [[REDACTED]]
    })
  })

  it("takes out base64 of a longer text that holds a secret", () => {
    const encoded = Buffer.from(`xyz ${SECRET} zyx`).toString("base64")
    assert.deepStrictEqual(redactManifest({ kind: "ConfigMap", binaryData: { a: encoded } }, [SECRET]), {
      kind: "ConfigMap",
      binaryData: { a: REDACTED }
    })
  })
})
