import { Effect } from "effect"
import { Command } from "effect/cli"
import { launch } from "./launch.ts"
import { flags } from "./options.ts"
import { renderCommand } from "./renderCommand.ts"
import { KubeClient } from "./services/kube/Client.ts"
import { program } from "./streams/program.ts"
import { wire } from "./wire.ts"

launch(
  Command.make("vcenter-operator", flags, (options) =>
    Effect.provide(program(options), wire(options, KubeClient.layer({ readOnly: options.dryRun })))
  ).pipe(
    Command.withDescription(
      "Keeps OpenStack's vSphere-facing agents on Kubernetes in step with the vCenters that exist"
    ),
    Command.withSubcommands([renderCommand])
  )
)
