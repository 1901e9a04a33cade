import { existsSync, rmSync } from "node:fs"
import { afterEach, assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import type { Json } from "../../src/domain/Manifest.ts"
import { contexts } from "../../src/domain/RenderContext.ts"
import { Programs } from "../../src/services/jinja/Programs.ts"
import { perform } from "../../src/services/jinja/perform.ts"
import type { Answer } from "../../src/services/jinja/Task.ts"
import { print } from "../../src/services/Yaml.ts"
import { settingsOf } from "../domain/settingsOf.ts"
import { ATTEMPTS, CANARY, COMPUTED, FILE, OPTIONS } from "./EscapeAttempts.ts"

/** Secrets of these tests only: they are in the operator's Secret, and must be in no output. */
const SEED = "test-only-seed-of-escapes"
const TSIG = Buffer.from("test-only-tsig-of-escapes").toString("base64")
const ENVIRONMENT = "test-only-environment-of-escapes"
process.env.VCENTER_OPERATOR_ESCAPE = ENVIRONMENT

const settings = settingsOf({
  password: SEED,
  tsig_key: TSIG,
  x: "text",
  // What reaches a prototype in a careless merge.
  __proto__x: "1",
  proto: `{"__proto__": {"${CANARY}": 1}, "constructor": {"prototype": {"${CANARY}": 1}}}`
})

const [context] = contexts(
  {
    fqdn: "vc-a-0.cc.example.com",
    settings,
    facts: { region: "r", domain: "d", ownNamespace: "n", inCluster: true },
    cells: Result.succeed(new Set(["cell1"])),
    password: Redacted.make("derived"),
    choices: new Map(),
    inventory: {
      instanceUuid: "u",
      datacenters: [],
      clusters: [
        { ref: "c", name: "productionbb1", datacenter: { ref: "d", name: "D" }, datastores: ["eph"], networks: [] }
      ]
    }
  },
  "cluster"
)

const answer = (
  source: string,
  options: Readonly<Record<string, Json>> = {},
  wants: "text" | "documents" = "text"
): Answer =>
  perform(
    {
      path: "main",
      template: { source, options },
      library: new Map([["other", { source: "{% set x = 1 %}", options: {} }]]),
      context: { values: context?.values ?? new Map(), unavailable: new Map() },
      passwords: new Map(),
      strict: false,
      wants
    },
    new Programs()
  )

const PROTOTYPES = [Object, Array, String, Number, Boolean, Function, Map, Set, RegExp, Error, Promise].map(
  (each) => each.prototype
)
const prototypes = () => PROTOTYPES.map((each) => Object.getOwnPropertyNames(each).length)
const untouched = prototypes()

/** Nothing outside has changed, and nothing of it is in the answer. */
const assertHeld = (given: Answer): void => {
  assert.isFalse(Object.hasOwn(globalThis, CANARY), "code ran")
  assert.isFalse(existsSync(FILE), "a file was made")
  assert.isFalse(CANARY in {}, "every object has a new property")
  assert.deepStrictEqual(prototypes(), untouched, "a prototype was changed")
  const shown = JSON.stringify(given)
  for (const secret of [SEED, TSIG, ENVIRONMENT, COMPUTED, "root:x:0", "[native code]"])
    assert.notInclude(shown, secret)
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, CANARY)
  rmSync(FILE, { force: true })
})

for (const [from, sources] of ATTEMPTS) {
  describe(`a template stays inside: attempts ${from}`, () => {
    for (const source of sources) it(source.slice(0, 150), () => assertHeld(answer(source)))
  })
}

describe("options of a template stay data", () => {
  for (const options of OPTIONS) {
    it(JSON.stringify(options).slice(0, 150), () =>
      assertHeld(answer(`a {{ x }} ${Object.values(options).join(" ")}`, options))
    )
  }
})

describe("keys of the Secret and of YAML stay data", () => {
  it.each([
    "{{ proto }}",
    "{{ proto.__proto__ }}",
    `{{ proto['__proto__']['${CANARY}'] }}{{ {}.${CANARY} }}`,
    "{% set d = {} %}{{ d.update(proto) }}{{ d }}",
    "{{ dict(proto, **proto) }}",
    "{{ proto|tojson }}",
    "{{ proto|items|list }}{{ proto|dictsort }}"
  ])("%s", (source) => assertHeld(answer(source)))

  it.each([
    `__proto__: {${CANARY}: 1}`,
    `a: {__proto__: {${CANARY}: 1}}`,
    `constructor: {prototype: {${CANARY}: 1}}`,
    `a: &a {__proto__: {${CANARY}: 1}}\nb: {<<: *a}`,
    `<<: {__proto__: {${CANARY}: 1}}`,
    `- __proto__\n- !!set {__proto__}`,
    `a: !!js/function 'function () {}'`,
    `a: !!python/object/apply:os.system [id]`
  ])("%s", (source) => {
    const given = answer(source, {}, "documents")
    assertHeld(given)
    if (given._tag === "Documents") assert.include(print(given.documents), "proto")
    assertHeld(given)
  })
})

describe("the secrets of the operator are in no context", () => {
  it.each([
    "{{ context() }}",
    "{{ context()|list }}",
    "{{ password_seed }}{{ seed }}{{ tsig_key }}{{ dns_ip }}{{ master_password }}",
    "{{ context().get('tsig_key') }}",
    "{% for k, v in context()|items %}{{ k }}={{ v }};{% endfor %}",
    "{{ self }}{{ cells }}{{ password }}"
  ])("%s", (source) => assertHeld(answer(source)))
})

describe("the corpus", () => {
  it("holds at least 150 attempts", () => {
    const count = ATTEMPTS.reduce((sum, [, sources]) => sum + sources.length, OPTIONS.length)
    assert.isAtLeast(count, 150)
  })

  it("has a canary that code would touch", () => {
    new Function(`globalThis.${CANARY}=1`)()
    assert.throws(() => assertHeld(answer("x")))
  })
})
