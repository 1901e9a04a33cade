import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { type KnownFacts, read, write } from "../../src/domain/FactsFile.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { SAMPLE_FACTS } from "../../src/domain/sampleFacts.ts"
import type { Value } from "../../src/domain/Value.ts"
import { parse, print } from "../../src/services/Yaml.ts"
import { settingsOf } from "./settingsOf.ts"

const OPERATOR = { region: "qa-de-1" }
const SETTINGS = { namespace: "monsoon3", username: "u" }
const CLUSTER = { name: "productionbb091", datacenter: "QA-DE-1a", datastores: ["eph_1"], networks: ["br-x"] }
const MINIMAL: JsonObject = {
  operator: OPERATOR,
  settings: SETTINGS,
  vcenters: [{ host: "vc-a-0.cc.qa-de-1.cloud.sap", clusters: [CLUSTER] }]
}

const known = (document: JsonObject): KnownFacts =>
  Result.getOrThrowWith(read(document), (problems) => new Error(problems.join("\n")))

const problems = (document: unknown): string =>
  Result.match(read(document), { onSuccess: () => "", onFailure: (all) => all.join("\n") })

describe("a facts file", () => {
  it("has a value for all that is left out", () => {
    const { cells, facts, settings, vcenters } = known(MINIMAL)
    assert.deepStrictEqual(facts, {
      region: "qa-de-1",
      domain: "cc.qa-de-1.cloud.sap",
      ownNamespace: "monsoon3",
      inCluster: true
    })
    assert.strictEqual(Redacted.value(settings.seed), "PLACEHOLDER-password")
    assert.deepStrictEqual(cells, Result.fail("the facts name no cells"))
    const cluster = vcenters.get("vc-a-0.cc.qa-de-1.cloud.sap")?.inventory.clusters[0]
    assert.deepStrictEqual(cluster?.datacenter, { ref: "QA-DE-1a", name: "QA-DE-1a" })
    assert.strictEqual(cluster?.ref, "QA-DE-1a/productionbb091")
  })

  it("holds the settings as the Secret does: texts, decoded the same way", () => {
    const { settings } = known({ ...MINIMAL, settings: { ...SETTINGS, a: "1.0", b: "true", c: "x", d: '{"e": 1}' } })
    assert.deepStrictEqual(
      [...settings.extra],
      [
        ["a", { float: 1 }],
        ["b", true],
        ["c", "x"],
        ["d", new Map([["e", 1]])]
      ]
    )
  })

  it("keeps the network that was chosen for a cluster", () => {
    const cluster = { ...CLUSTER, networks: ["br-a", "br-b"], bridge: "br-b" }
    const [vcenter] = known({
      ...MINIMAL,
      vcenters: [{ host: "vc.example.com", clusters: [cluster] }]
    }).vcenters.values()
    assert.deepStrictEqual([...(vcenter?.choices ?? [])], [["QA-DE-1a/productionbb091", "br-b"]])
  })

  it.each<[row: string, document: unknown, expected: RegExp]>([
    ["nothing at all", null, /no facts file/],
    ["a text", "facts", /no facts file/],
    ["another resource", { apiVersion: "v1", kind: "Secret" }, /no facts file/],
    ["no region", { ...MINIMAL, operator: {} }, /Missing key.*\["operator"\]\["region"\]/],
    ["a key that is none", { ...MINIMAL, cluster: [] }, /Expected no excess property.*\["cluster"\]/],
    [
      "a setting that is no text",
      { ...MINIMAL, settings: { ...SETTINGS, port: 1 } },
      /Expected string at \["settings"\]\["port"\]/
    ],
    ["no namespace in the settings", { ...MINIMAL, settings: { username: "u" } }, /settings: namespace: missing/],
    [
      "a bad setting",
      { ...MINIMAL, settings: { ...SETTINGS, prune_delay: "soon" } },
      /settings: prune_delay: expected/
    ],
    [
      "a vCenter that is no name",
      { ...MINIMAL, vcenters: [{ host: "vc", clusters: [] }] },
      /a fully-qualified name.*\["host"\]/
    ],
    [
      "a vCenter that is there twice",
      { ...MINIMAL, vcenters: [MINIMAL.vcenters, MINIMAL.vcenters].flat() },
      /is there twice/
    ],
    [
      "a cluster without datastores",
      { ...MINIMAL, vcenters: [{ host: "vc.example.com", clusters: [{ name: "x", datacenter: "y", networks: [] }] }] },
      /Missing key.*\["datastores"\]/
    ]
  ])("is refused with %s", (_, document, expected) => {
    assert.match(problems(document), expected)
  })

  it("says every problem at once", () => {
    assert.lengthOf(problems({ ...MINIMAL, operator: {}, cells: [1] }).split("\n"), 2)
  })

  it("shows no setting in a message: it may be a secret", () => {
    const text = problems({ ...MINIMAL, settings: { ...SETTINGS, password: 4711471147, vcenter_ca: "test-only-hush" } })
    assert.notMatch(text, /4711|hush/)
  })

  it("of the example says what is used without one", () => {
    const text = readFileSync(new URL("../../examples/facts.yaml", import.meta.url), "utf8")
    const [document] = Result.getOrThrow(parse(text))
    assert.deepStrictEqual(document, SAMPLE_FACTS)
    assert.isTrue(Result.isSuccess(read(SAMPLE_FACTS)))
  })
})

describe("what is written into a facts file", () => {
  const SECRET = {
    namespace: "monsoon3",
    username: "test-only-user",
    password: "test-only-seed",
    tsig_key: Buffer.from("test-only-tsig").toString("base64"),
    dns_ip: "192.0.2.53",
    vcenter_port: "8443",
    rabbit: "test-only-rabbit",
    nested: '{"deep": ["test-only-deep", 4711], "on": true}',
    role_id: "test-only-role"
  }
  const facts: KnownFacts = { ...known(MINIMAL), settings: settingsOf(SECRET), cells: Result.succeed(new Set(["c1"])) }
  const written = print(write(facts))
  const again = known(Object(Result.getOrThrow(parse(written))[0]))

  it("holds no value of the Secret but the target namespace", () => {
    assert.notMatch(written, /test-only|4711|8443|192\.0\.2|dGVzdC/)
    assert.include(written, "namespace: monsoon3")
  })

  it("holds every name that a template can ask for", () => {
    assert.deepStrictEqual([...again.settings.extra.keys()], [...facts.settings.extra.keys()])
    assert.deepStrictEqual(
      again.settings.extra.get("nested"),
      new Map<string, Value>([
        ["deep", ["PLACEHOLDER-nested.deep.0", 1]],
        ["on", true]
      ])
    )
  })

  it("is read back as the same facts", () => {
    assert.deepStrictEqual(again.facts, facts.facts)
    assert.deepStrictEqual(again.vcenters, facts.vcenters)
    assert.deepStrictEqual(again.cells, facts.cells)
  })

  it("is the same when it is written again", () => {
    assert.strictEqual(print(write(again)), written)
  })
})
