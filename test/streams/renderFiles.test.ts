import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { map, shown, template } from "./renderingFiles.ts"

describe("render", () => {
  it.effect("shows each manifest as it would be applied, for the clusters of a sample vCenter", () =>
    Effect.gen(function* () {
      const { err, failed, out } = yield* shown({
        "t.yaml": template("t", map("m-{{ name }}", '{"yes": "{{ host }}"}'))
      })
      assert.isFalse(failed)
      assert.strictEqual(err, "")
      const documents = out.split("---\n").slice(1)
      assert.lengthOf(documents, 2)
      assert.match(documents[0] ?? "", /^# ConfigMap monsoon3\/m-bb91: monsoon3\/t for productionbb091 of vc-a-0\.cc/)
      assert.include(documents[0], '"yes": vc-a-0.cc.qa-de-1.cloud.sap')
      assert.include(documents[0], "namespace: monsoon3")
      assert.include(documents[0], "vcenter-operator.stable.sap.cc/owner: ")
    })
  )

  it.effect("shows each as one line of JSON when asked", () =>
    Effect.gen(function* () {
      const { out } = yield* shown({ "t.yaml": template("t", map("m-{{ name }}")) }, { output: "ndjson" })
      assert.deepStrictEqual(
        out.split("\n").map((line) => JSON.parse(line).metadata.name),
        ["m-bb91", "m-bb92"]
      )
    })
  )

  it.effect("renders a template of another file that one includes by the filter render, asked for or not", () =>
    Effect.gen(function* () {
      const files = {
        "t.yaml": template(
          "t",
          map("m-{{ name }}", '{a: {{ "vcenter_cluster/monsoon3/u.yaml.j2" | render | b64enc }}}')
        ),
        "u.yaml": template("u", map("u-{{ name }}"))
      }
      const { err, out } = yield* shown(files, { files: ["t.yaml", "u.yaml"], only: "t" })
      assert.strictEqual(err, "")
      assert.lengthOf(out.split("---\n"), 3)
    })
  )

  it.effect.each<[only: string, names: ReadonlyArray<string>]>([
    ["one", ["one-bb91", "one-bb92"]],
    ["monsoon3/two", ["two-bb91", "two-bb92"]],
    ["productionbb092", ["one-bb92", "two-bb92"]],
    ["bb91", ["one-bb91", "two-bb91"]],
    ["QA-DE-1a", ["az-qa-de-1a"]],
    ["vc-a-0.cc.qa-de-1.cloud.sap", ["one-bb91", "two-bb91", "one-bb92", "two-bb92", "az-qa-de-1a"]]
  ])("renders only what is called %s", ([only, names]) =>
    Effect.gen(function* () {
      const texts = [
        template("one", map("one-{{ name }}")),
        template("two", map("two-{{ name }}")),
        template("az", map("az-{{ availability_zone }}"), "datacenter")
      ]
      const { out } = yield* shown({ "t.yaml": texts.join("\n---\n") }, { only, output: "ndjson" })
      assert.sameMembers(
        out.split("\n").map((line) => JSON.parse(line).metadata.name),
        [...names]
      )
    })
  )

  it.effect("renders only the scope asked for", () =>
    Effect.gen(function* () {
      const texts = [template("one", map("one-{{ name }}")), template("az", map("az"), "datacenter")]
      const { out } = yield* shown({ "t.yaml": texts.join("\n---\n") }, { scope: "datacenter", output: "ndjson" })
      assert.strictEqual(JSON.parse(out).metadata.name, "az")
    })
  )

  it.effect("warns of an undefined value that renders as nothing, and renders it", () =>
    Effect.gen(function* () {
      const { err, failed, out } = yield* shown({ "t.yaml": template("t", map("m-{{ name }}", '{a: "{{ nope }}"}')) })
      assert.isFalse(failed)
      assert.include(out, 'a: ""')
      assert.match(
        err,
        /^warning: t\.yaml: monsoon3\/t:4:\d+: undefined: 'nope' is undefined\n {4}4 \| .*nope.*\n.*\^\n {2}for productionbb091, productionbb092 of vc-a-0/
      )
    })
  )

  it.effect("shows what it can, and exits with the errors of the rest", () =>
    Effect.gen(function* () {
      const texts = [template("good", map("good-{{ name }}")), template("bad", "{{ name")]
      const { err, failed, out } = yield* shown({ "t.yaml": texts.join("\n---\n") })
      assert.isTrue(failed)
      assert.include(out, "name: good-bb91")
      assert.match(err, /^error: t\.yaml: monsoon3\/bad:1:\d+: syntax: /)
    })
  )

  it.effect("says what else is in a file, on the standard error", () =>
    Effect.gen(function* () {
      const { err, failed } = yield* shown({
        "t.yaml": `${template("t", map("m-{{ name }}"))}\n---\nkind: Secret\nmetadata: {name: s}\n`
      })
      assert.isFalse(failed)
      assert.strictEqual(err, "note: t.yaml: document 2 is Secret s: left aside")
    })
  )
})
