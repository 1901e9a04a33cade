import { typeError } from "../Failure.ts"
import { SPACE, stripEnd, stripStart } from "./Points.ts"

/** Python's `str.split`; without a separator at white space, empty parts left out. A negative `most` is no limit. */
export const split = (text: string, separator: string | null, most: number): Array<string> => {
  if (separator === null) return splitAtSpace(text, most)
  if (separator === "") throw typeError("empty separator")
  const parts = text.split(separator)
  if (most < 0 || parts.length <= most + 1) return parts
  return [...parts.slice(0, most), parts.slice(most).join(separator)]
}

/** Python's `str.rsplit`: as `split`, with the limit counted from the end. */
export const splitFromEnd = (text: string, separator: string | null, most: number): Array<string> => {
  if (separator === null) return splitAtSpaceFromEnd(text, most)
  if (separator === "") throw typeError("empty separator")
  const parts = text.split(separator)
  if (most < 0 || parts.length <= most + 1) return parts
  const kept = parts.length - most
  return [parts.slice(0, kept).join(separator), ...parts.slice(kept)]
}

/** Python's `str.splitlines`. */
export const lines = (text: string, keepEnds: boolean): Array<string> => {
  const found: Array<string> = []
  let from = 0
  for (const match of text.matchAll(BREAK)) {
    const end = match.index + match[0].length
    found.push(text.slice(from, keepEnds ? end : match.index))
    from = end
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}

// What Python takes for the end of a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts these control characters as line breaks
const BREAK = /\r\n|[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]/g

const GAP = new RegExp(`[${SPACE}]+`, "g")

const splitAtSpace = (text: string, most: number): Array<string> => {
  const parts: Array<string> = []
  let rest = stripStart(text)
  if (most < 0) return stripEnd(rest) === "" ? [] : stripEnd(rest).split(GAP)
  while (rest !== "" && parts.length < most) {
    const gap = rest.search(GAP)
    if (gap === -1) break
    parts.push(rest.slice(0, gap))
    rest = stripStart(rest.slice(gap))
  }
  return rest === "" ? parts : [...parts, rest]
}

const splitAtSpaceFromEnd = (text: string, most: number): Array<string> => {
  if (most < 0) return splitAtSpace(text, most)
  const parts: Array<string> = []
  let rest = stripEnd(text)
  while (rest !== "" && parts.length < most) {
    const gap = [...rest.matchAll(GAP)].at(-1)
    if (gap === undefined || gap.index === 0) break
    parts.unshift(rest.slice(gap.index + gap[0].length))
    rest = stripEnd(rest.slice(0, gap.index))
  }
  const start = stripStart(rest)
  return start === "" ? parts : [parts.length < most ? start : rest, ...parts]
}
