import { assert, describe, it } from "@effect/vitest"
import { type Problem, texts, toJson } from "../../src/domain/Problem.ts"

const UNDEFINED: Problem = {
  kind: "undefined",
  message: "'foo' is undefined",
  file: "nova.yaml",
  template: "monsoon3/nova",
  line: 3,
  column: 10,
  excerpt: "3 | name: {{ foo.bar }}\n  |          ^",
  vcenter: "vc-a-0.cc.qa-de-1.cloud.sap",
  subject: "productionbb091"
}

describe("a problem as text", () => {
  it("says file, template, line, column, kind and what it is, shows the line, and for whom", () => {
    assert.deepStrictEqual(texts([UNDEFINED]), [
      [
        "nova.yaml: monsoon3/nova:3:10: undefined: 'foo' is undefined",
        "    3 | name: {{ foo.bar }}",
        "      |          ^",
        "  for productionbb091 of vc-a-0.cc.qa-de-1.cloud.sap"
      ].join("\n")
    ])
  })

  it("is said once for all the clusters that have it, by vCenter", () => {
    const others: ReadonlyArray<Problem> = [
      { ...UNDEFINED, subject: "productionbb092" },
      { ...UNDEFINED, vcenter: "vc-b-0.cc.qa-de-1.cloud.sap", subject: "productionbb201" }
    ]
    const [text = "", ...rest] = texts([UNDEFINED, ...others])
    assert.deepStrictEqual(rest, [])
    assert.deepStrictEqual(text.split("\n").slice(-2), [
      "  for productionbb091, productionbb092 of vc-a-0.cc.qa-de-1.cloud.sap",
      "  for productionbb201 of vc-b-0.cc.qa-de-1.cloud.sap"
    ])
  })

  it("is another one in another line, template or of another kind", () => {
    const others = [{ line: 4 }, { column: 11 }, { template: "monsoon3/b" }, { kind: "type" }, { message: "x" }]
    assert.lengthOf(texts([UNDEFINED, ...others.map((other) => ({ ...UNDEFINED, ...other }))]), 6)
  })

  it.each<[row: string, problem: Problem, expected: string]>([
    [
      "of a file",
      { kind: "file", file: "x.yaml", message: "cannot be read (NotFound)" },
      "x.yaml: file: cannot be read (NotFound)"
    ],
    [
      "of a template without a place",
      { kind: "yaml", template: "a/b", message: "m", vcenter: "v", subject: "s" },
      "a/b: yaml: m\n  for s of v"
    ],
    ["of a vCenter", { kind: "duplicate", message: "m", vcenter: "v" }, "duplicate: m\n  for v"],
    ["of nothing in particular", { kind: "facts", message: "nothing to render" }, "facts: nothing to render"]
  ])("leaves out what does not apply: %s", (_, problem, expected) => {
    assert.deepStrictEqual(texts([problem]), [expected])
  })

  it("is for machines what it is, not grouped", () => {
    assert.deepStrictEqual(toJson(UNDEFINED), { ...UNDEFINED })
  })
})
