import { typeError, unsupported } from "../Failure.ts"
import { Bytes } from "../values/Bytes.ts"
import { type Run, takes } from "../values/Callable.ts"
import type { Val } from "../values/Thing.ts"
import { typeName } from "./Text.ts"
import { textOf } from "./textOf.ts"

/** The highest character of each encoding whose bytes are its characters. */
const NARROW: ReadonlyMap<string, number> = new Map([
  ["ascii", 0x7f],
  ["us-ascii", 0x7f],
  ["646", 0x7f],
  ["latin-1", 0xff],
  ["latin1", 0xff],
  ["l1", 0xff],
  ["iso-8859-1", 0xff],
  ["iso8859-1", 0xff],
  ["8859", 0xff]
])

const UTF8: ReadonlySet<string> = new Set(["utf-8", "utf8", "u8", "utf"])

const nameOf = (encoding: Val): string => textOf(encoding).toLowerCase().replaceAll("_", "-")

/** What stands for a character that the encoding does not have. */
const substitute = (character: string, errors: string): string => {
  const code = character.codePointAt(0) ?? 0
  switch (errors) {
    case "ignore":
      return ""
    case "replace":
      return "?"
    case "xmlcharrefreplace":
      return `&#${code};`
    case "backslashreplace":
      return code < 0x100
        ? `\\x${code.toString(16)}`
        : code < 0x10000
          ? `\\u${code.toString(16).padStart(4, "0")}`
          : `\\U${code.toString(16).padStart(8, "0")}`
    case "strict":
      throw typeError("the encoding does not have a character of the text")
    default:
      throw unsupported("this handling of encoding errors")
  }
}

/** Python's `str.encode`, to UTF-8, ASCII and Latin-1; the text itself is the first argument. */
export const encode: Run = takes(["self", ["encoding", "utf-8"], ["errors", "strict"]], ([self, encoding, errors]) => {
  const [text, name, handling] = [textOf(self), nameOf(encoding), textOf(errors)]
  const highest = UTF8.has(name) ? 0x10ffff : NARROW.get(name)
  if (highest === undefined) throw unsupported("an encoding other than utf-8, ascii and latin-1")
  const isThere = (character: string) => character.isWellFormed() && (character.codePointAt(0) ?? 0) <= highest
  const all = [...text].map((character) => (isThere(character) ? character : substitute(character, handling))).join("")
  return new Bytes(UTF8.has(name) ? Buffer.from(all, "utf8").toString("latin1") : all)
})

const bytesOf = (value: Val | undefined): string => {
  if (!(value instanceof Bytes)) throw typeError(`bytes are required, not ${typeName(value ?? null)}`)
  return value.latin1
}

/** The methods of Python's `bytes` that give texts; the bytes are the first argument. */
export const bytesMethods: ReadonlyMap<string, Run> = new Map<string, Run>([
  [
    "decode",
    takes(["self", ["encoding", "utf-8"], ["errors", "strict"]], ([self, encoding, errors]) => {
      const [data, name] = [bytesOf(self), nameOf(encoding)]
      if (textOf(errors) !== "strict") throw unsupported("this handling of decoding errors")
      if (UTF8.has(name)) {
        try {
          return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(data, "latin1"))
        } catch {
          throw typeError("the bytes are no UTF-8")
        }
      }
      const highest = NARROW.get(name)
      if (highest === undefined) throw unsupported("an encoding other than utf-8, ascii and latin-1")
      if ([...data].some((byte) => byte.charCodeAt(0) > highest)) {
        throw typeError("the encoding does not have one of the bytes")
      }
      return data
    })
  ],
  ["hex", takes(["self"], ([self]) => Buffer.from(bytesOf(self), "latin1").toString("hex"))]
])
