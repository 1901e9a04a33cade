import { join, resolve } from "node:path"
import { Context, Effect, Layer, Ref, Scope } from "effect"
import { announce, World } from "../world.ts"
import type { Write } from "./Audit.ts"
import { type Installed, install, NAMESPACE } from "./install.ts"
import type { Operator } from "./Operator.ts"
import type * as Rack from "./Rack.ts"

const ROOT = resolve(import.meta.dirname, "../../..")

export const NETWORKS = ["br-physnet1", "vm-network"]

/** A cluster with two datastores for nova, one for cinder, and the networks of every cluster. */
export const cluster = (name: string): Rack.Cluster => ({
  name,
  datastores: [`eph_${name}_hga`, `eph_${name}_hgb`, `vmfs_${name}`],
  networks: NETWORKS
})

/** The templates in examples/, in the operator's namespace. */
export const applyExamples = Effect.gen(function* () {
  const { kubectl } = (yield* World).kubernetes
  for (const example of ["nova-compute", "cinder-volume", "neutron-agent"]) {
    yield* kubectl(["apply", "--namespace", NAMESPACE, "-f", join(ROOT, "examples", `${example}.yaml`)])
  }
})

/** A template of the tests' own, which shows what a key of the Secret gives to templates. */
const siteTemplate = {
  apiVersion: "vcenter-operator.stable.sap.cc/v1",
  kind: "VCenterTemplate",
  metadata: { name: "site" },
  options: { scope: "datacenter" },
  template: [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    "  name: site-{{ name }}",
    "data:",
    "  note: {{ site_note | default('none') }}",
    ""
  ].join("\n")
}

/** Two vCenters in the zone, the examples as templates, and the operator installed and not started. */
export class Journey extends Context.Service<
  Journey,
  {
    readonly a: Rack.VCenter
    readonly b: Rack.VCenter
    readonly configure: Installed["configure"]
    /** Starts the operator; it runs on from step to step. */
    readonly start: (...args: ReadonlyArray<string>) => Effect.Effect<Operator>
    /** The one started last. */
    readonly operator: Effect.Effect<Operator>
    /** Every operator so far. */
    readonly operators: Effect.Effect<ReadonlyArray<Operator>>
    /** A second operator beside it, with an account of its own and the same rights. */
    readonly startBeside: (...args: ReadonlyArray<string>) => Effect.Effect<Operator>
    /** Replaces text in a template. */
    readonly editTemplate: (name: string, change: (text: string) => string) => Effect.Effect<void>
    /** What an operator has changed since a mark; server dry runs and Leases change nothing. */
    readonly writes: (since: number, account?: string) => Effect.Effect<ReadonlyArray<Write>>
  }
>()("test/e2e/Journey") {
  static readonly layer = (name: string, settings: Readonly<Record<string, string>> = {}) =>
    Layer.effect(Journey, make(settings)).pipe(Layer.provideMerge(World.layer(name)))
}

/** Account of the operator that runs beside the others. */
export const BESIDE = "beside"

const make = Effect.fnUntraced(function* (settings: Readonly<Record<string, string>>) {
  const scope = yield* Effect.scope
  const { kubernetes, nameServer, addVCenter } = yield* World
  const { kubectl } = kubernetes
  const { launch, configure } = yield* install(settings)
  const here = ["--namespace", NAMESPACE]
  yield* applyExamples
  yield* kubectl(["apply", ...here, "-f", "-"], JSON.stringify(siteTemplate))
  const a = yield* addVCenter({
    label: "vc-a-0",
    datacenter: "QA-DE-1a",
    networks: NETWORKS,
    clusters: ["productionbb091", "productionbb092", "storagebb1", "management"].map(cluster)
  })
  const b = yield* addVCenter({
    label: "vc-b-0",
    datacenter: "QA-DE-1b",
    networks: NETWORKS,
    clusters: ["productionbb101", "productionbb102"].map(cluster)
  })
  yield* announce(nameServer, a, b)

  const operators = yield* Ref.make<ReadonlyArray<Operator>>([])
  const begin = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
    launch(["--output", "ndjson", ...args], env).pipe(
      Scope.provide(scope),
      Effect.tap((operator) => Ref.update(operators, (all) => [...all, operator]))
    )
  const current = yield* Ref.make<Operator | undefined>(undefined)

  return Journey.of({
    a,
    b,
    configure,
    start: (...args) => Effect.tap(begin(args), (operator) => Ref.set(current, operator)),
    operator: Effect.flatMap(Ref.get(current), (operator) =>
      operator === undefined ? Effect.die(new Error("no operator has been started")) : Effect.succeed(operator)
    ),
    operators: Ref.get(operators),
    startBeside: Effect.fnUntraced(function* (...args) {
      yield* sameRights(kubectl)
      return yield* begin(args, {
        KUBECONFIG: yield* kubernetes.kubeconfigFor(NAMESPACE, BESIDE),
        POD_NAME: BESIDE
      })
    }),
    editTemplate: Effect.fnUntraced(function* (name, change) {
      const text = yield* kubectl(["get", ...here, "vct", name, "--output", "jsonpath={.template}"])
      const patch = JSON.stringify({ template: change(text) })
      yield* kubectl(["patch", ...here, "vct", name, "--type=merge", "--patch", patch])
    }),
    writes: (since, account = "vcenter-operator") =>
      Effect.map(kubernetes.writesSince(since), (all) =>
        all.filter(({ user, dryRun }) => user === `system:serviceaccount:${NAMESPACE}:${account}` && !dryRun)
      )
  })
})

/** Another account with the rights that deploy/ gives to the operator. */
const sameRights = Effect.fnUntraced(function* (kubectl: (args: ReadonlyArray<string>) => Effect.Effect<string>) {
  const here = ["--namespace", NAMESPACE]
  const account = `--serviceaccount=${NAMESPACE}:${BESIDE}`
  yield* kubectl(["create", ...here, "serviceaccount", BESIDE])
  yield* kubectl(["create", "clusterrolebinding", BESIDE, "--clusterrole=vcenter-operator", account])
  for (const role of ["vcenter-operator", "vcenter-operator-target"]) {
    yield* kubectl(["create", ...here, "rolebinding", `${BESIDE}-${role}`, `--role=${role}`, account])
  }
})
