import type { Source } from "./Programs.ts"
import type { Given, Lacking } from "./Task.ts"

/** How many vCenters are remembered for one template. */
const KEPT = 256

/**
 * Which passwords a template asked for when it was rendered for a vCenter: the next rendering is given them at once, and
 * need not be done twice.
 */
export class Asked {
  readonly #byTemplate = new WeakMap<Source, Map<unknown, ReadonlyArray<Lacking>>>()

  of(template: Source, { values }: Given): ReadonlyArray<Lacking> {
    return this.#byTemplate.get(template)?.get(values.get("host")) ?? []
  }

  note(template: Source, { values }: Given, lacking: ReadonlyArray<Lacking>): void {
    const known = this.#byTemplate.get(template)
    const byHost = known === undefined || known.size > KEPT ? new Map() : known
    this.#byTemplate.set(template, byHost.set(values.get("host"), lacking))
  }
}
