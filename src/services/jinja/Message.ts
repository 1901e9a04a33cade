import type { Source } from "./Programs.ts"
import type { Given, Task } from "./Task.ts"

/** How many things of a kind the other side keeps before it is told to forget them all. */
const KEPT = 512

/**
 * Tasks on their way to another thread. What many tasks share, templates, libraries and contexts, goes there once and is
 * a number from then on.
 */
export interface Message {
  /** Forget what was sent before. */
  readonly afresh: boolean
  readonly templates: ReadonlyArray<Source>
  /** By path, the numbers of templates. */
  readonly libraries: ReadonlyArray<ReadonlyMap<string, number>>
  readonly contexts: ReadonlyArray<Given>
  readonly tasks: ReadonlyArray<Sent>
}

interface Sent extends Omit<Task, "template" | "library" | "context"> {
  readonly template: number
  readonly library: number
  readonly context: number
}

/** Things that have been sent, by their identity, and those that have still to be. */
class Numbers<A extends object, B> {
  readonly #known = new Map<A, number>()
  readonly #written: (thing: A) => B
  #fresh: Array<B> = []

  constructor(written: (thing: A) => B) {
    this.#written = written
  }

  get size(): number {
    return this.#known.size
  }

  of(thing: A): number {
    const known = this.#known.get(thing)
    if (known !== undefined) return known
    const written = this.#written(thing)
    const number = this.#known.size
    this.#known.set(thing, number)
    this.#fresh.push(written)
    return number
  }

  take(): ReadonlyArray<B> {
    const taken = this.#fresh
    this.#fresh = []
    return taken
  }

  clear(): void {
    this.#known.clear()
  }
}

/** Writes messages to one thread, and knows what it has. */
export class Outbox {
  readonly #templates = new Numbers<Source, Source>(({ source, options }) => ({ source, options }))
  readonly #libraries = new Numbers<ReadonlyMap<string, Source>, ReadonlyMap<string, number>>(
    (library) => new Map([...library].map(([path, template]) => [path, this.#templates.of(template)]))
  )
  readonly #contexts = new Numbers<Given, Given>(({ values, unavailable }) => ({ values, unavailable }))

  message(tasks: ReadonlyArray<Task>): Message {
    const all = [this.#templates, this.#libraries, this.#contexts]
    const afresh = all.some(({ size }) => size > KEPT)
    if (afresh) for (const numbers of all) numbers.clear()
    const sent = tasks.map(({ template, library, context, ...task }) => ({
      ...task,
      template: this.#templates.of(template),
      library: this.#libraries.of(library),
      context: this.#contexts.of(context)
    }))
    return {
      afresh,
      templates: this.#templates.take(),
      libraries: this.#libraries.take(),
      contexts: this.#contexts.take(),
      tasks: sent
    }
  }
}

/** Reads the messages of one outbox. */
export class Inbox {
  readonly #templates: Array<Source> = []
  readonly #libraries: Array<ReadonlyMap<string, Source>> = []
  readonly #contexts: Array<Given> = []

  tasks({ afresh, templates, libraries, contexts, tasks }: Message): ReadonlyArray<Task> {
    if (afresh) for (const kept of [this.#templates, this.#libraries, this.#contexts]) kept.length = 0
    this.#templates.push(...templates)
    for (const library of libraries) {
      this.#libraries.push(new Map([...library].map(([path, number]) => [path, sentBefore(this.#templates, number)])))
    }
    this.#contexts.push(...contexts)
    return tasks.map((task) => ({
      ...task,
      template: sentBefore(this.#templates, task.template),
      library: sentBefore(this.#libraries, task.library),
      context: sentBefore(this.#contexts, task.context)
    }))
  }
}

const sentBefore = <A>(kept: ReadonlyArray<A>, number: number): A => {
  const found = kept[number]
  if (found === undefined) throw new Error(`number ${number} was not sent`)
  return found
}
