import { Worker } from "node:worker_threads"
import { Outbox } from "./Message.ts"
import { Suspects } from "./Suspects.ts"
import type { Answer, Problem, Task } from "./Task.ts"
import type { READY, Reply, Start } from "./worker.ts"

/** What the thread may use. */
export interface ThreadLimits {
  /** How long one task may take, in milliseconds. */
  readonly deadline: number
  /** How large its heap may grow, in MiB. */
  readonly memory: number
  /** After how many milliseconds without work it is ended, to be started again with the next task. */
  readonly idle: number
}

export const LIMITS: ThreadLimits = { deadline: 2000, memory: 192, idle: 30_000 }

/** How many tasks are on their way at a time: enough that the thread never waits for this one. */
const SENT_AT_MOST = 256

/** How often within a deadline the thread is looked at: it may take longer by one part of so many. */
const CHECKS = 8

/** A task, and who waits for its answer. */
interface Order {
  readonly task: Task
  readonly settle: (answer: Answer) => void
  readonly die: (error: unknown) => void
}

/**
 * Performs tasks in a thread of its own, so that no template can hold up this one. The limits that are counted while
 * a template renders come first, and always give the same error; this is what holds when they do not.
 *
 *   what happens                       | the task under way    | those behind it  | thread
 *   -----------------------------------+-----------------------+------------------+---------------------
 *   an answer                          | has it                | go on            | goes on
 *   no answer for `deadline`           | fails with a limit    | are sent again   | ended and started anew
 *   the heap is full                   | fails with a limit    | are sent again   | started anew
 *   the thread ends by an error        | fails with the error  | are sent again   | started anew
 *   it ends before it is ready         | dies: a broken installation, as do those behind it
 *   no task for `idle`                 | –                     | –                | ended
 *
 * The deadlines are real time, whatever clock the tests set: the thread knows no other.
 */
export class Thread {
  readonly #limits: ThreadLimits
  readonly #waiting: Array<Order> = []
  /** Sent and not answered, in the order in which the answers will come. */
  readonly #sent: Array<Order> = []
  readonly #suspects = new Suspects()
  #worker: Worker | undefined
  #outbox = new Outbox()
  #isReady = false
  #willSend = false
  /** How many tasks the thread has performed, and how many of them it has answered. */
  #performed = new Int32Array(new SharedArrayBuffer(4))
  #answered = 0
  #timer: NodeJS.Timeout | undefined

  constructor(limits: ThreadLimits = LIMITS) {
    this.#limits = limits
  }

  /**
   * @param settle called once, with the answer
   * @param die called instead when there can be no answer
   * @returns gives the task up: it is not begun any more, and its answer is dropped
   */
  submit(task: Task, settle: Order["settle"], die: Order["die"]): () => void {
    const suspicion = this.#suspects.suspicion(task.template)
    if (suspicion !== undefined) {
      settle(failed(task, suspicion))
      return () => {}
    }
    let given = true
    const order: Order = {
      task,
      settle: (answer) => given && settle(answer),
      die: (error) => given && die(error)
    }
    this.#waiting.push(order)
    // What is submitted together is sent together.
    if (!this.#willSend) setImmediate(() => this.#send())
    this.#willSend = true
    return () => {
      given = false
      const at = this.#waiting.indexOf(order)
      if (at !== -1) this.#waiting.splice(at, 1)
    }
  }

  /** Ends the thread. What is not answered yet never will be. */
  async end(): Promise<void> {
    this.#waiting.length = 0
    this.#sent.length = 0
    await this.#leave()
  }

  #send(): void {
    this.#willSend = false
    if (this.#waiting.length === 0 || this.#sent.length > SENT_AT_MOST / 2) return
    const worker = this.#worker ?? this.#start()
    if (!this.#isReady) return
    const orders = this.#waiting.splice(0, SENT_AT_MOST - this.#sent.length)
    if (this.#sent.length === 0) {
      worker.ref()
      this.#watch(this.#limits.deadline / CHECKS, 0)
    }
    this.#sent.push(...orders)
    worker.postMessage(this.#outbox.message(orders.map(({ task }) => task)))
  }

  #start(): Worker {
    const performed = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      name: "renderer",
      workerData: { performed } satisfies Start,
      // It needs nothing of the environment.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memory, maxYoungGenerationSizeMb: 8 }
    })
    let error: unknown
    this.#worker = worker
    this.#outbox = new Outbox()
    this.#performed = performed
    this.#answered = 0
    worker.on("message", (answers: ReadonlyArray<Reply> | typeof READY) => this.#hear(answers))
    worker.on("error", (reason) => {
      error = reason
    })
    // Its last messages have been heard before.
    worker.on("exit", () => this.#worker === worker && this.#fallen(error))
    return worker
  }

  #hear(answers: ReadonlyArray<Reply> | typeof READY): void {
    if (typeof answers === "string") this.#isReady = true
    else {
      this.#answered += answers.length
      const orders = this.#sent.splice(0, answers.length)
      for (const [at, reply] of answers.entries()) {
        orders[at]?.settle(typeof reply === "string" ? { _tag: "Text", text: reply } : reply)
      }
    }
    this.#send()
    if (this.#sent.length === 0) this.#rest()
  }

  /** Ends the thread when it performs nothing for the deadline, looked at several times in it. */
  #watch(interval: number, idle: number): void {
    const before = Atomics.load(this.#performed, 0)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const stands = Atomics.load(this.#performed, 0) === before ? idle + 1 : 0
      if (stands < CHECKS) this.#watch(interval, stands)
      else this.#stop(`takes longer than ${this.#limits.deadline} ms`)
    }, interval)
  }

  #rest(): void {
    clearTimeout(this.#timer)
    this.#worker?.unref()
    this.#timer = setTimeout(() => void this.#leave(), this.#limits.idle).unref()
  }

  /** The thread has ended by itself. */
  #fallen(error: unknown): void {
    if (!this.#isReady) {
      void this.#leave()
      for (const { die } of this.#waiting.splice(0)) die(error ?? new Error("the rendering thread ended at its start"))
    } else if (isOutOfMemory(error)) this.#stop(`needs more than ${this.#limits.memory} MiB`)
    else this.#stop(`made the renderer fail: ${error instanceof Error ? error.message : "no reason given"}`)
  }

  /** Ends the thread, and with it the task under way. What was performed and not answered is performed again. */
  #stop(why: string): void {
    const orders = this.#sent.splice(0)
    const [guilty] = orders.splice(Atomics.load(this.#performed, 0) - this.#answered, 1)
    this.#waiting.unshift(...orders)
    void this.#leave()
    if (guilty !== undefined) {
      this.#suspects.note(guilty.task.template, why)
      guilty.settle(failed(guilty.task, why))
    }
    this.#refuseSuspects()
    this.#send()
  }

  /** What waits behind a template that has become a suspect must not wait for its deadline once more each. */
  #refuseSuspects(): void {
    for (const order of this.#waiting.splice(0)) {
      const suspicion = this.#suspects.suspicion(order.task.template)
      if (suspicion === undefined) this.#waiting.push(order)
      else order.settle(failed(order.task, suspicion))
    }
  }

  async #leave(): Promise<void> {
    const worker = this.#worker
    clearTimeout(this.#timer)
    this.#worker = undefined
    this.#isReady = false
    await worker?.terminate()
  }
}

const failed = ({ path }: Task, why: string): Answer => {
  const problem: Problem = { kind: "limit", template: path, detail: `the rendering ${why}` }
  return { _tag: "Failed", problem }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY"
