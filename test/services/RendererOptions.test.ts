import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { Programs } from "../../src/services/jinja/Programs.ts"
import { failure, text } from "./rendering.ts"

describe("options", () => {
  const rows: ReadonlyArray<readonly [string, JsonObject, string, string]> = [
    [
      "variable delimiters",
      { variable_start_string: "{=", variable_end_string: "=}" },
      "{= name =} {{ name }}",
      "bb91 {{ name }}"
    ],
    [
      "block delimiters",
      { block_start_string: "<%", block_end_string: "%>" },
      "<% if 1 %>x<% endif %>{% y %}",
      "x{% y %}"
    ],
    ["comment delimiters", { comment_start_string: "<#", comment_end_string: "#>" }, "a<# b #>c{# d", "ac{# d"],
    ["trim_blocks", { trim_blocks: true }, "{% if 1 %}\nx\n{% endif %}\ny", "x\ny"],
    ["lstrip_blocks", { lstrip_blocks: true }, "  {% if 1 %}x{% endif %}", "x"],
    ["keep_trailing_newline", { keep_trailing_newline: true }, "x\n", "x\n"],
    ["no option: one newline at the end goes", {}, "x\n\n", "x\n"],
    ["line statements", { line_statement_prefix: "%" }, "% if 1\nx\n% endif", "x\n"],
    ["newline_sequence", { newline_sequence: "\r\n" }, "a\nb", "a\r\nb"],
    ["autoescape", { autoescape: true }, "{{ '<' }}", "&lt;"],
    ["do", { extensions: ["jinja2.ext.do"] }, "{% set l = [] %}{% do l.append(1) %}{{ l }}", "[1]"],
    [
      "break and continue",
      { extensions: ["jinja2.ext.loopcontrols"] },
      "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% elif i == 4 %}{% break %}{% endif %}{{ i }}{% else %}!{% endfor %}",
      "023"
    ],
    ["those for service users, passed over", { "uses-service-user": "nova", "use-ini-password": true }, "x", "x"]
  ]
  for (const [what, options, source, expected] of rows) {
    it.effect(`understands ${what}`, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* text(source, { options }), expected)
      })
    )
  }

  const refused: ReadonlyArray<readonly [string, JsonObject]> = [
    ["one that does not exist", { trim_block: true }],
    ["one that reaches into the environment", { globals: {} }],
    ["an extension that is not there", { extensions: ["jinja2.ext.i18n"] }],
    ["extensions that are no list", { extensions: "jinja2.ext.do" }],
    ["another type", { trim_blocks: "true" }],
    ["an empty delimiter", { variable_start_string: "" }],
    ["two equal delimiters", { variable_start_string: "{%" }],
    ["another line end", { newline_sequence: "x" }],
    ["the name of a prototype", { constructor: "x" }]
  ]
  for (const [what, options] of refused) {
    it.effect(`refuses ${what}, and names it`, () =>
      Effect.gen(function* () {
        const error = yield* failure("x", { options })
        assert.strictEqual(error.kind, "type")
        assert.include(error.detail, "jinja2_options")
        assert.strictEqual(error.template, "vcenter_cluster/monsoon3/main.yaml.j2")
      })
    )
  }

  it.effect("of one template are none of another's, whichever renders first", () =>
    Effect.gen(function* () {
      const programs = new Programs()
      const plain = programs.get({ source: "x\n", options: {} })
      const kept = programs.get({ source: "x\n", options: { keep_trailing_newline: true } })
      const again = programs.get({ source: "x\n", options: { keep_trailing_newline: false } })
      assert.notStrictEqual(plain, kept)
      assert.strictEqual(plain, again)
    })
  )
})

describe("an error", () => {
  const rows: ReadonlyArray<
    readonly [source: string, kind: string, line: number, column: number, excerpt: string, options?: JsonObject]
  > = [
    ["a\n{{ x", "syntax", 2, 4, "2 | {{ x\n  |    ^"],
    ["a\n\n{% if %}{% endif %}", "syntax", 3, 7, "3 | {% if %}{% endif %}\n  |       ^"],
    ["a\r\n{{ 'b\n' x }}", "syntax", 3, 3, "3 | ' x }}\n  |   ^"],
    ["{% for i in [1] %}\n{{ i }}", "syntax", 2, 6, "2 | {{ i }}\n  |      ^"],
    ["a\n{{ x.y.z }}", "undefined", 2, 6, "2 | {{ x.y.z }}\n  |      ^"],
    ["{% if 1 %}\n\n{{ no() }}{% endif %}", "undefined", 3, 4, "3 | {{ no() }}{% endif %}\n  |    ^"],
    ["{% macro m() %}\n{{ 1 + 'a' }}\n{% endmacro %}\n\n{{ m() }}", "type", 2, 6, "2 | {{ 1 + 'a' }}\n  |      ^"],
    ["\n{% for i in [1, 0] %}\n{{ 1 / i }}\n{% endfor %}", "type", 3, 6, "3 | {{ 1 / i }}\n  |      ^"],
    ["{% for i in 5 %}{% endfor %}", "type", 1, 13, "1 | {% for i in 5 %}{% endfor %}\n  |             ^"],
    ["\n\n{{ 'a'|nofilter }}", "syntax", 3, 8, "3 | {{ 'a'|nofilter }}\n  |        ^"],
    ["\n{% set x = 1 is notest %}", "syntax", 2, 17, "2 | {% set x = 1 is notest %}\n  |                 ^"],
    ["\n{{ [0] * 10**9 }}", "limit", 2, 8, "2 | {{ [0] * 10**9 }}\n  |        ^"],
    ["  # if x.y.z\n# endif", "undefined", 1, 10, "1 |   # if x.y.z\n  |          ^", { line_statement_prefix: "#" }]
  ]
  for (const [source, kind, line, column, excerpt, options] of rows) {
    it.effect(`of kind ${kind} says its place, and shows it: ${JSON.stringify(source)}`, () =>
      Effect.gen(function* () {
        const error = yield* failure(source, options === undefined ? {} : { options })
        assert.deepStrictEqual([error.kind, error.line, error.column, error.excerpt], [kind, line, column, excerpt])
        assert.strictEqual(error.template, "vcenter_cluster/monsoon3/main.yaml.j2")
        assert.isNotEmpty(error.detail)
      })
    )
  }
})

describe("compiled templates", () => {
  it("are kept by text and options, and not without bound", () => {
    const programs = new Programs()
    const first = programs.get({ source: "x", options: {} })
    for (let at = 0; at < 2000; at++) programs.get({ source: `x${at}`, options: {} })
    assert.isAtMost(programs.size, 256)
    assert.notStrictEqual(programs.get({ source: "x", options: {} }), first)
  })

  it("that are used stay", () => {
    const programs = new Programs()
    const first = programs.get({ source: "x", options: {} })
    for (let at = 0; at < 2000; at++) {
      programs.get({ source: `x${at}`, options: {} })
      programs.get({ source: "x", options: {} })
    }
    assert.strictEqual(programs.get({ source: "x", options: {} }), first)
  })
})
