import { typeError } from "../Failure.ts"
import { concatenated } from "../python/Iteration.ts"
import { countOf } from "../python/Numbers.ts"
import { isSpace, points } from "../python/Points.ts"
import { lines } from "../python/Split.ts"
import { truthy } from "../python/Text.ts"
import { definedText } from "../python/textOf.ts"
import { type Run, takes } from "../values/Callable.ts"
import { escape, Markup } from "../values/Markup.ts"

const WORD = "\\p{L}\\p{N}_"
// Among its punctuation may stand what belongs to a word, but for hyphens.
const IN_WORD = `[${WORD}!"'&.,?]`
const LETTER = "[\\p{L}\\p{Nl}\\p{No}_]"
const BLANK = "[\\t-\\r ]"
const DASHES = `(?<=${IN_WORD})-{2,}(?=[${WORD}])`
const AFTER_HYPHEN = `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})`
const BEFORE_DASHES = `(?<=${IN_WORD})(?=-{2,}[${WORD}])`
const WITH_HYPHENS = new RegExp(
  `(${BLANK}+|${DASHES}|[^\\t-\\r ]+?(?:${AFTER_HYPHEN}|(?=${BLANK}|$)|${BEFORE_DASHES}))`,
  "u"
)
const AT_BLANKS = new RegExp(`(${BLANK}+)`, "u")

interface Manner {
  readonly width: number
  readonly breaksWords: boolean
  readonly breaksAtHyphens: boolean
}

/** Python's `textwrap.wrap`, one line of a text; white space at the ends of the lines is dropped. */
const wrapped = (text: string, manner: Manner): ReadonlyArray<string> => {
  const { width, breaksWords, breaksAtHyphens } = manner
  if (width <= 0) throw typeError(`invalid width ${width} (must be > 0)`)
  // The next one last.
  const chunks = text
    .split(breaksAtHyphens ? WITH_HYPHENS : AT_BLANKS)
    .filter((chunk) => chunk !== "")
    .map(points)
    .reverse()
  const found: Array<string> = []
  const isBlank = (chunk: ReadonlyArray<string> | undefined) => chunk !== undefined && isSpace(chunk.join(""))
  while (chunks.length > 0) {
    const line: Array<ReadonlyArray<string>> = []
    let room = width
    if (found.length > 0 && isBlank(chunks.at(-1))) chunks.pop()
    for (let next = chunks.at(-1); next !== undefined && next.length <= room; next = chunks.at(-1)) {
      line.push(next)
      room -= next.length
      chunks.pop()
    }
    const long = chunks.at(-1)
    if (long !== undefined && long.length > width) {
      if (breaksWords) {
        const end = breakOf(long, room, breaksAtHyphens)
        line.push(long.slice(0, end))
        chunks[chunks.length - 1] = long.slice(end)
      } else if (line.length === 0) {
        line.push(long)
        chunks.pop()
      }
    }
    if (isBlank(line.at(-1))) line.pop()
    if (line.length > 0) found.push(line.flat().join(""))
  }
  return found
}

// After the last hyphen that fits, unless there is nothing but hyphens before it.
const breakOf = (word: ReadonlyArray<string>, room: number, breaksAtHyphens: boolean): number => {
  if (!breaksAtHyphens || word.length <= room) return room
  const hyphen = word.slice(0, room).lastIndexOf("-")
  return hyphen > 0 && word.slice(0, hyphen).some((character) => character !== "-") ? hyphen + 1 : room
}

/** Jinja2's filter `wordwrap`: line breaks that are there stay. */
export const wordwrap: Run = takes(
  ["s", ["width", 79], ["break_long_words", true], ["wrapstring", null], ["break_on_hyphens", true]],
  ([value, width, breaksWords, end, breaksAtHyphens], context) => {
    const by = end === null ? context.mode.newline : definedText(end)
    const texts = lines(definedText(value), false)
    if (texts.length === 0) return end instanceof Markup ? new Markup("") : ""
    const manner = {
      width: countOf(width, "a width"),
      breaksWords: truthy(breaksWords),
      breaksAtHyphens: truthy(breaksAtHyphens)
    }
    const all = texts.map((line) => wrapped(line, manner))
    const join = (texts: ReadonlyArray<string>, by: string) =>
      concatenated(texts.flatMap((text) => [by, text]).slice(1))
    if (end instanceof Markup) {
      const shown = all.map((each) =>
        join(
          each.map((line) => escape(line).text),
          end.text
        )
      )
      return new Markup(join(shown, end.text))
    }
    return join(
      all.map((each) => join(each, by)),
      by
    )
  }
)
