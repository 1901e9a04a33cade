/**
 * How many recorded templates render as Jinja2 rendered them.
 *
 *   npm run conformance -- [--refused] FILE…
 *
 * Prints, for each category, how many are the same, refused and different, and names those that are different, and
 * those that are refused if asked to. Fails when any is different, an error of another kind included, or when fewer
 * than 99.5 % of a file are the same.
 */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { Programs } from "../src/services/jinja/Programs.ts"
import { casesOf, judge, type Verdict } from "../test/services/conformance.ts"

/** The share that has to be the same. */
const LEAST_SAME = 0.995

type Counts = Record<Verdict["verdict"], number>

const line = (name: string, { same, refused, different }: Counts): string => {
  const share = (100 * same) / Math.max(1, same + refused + different)
  return `${name.padEnd(16)}${[same, refused, different].map((n) => String(n).padStart(10)).join("")}${share.toFixed(1).padStart(9)} %`
}

const { values: flags, positionals: files } = parseArgs({
  options: { refused: { type: "boolean", default: false } },
  allowPositionals: true
})
const say = (text: string): void => void process.stdout.write(`${text}\n`)

let failed = false
for (const file of files) {
  const programs = new Programs()
  const categories = new Map<string, Counts>()
  const total: Counts = { same: 0, refused: 0, different: 0 }
  const named: Array<string> = []
  for (const [at, test] of casesOf(readFileSync(file, "utf8")).entries()) {
    const { verdict, got } = judge(test, programs)
    const counts = categories.get(test.cat) ?? { same: 0, refused: 0, different: 0 }
    counts[verdict]++
    total[verdict]++
    categories.set(test.cat, counts)
    if (verdict === "different" || (verdict === "refused" && flags.refused)) {
      const wanted = "out" in test.expect ? JSON.stringify(test.expect.out.slice(0, 300)) : test.expect.error
      named.push(
        `${verdict} ${test.id ?? at}\n  template ${JSON.stringify(test.src.slice(0, 300))}\n  expected ${wanted}\n  got      ${JSON.stringify(got.slice(0, 300))}`
      )
    }
  }
  say(file)
  say(`${"category".padEnd(16)}${["same", "refused", "different"].map((word) => word.padStart(10)).join("")}`)
  for (const [name, counts] of [...categories].sort(([a], [b]) => (a < b ? -1 : 1))) say(line(name, counts))
  say(line("in all", total))
  for (const text of named) say(text)
  const all = total.same + total.refused + total.different
  failed ||= total.different > 0 || total.same < LEAST_SAME * all
}
process.exitCode = failed ? 1 : 0
