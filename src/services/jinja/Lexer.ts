import { codeToken } from "./CodeLexer.ts"
import type { Options } from "./Options.ts"
import { type Position, positionOf } from "./Position.ts"
import { isSpace, SPACE, stripEnd } from "./python/Points.ts"
import { type JinjaToken, syntaxError, type TokenType } from "./Tokens.ts"

type Begin = "raw" | "comment" | "block" | "variable" | "lineStatement" | "lineComment"

/** Where a template's text turns into something else; made once for each set of options. */
export interface Syntax {
  readonly options: Options
  readonly kinds: ReadonlyArray<Begin>
  /** The next beginning of anything, with a group for each of `kinds` and the sign after it (`-`, `+`). */
  readonly begin: RegExp
  readonly blockEnd: RegExp
  readonly variableEnd: RegExp
  readonly lineEnd: RegExp
  readonly commentEnd: RegExp
  readonly rawEnd: RegExp
}

const S = `[${SPACE}]`
/** Only a line feed ends a line, as in Python: not the separators of Unicode. */
const LINE_START = "(?<![^\\n])"

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")

/** Jinja2's rules: longer beginnings go first, so that `<%=` wins over `<%`. */
export const syntaxOf = (options: Options): Syntax => {
  const { lineStatementPrefix, lineCommentPrefix } = options
  const [blockStart, blockEnd] = [literal(options.blockStart), literal(options.blockEnd)]
  const newline = options.trimBlocks ? "\\n?" : ""
  const closing = (end: string) => `(?:\\+${end}|-${end}${S}*|${end}${newline})`
  const rules: Array<readonly [length: number, kind: Begin, pattern: string]> = [
    [options.commentStart.length, "comment", `(${literal(options.commentStart)})(-|\\+|)`],
    [options.blockStart.length, "block", `(${blockStart})(-|\\+|)`],
    [options.variableStart.length, "variable", `(${literal(options.variableStart)})(-|\\+|)`]
  ]
  if (lineStatementPrefix !== null) {
    rules.push([
      lineStatementPrefix.length,
      "lineStatement",
      `(${LINE_START}[ \\t\\v]*${literal(lineStatementPrefix)})(-|\\+|)`
    ])
  }
  if (lineCommentPrefix !== null) {
    const before = `(?:${LINE_START}|(?<=[^${SPACE}]))(?:(?![\\r\\n])${S})*`
    rules.push([lineCommentPrefix.length, "lineComment", `(${before}${literal(lineCommentPrefix)})(-|\\+|)`])
  }
  rules.sort(([a, kind], [b, other]) => b - a || ORDER.indexOf(kind) - ORDER.indexOf(other))
  const raw = `(${blockStart})(-|\\+|)${S}*raw${S}*(?:-${literal(options.blockEnd)}${S}*|${blockEnd})`
  return {
    options,
    kinds: ["raw", ...rules.map(([, kind]) => kind)],
    begin: new RegExp([raw, ...rules.map(([, , pattern]) => pattern)].join("|"), "gm"),
    blockEnd: new RegExp(closing(blockEnd), "y"),
    variableEnd: new RegExp(`-${literal(options.variableEnd)}${S}*|${literal(options.variableEnd)}`, "y"),
    lineEnd: new RegExp(`${S}*(?:\\n|$)`, "y"),
    commentEnd: new RegExp(closing(literal(options.commentEnd)), "g"),
    rawEnd: new RegExp(`${blockStart}(-|\\+|)${S}*endraw${S}*${closing(blockEnd)}`, "g")
  }
}

// Between beginnings of the same length, Jinja2 goes by the names of its tokens, backwards.
const ORDER: ReadonlyArray<Begin> = ["variable", "lineStatement", "lineComment", "comment", "block"]

const startOf = (kind: Begin): TokenType => (kind === "variable" ? "variable-start" : "block-start")
const endOf = (kind: Begin): TokenType => (kind === "variable" ? "variable-end" : "block-end")

/**
 * The tokens of a template. Text comes out as it will be printed: white space control, `trim_blocks`, `lstrip_blocks`,
 * `raw`, comments and the newline at the end are dealt with here, so that the parser need not know of them.
 */
