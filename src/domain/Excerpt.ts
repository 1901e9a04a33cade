/** How much of a long line is shown. */
const SHOWN = 100

/**
 * A line of a text and a caret below the column, for people:
 *
 *     12 | replicas: {{ count.first }}
 *        |                    ^
 *
 * Of a long line only what is around the column.
 *
 * @param line from 1, as the column; without a column there is no caret
 */
export const excerpt = (text: string, line: number, column?: number): string | undefined => {
  const whole = text.split(/\r\n|\r|\n/)[line - 1]
  if (whole === undefined) return undefined
  const at = Math.max(0, (column ?? 1) - 1)
  const from = whole.length <= SHOWN ? 0 : Math.max(0, Math.min(at - SHOWN / 2, whole.length - SHOWN))
  const shown = whole.slice(from, from + SHOWN)
  const [before, after] = [from > 0 ? "…" : "", from + SHOWN < whole.length ? "…" : ""]
  const first = `${line} | ${before}${shown}${after}`
  if (column === undefined) return first
  // Tabs stay tabs, so that the caret stands where they lead.
  const indent = (before + shown.slice(0, at - from)).replace(/[^\t]/g, " ")
  return `${first}\n${" ".repeat(String(line).length)} | ${indent}^`
}
