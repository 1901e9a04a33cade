import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Programs } from "../../src/services/jinja/Programs.ts"
import { type Case, casesOf, judge } from "./conformance.ts"

const recorded = (file: string): ReadonlyArray<Case> =>
  casesOf(readFileSync(new URL(`data/${file}`, import.meta.url), "utf8"))

const title = ({ src }: Case): string => JSON.stringify(src.length > 100 ? `${src.slice(0, 97)}…` : src)

const assertSame = (test: Case): void => {
  const { verdict, got } = judge(test, new Programs())
  const wanted = "out" in test.expect ? test.expect.out : `an error (${test.expect.error})`
  if (verdict !== "same") assert.strictEqual(got, wanted)
}

describe("templates of the predecessor render as Jinja2 rendered them", () => {
  for (const test of recorded("jinja-real.json")) it(test.id ?? title(test), () => assertSame(test))
})

describe("what Jinja2 brings along", () => {
  for (const [category, cases] of Map.groupBy(recorded("jinja-library.json"), ({ cat }) => cat)) {
    it(`is the same: ${category}`, () => {
      const programs = new Programs()
      const judged = cases.map((test) => ({ src: test.src, ...judge(test, programs) }))
      assert.deepStrictEqual(
        judged.filter(({ verdict }) => verdict === "different"),
        []
      )
      const refused = judged.filter(({ verdict }) => verdict === "refused")
      assert.deepStrictEqual(
        refused.filter(({ got }) => !got.endsWith("is not supported")),
        []
      )
      assert.isAtMost(refused.length, 2)
    })
  }
})

describe("2,000 random templates", () => {
  const programs = new Programs()
  const judged = recorded("jinja-random.json").map((test) => ({ test, ...judge(test, programs) }))

  it("render as Jinja2 rendered them, or end in an error", () => {
    assert.deepStrictEqual(
      judged.filter(({ verdict }) => verdict === "different").map(({ test, got }) => [test.id, got]),
      []
    )
  })

  it("are refused only now and then", () => {
    assert.isAtMost(judged.filter(({ verdict }) => verdict === "refused").length, 40)
  })
})

describe("Jinja2's language has Jinja2's meaning", () => {
  for (const test of recorded("jinja-own.json")) it(`${test.cat}: ${title(test)}`, () => assertSame(test))
})

describe("what Jinja2 itself gets wrong", () => {
  const REFUSED = [
    ["{% autoescape name %}{{ '<' }}{% endautoescape %}", "autoescape by what is known only while rendering"],
    ["{{ '\\ud83d\\ude00' }}", "half of a surrogate pair in a string"],
    ["{{ (-8) ** 0.5 }}", "a complex number"],
    ["{{ 300 is sameas(300) }}", "asking whether two equal values are one object, which depends on Python's memory,"],
    ["{{ 'a'.upper == 'a'.upper }}", "comparing methods"],
    ["{{ context().vars }}", "the attribute vars of Context"],
    ["{{ dict.items }}", "an attribute of dict"]
  ] as const
  for (const [src, what] of REFUSED) {
    it(`is refused: ${what}`, () => {
      const { got, verdict } = judge({ cat: "", src, ctx: { name: "n" }, expect: { out: "" } }, new Programs())
      assert.strictEqual(verdict, "refused")
      assert.include(got, `${what} is not supported`)
    })
  }

  it("is refused: an include without context prints elsewhere than where it stands in a captured block", () => {
    const src = "{% set x %}{% include 'part' without context %}{% endset %}{{ x }}"
    const test: Case = { cat: "", src, templates: { part: "p" }, expect: { out: "p" } }
    const { got, verdict } = judge(test, new Programs())
    assert.strictEqual(verdict, "refused")
    assert.match(got, /^type, line 1: an include without context in .* is not supported$/)
  })
})