export const tokenize = (source: string, syntax: Syntax): ReadonlyArray<JinjaToken> => {
  const { options } = syntax
  const text = normalized(source, options)
  const tokens: Array<JinjaToken> = []
  let at = 0
  let line = 1
  let lineStart = 0

  const place = (): Position => positionOf(line, at - lineStart + 1)

  const advance = (to: number): void => {
    const count = newlines(text, at, to)
    if (count > 0) lineStart = text.lastIndexOf("\n", to - 1) + 1
    line += count
    at = to
  }

  const emitText = (data: string): void => {
    if (data !== "") {
      const value = options.newline === "\n" ? data : data.replaceAll("\n", options.newline)
      tokens.push({ type: "data", value, at: place() })
    }
  }

  const emitUpTo = (end: number, sign: string, isVariable: boolean): void =>
    emitText(withoutSpace(text, at, end, sign, options.lstripBlocks && !isVariable))

  // What begins at the very end of a template needs no end: Jinja2 looks for none.
  const skip = (pattern: RegExp, what: string): void => {
    if (at >= text.length) return
    const end = search(pattern, text, at)
    if (end === null) throw syntaxError(`Missing end of ${what}`, place())
    advance(end.index + end[0].length)
  }

  const raw = (): void => {
    if (at >= text.length) return
    const end = search(syntax.rawEnd, text, at)
    if (end === null) throw syntaxError("Missing end of raw directive", place())
    emitUpTo(end.index, end[1] ?? "", false)
    advance(end.index + end[0].length)
  }

  const code = (kind: "block" | "variable" | "lineStatement"): void => {
    const pattern = kind === "variable" ? syntax.variableEnd : kind === "block" ? syntax.blockEnd : syntax.lineEnd
    const brackets: Array<string> = []
    tokens.push({ type: startOf(kind), value: "", at: place() })
    while (true) {
      const end = brackets.length === 0 ? match(pattern, text, at) : null
      if (end !== null) {
        tokens.push({ type: endOf(kind), value: "", at: place() })
        advance(at + end.length)
        return
      }
      if (at >= text.length) return
      const token = codeToken(text, at, place(), brackets, options.newline)
      if (token.token !== null) tokens.push(token.token)
      advance(token.end)
    }
  }

  while (at < text.length) {
    const found = search(syntax.begin, text, at)
    if (found === null) {
      emitText(text.slice(at))
      break
    }
    const which = syntax.kinds.findIndex((_, index) => found[2 * index + 1] !== undefined)
    const kind = syntax.kinds[which] ?? "variable"
    emitUpTo(found.index, found[2 * which + 2] ?? "", kind === "variable")
    advance(found.index + found[0].length)
    if (kind === "raw") raw()
    else if (kind === "comment") skip(syntax.commentEnd, "comment tag")
    else if (kind === "lineComment") advance(lineEndFrom(text, at))
    else code(kind)
  }
  return tokens
}

const normalized = (source: string, { keepTrailingNewline }: Options): string => {
  const text = source.replace(/\r\n?/g, "\n")
  return !keepTrailingNewline && text.endsWith("\n") ? text.slice(0, -1) : text
}

// What `-` and `lstrip_blocks` leave of the text before a beginning.
const withoutSpace = (text: string, from: number, to: number, sign: string, lstrip: boolean): string => {
  const data = text.slice(from, to)
  if (sign === "-") return stripEnd(data)
  if (sign === "+" || !lstrip) return data
  const lineStart = data.lastIndexOf("\n") + 1
  const isStart = lineStart > 0 || from === 0 || text.charAt(from - 1) === "\n"
  return isStart && isSpace(data.slice(lineStart)) ? data.slice(0, lineStart) : data
}

const search = (pattern: RegExp, text: string, from: number): RegExpExecArray | null => {
  pattern.lastIndex = from
  return pattern.exec(text)
}

const match = (pattern: RegExp, text: string, at: number): string | null => search(pattern, text, at)?.[0] ?? null

const newlines = (text: string, from: number, to: number): number => {
  let count = 0
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++
  return count
}

const lineEndFrom = (text: string, at: number): number => {
  const end = text.indexOf("\n", at)
  return end === -1 ? text.length : end
}
