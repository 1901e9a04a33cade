import { textLength } from "../python/Iteration.ts"
import { repr, str } from "../python/Text.ts"
import { Thing, type Val } from "./Thing.ts"

/** Text that counts as HTML: what is joined to it is escaped. It comes from `escape`, `safe`, `tojson`, `autoescape`. */
export class Markup extends Thing {
  readonly type = "Markup"
  readonly text: string

  constructor(text: string) {
    super()
    this.text = text
  }

  override truthy(): boolean {
    return this.text !== ""
  }

  override repr(): string {
    return `Markup(${repr(this.text)})`
  }

  override str(): string {
    return this.text
  }

  override iterate(): Iterator<Val> {
    return this.text[Symbol.iterator]()
  }

  override length(): number {
    return textLength(this.text)
  }

  override equals(other: Val): boolean {
    return other instanceof Markup ? this.text === other.text : this.text === other
  }

  override hashKey(): string {
    return this.text
  }
}

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&#34;"],
  ["'", "&#39;"]
])

/** The value as HTML; what is HTML already stays. */
export const escape = (value: Val): Markup =>
  value instanceof Markup ? value : new Markup(str(value).replace(/[&<>"']/g, (found) => ENTITIES.get(found) ?? found))
