import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { parse, print } from "../../src/services/Yaml.ts"

const Recorded = Schema.Struct({
  source: Schema.String,
  cases: Schema.Array(
    Schema.Struct({
      text: Schema.String,
      documents: Schema.optionalKey(Schema.Array(Schema.Unknown)),
      refused: Schema.optionalKey(Schema.String)
    })
  )
})
const { source, cases } = Schema.decodeUnknownSync(Schema.fromJsonString(Recorded))(
  readFileSync(new URL("data/yaml-cases.json", import.meta.url), "utf8")
)

/** Read by PyYAML, refused here: nobody writes them in a manifest, and a refusal is safe. */
const REFUSED_HERE: ReadonlySet<string> = new Set([
  "a: !",
  "? a\n: b",
  "1: a\n1.0: b\ntrue: c",
  "? a\n? b\n",
  "? a\n: - b\n",
  "? |\n  long\n: v",
  "{? a : b}",
  "[? a : b]",
  "a: {\nb: 1\n}",
  "a: [\n1\n]",
  "{?a: 1}",
  "[?a, b]",
  "<<: {}\n<<: {a: 1}",
  "? <<\n: {a: 1}",
  "<<: {a: 1}\n<<: {a: 2}",
  "=: 1",
  "a: {=: 1}",
  "a: !!float 1",
  "a: !!null x",
  "a: ! x",
  "%TAG ! tag:yaml.org,2002:\n---\na: !str 1",
  "%TAG !y! tag:yaml.org,2002:\n---\na: !y!int 1",
  "a: !!float '1e5'",
  "a: |\n  x\u2028  y\n",
  "|\n# x",
  "# c\n|\n# d\n---\n e\n",
  "a: |1\n   x\n  \n",
  "a: 'x\ny'",
  "a: '\n'",
  "? 'a'\n: b",
  "a\n--- \nb\n...\n...\n",
  "%YAML 1.3\n---\na: 1",
  "%FOO bar\n---\na: 1",
  "a: 1\n%YAML 1.1\n---\nb: 1",
  "a: \ufeffx",
  "a: 'x\n\ty'",
  "a: 1\rb: 2\r",
  "a: |\r\n  x\r  y\r\n",
  "a\rb",
  "\n\ufeffa: 1",
  "a: 1\u2028b: 2",
  "a: 1\u0085b: 2",
  "a: 1\u2029b: 2",
  "a: 'x\u2028y'",
  'a: "x\u0085y"',
  "? complex key\n: value"
])

const holds = (value: unknown, tag: string): boolean => JSON.stringify(value).includes(`"$${tag}"`)

describe(`parse reads as ${source}`, () => {
  for (const { text, documents, refused } of cases) {
    it(JSON.stringify(text), () => {
      const read = parse(text)
      if (refused !== undefined || REFUSED_HERE.has(text) || JSON.stringify(documents).includes('"$none'))
        return assert.isTrue(Result.isFailure(read), "is refused")
      const found = Result.getOrThrow(read)
      if (holds(documents, "timestamp"))
        return assert.deepStrictEqual(found, [{ a: text.replace(/^a: (?:!!timestamp )?/, "") }])
      assert.deepStrictEqual(found, documents)
    })
  }
})

describe("the corpus", () => {
  it("is large, and has more that is read than refused here alone", () => {
    assert.isAtLeast(cases.length, 900)
    assert.isAtMost(REFUSED_HERE.size, 50)
    assert.isTrue([...REFUSED_HERE].every((text) => cases.some((each) => each.text === text)))
  })
})

describe("parse", () => {
  it("names the line of what is wrong", () => {
    const read = parse("a: 1\nb: [1, 2\nc: 3\n")
    assert.isTrue(Result.isFailure(read) && read.failure.line >= 2)
  })

  it("shows nothing of the text in what it says: it may be a secret", () => {
    const secret = "secret-of-the-test"
    for (const text of [
      `a: b: ${secret}`,
      `a: *${secret}`,
      `a: !${secret} x`,
      `a: "${secret}`,
      `a: 1${"0".repeat(30)}`,
      `${secret}\n  ${secret}: [`,
      `a: @${secret}`,
      `%${secret}`,
      `a: |${secret}\n  x`
    ]) {
      const read = parse(text)
      if (Result.isFailure(read)) assert.notMatch(read.failure.detail, /secret-of|0000/)
      else assert.deepStrictEqual(read.success, [], text)
    }
  })

  it("refuses aliases that grow without bound", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    for (const [at, name] of [..."bcdefghi"].entries()) {
      const before = "abcdefghi"[at]
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`)
    }
    assert.isTrue(Result.isFailure(parse(bomb.join("\n"))))
  })

  it("does not let a key reach a prototype", () => {
    const read = Result.getOrThrow(parse("__proto__: {polluted: true}"))
    assert.isFalse("polluted" in {})
    assert.isFalse((read[0] as { polluted?: boolean }).polluted === true)
  })
})

describe("print", () => {
  it("writes block style in the order of the keys, and folds no line", () => {
    const long = "word ".repeat(60)
    assert.strictEqual(print({ b: 1, a: [long], c: {} }), `b: 1\na:\n  - "${long}"\nc: {}\n`)
  })

  it("quotes what would be read as something else: kubectl takes yes for a boolean, and 0644 for 420", () => {
    assert.strictEqual(
      print({ yes: "yes", mode: "0644", time: "1:30", day: "2026-11-23", sign: "=", "<<": "<<" }),
      '"yes": "yes"\nmode: "0644"\ntime: "1:30"\nday: "2026-11-23"\nsign: "="\n"<<": "<<"\n'
    )
  })

  it("is read back as what was printed, whatever the text", () => {
    for (const text of [
      ...cases.map((each) => each.text),
      ...cases.map((each) => each.text.replace(/^a: /, "")),
      "a\u2028b\ttab",
      "\r\n",
      "\t\n x"
    ]) {
      if (!text.isWellFormed() || text.includes("\ufeff")) continue
      const value = { a: text, [text]: [text], n: { yes: true, none: null, float: 0.5 } }
      assert.deepStrictEqual(Result.getOrThrow(parse(print(value))), [value], JSON.stringify(text))
    }
  })
})
