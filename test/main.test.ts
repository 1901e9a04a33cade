import { execFile } from "node:child_process"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const ROOT = resolve(import.meta.dirname, "..")

/** The program as a process of its own. */
const run = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((done) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, "src/main.ts"), ...args],
      { env: { ...process.env, ...env } },
      (_, out, err) => done({ code: child.exitCode ?? -1, out, err })
    )
  })

describe("the process", () => {
  it("says on one line why it cannot start, and ends with 1", async () => {
    const { code, out, err } = await run([], { KUBECONFIG: join(ROOT, "no-such-file") })
    assert.strictEqual(code, 1)
    assert.strictEqual(out, "")
    assert.match(err, /^failed: .*KUBECONFIG names .*no-such-file, which does not exist\n$/)
  })

  it("shows the help with what is wrong on the command line, and ends with 1", async () => {
    const { code, out, err } = await run(["--bogus"])
    assert.strictEqual(code, 1)
    assert.include(out, "--dry-run")
    assert.include(err, "--bogus")
    assert.notInclude(err, "    at ")
  })

  it("tells its version", async () => {
    assert.match((await run(["--version"])).out, /^vcenter-operator v\d+\.\d+\.\d+\n$/)
  })
})
