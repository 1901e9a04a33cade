import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Ref, Result } from "effect"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import type { RenderContext } from "../../src/domain/RenderContext.ts"
import { path, type Template } from "../../src/domain/Template.ts"
import type { Value } from "../../src/domain/Value.ts"
import { Programs } from "../../src/services/jinja/Programs.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { MAX_PASSWORDS, Renderer } from "../../src/services/Renderer.ts"

const template = (name: string, source: string, options: JsonObject = {}): Template => ({
  namespace: "monsoon3",
  name,
  uid: name,
  generation: 1,
  scope: "cluster",
  options,
  source
})

const context = (
  values: Readonly<Record<string, Value>> = {},
  unavailable: Readonly<Record<string, string>> = {}
): RenderContext => ({
  subject: { scope: "cluster", name: "productionbb091", ref: "domain-c1", datacenter: "datacenter-1" },
  values: new Map(Object.entries({ name: "bb91", username: "operator", host: "vc-a-0.example.com", ...values })),
  unavailable: new Map(Object.entries(unavailable))
})

// A secret of these tests only.
const SEED = Redacted.make("seed of the test")

/** Passwords that show what they were derived for, counted. */
const passwords = (count: Ref.Ref<number>) =>
  Layer.succeed(
    Passwords,
    Passwords.of({
      derive: (username, seed, site) =>
        Effect.as(
          Ref.update(count, (n) => n + 1),
          Redacted.make(`<${username}@${site} by ${Redacted.value(seed).length}>`)
        ),
      known: Effect.succeed([])
    })
  )

interface Given {
  readonly options?: JsonObject
  readonly context?: RenderContext
  readonly others?: ReadonlyArray<Template>
}

/** Renders a text; with how many passwords were derived for it. */
const rendering = Effect.fnUntraced(function* (source: string, given: Given = {}) {
  const count = yield* Ref.make(0)
  const main = template("main", source, given.options)
  const library = new Map([main, ...(given.others ?? [])].map((each) => [path(each), each]))
  const result = yield* Renderer.use((renderer) =>
    renderer.render({ template: main, library, context: given.context ?? context(), seed: SEED })
  ).pipe(Effect.result, Effect.provide(Renderer.layer.pipe(Layer.provide(passwords(count)))))
  return { result, derived: yield* Ref.get(count) }
})

const text = (source: string, given?: Given) =>
  Effect.map(rendering(source, given), ({ result }) => Result.getOrThrow(result))

const failure = (source: string, given?: Given) =>
  Effect.flatMap(rendering(source, given), ({ result }) => Effect.flip(Effect.fromResult(result)))

describe("the context", () => {
  it.effect(
    "reaches the template with its kinds: text, numbers, booleans, None, lists, dicts in their order, sets",
    () =>
      Effect.gen(function* () {
        const values = {
          list: [1, 0.5, true, null, "x"],
          dict: new Map<string, Value>([
            ["b", 1],
            ["10", 2],
            ["9", [new Map([["c", "d"]])]]
          ]),
          cells: new Set(["cell1"]),
          big: 12345678901234567890n
        }
        assert.strictEqual(
          yield* text("{{ list }} {{ dict }} {{ cells }} {{ big }} {{ 'cell1' in cells }}", {
            context: context(values)
          }),
          "[1, 0.5, True, None, 'x'] {'b': 1, '10': 2, '9': [{'c': 'd'}]} {'cell1'} 12345678901234567890 True"
        )
      })
  )

  it.effect("is each rendering's own: what one changes, the next does not see", () =>
    Effect.gen(function* () {
      const shared = context({ list: [1] })
      const source = "{% if list.append(2) %}{% endif %}{{ list }}"
      assert.strictEqual(yield* text(source, { context: shared }), "[1, 2]")
      assert.strictEqual(yield* text(source, { context: shared }), "[1, 2]")
    })
  )

  it.effect("fails a template that touches what cannot be known now, and says why", () =>
    Effect.gen(function* () {
      const unknown = context({}, { cells: "no ConfigMap with cells was found" })
      for (const source of [
        "{{ cells }}",
        "{{ 'x' in cells }}",
        "{% if cells is not defined %}cell1{% endif %}",
        "{{ cells|default('x') }}"
      ]) {
        const error = yield* failure(source, { context: unknown })
        assert.strictEqual(error.kind, "undefined")
        assert.include(error.detail, "no ConfigMap with cells was found")
      }
    })
  )

  it.effect("fails no template that does not touch it", () =>
    Effect.gen(function* () {
      const unknown = context({}, { cells: "unknown" })
      const source =
        "{% if false %}{{ cells }}{% endif %}{% macro m() %}{{ cells }}{% endmacro %}{% set x = {'cells': 1} %}{{ x.cells }}"
      assert.strictEqual(yield* text(source, { context: unknown }), "1")
    })
  )
})

