import { typeError } from "../Failure.ts"
import { Thing, type Val } from "./Thing.ts"

/**
 * Python's `bytes`: what `encode` makes of a text. Held as a text of the characters up to U+00FF: a buffer would lie
 * outside the heap, which is what is limited.
 */
export class Bytes extends Thing {
  readonly type = "bytes"
  readonly latin1: string

  constructor(latin1: string) {
    super()
    this.latin1 = latin1
  }

  override truthy(): boolean {
    return this.latin1 !== ""
  }

  override repr(): string {
    const text = [...this.latin1].map(shown).join("")
    return text.includes("'") && !text.includes('"') ? `b"${text}"` : `b'${text.replaceAll("'", "\\'")}'`
  }

  override *iterate(): Generator<Val> {
    for (let at = 0; at < this.latin1.length; at++) yield this.latin1.charCodeAt(at)
  }

  override length(): number {
    return this.latin1.length
  }

  override item(key: Val): Val | undefined {
    return typeof key === "number" ? this.latin1.at(key)?.charCodeAt(0) : undefined
  }

  override contains(value: Val): boolean {
    if (value instanceof Bytes) return this.latin1.includes(value.latin1)
    const code = typeof value === "boolean" ? Number(value) : value
    if (typeof code !== "number") throw typeError("a bytes-like object is required")
    if (code < 0 || code > 255) throw typeError("byte must be in range(0, 256)")
    return this.latin1.includes(String.fromCharCode(code))
  }

  override equals(other: Val): boolean {
    return other instanceof Bytes && other.latin1 === this.latin1
  }

  override hashKey(): string {
    return `\u0000bytes:${this.latin1}`
  }
}

const NAMED = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\\", "\\\\"]
])

const shown = (character: string): string => {
  const isPlain = character >= " " && character < "\x7f"
  const hex = character.charCodeAt(0).toString(16).padStart(2, "0")
  return NAMED.get(character) ?? (isPlain ? character : `\\x${hex}`)
}
