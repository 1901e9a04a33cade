import { parentPort, workerData } from "node:worker_threads"
import { Inbox, type Message } from "./Message.ts"
import { Programs } from "./Programs.ts"
import { perform } from "./perform.ts"
import type { Answer } from "./Task.ts"

/** What the thread says first: everything is loaded. */
export const READY = "ready"

/** How many answers go back together: each message wakes the other thread. */
const TOGETHER = 64

/** An answer on its way: a text goes as such. */
export type Reply = string | Exclude<Answer, { readonly _tag: "Text" }>

/** What the thread is started with: it counts there what it has performed, answered or not. */
export interface Start {
  readonly performed: Int32Array<SharedArrayBuffer>
}

/** The other end of `Thread`: performs tasks in the order in which they come. */
const serve = ({ performed }: Start, post: (answers: ReadonlyArray<Reply> | typeof READY) => void) => {
  const inbox = new Inbox()
  const programs = new Programs()
  post(READY)
  return (message: Message): void => {
    let answers: Array<Reply> = []
    for (const task of inbox.tasks(message)) {
      const answer = perform(task, programs)
      answers.push(answer._tag === "Text" ? answer.text : answer)
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
