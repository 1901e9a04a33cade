import { Duration, Effect } from "effect"
import { type Change, objectUpdate, updateSet } from "./Answer.ts"
import { type Fault, fault } from "./Fault.ts"
import { evaluate, type FilterSpec, type Seen, type World } from "./FilterSpec.ts"
import type { Element } from "./Xml.ts"

interface Filter {
  readonly spec: FilterSpec
  /** What the client has been told. */
  told: ReadonlyMap<string, Seen>
}

type Wait = (outcome: Effect.Effect<Element | undefined, Fault>) => void

/**
 * A property collector: versions, pages and waits as vCenter has them. A wait that its client has given up goes on: it
 * takes the next change, which nobody sees, unless CancelWaitForUpdates ends it.
 */
export class Collector {
  readonly #world: World
  readonly #pageSize: () => number
  readonly #filters = new Map<string, Filter>()
  readonly #waits = new Set<Wait>()
  readonly #stop: () => void
  #versions = new Set<string>()
  #version = 0
  #pages: Array<ReadonlyArray<Change>> = []

  constructor(world: World, pageSize: () => number) {
    this.#world = world
    this.#pageSize = pageSize
    this.#stop = world.objects.onChange(() => this.#tell())
  }

  addFilter(ref: string, spec: FilterSpec): void {
    this.#filters.set(ref, { spec, told: new Map() })
  }

  /** `false` when there is no such filter. */
  removeFilter(ref: string): boolean {
    return this.#filters.delete(ref)
  }

  /** No version given out so far is known any more. */
  forgetVersions(): void {
    this.#versions = new Set()
    this.end(fault("InvalidCollectorVersion"))
  }

  /** Ends all waits, those included that nobody waits for. */
  end(reason: Fault): void {
    for (const wait of [...this.#waits]) this.#finish(wait, Effect.fail(reason))
  }

  destroy(reason: Fault): void {
    this.#stop()
    this.end(reason)
  }

  /** A page of the changes after a version, as soon as there is one; nothing when there is none within `seconds`. */
  wait(version: string, seconds: number | undefined): Effect.Effect<Element | undefined, Fault> {
    return Effect.suspend(() => {
      if (version === "") {
        for (const filter of this.#filters.values()) filter.told = new Map()
        this.#pages = []
      } else if (!this.#versions.has(version)) return Effect.fail(fault("InvalidCollectorVersion"))
      const page = this.#nextPage()
      if (page !== undefined) return Effect.succeed(page)
      let wait: Wait = () => {}
      const change = Effect.callback<Element | undefined, Fault>((resume) => {
        wait = resume
        this.#waits.add(wait)
      })
      if (seconds === undefined) return change
      return Effect.timeoutOrElse(change, {
        duration: Duration.seconds(seconds),
        orElse: () => Effect.sync(() => void this.#waits.delete(wait)).pipe(Effect.as(undefined))
      })
    })
  }

  #tell(): void {
    for (const wait of [...this.#waits]) {
      const page = this.#nextPage()
      if (page === undefined) return
      this.#finish(wait, Effect.succeed(page))
    }
  }

  #finish(wait: Wait, outcome: Effect.Effect<Element | undefined, Fault>): void {
    this.#waits.delete(wait)
    wait(outcome)
  }

  #nextPage(): Element | undefined {
    if (this.#pages.length === 0) {
      const changes = [...this.#filters].flatMap(([ref, filter]) => this.#changes(ref, filter))
      const size = this.#pageSize()
      for (let at = 0; at < changes.length; at += size) this.#pages.push(changes.slice(at, at + size))
    }
    const page = this.#pages.shift()
    if (page === undefined) return undefined
    const version = `${++this.#version}`
    this.#versions.add(version)
    return updateSet(version, page, this.#pages.length > 0)
  }

  #changes(ref: string, filter: Filter): ReadonlyArray<Change> {
    const { told } = filter
    const seen = evaluate(filter.spec, this.#world)
    filter.told = seen
    const { objects } = this.#world
    const gone = [...told].filter(([object]) => !seen.has(object))
    return [
      ...gone.map(([object, { type }]) => objectUpdate("leave", object, type, NOTHING, objects)),
      ...[...seen].flatMap(([object, now]) => {
        const before = told.get(object)
        if (before === undefined) return [objectUpdate("enter", object, now.type, now, objects)]
        const change = differences(before, now)
        const none = change.values.size + change.missing.size === 0
        return none ? [] : [objectUpdate("modify", object, now.type, change, objects)]
      })
    ].map((update) => ({ filter: ref, update }))
  }
}

const NOTHING: Pick<Seen, "values" | "missing"> = { values: new Map(), missing: new Set() }

const differences = (before: Seen, now: Seen): Pick<Seen, "values" | "missing"> => ({
  values: new Map(
    [...now.values].filter(
      ([path, value]) => before.missing.has(path) || JSON.stringify(value) !== JSON.stringify(before.values.get(path))
    )
  ),
  missing: new Set([...now.missing].filter((path) => !before.missing.has(path)))
})
