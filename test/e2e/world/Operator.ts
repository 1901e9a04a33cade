import { join, resolve } from "node:path"
import { Clock, Effect, Option, Ref, type Scope } from "effect"
import { type Ended, Processes, type Running } from "./Processes.ts"

const ROOT = resolve(import.meta.dirname, "../../..")
/** The Node that the project pins, not the machine's. */
const NODE = join(ROOT, "node_modules/.bin/node")

/** An operator under test: the real program in a process of its own. */
export interface Operator {
  readonly pid: number
  /** What it has printed so far. */
  readonly out: Effect.Effect<string>
  readonly err: Effect.Effect<string>
  readonly kill: Effect.Effect<Ended>
  /** Nothing of it runs until `resume`, as on a machine that hangs. */
  readonly pause: Effect.Effect<void>
  readonly resume: Effect.Effect<void>
  /** SIGTERM; gives how it ended and after how many milliseconds. */
  readonly terminate: Effect.Effect<Ended & { readonly took: number }>
  readonly ended: Effect.Effect<Ended>
  readonly hasEnded: Effect.Effect<boolean>
}

/** A way to start operators with the given environment. Each has log files of its own: `operator-1.out.log` … */
export const launcher = Effect.fnUntraced(function* (env: Readonly<Record<string, string>>) {
  const processes = yield* Processes
  const count = yield* Ref.make(0)
  return Effect.fn("Operator.start")(function* (
    args: ReadonlyArray<string>,
    more: Readonly<Record<string, string>> = {}
  ) {
    const number = yield* Ref.updateAndGet(count, (n) => n + 1)
    const running = yield* processes.start({
      name: `operator-${number}`,
      command: NODE,
      args: [join(ROOT, "src/main.ts"), ...args],
      env: { ...env, ...more }
    })
    return operator(running)
  })
})

export type Launch = (
  args: ReadonlyArray<string>,
  more?: Readonly<Record<string, string>>
) => Effect.Effect<Operator, never, Scope.Scope>

const operator = ({ pid, out, err, signal, ended, endedAlready }: Running): Operator => ({
  pid,
  out,
  err,
  kill: Effect.andThen(signal("SIGKILL"), ended),
  pause: signal("SIGSTOP"),
  resume: signal("SIGCONT"),
  terminate: Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    yield* signal("SIGTERM")
    const end = yield* ended
    return { ...end, took: (yield* Clock.currentTimeMillis) - before }
  }),
  ended,
  hasEnded: Effect.map(endedAlready, Option.isSome)
})
