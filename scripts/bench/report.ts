import { readFileSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"

/** One line of a table. */
export interface Row {
  readonly what: string
  readonly measured: string
  readonly wanted: string
}

export const table = (rows: ReadonlyArray<Row>): string =>
  ["| what | measured | wanted |", "| --- | --- | --- |"]
    .concat(rows.map(({ what, measured, wanted }) => `| ${what} | ${measured} | ${wanted} |`))
    .join("\n")

/** @param sorted ascending */
export const percentile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN

const PAGE = resolve(import.meta.dirname, "../../docs/measurements.md")

/** Puts a text between the marks `<!-- name -->` and `<!-- /name -->` of docs/measurements.md. */
export const publish = (name: string, text: string): void => {
  const page = readFileSync(PAGE, "utf8")
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`docs/measurements.md has no place for ${name}: ${begin} … ${end}`)
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`)
}
