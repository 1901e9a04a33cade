import { parentPort, workerData } from "node:worker_threads"
import { Inbox, type Message } from "./Message.ts"
import { Programs } from "./Programs.ts"
import { perform } from "./perform.ts"
import type { Answer } from "./Task.ts"

/** What the thread says first: everything is loaded. */
export const READY = "ready"

/** How many answers go back together: each message wakes the other thread. */
const TOGETHER = 64

/** What the thread is started with: it counts there what it has performed, answered or not. */
export interface Start {
  readonly performed: Int32Array<SharedArrayBuffer>
}

/** The other end of `Thread`: performs tasks in the order in which they come. */
const serve = ({ performed }: Start, post: (answers: ReadonlyArray<Answer> | typeof READY) => void) => {
  const inbox = new Inbox()
  const programs = new Programs()
  post(READY)
  return (message: Message): void => {
    let answers: Array<Answer> = []
    for (const task of inbox.tasks(message)) {
      answers.push(perform(task, programs))
      Atomics.add(performed, 0, 1)
      if (answers.length === TOGETHER) {
        post(answers)
        answers = []
      }
    }
    if (answers.length > 0) post(answers)
  }
}

parentPort?.on(
  "message",
  serve(workerData, (answers) => parentPort?.postMessage(answers))
)
