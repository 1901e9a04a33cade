import { parentPort } from "node:worker_threads"
import { Inbox, type Message } from "./Message.ts"
import { Programs } from "./Programs.ts"
import { perform } from "./perform.ts"
import type { Answer } from "./Task.ts"

/** What the thread says first: everything is loaded. */
export const READY = "ready"

/** The other end of `Thread`: performs tasks in the order in which they come, and answers each as soon as it is done. */
const serve = (answer: (answer: Answer | typeof READY) => void): ((message: Message) => void) => {
  const inbox = new Inbox()
  const programs = new Programs()
  answer(READY)
  return (message) => {
    for (const task of inbox.tasks(message)) answer(perform(task, programs))
  }
}

parentPort?.on(
  "message",
  serve((answer) => parentPort?.postMessage(answer))
)
