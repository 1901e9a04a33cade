/**
 * Takes each piece of the safety out, one at a time, and asks the tests whether they notice.
 *
 *   npm run mutation [-- PART…]
 *
 * Works in a copy of the tree. Prints a table; fails when a piece can be taken out unnoticed. With parts of names, only
 * the pieces that they name.
 */
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { MUTATIONS, type Mutation } from "./mutation/mutations.ts"
import { SEQUENCES } from "./mutation/sequences.ts"

const ROOT = resolve(import.meta.dirname, "..")
const COPIED = [
  "src",
  "sandbox",
  "scripts",
  "test",
  "crds",
  "examples",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts"
]
const NODE = join(ROOT, "node_modules/.bin/node")
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs")

const WIDTH = 58

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{ readonly status: string; readonly title: string }>
  }>
}

/** Title of the first test that notices. */
const noticing = (folder: string, { file, text, instead, tests }: Mutation): string | undefined => {
  const path = join(folder, file)
  const whole = readFileSync(path, "utf8")
  const parts = whole.split(text)
  if (parts.length !== 2) throw new Error(`${file} holds ${JSON.stringify(text)} ${parts.length - 1} times, not once`)
  writeFileSync(path, parts.join(instead))
  const report = join(folder, "report.json")
  spawnSync(NODE, [VITEST, "run", "--bail=1", "--reporter=json", `--outputFile=${report}`, ...tests], {
    cwd: folder,
    stdio: "ignore"
  })
  writeFileSync(path, whole)
  const { testResults }: Report = JSON.parse(readFileSync(report, "utf8"))
  rmSync(report)
  return testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === "failed")
    ?.title
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const folder = mkdtempSync(join(tmpdir(), "vcenter-operator-mutation-"))
try {
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"))
  const parts = process.argv.slice(2)
  const chosen = [...MUTATIONS, ...SEQUENCES].filter(
    ({ removes }) => parts.length === 0 || parts.some((part) => removes.includes(part))
  )
  let unnoticed = 0
  say(`${"without".padEnd(WIDTH)}noticed by`)
  for (const mutation of chosen) {
    const title = noticing(folder, mutation)
    if (title === undefined) unnoticed++
    say(`${mutation.removes.padEnd(WIDTH)}${title ?? "NOBODY"}`)
  }
  say(`\n${chosen.length} pieces, ${unnoticed} of them unnoticed`)
  if (unnoticed > 0 || chosen.length === 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
