import { readdirSync, readFileSync } from "node:fs"
import { ConfigProvider, Console, Effect, Layer, Predicate, Result } from "effect"
import { Command } from "effect/cli"
import { TEMPLATE_KIND } from "../src/domain/Template.ts"
import { launch } from "../src/launch.ts"
import { flags } from "../src/options.ts"
import type { KubeObject } from "../src/services/Kube.ts"
import { Passwords } from "../src/services/Passwords.ts"
import { parse } from "../src/services/Yaml.ts"
import { program } from "../src/streams/program.ts"
import { wire } from "../src/wire.ts"
import { Cluster } from "./cluster/Cluster.ts"
import { beginning, story } from "./story.ts"
import { NAMESPACE, REGION, type World, world } from "./world.ts"

const EXAMPLES = new URL("../examples/", import.meta.url)

/** The VCenterTemplates among the examples. */
const templates = Effect.sync(() =>
  readdirSync(EXAMPLES)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) => Result.getOrThrow(parse(readFileSync(new URL(name, EXAMPLES), "utf8"))))
    .filter(isTemplate)
    .map((template) => ({ ...template, metadata: { ...template.metadata, namespace: NAMESPACE } }))
)

const isTemplate = (document: unknown): document is KubeObject =>
  Predicate.hasProperty(document, "kind") && document.kind === TEMPLATE_KIND

const secret = ({ settings }: World): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "vcenter-operator", namespace: NAMESPACE },
  data: Object.fromEntries(
    Object.entries({ ...settings, prune_delay: "2s" }).map(([key, value]) => [
      key,
      Buffer.from(value).toString("base64")
    ])
  )
})

const cells: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "nova-cells",
    namespace: NAMESPACE,
    labels: { system: "openstack", component: "nova", type: "nova-cell" }
  },
  data: { cells: "cell1,cell2" }
}

const environment = ConfigProvider.layer(
  ConfigProvider.fromUnknown({ REGION, POD_NAMESPACE: NAMESPACE, SERVICE_DOMAIN: `cc.${REGION}.cloud.sap` })
)

const command = Command.make("sandbox", flags, (options) =>
  Effect.gen(function* () {
    const outside = yield* world(beginning())
    const cluster = yield* Cluster
    yield* cluster.seed([...(yield* templates), cells, secret(outside)])
    const operator = program(options).pipe(
      Effect.provide(wire(options, Cluster.layerKube({ readOnly: options.dryRun }))),
      Effect.provide(environment)
    )
    if (options.once) return yield* operator
    yield* Console.log(
      "The operator in an embedded world: simulated vCenters and name server on sockets, a cluster in memory.\n"
    )
    yield* Effect.raceFirst(operator, story(outside))
  }).pipe(Effect.scoped, Effect.provide(Layer.merge(Cluster.layer, Passwords.layer)))
).pipe(Command.withDescription("Runs the operator in an embedded world, without a cluster, a vCenter or a network"))

launch(command)
