import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { Effect } from "effect"
import { SEED, USERNAME, World } from "../world.ts"
import { TSIG_KEY } from "./NameServer.ts"
import { type Launch, launcher } from "./Operator.ts"

/** Where the operator runs and deploys to: what deploy/ names, too. */
export const NAMESPACE = "monsoon3"

const ROOT = resolve(import.meta.dirname, "../../..")

/** The operator's Secret, key by key. */
export type Settings = Readonly<Record<string, string>>

/** The operator as a cluster has it: crds/, deploy/ and the Secret applied, the name server behind its Service. */
export interface Installed {
  /** Starts an operator with the rights of its ServiceAccount, and no others. */
  readonly launch: Launch
  /** Changes keys of the Secret; `null` takes one out. */
  readonly configure: (changes: Readonly<Record<string, string | null>>) => Effect.Effect<void>
}

/** Installs the operator into the world as its README tells people to. It is not started. */
export const install = Effect.fn("install")(function* (changes: Settings = {}) {
  const { kubernetes, nameServer, vcenterPort, ca } = yield* World
  const { kubectl } = kubernetes
  const here = ["--namespace", NAMESPACE]
  yield* kubectl(["create", "namespace", NAMESPACE])
  yield* kubectl(["apply", "-f", join(ROOT, "crds")])
  yield* kubectl(["wait", "--for", "condition=Established", "crd", "--all", "--timeout", "30s"])
  yield* kubectl(["apply", "-k", join(ROOT, "deploy")])
  yield* kubectl(["apply", ...here, "-f", "-"], cells)
  yield* serveDns(kubectl, nameServer.port)
  const settings: Settings = {
    namespace: NAMESPACE,
    username: USERNAME,
    password: SEED,
    tsig_key: TSIG_KEY,
    vcenter_lookup: "zone",
    vcenter_port: String(vcenterPort),
    vcenter_ca: readFileSync(ca, "utf8"),
    ...changes
  }
  yield* kubectl(["apply", ...here, "-f", "-"], secret(settings))
  const kubeconfig = yield* kubernetes.kubeconfigFor(NAMESPACE, "vcenter-operator")
  return {
    launch: yield* launcher({ KUBECONFIG: kubeconfig, POD_NAMESPACE: NAMESPACE, POD_NAME: "vcenter-operator-0" }),
    configure: (changes) => {
      const data = Object.fromEntries(
        Object.entries(changes).map(([key, value]) => [key, value === null ? null : base64(value)])
      )
      const patch = JSON.stringify({ data })
      return Effect.asVoid(kubectl(["patch", ...here, "secret", "vcenter-operator", "--type=merge", "--patch", patch]))
    }
  } satisfies Installed
})

const base64 = (text: string): string => Buffer.from(text).toString("base64")

const secret = (settings: Settings): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "vcenter-operator" },
    data: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, base64(value)]))
  })

const cells = JSON.stringify({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "nova-cell1", labels: { system: "openstack", component: "nova", type: "nova-cell" } },
  data: { cells: "cell1,cell2" }
})

/** The Service behind which the operator finds the name server. Its address is given as a load balancer would. */
const serveDns = Effect.fnUntraced(function* (
  kubectl: (args: ReadonlyArray<string>, input?: string) => Effect.Effect<string>,
  port: number
) {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "designate-mdns", labels: { component: "mdns", type: "backend" } },
    spec: { type: "LoadBalancer", ports: [{ port, protocol: "TCP" }] }
  }
  const status = { status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } } }
  const here = ["--namespace", NAMESPACE]
  yield* kubectl(["apply", ...here, "-f", "-"], JSON.stringify(service))
  yield* kubectl([
    ...["patch", ...here, "service", "designate-mdns", "--subresource=status", "--type=merge"],
    ...["--patch", JSON.stringify(status)]
  ])
})
