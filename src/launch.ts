import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Exit, Logger, Predicate, Runtime } from "effect"
import { Command } from "effect/cli"
import manifest from "../package.json" with { type: "json" }

// The standard output is for happenings; what else there is to log goes to the standard error, one line each.
const logger = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])

// A failure is somebody's to mend: what and where, on one line. A defect is ours, with its trace.
const report = (cause: Cause.Cause<unknown>) => {
  const error = Cause.squash(cause)
  if (Cause.hasInterruptsOnly(cause) || !Runtime.getErrorReported(error)) return Effect.void
  return Cause.hasDies(cause) || !Predicate.isError(error)
    ? Effect.logError(cause)
    : Console.error(`failed: ${error.message}`)
}

/**
 * Runs a command as this process. SIGTERM is the normal end of a pod, so it exits with 0; a reader of the output that
 * has gone (`… | head`) ends it in the same order: sessions are logged out, and what is under way is recorded.
 */
export const launch = <Name extends string, Input, Context, E>(
  command: Command.Command<Name, Input, Context, E, NodeServices.NodeServices>
): void => {
  let unread = false
  process.stdout.on("error", () => {
    if (!unread) process.kill(process.pid, "SIGTERM")
    unread = true
  })
  command.pipe(
    Command.run({ version: manifest.version }),
    Effect.tapCause(report),
    Effect.provide(logger),
    Effect.provide(NodeServices.layer),
    (main) =>
      NodeRuntime.runMain(main, {
        disableErrorReporting: true,
        teardown: (exit, done) => done(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)
      })
  )
}
