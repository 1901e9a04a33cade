import { readFileSync } from "node:fs"
import { Programs } from "./src/services/jinja/Programs.ts"
import { casesOf, judge } from "./test/services/conformance.ts"
const counts = new Map<string, [number, string]>()
for (const f of process.argv.slice(2)) for (const t of casesOf(readFileSync(f, "utf8"))) if ("error" in t.expect) {
  const { got } = judge(t, new Programs()); const k = `${t.expect.error} -> ${got.split(",")[0]}`
  counts.set(k, [(counts.get(k)?.[0] ?? 0) + 1, t.src.slice(0, 70).replaceAll("\n", "\\n") + " || " + got.slice(0, 90)])
}
for (const [k, [n, ex]] of [...counts].sort()) console.log(n, k, "   e.g.", ex)
