import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const ROOT = join(import.meta.dirname, "..", "..")

/** The command as a process, without an environment that could name a cluster. */
const run = (args: ReadonlyArray<string>, input = "") =>
  spawnSync(process.execPath, ["src/main.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    input,
    env: { KUBECONFIG: "/none", HOME: "/none" }
  })

const BAD = `apiVersion: vcenter-operator.stable.sap.cc/v1
kind: VCenterTemplate
metadata: {name: bad}
options: {scope: cluster}
template: |
  apiVersion: v1
  kind: Secret
  metadata:
    name: {{ name.upper }
`

describe("the command render", () => {
  it("renders the examples with the example's facts, and without facts the same", () => {
    const files = ["examples/nova-compute.yaml", "examples/cinder-volume.yaml", "examples/neutron-agent.yaml"]
    const given = run(["render", ...files, "--facts", "examples/facts.yaml", "--output", "ndjson"])
    assert.strictEqual(given.stderr, "")
    assert.strictEqual(given.status, 0)
    const objects = given.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    assert.deepStrictEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort(),
      [
        "ConfigMap monsoon3/nova-compute-bb91",
        "ConfigMap monsoon3/nova-compute-bb92",
        "Deployment monsoon3/cinder-volume-vmware-bb7",
        "Deployment monsoon3/neutron-dvs-agent-vc-a-0-qa-de-1a",
        "Deployment monsoon3/nova-compute-bb91",
        "Deployment monsoon3/nova-compute-bb92",
        "Secret monsoon3/cinder-volume-vmware-bb7",
        "Secret monsoon3/nova-compute-bb91",
        "Secret monsoon3/nova-compute-bb92"
      ]
    )
    assert.strictEqual(run(["render", ...files, "--output", "ndjson"]).stdout, given.stdout)
  })

  it("finds no problem in the examples", () => {
    const { status, stderr, stdout } = run(["render", "--check", "examples/nova-compute.yaml"])
    assert.deepStrictEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "no problem\n" })
  })

  it("exits with 1 and shows the place of an error, read from a pipe", () => {
    const { status, stderr, stdout } = run(["render", "-"], BAD)
    assert.strictEqual(stdout, "")
    assert.strictEqual(status, 1)
    assert.match(
      stderr,
      /^error: -: monsoon3\/bad:4:\d+: syntax: .*\n {4}4 \| {3}name: \{\{ name\.upper \}\n {6}\| +\^\n {2}for productionbb091, productionbb092 of vc-a-0\.cc\.qa-de-1\.cloud\.sap\n$/
    )
  })

  it("shows problems on the standard output when they are what was asked for", () => {
    const { status, stderr, stdout } = run(["render", "--check", "-"], BAD)
    assert.strictEqual(stderr, "")
    assert.strictEqual(status, 1)
    assert.match(stdout, /^error: -: monsoon3\/bad:4:/)
  })

  it("ends a template without end, and renders the others", () => {
    const folder = mkdtempSync(join(tmpdir(), "render-"))
    const template = (name: string, text: string) =>
      JSON.stringify({
        apiVersion: "vcenter-operator.stable.sap.cc/v1",
        kind: "VCenterTemplate",
        metadata: { name },
        options: { scope: "datacenter" },
        template: text
      })
    writeFileSync(join(folder, "a.yaml"), template("endless", "{% for a in range(10 ** 9) %}{% endfor %}"))
    writeFileSync(join(folder, "b.yaml"), template("good", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}"))
    const { status, stderr, stdout } = run(["render", join(folder, "a.yaml"), join(folder, "b.yaml")])
    rmSync(folder, { recursive: true })
    assert.strictEqual(status, 1)
    assert.match(stderr, /a\.yaml: monsoon3\/endless:1:\d+: limit: /)
    assert.include(stdout, "name: good")
  })

  it.each<[row: string, args: ReadonlyArray<string>, expected: RegExp]>([
    ["no file", ["render"], /Missing required argument: FILE/],
    ["a scope that is none", ["render", "x", "--scope", "host"], /scope/],
    ["an output that is none", ["render", "x", "--output", "json"], /output/]
  ])("explains itself when it is given %s", (_, args, expected) => {
    const { status, stderr } = run(args)
    assert.strictEqual(status, 1)
    assert.match(stderr, expected)
  })
})
