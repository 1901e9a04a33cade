import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Effect, Exit, Logger } from "effect"
import { Command } from "effect/cli"
import manifest from "../package.json" with { type: "json" }
import { endWithReader } from "./endWithReader.ts"
import { flags } from "./options.ts"
import { KubeClient } from "./services/kube/Client.ts"
import { program } from "./streams/program.ts"
import { wire } from "./wire.ts"

const command = Command.make("vcenter-operator", flags, (options) =>
  Effect.provide(program(options), wire(options, KubeClient.layer({ readOnly: options.dryRun })))
).pipe(
  Command.withDescription("Keeps OpenStack's vSphere-facing agents on Kubernetes in step with the vCenters that exist")
)

// The standard output is for happenings; what else there is to log goes to the standard error.
const logger = Logger.layer([Logger.withConsoleError(Logger.formatJson)])

endWithReader()
command.pipe(
  Command.run({ version: manifest.version }),
  Effect.provide(logger),
  Effect.provide(NodeServices.layer),
  (main) =>
    NodeRuntime.runMain(main, {
      // SIGTERM is the normal end of a pod: not an error.
      teardown: (exit, done) => done(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)
    })
)
