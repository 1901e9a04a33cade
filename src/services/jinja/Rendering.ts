import { limitExceeded, TemplateMissing } from "./Failure.ts"
import type { Program } from "./Program.ts"
import type { Val } from "./values/Thing.ts"

/** How deep templates may render, include and import one another. */
export const MAX_DEPTH = 10

/** How deep macros and recursive loops may call one another; Python gives up at about the same depth. */
export const MAX_CALLS = 200

/** How many rounds the loops of one rendering may make in all. */
export const MAX_STEPS = 100_000

/** What a rendering starts from. */
export interface Sources {
  /** A template by its path, compiled; undefined when there is none. */
  readonly load: (path: string) => Program | undefined
  /** Functions that every template has. */
  readonly globals: ReadonlyMap<string, Val>
  /** The password of a user on a host. */
  readonly password: (username: string, host: string) => string
}

/** One rendering: what all templates that take part in it share. */
export class Rendering {
  readonly sources: Sources
  readonly #open: Array<string> = []
  #calls = 0
  #steps = 0

  constructor(sources: Sources) {
    this.sources = sources
  }

  load(path: string): Program {
    const program = this.sources.load(path)
    if (program === undefined) throw new TemplateMissing(path)
    return program
  }

  /** Runs a part in another template. */
  within<A>(path: string, run: () => A): A {
    if (this.#open.includes(path))
      throw limitExceeded(`templates use one another in a circle: ${[...this.#open, path].join(" → ")}`)
    if (this.#open.length > MAX_DEPTH)
      throw limitExceeded(`templates use one another more than ${MAX_DEPTH} levels deep`)
    this.#open.push(path)
    const result = run()
    this.#open.pop()
    return result
  }

  /** Runs a macro or the body of a recursive loop. */
  calling<A>(run: () => A): A {
    if (++this.#calls > MAX_CALLS) throw limitExceeded(`calls are nested more than ${MAX_CALLS} levels deep`)
    const result = run()
    this.#calls--
    return result
  }

  /** Counts one round of a loop. */
  step(): void {
    if (++this.#steps > MAX_STEPS) throw limitExceeded(`loops of more than ${MAX_STEPS} rounds in all`)
  }
}
