import type { Source } from "./Programs.ts"
import type { Task } from "./Task.ts"

/** How many templates the other side keeps before it is told to forget them all. */
const KEPT_TEMPLATES = 1024

/**
 * Tasks on their way to another thread. Each template goes there once and is a number from then on. What tasks share,
 * a context or a library, they share in the message as well: it is copied once.
 */
export interface Message {
  /** Forget the templates sent before. */
  readonly afresh: boolean
  readonly templates: ReadonlyArray<readonly [number: number, source: Source]>
  readonly tasks: ReadonlyArray<Sent>
}

/** Templates as their numbers. */
interface Sent extends Omit<Task, "template" | "library"> {
  readonly template: number
  readonly library: ReadonlyMap<string, number>
}

/** Writes messages to one thread, and knows which templates it has. */
export class Outbox {
  #numbers = new Map<Source, number>()

  message(tasks: ReadonlyArray<Task>): Message {
    const libraries = new Map<ReadonlyMap<string, Source>, ReadonlyMap<string, number>>()
    const fresh: Array<readonly [number, Source]> = []
    const afresh = this.#numbers.size > KEPT_TEMPLATES
    if (afresh) this.#numbers = new Map()
    const numberOf = (template: Source): number => {
      const known = this.#numbers.get(template)
      if (known !== undefined) return known
      const number = this.#numbers.size
      this.#numbers.set(template, number)
      fresh.push([number, { source: template.source, options: template.options }])
      return number
    }
    const libraryOf = (library: ReadonlyMap<string, Source>): ReadonlyMap<string, number> => {
      const known = libraries.get(library)
      if (known !== undefined) return known
      const numbers = new Map([...library].map(([path, template]) => [path, numberOf(template)]))
      libraries.set(library, numbers)
      return numbers
    }
    const sent = tasks.map((task) => ({
      ...task,
      template: numberOf(task.template),
      library: libraryOf(task.library)
    }))
    return { afresh, templates: fresh, tasks: sent }
  }
}

/** Reads the messages of one outbox. */
export class Inbox {
  #templates = new Map<number, Source>()

  tasks({ afresh, templates, tasks }: Message): ReadonlyArray<Task> {
    if (afresh) this.#templates = new Map()
    for (const [number, source] of templates) this.#templates.set(number, source)
    const libraries = new Map<ReadonlyMap<string, number>, ReadonlyMap<string, Source>>()
    return tasks.map((task) => {
      const library = libraries.get(task.library) ?? this.#library(task.library)
      libraries.set(task.library, library)
      return { ...task, template: this.#template(task.template), library }
    })
  }

  #library(numbers: ReadonlyMap<string, number>): ReadonlyMap<string, Source> {
    return new Map([...numbers].map(([path, number]) => [path, this.#template(number)]))
  }

  #template(number: number): Source {
    const known = this.#templates.get(number)
    if (known === undefined) throw new Error(`template ${number} was not sent`)
    return known
  }
}
