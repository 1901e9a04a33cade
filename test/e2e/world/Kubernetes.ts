import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import * as Api from "./Api.ts"
import * as Audit from "./Audit.ts"
import type { Authority, Certificate } from "./certificates.ts"
import { eventually } from "./eventually.ts"
import { Processes } from "./Processes.ts"

/** Name of the cluster in the kubeconfigs: the operator finds its region in it. */
export const CLUSTER = "qa-de-1"

/** A Kubernetes control plane: etcd, kube-apiserver with RBAC, kube-controller-manager. No node, so no pod ever runs. */
export interface Kubernetes {
  readonly api: Api.Api
  /** As administrator. Gives its standard output. */
  readonly kubectl: (args: ReadonlyArray<string>, input?: string) => Effect.Effect<string>
  /** Writes a kubeconfig that holds a new token of a ServiceAccount; gives the file. */
  readonly kubeconfigFor: (namespace: string, serviceAccount: string) => Effect.Effect<string>
  /** The API as a ServiceAccount sees it, over so many connections at most. */
  readonly connectAs: (namespace: string, serviceAccount: string, connections: number) => Effect.Effect<Api.Api>
  readonly mark: Effect.Effect<Audit.Mark>
  readonly writesSince: (mark: Audit.Mark) => Effect.Effect<ReadonlyArray<Audit.Write>>
}

export interface Place {
  /** Folder of the programs. */
  readonly bin: string
  /** Folder for what they keep. */
  readonly folder: string
  readonly ports: { readonly etcd: number; readonly peer: number; readonly api: number; readonly manager: number }
  readonly authority: Authority
  /** Controllers to be run besides those that every test needs. */
  readonly controllers: ReadonlyArray<string>
}

/** Only what the tests need of the controllers: deletion with its dependents, and service accounts. */
const CONTROLLERS = [
  "namespace-controller",
  "garbage-collector-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller"
]

/** Starts a control plane; it is there when this is over. */
export const start = Effect.fn("Kubernetes.start")(function* (place: Place) {
  const { bin, folder, ports, authority } = place
  const processes = yield* Processes
  const server = yield* authority.issue("kube-apiserver", "/CN=kube-apiserver", ["IP:127.0.0.1", "DNS:localhost"])
  const admin = yield* authority.issue("admin", "/O=system:masters/CN=admin", [])
  const manager = yield* authority.issue("manager", "/O=system:masters/CN=kube-controller-manager", [])
  const audit = join(processes.logs, "audit.log")

  yield* processes.start({ name: "etcd", command: join(bin, "etcd"), args: etcdArgs(place) })
  const apiserver = yield* processes.start({
    name: "kube-apiserver",
    command: join(bin, "kube-apiserver"),
    args: apiserverArgs(place, server, audit)
  })
  const url = `https://127.0.0.1:${ports.api}`
  const kubeconfig = (name: string, user: object, namespace?: string): string => {
    const file = join(folder, `${name}.kubeconfig`)
    writeFileSync(file, kubeconfigText(url, authority.cert, name, user, namespace), { mode: 0o600 })
    return file
  }
  const asAdmin = kubeconfig("admin", { "client-certificate": admin.cert, "client-key": admin.key })
  const asManager = kubeconfig("manager", { "client-certificate": manager.cert, "client-key": manager.key })
  const api = yield* Api.connect(ports.api, authority.cert, admin)
  yield* apiserver.during(eventually("the API server is ready", ready(api), { within: "60 seconds" }))
  yield* processes.start({
    name: "kube-controller-manager",
    command: join(bin, "kube-controller-manager"),
    args: managerArgs(place, asManager)
  })
  const kubectl = (args: ReadonlyArray<string>, input?: string) =>
    processes.run(
      join(bin, "kubectl"),
      ["--kubeconfig", asAdmin, "--cache-dir", join(folder, "kubectl"), ...args],
      input
    )

  const tokenFor = (namespace: string, serviceAccount: string) =>
    Effect.map(kubectl(["create", "token", serviceAccount, "--namespace", namespace, "--duration", "8h"]), (token) =>
      token.trim()
    )

  return {
    api,
    kubectl,
    kubeconfigFor: (namespace, serviceAccount) =>
      Effect.map(tokenFor(namespace, serviceAccount), (token) => kubeconfig(serviceAccount, { token }, namespace)),
    connectAs: (namespace, serviceAccount, connections) =>
      Effect.flatMap(tokenFor(namespace, serviceAccount), (token) =>
        Api.connect(ports.api, authority.cert, { token }, connections)
      ),
    mark: Audit.mark(audit),
    writesSince: (mark) => Audit.writesSince(audit, mark)
  } satisfies Kubernetes
})

const ready = Effect.fnUntraced(function* (api: Api.Api) {
  const { status, body } = yield* api.ask({ method: "GET", path: "/readyz" })
  if (status !== 200) return yield* Effect.fail(new Error(`/readyz: ${status} ${body}`))
})

const etcdArgs = ({ folder, ports }: Place): ReadonlyArray<string> => {
  const [client, peer] = [`http://127.0.0.1:${ports.etcd}`, `http://127.0.0.1:${ports.peer}`]
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // What is lost with the machine is a test's.
    "--unsafe-no-fsync",
    "--log-level=warn"
  ]
}

const apiserverArgs = (
  { folder, ports, authority }: Place,
  server: Certificate,
  audit: string
): ReadonlyArray<string> => {
  const policy = join(folder, "audit-policy.json")
  writeFileSync(policy, Audit.POLICY)
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${ports.api}`,
    `--tls-cert-file=${server.cert}`,
    `--tls-private-key-file=${server.key}`,
    `--client-ca-file=${authority.cert}`,
    `--service-account-key-file=${authority.cert}`,
    `--service-account-signing-key-file=${authority.key}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/16",
    "--endpoint-reconciler-type=none",
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${audit}`
  ]
}

const managerArgs = ({ ports, authority, controllers }: Place, kubeconfig: string): ReadonlyArray<string> => [
  `--kubeconfig=${kubeconfig}`,
  `--authentication-kubeconfig=${kubeconfig}`,
  `--authorization-kubeconfig=${kubeconfig}`,
  "--bind-address=127.0.0.1",
  `--secure-port=${ports.manager}`,
  `--service-account-private-key-file=${authority.key}`,
  `--root-ca-file=${authority.cert}`,
  `--controllers=${[...CONTROLLERS, ...controllers].join(",")}`,
  "--leader-elect=false"
]

/** JSON is YAML: no library is needed. */
const kubeconfigText = (url: string, ca: string, name: string, user: object, namespace: string | undefined): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: CLUSTER, cluster: { server: url, "certificate-authority": ca } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: CLUSTER, user: name, ...(namespace === undefined ? {} : { namespace }) } }],
    "current-context": name
  })
