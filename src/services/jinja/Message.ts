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
  readonly paths: ReadonlyArray<string>
  /** Five numbers for each task: what it is made of, and what it wants. Objects would cost more than their contents. */
  readonly tasks: ReadonlyArray<number>
  /** The passwords of the tasks that have any, by the task's place. */
  readonly passwords: ReadonlyMap<number, ReadonlyMap<string, string>>
}

/** How many numbers a task is. */
const WIDTH = 5
const STRICT = 1
const DOCUMENTS = 2

/** Things that have been sent, by their identity, and those that have still to be. */
class Numbers<A, B> {
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
  readonly #paths = new Numbers<string, string>((path) => path)

  message(tasks: ReadonlyArray<Task>): Message {
    const all = [this.#templates, this.#libraries, this.#contexts, this.#paths]
    const afresh = all.some(({ size }) => size > KEPT)
    if (afresh) for (const numbers of all) numbers.clear()
    const numbers: Array<number> = []
    const passwords = new Map<number, ReadonlyMap<string, string>>()
    for (const [at, task] of tasks.entries()) {
      const wants = (task.strict ? STRICT : 0) + (task.wants === "documents" ? DOCUMENTS : 0)
      numbers.push(this.#templates.of(task.template), this.#libraries.of(task.library))
      numbers.push(this.#contexts.of(task.context), this.#paths.of(task.path), wants)
      if (task.passwords.size > 0) passwords.set(at, task.passwords)
    }
    return {
      afresh,
      templates: this.#templates.take(),
      libraries: this.#libraries.take(),
      contexts: this.#contexts.take(),
      paths: this.#paths.take(),
      tasks: numbers,
      passwords
    }
  }
}

/** Reads the messages of one outbox. */
export class Inbox {
  readonly #templates: Array<Source> = []
  readonly #libraries: Array<ReadonlyMap<string, Source>> = []
  readonly #contexts: Array<Given> = []
  readonly #paths: Array<string> = []

  tasks({ afresh, templates, libraries, contexts, paths, tasks, passwords }: Message): ReadonlyArray<Task> {
    if (afresh) for (const kept of [this.#templates, this.#libraries, this.#contexts, this.#paths]) kept.length = 0
    this.#templates.push(...templates)
    for (const library of libraries) {
      this.#libraries.push(new Map([...library].map(([path, number]) => [path, sentBefore(this.#templates, number)])))
    }
    this.#contexts.push(...contexts)
    this.#paths.push(...paths)
    const all: Array<Task> = []
    for (let at = 0; at * WIDTH < tasks.length; at++) {
      const [template = 0, library = 0, context = 0, path = 0, wants = 0] = tasks.slice(at * WIDTH, (at + 1) * WIDTH)
      all.push({
        path: sentBefore(this.#paths, path),
        template: sentBefore(this.#templates, template),
        library: sentBefore(this.#libraries, library),
        context: sentBefore(this.#contexts, context),
        passwords: passwords.get(at) ?? NONE,
        strict: (wants & STRICT) > 0,
        wants: (wants & DOCUMENTS) > 0 ? "documents" : "text"
      })
    }
    return all
  }
}

const NONE: ReadonlyMap<string, string> = new Map()

const sentBefore = <A>(kept: ReadonlyArray<A>, number: number): A => {
  const found = kept[number]
  if (found === undefined) throw new Error(`number ${number} was not sent`)
  return found
}
