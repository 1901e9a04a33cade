import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Context, Deferred, Effect, Exit, Layer, Option, type Scope } from "effect"

/** A program to start; `name` names its log files. */
export interface Program {
  readonly name: string
  readonly command: string
  readonly args: ReadonlyArray<string>
  /** Its whole environment but for the PATH: nothing of the machine's own settings gets in. */
  readonly env?: Readonly<Record<string, string>>
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
}

/** A process that was started. It is killed when its scope ends, and waited for: its ports are free then. */
export interface Running {
  readonly pid: number
  /** What it has written so far. */
  readonly out: Effect.Effect<string>
  readonly err: Effect.Effect<string>
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly ended: Effect.Effect<Ended>
  readonly endedAlready: Effect.Effect<Option.Option<Ended>>
  /** Waits for something that a server does; its end in between is a defect that shows what it wrote. */
  readonly during: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

export class Processes extends Context.Service<
  Processes,
  {
    /** What the processes write for people to read. */
    readonly logs: string
    /** For files that are gone with the processes. */
    readonly folder: string
    readonly start: (program: Program) => Effect.Effect<Running, never, Scope.Scope>
    /** Runs a program to its end; a failure is a defect that shows what it wrote. Gives its standard output. */
    readonly run: (command: string, args: ReadonlyArray<string>, input?: string) => Effect.Effect<string>
  }
>()("test/e2e/Processes") {
  static readonly layer = (logs: string) =>
    Layer.effect(
      Processes,
      Effect.gen(function* () {
        const folder = mkdtempSync(join(tmpdir(), "vcenter-operator-e2e-"))
        const reaper = yield* startReaper(folder)
        return Processes.of({
          logs,
          folder,
          start: (program) => Effect.map(start(program, logs, reaper), ({ running }) => running),
          run
        })
      })
    )
}

/** Told of every process, so that none outlives the tests, however those end. */
type Reaper = (line: string) => void

/**
 * Kills, when its standard input ends, the process groups that it knows, and removes their folder: also after Ctrl-C or
 * a kill -9 of the tests, when nothing of theirs can run any more.
 */
const REAPER = `
groups=" "
while read -r change group; do
  case $change in
    add) groups="$groups$group " ;;
    drop) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null && sleep 0.1; done
rm -rf "$1"
`

const startReaper = Effect.fnUntraced(function* (folder: string) {
  const child = spawn("sh", ["-c", REAPER, "reaper", folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] })
  yield* Effect.addFinalizer(() => Effect.sync(() => child.stdin.end()))
  const tell: Reaper = (line) => child.stdin.write(`${line}\n`)
  return tell
})

const start = Effect.fnUntraced(function* ({ name, command, args, env }: Program, logs: string, reaper: Reaper) {
  const files = { out: join(logs, `${name}.out.log`), err: join(logs, `${name}.err.log`) }
  const ended = yield* Deferred.make<Ended>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawnInto(files, command, args, env)),
    (child) =>
      Effect.gen(function* () {
        signalGroup(child, "SIGKILL")
        yield* Deferred.await(ended)
        reaper(`drop ${child.pid}`)
      })
  )
  const failed = (error: Error) => Deferred.doneUnsafe(ended, Exit.die(error))
  child.once("error", failed)
  child.once("exit", (code, signal) => Deferred.doneUnsafe(ended, Exit.succeed({ code, signal })))
  if (child.pid !== undefined) reaper(`add ${child.pid}`)
  const err = Effect.sync(() => readFileSync(files.err, "utf8"))
  const fallen = Effect.flatMap(Deferred.await(ended), ({ code, signal }) =>
    Effect.flatMap(err, (text) => Effect.die(new Error(`${name} ended (${code ?? signal}):\n${text.slice(-2000)}`)))
  )
  const running: Running = {
    pid: child.pid ?? 0,
    out: Effect.sync(() => readFileSync(files.out, "utf8")),
    err,
    during: (effect) => Effect.raceFirst(effect, fallen),
    signal: (signal) => Effect.sync(() => signalGroup(child, signal)),
    ended: Deferred.await(ended),
    endedAlready: Effect.flatMap(Deferred.poll(ended), (done) =>
      Option.isNone(done) ? Effect.succeed(Option.none()) : Effect.map(done.value, Option.some)
    )
  }
  return { running }
})

const spawnInto = (
  files: { readonly out: string; readonly err: string },
  command: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> | undefined
): ChildProcess => {
  const [out, err] = [openSync(files.out, "w"), openSync(files.err, "w")]
  // A process group of its own: Ctrl-C in a terminal reaches the tests alone, which end the others in order.
  const options = { detached: true, env: { PATH: process.env.PATH, ...env } }
  const child = spawn(command, args, { ...options, stdio: ["ignore", out, err] })
  closeSync(out)
  closeSync(err)
  return child
}

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, signal)
}

const run = (command: string, args: ReadonlyArray<string>, input?: string): Effect.Effect<string> =>
  Effect.callback((resume) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] })
    const [out, err]: [Array<Buffer>, Array<Buffer>] = [[], []]
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk))
    child.once("error", (error) => resume(Effect.die(error)))
    child.once("close", (code) => {
      const text = Buffer.concat(out).toString()
      const failure = `${command} ${args.join(" ")} ended with ${code}:\n${text}${Buffer.concat(err).toString()}`
      resume(code === 0 ? Effect.succeed(text) : Effect.die(new Error(failure)))
    })
    // A program that does not read may have closed its end already.
    child.stdin.on("error", () => undefined)
    child.stdin.end(input ?? "")
    return Effect.sync(() => child.kill("SIGKILL"))
  })
