import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Value } from "../../src/domain/Value.ts"
import { MAX_PASSWORDS } from "../../src/services/Renderer.ts"
import { context, failure, rendering, template, text } from "./rendering.ts"

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
        "{% include secret %}",
        "{{ secret|render }}",
        "{{ secret|map(secret)|list }}",
        "{{ [{}]|map(attribute=secret)|first + 1 }}",
        "{{ [1]|select(secret)|list }}"
      ]) {
        const error = yield* failure(source, given)
        assert.notInclude(error.message, secret)
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