describe("a password", () => {
  it.effect("is derived for the user and host asked for, and from the seed", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* text("{{ 'svc'|derive_password('h') }} {{ 'svc'|derive_password }} {{ none|derive_password }}"),
        "<svc@h by 16> <svc@vc-a-0.example.com by 16> <operator@vc-a-0.example.com by 16>"
      )
    })
  )

  it.effect("is derived once for each pair, however often a template asks", () =>
    Effect.gen(function* () {
      const { derived } = yield* rendering(
        "{% for i in range(9) %}{{ 'a'|derive_password }}{{ 'b'|derive_password }}{% endfor %}"
      )
      assert.strictEqual(derived, 2)
    })
  )

  it.effect("may decide about others, whose rendering is done again", () =>
    Effect.gen(function* () {
      const source = "{{ ('a'|derive_password)|derive_password('h') }}"
      assert.strictEqual(yield* text(source), "<<a@vc-a-0.example.com by 16>@h by 16>")
    })
  )

  it.effect("that is asked for without end ends in a limit", () =>
    Effect.gen(function* () {
      const error = yield* failure(
        `{% for i in range(${2 * MAX_PASSWORDS}) %}{{ (i|string)|derive_password }}{% endfor %}`
      )
      assert.strictEqual(error.kind, "limit")
    })
  )

  it.effect("of nobody is an error", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* failure("{{ ''|derive_password }}")).kind, "type")
      assert.strictEqual((yield* failure("{{ nobody|derive_password }}")).kind, "undefined")
    })
  )

  it.effect("stands in no message, nor does any other value", () =>
    Effect.gen(function* () {
      const secret = "value-of-the-test"
      const given = { context: context({ secret, dict: new Map([["a", 1]]) }) }
      for (const source of [
        "{{ dict[secret].x }}",
        "{{ secret + 1 }}",
        "{{ secret|int + secret }}",
        "{{ '%d' % secret }}",
        "{{ {}[secret]() }}",
        "{{ [secret].index(1) }}",
        "{{ secret.nope() }}",
        "{{ secret|map('nope')|list }}",
        "{{ '{x}'.format(y=secret) }}",
        "{% include secret %}"
      ]) {
        const error = yield* failure(source, given)
        if (!source.includes("include")) assert.notInclude(error.message, secret)
      }
    })
  )
})

