import { Thing, type Val } from "./Thing.ts"

/** Python's `bytes`: what `encode` makes of a text. */
export class Bytes extends Thing {
  readonly type = "bytes"
  readonly data: Buffer

  constructor(data: Buffer) {
    super()
    this.data = data
  }

  override truthy(): boolean {
    return this.data.length > 0
  }

  override repr(): string {
    const text = [...this.data].map(shown).join("")
    return text.includes("'") && !text.includes('"') ? `b"${text}"` : `b'${text.replaceAll("'", "\\'")}'`
  }

  override iterate(): Iterator<Val> {
    return this.data.values()
  }

  override length(): number {
    return this.data.length
  }

  override item(key: Val): Val | undefined {
    return typeof key === "number" ? this.data.at(key) : undefined
  }

  override contains(value: Val): boolean {
    if (value instanceof Bytes) return this.data.includes(value.data)
    return typeof value === "number" && this.data.includes(value)
  }

  override equals(other: Val): boolean {
    return other instanceof Bytes && this.data.equals(other.data)
  }

  override hashKey(): string {
    return `\u0000bytes:${this.data.toString("hex")}`
  }
}

const NAMED = new Map([
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"]
])

const shown = (byte: number): string => {
  const isPlain = byte >= 0x20 && byte < 0x7f
  return NAMED.get(byte) ?? (isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`)
}
