import type { Source } from "./Programs.ts"

/** How often a template may be ended by force before it is not tried any more. */
export const MAX_STOPS = 3

/** How long an end by force is remembered, in milliseconds. */
const REMEMBERED = 60_000

/**
 * Templates that had to be ended by force. A template is rendered for every cluster: if each took its whole deadline,
 * the others would wait for minutes. So one that was ended three times fails at once, until a minute has passed.
 */
export class Suspects {
  readonly #stops = new Map<Source, { count: number; why: string }>()

  /** Why a template is not to be tried now; undefined when it may be. */
  suspicion(template: Source): string | undefined {
    const stops = this.#stops.get(template)
    if (stops === undefined || stops.count < MAX_STOPS) return undefined
    return `${stops.why}; it was ended ${MAX_STOPS} times and is tried again in a minute`
  }

  note(template: Source, why: string): void {
    const stops = this.#stops.get(template) ?? { count: 0, why }
    this.#stops.set(template, { count: stops.count + 1, why })
    setTimeout(() => this.#forget(template), REMEMBERED).unref()
  }

  #forget(template: Source): void {
    const stops = this.#stops.get(template)
    if (stops === undefined || stops.count === 1) this.#stops.delete(template)
    else this.#stops.set(template, { ...stops, count: stops.count - 1 })
  }
}
