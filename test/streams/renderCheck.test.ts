import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Request } from "../../src/streams/renderFiles.ts"
import { FACTS, map, shown, template } from "./renderingFiles.ts"

describe("render --check", () => {
  it.effect("shows nothing when there is no problem, but says so on the standard error", () =>
    Effect.gen(function* () {
      const result = yield* shown(
        { "t.yaml": template("t", map("m-{{ name }}", '{a: "{{ nope | default(1) }}{% if nope %}{% endif %}"}')) },
        { check: true }
      )
      assert.deepStrictEqual(result, { out: "", err: "no problem", failed: false })
    })
  )

  it.effect.each<[row: string, text: string, expected: RegExp]>([
    ["a syntax error", "{% if %}", /^error: t\.yaml: monsoon3\/t:1:\d+: syntax: /],
    ["an undefined value that is printed", map("{{ name }}{{ nope }}"), /:3:\d+: undefined: 'nope' is undefined/],
    [
      "an attribute that is not there",
      map("{{ name.nope }}"),
      /undefined: 'str.* has no attribute 'nope'|undefined: .*nope/
    ],
    [
      "an undefined value that is looped over",
      `${map("{{ name }}")}{% for x in nope %}{% endfor %}`,
      /:5:\d+: undefined: 'nope' is undefined/
    ],
    ["a wrong type", "{{ 1 + 'a' }}", /monsoon3\/t:1:\d+: type: /],
    ["a limit", "{{ 'a' * 10 ** 9 }}", /monsoon3\/t:1:\d+: limit: /],
    ["text that is no YAML", "a: [1", /monsoon3\/t: yaml: .*line 1: /],
    ["a document that is no object", "[1]", /monsoon3\/t: object: document 1: is no mapping/],
    [
      "an object without a name",
      "apiVersion: v1\nkind: Secret\nmetadata: {}",
      /object: document 1: Secret has no metadata\.name/
    ],
    ["an object without a kind", "apiVersion: v1", /object: document 1: has no kind/],
    [
      "a namespace that is not the target",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: other}",
      /object: document 1: Secret x: namespace other is not the target monsoon3/
    ],
    [
      "an object outside a namespace",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}",
      /object: document 1: Namespace x: objects outside a namespace/
    ],
    [
      "a kind in the wrong group",
      "apiVersion: v1\nkind: Deployment\nmetadata: {name: x}",
      /object: document 1: Deployment x: the server does not serve v1 Deployment/
    ],
    [
      "one name for two documents",
      [map("{{ name }}"), map("{{ name }}")].join("---\n"),
      /object: document 2: ConfigMap bb91 is document 1 already/
    ],
    [
      "one name for two clusters",
      map("same"),
      /duplicate: ConfigMap monsoon3\/same is rendered by monsoon3\/t for productionbb091 and by monsoon3\/t for productionbb092/
    ]
  ])("finds %s", ([, text, expected]) =>
    Effect.gen(function* () {
      const { failed, out } = yield* shown({ "t.yaml": template("t", text) }, { check: true })
      assert.isTrue(failed)
      assert.match(out, expected)
      assert.match(out, / of vc-a-0\.cc\.qa-de-1\.cloud\.sap$| {2}for vc-a-0\.cc\.qa-de-1\.cloud\.sap$/)
    })
  )

  it.effect("names the template in which it happened, when that is another one", () =>
    Effect.gen(function* () {
      const outer = template("outer", '{{ "vcenter_cluster/monsoon3/inner.yaml.j2" | render }}')
      const inner = template("inner", "\n{{ 1 / 0 }}")
      const { out } = yield* shown(
        { "a.yaml": outer, "b.yaml": inner },
        { files: ["a.yaml", "b.yaml"], check: true, only: "outer" }
      )
      assert.match(out, /^error: b\.yaml: monsoon3\/inner:2:\d+: type: .*\n {4}2 \| \{\{ 1 \/ 0 \}\}\n/)
    })
  )

  it.effect("finds one name for two templates, two vCenters, and two clusters that templates cannot tell apart", () =>
    Effect.gen(function* () {
      const files = {
        "facts.yaml": FACTS,
        "t.yaml": [
          template("a", map("{{ name }}")),
          template("b", map("{{ name }}")),
          template("c", map("c-{{ name }}"))
        ].join("\n---\n")
      }
      const { out } = yield* shown(files, { facts: "facts.yaml", check: true })
      assert.match(
        out,
        /duplicate: ConfigMap monsoon3\/bb91 is rendered by monsoon3\/a for productionbb091 and by monsoon3\/b for productionbb091/
      )
      assert.match(out, /facts: productionbb091 and productionbb91 .* are both called bb91 in templates/)
      const vcenters = yield* shown(
        { ...files, "facts.yaml": FACTS.replace("productionbb91", "productionbb7") },
        { facts: "facts.yaml", check: true }
      )
      assert.match(
        vcenters.out,
        /duplicate: ConfigMap monsoon3\/c-bb91 is rendered for vc-b-0\.cc\.qa-de-1\.cloud\.sap too/
      )
    })
  )

  it.effect("gives machines one JSON object a problem", () =>
    Effect.gen(function* () {
      const { out } = yield* shown({ "t.yaml": template("t", "{{ 1 / 0 }}") }, { check: true, output: "ndjson" })
      const [first] = out.split("\n").map((line) => JSON.parse(line))
      const { excerpt, message, ...rest } = first
      assert.deepStrictEqual(rest, {
        kind: "type",
        file: "t.yaml",
        template: "monsoon3/t",
        line: 1,
        column: rest.column,
        vcenter: "vc-a-0.cc.qa-de-1.cloud.sap",
        subject: "productionbb091"
      })
      assert.match(`${message} ${excerpt}`, /zero.*1 \| \{\{ 1 \/ 0 \}\}/s)
    })
  )

  it.effect.each<[row: string, files: Readonly<Record<string, string>>, over: Partial<Request>, expected: RegExp]>([
    ["a file that is not there", {}, {}, /^error: t\.yaml: file: there is no such file$/],
    ["a file that is no YAML", { "t.yaml": "a: 1\nb: [" }, {}, /^error: t\.yaml: file: line 2 is no YAML: /],
    ["a file without templates", { "t.yaml": "" }, {}, /^error: file: no VCenterTemplate in t\.yaml$/],
    [
      "a standard input without templates",
      {},
      { files: ["-"] },
      /^error: file: no VCenterTemplate in the standard input$/
    ],
    [
      "a resource that is no template",
      { "t.yaml": template("t", "x", "host") },
      {},
      /^error: t\.yaml: monsoon3\/t: template: options\.scope is "host"/
    ],
    [
      "a template twice",
      { "t.yaml": [template("t", ""), template("t", "")].join("\n---\n") },
      {},
      /^error: t\.yaml: monsoon3\/t: duplicate: the template is in t\.yaml already/
    ],
    [
      "a name that nothing has",
      { "t.yaml": template("t", map("{{ name }}")) },
      { only: "bb1" },
      /^error: facts: nothing to render: the files and the facts have nothing called bb1/
    ],
    [
      "facts that are not there",
      { "t.yaml": template("t", "") },
      { facts: "f.yaml" },
      /^error: f\.yaml: file: there is no such file/
    ],
    [
      "facts that are wrong",
      { "t.yaml": template("t", ""), "f.yaml": "operator: {}" },
      { facts: "f.yaml" },
      /^error: f\.yaml: file: Missing key at \["operator"\]\["region"\]\nerror: f\.yaml: /
    ],
    [
      "facts of two documents",
      { "t.yaml": template("t", ""), "f.yaml": "a\n---\nb" },
      { facts: "f.yaml" },
      /^error: f\.yaml: file: more than one document/
    ]
  ])("finds %s", ([, files, over, expected]) =>
    Effect.gen(function* () {
      const { failed, out } = yield* shown(files, { check: true, ...over })
      assert.isTrue(failed)
      assert.match(out, expected)
    })
  )

  it.effect("says which values are unknown, when the facts leave them out", () =>
    Effect.gen(function* () {
      const { out } = yield* shown(
        { "facts.yaml": FACTS, "t.yaml": template("t", "{{ cells }}", "datacenter") },
        { facts: "facts.yaml", check: true }
      )
      assert.match(out, /undefined: 'cells' cannot be known now: the facts name no cells/)
    })
  )
})
