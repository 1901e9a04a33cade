import type { JsonObject } from "../../domain/Manifest.ts"
import { decode, keyOf } from "./Options.ts"
import { compile, type Program } from "./Program.ts"

/** How many compiled templates are kept: a region has about a dozen. */
export const KEPT_PROGRAMS = 256

/** A template's text and options. */
export interface Source {
  readonly source: string
  readonly options: JsonObject
}

/** Compiled templates by what they were made of, text and options; the one that was not used longest goes first. */
export class Programs {
  readonly #kept = new Map<string, Program>()
  /** The same, found without looking at the text; gone with the template. */
  readonly #bySource = new WeakMap<Source, Program>()

  /** @throws Failure */
  get(template: Source): Program {
    const known = this.#bySource.get(template)
    if (known !== undefined) return known
    const options = decode(template.options)
    const key = `${keyOf(options)}\n${template.source}`
    const program = this.#kept.get(key) ?? compile(template.source, options)
    this.#bySource.set(template, program)
    this.#kept.delete(key)
    this.#kept.set(key, program)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_PROGRAMS) break
      this.#kept.delete(oldest)
    }
    return program
  }

  get size(): number {
    return this.#kept.size
  }
}