describe("the filter render", () => {
  const quoted = template("quoted", "{= name =} {{ name }}", { variable_start_string: "{=", variable_end_string: "=}" })

  it.effect("renders another template in the same context, by that template's own options", () =>
    Effect.gen(function* () {
      const source = "{{ 'vcenter_cluster/monsoon3/quoted.yaml.j2'|render }} {{ name }} {= name =}"
      assert.strictEqual(yield* text(source, { others: [quoted] }), "bb91 {{ name }} bb91 {= name =}")
    })
  )

  it.effect("names the template and line in which an error happened", () =>
    Effect.gen(function* () {
      const bad = template("bad", "ok\n{{ missing.x }}")
      const error = yield* failure("\n\n{{ 'vcenter_cluster/monsoon3/bad.yaml.j2'|render }}", { others: [bad] })
      assert.deepStrictEqual(
        [error.template, error.line, error.kind],
        ["vcenter_cluster/monsoon3/bad.yaml.j2", 2, "undefined"]
      )
      const syntax = template("bad", "ok\n\n{% if %}")
      const other = yield* failure("{{ 'vcenter_cluster/monsoon3/bad.yaml.j2'|render }}", { others: [syntax] })
      assert.deepStrictEqual(
        [other.template, other.line, other.kind],
        ["vcenter_cluster/monsoon3/bad.yaml.j2", 3, "syntax"]
      )
    })
  )

  it.effect("says which template does not exist, and where it was asked for", () =>
    Effect.gen(function* () {
      const error = yield* failure("\n{{ 'vcenter_cluster/x/y.yaml.j2'|render }}")
      assert.deepStrictEqual([error.template, error.line], ["vcenter_cluster/monsoon3/main.yaml.j2", 2])
      assert.include(error.detail, "vcenter_cluster/x/y.yaml.j2")
    })
  )

  it.effect("ends in a limit when templates render one another in a circle", () =>
    Effect.gen(function* () {
      const a = template("a", "{{ 'vcenter_cluster/monsoon3/b.yaml.j2'|render }}")
      const b = template("b", "{% include 'vcenter_cluster/monsoon3/a.yaml.j2' %}")
      const error = yield* failure("{{ 'vcenter_cluster/monsoon3/a.yaml.j2'|render }}", { others: [a, b] })
      assert.strictEqual(error.kind, "limit")
      assert.include(
        error.detail,
        "a.yaml.j2 → vcenter_cluster/monsoon3/b.yaml.j2 → vcenter_cluster/monsoon3/a.yaml.j2"
      )
    })
  )

  it.effect("goes ten levels deep and no deeper", () =>
    Effect.gen(function* () {
      const chain = (depth: number) =>
        Array.from({ length: depth }, (_, at) =>
          template(`t${at}`, at === depth - 1 ? "end" : `{{ 'vcenter_cluster/monsoon3/t${at + 1}.yaml.j2'|render }}`)
        )
      const source = "{{ 'vcenter_cluster/monsoon3/t0.yaml.j2'|render }}"
      assert.strictEqual(yield* text(source, { others: chain(10) }), "end")
      assert.strictEqual((yield* failure(source, { others: chain(11) })).kind, "limit")
    })
  )
})

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
    ["extensions", { extensions: ["jinja2.ext.do"] }],
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
  const rows: ReadonlyArray<readonly [source: string, kind: string, line: number]> = [
    ["a\n{{ x", "syntax", 2],
    ["a\n\n{% if %}{% endif %}", "syntax", 3],
    ["{% for i in [1] %}\n{{ i }}", "syntax", 2],
    ["a\n{{ x.y }}", "undefined", 2],
    ["{% if 1 %}\n\n{{ nothing() }}{% endif %}", "undefined", 3],
    ["{% macro m() %}\n{{ 1 + 'a' }}\n{% endmacro %}\n\n{{ m() }}", "type", 2],
    ["\n{% for i in [1, 0] %}\n{{ 1 / i }}\n{% endfor %}", "type", 3],
    ["\n\n{{ 'a'|nofilter }}", "type", 3],
    ["\n{% set x = 1 is notest %}", "type", 2],
    ["\n{{ [0] * 10**9 }}", "limit", 2]
  ]
  for (const [source, kind, line] of rows) {
    it.effect(`of kind ${kind} says its line: ${JSON.stringify(source)}`, () =>
      Effect.gen(function* () {
        const error = yield* failure(source)
        assert.deepStrictEqual([error.kind, error.line], [kind, line])
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
