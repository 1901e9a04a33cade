import { Layer } from "effect"
import type { Options } from "./options.ts"
import { Applier } from "./services/Applier.ts"
import { ClusterFacts } from "./services/ClusterFacts.ts"
import { DigestKey } from "./services/DigestKey.ts"
import { Dns } from "./services/Dns.ts"
import { Events } from "./services/Events.ts"
import { FactsFiles } from "./services/FactsFiles.ts"
import { Journal } from "./services/Journal.ts"
import { Kinds } from "./services/Kinds.ts"
import type { Kube } from "./services/Kube.ts"
import { Lease } from "./services/Lease.ts"
import { Ledgers } from "./services/Ledgers.ts"
import { Marks } from "./services/Marks.ts"
import { oneWriter } from "./services/oneWriter.ts"
import { Passwords } from "./services/Passwords.ts"
import { Printer } from "./services/Printer.ts"
import { Redactor } from "./services/Redactor.ts"
import { Renderer } from "./services/Renderer.ts"
import { Shutdown } from "./services/Shutdown.ts"
import { VCenter } from "./services/VCenter.ts"

/** How the world outside the cluster is reached, and what takes real time. */
const OUTSIDE: Layer.Layer<Dns | VCenter | Passwords | Renderer> = Layer.mergeAll(
  Dns.layer,
  VCenter.layer,
  Renderer.layer.pipe(Layer.provideMerge(Passwords.layer))
)

/**
 * Every service of the operator, over the Kubernetes API given: the only place where layers are put together. The
 * sandbox gives its in-memory cluster here, and nothing else differs; tests give a world without sockets as well.
 */
export const wire = <E, R>({ dryRun, output, saveFacts }: Options, kube: Layer.Layer<Kube, E, R>, outside = OUTSIDE) =>
  Layer.mergeAll(
    Applier.layer(dryRun),
    Ledgers.layer(dryRun),
    Events.layer(dryRun),
    Marks.layer,
    FactsFiles.layer(saveFacts)
  ).pipe(
    Layer.provideMerge(oneWriter),
    Layer.provideMerge(Layer.mergeAll(Lease.layer(dryRun), DigestKey.layer(dryRun))),
    Layer.provideMerge(
      Layer.mergeAll(ClusterFacts.layer, Kinds.layer, Shutdown.layer, Printer.layer(output, process.stdout.isTTY))
    ),
    Layer.provideMerge(Layer.mergeAll(kube, Redactor.layer)),
    Layer.provideMerge(Journal.layer),
    Layer.provideMerge(outside)
  )
