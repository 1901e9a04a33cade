import type { Json, JsonObject } from "../../domain/Manifest.ts"
import { Failure } from "./Failure.ts"

/** The options of one template. */
export interface Options {
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableStart: string
  readonly variableEnd: string
  readonly commentStart: string
  readonly commentEnd: string
  readonly lineStatementPrefix: string | null
  readonly lineCommentPrefix: string | null
  readonly trimBlocks: boolean
  readonly lstripBlocks: boolean
  readonly newline: "\n" | "\r\n" | "\r"
  readonly keepTrailingNewline: boolean
  readonly autoescape: boolean
  /** Those whose tags the template may use. */
  readonly extensions: ReadonlyArray<Extension>
}

/** `do`, and `break` and `continue`. */
export type Extension = "do" | "loopcontrols"

/** Jinja2's. */
export const DEFAULTS: Options = {
  blockStart: "{%",
  blockEnd: "%}",
  variableStart: "{{",
  variableEnd: "}}",
  commentStart: "{#",
  commentEnd: "#}",
  lineStatementPrefix: null,
  lineCommentPrefix: null,
  trimBlocks: false,
  lstripBlocks: false,
  newline: "\n",
  keepTrailingNewline: false,
  autoescape: false,
  extensions: []
}

/** Read by others than the renderer: they say which service user a template's Secret is for. */
const PASSED_THROUGH: ReadonlySet<string> = new Set(["uses-service-user", "use-ini-password"])

type Reader = (value: Json) => Partial<Options> | undefined

const text =
  (field: "blockStart" | "blockEnd" | "variableStart" | "variableEnd" | "commentStart" | "commentEnd"): Reader =>
  (value) =>
    typeof value === "string" && value !== "" ? { [field]: value } : undefined

const prefix =
  (field: "lineStatementPrefix" | "lineCommentPrefix"): Reader =>
  (value) =>
    value === null || value === "" ? { [field]: null } : typeof value === "string" ? { [field]: value } : undefined

const flag =
  (field: "trimBlocks" | "lstripBlocks" | "keepTrailingNewline" | "autoescape"): Reader =>
  (value) =>
    typeof value === "boolean" ? { [field]: value } : undefined

const newline: Reader = (value) =>
  value === "\n" || value === "\r\n" || value === "\r" ? { newline: value } : undefined

/** By the names of their modules and of their classes. */
const EXTENSIONS: ReadonlyMap<Json, Extension> = new Map([
  ["jinja2.ext.do", "do"],
  ["jinja2.ext.ExprStmtExtension", "do"],
  ["jinja2.ext.loopcontrols", "loopcontrols"],
  ["jinja2.ext.LoopControlExtension", "loopcontrols"]
])

const extensions: Reader = (value) => {
  if (!Array.isArray(value)) return undefined
  const known = value.flatMap((name: Json) => EXTENSIONS.get(name) ?? [])
  return known.length === value.length ? { extensions: [...new Set(known)].sort() } : undefined
}

/** An option of how Jinja2 works, which changes no template's text. */
const ignored: Reader = () => ({})

const READERS: ReadonlyMap<string, readonly [expected: string, Reader]> = new Map([
  ["block_start_string", ["a text", text("blockStart")]],
  ["block_end_string", ["a text", text("blockEnd")]],
  ["variable_start_string", ["a text", text("variableStart")]],
  ["variable_end_string", ["a text", text("variableEnd")]],
  ["comment_start_string", ["a text", text("commentStart")]],
  ["comment_end_string", ["a text", text("commentEnd")]],
  ["line_statement_prefix", ["a text", prefix("lineStatementPrefix")]],
  ["line_comment_prefix", ["a text", prefix("lineCommentPrefix")]],
  ["trim_blocks", ["true or false", flag("trimBlocks")]],
  ["lstrip_blocks", ["true or false", flag("lstripBlocks")]],
  ["newline_sequence", ["\\n, \\r\\n or \\r", newline]],
  ["keep_trailing_newline", ["true or false", flag("keepTrailingNewline")]],
  ["autoescape", ["true or false", flag("autoescape")]],
  ["extensions", ["a list of jinja2.ext.do and jinja2.ext.loopcontrols (no other is supported)", extensions]],
  ["auto_reload", ["any value", ignored]],
  ["cache_size", ["any value", ignored]]
])

/**
 * `jinja2_options` as a template's options. They are Jinja2's environment options, by their names there; an unknown or
 * unsupported one, or a bad value, is an error of this template. Options for service users are passed over.
 */
export const decode = (written: JsonObject): Options => {
  let options = DEFAULTS
  for (const [name, value] of Object.entries(written)) {
    if (PASSED_THROUGH.has(name)) continue
    const known = READERS.get(name)
    if (known === undefined) {
      const names = [...READERS.keys()].join(", ")
      throw new Failure("type", `jinja2_options.${name.slice(0, 80)} is not supported; expected one of ${names}`)
    }
    const [expected, read] = known
    const change = read(value)
    if (change === undefined) throw new Failure("type", `jinja2_options.${name}: expected ${expected}`)
    options = { ...options, ...change }
  }
  const starts = [options.blockStart, options.variableStart, options.commentStart]
  if (new Set(starts).size < starts.length) {
    throw new Failure("type", "jinja2_options: block, variable and comment must start with different texts")
  }
  return options
}

/** The options as a key: the same for the same options, in whatever order they were written. */
export const keyOf = (options: Options): string => JSON.stringify(options)
