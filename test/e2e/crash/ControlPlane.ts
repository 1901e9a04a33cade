import { join, resolve } from "node:path"
import { Context, Effect, Layer, Redacted } from "effect"
import * as Sandbox from "../../../sandbox/vcenter/Certificates.ts"
import { Passwords } from "../../../src/services/Passwords.ts"
import { authority } from "../world/certificates.ts"
import { freePorts } from "../world/freePorts.ts"
import * as Kubernetes from "../world/Kubernetes.ts"
import { Processes } from "../world/Processes.ts"
import { freshLogs, programs, SEED, USERNAME, ZONE } from "../world.ts"

const ROOT = resolve(import.meta.dirname, "../../..")

/** The operator's own program, and what runs it. */
export const NODE = join(ROOT, "node_modules/.bin/node")
export const MAIN = join(ROOT, "src/main.ts")

/** FQDNs of the vCenters of every stage. */
export const A = `vc-a-0.${ZONE}`
export const B = `vc-b-0.${ZONE}`

/** What all stages share: a real API server, and what costs time to make. */
export class ControlPlane extends Context.Service<
  ControlPlane,
  {
    readonly kubernetes: Kubernetes.Kubernetes
    readonly port: number
    /** File of the authority that signed the API server's certificate. */
    readonly ca: string
    readonly folder: string
    /** The operator's modules, compiled: it starts some five hundred times, and what is killed leaves no cache behind. */
    readonly compiled: string
    /** Of an account that may do everything: what the operator may do is another test's. */
    readonly token: string
    readonly vcenterPort: number
    readonly vcenterCa: string
    readonly certificates: ReadonlyMap<string, Sandbox.Certificate>
    readonly passwords: ReadonlyMap<string, string>
  }
>()("test/e2e/ControlPlane") {
  static readonly layer = Layer.unwrap(
    Effect.map(freshLogs("crash"), (logs) =>
      Layer.effect(ControlPlane, make).pipe(Layer.provideMerge(Processes.layer(logs)), Layer.provide(Passwords.layer))
    )
  )
}

const make = Effect.gen(function* () {
  const { run, folder } = yield* Processes
  const bins = programs(yield* run(join(ROOT, "test/e2e/peers/build.sh"), []))
  const [etcd = 0, peer = 0, api = 0, manager = 0, vcenterPort = 0] = yield* freePorts(5)
  const signer = yield* authority(folder)
  const kubernetes = yield* Kubernetes.start({
    bin: bins.kubernetes,
    folder,
    ports: { etcd, peer, api, manager },
    authority: signer,
    controllers: []
  })
  yield* kubernetes.kubectl(["apply", "-f", join(ROOT, "crds")])
  yield* kubernetes.kubectl(["wait", "--for", "condition=Established", "crd", "--all", "--timeout", "30s"])
  yield* kubernetes.kubectl(["create", "serviceaccount", "crash", "--namespace", "default"])
  const account = "--serviceaccount=default:crash"
  yield* kubernetes.kubectl(["create", "clusterrolebinding", "crash", "--clusterrole=cluster-admin", account])
  const token = yield* kubernetes.kubectl(["create", "token", "crash", "--namespace", "default", "--duration", "8h"])
  const compiled = join(folder, "compiled")
  const example = ["render", join(ROOT, "examples/nova-compute.yaml")]
  yield* run("env", [`NODE_COMPILE_CACHE=${compiled}`, NODE, MAIN, ...example])
  const vcenters = yield* Sandbox.authority
  const passwords = yield* Passwords
  const derive = (fqdn: string) =>
    Effect.map(passwords.derive(USERNAME, Redacted.make(SEED), fqdn), (password) => Redacted.value(password))
  return ControlPlane.of({
    kubernetes,
    port: api,
    ca: signer.cert,
    folder,
    compiled,
    token: token.trim(),
    vcenterPort,
    vcenterCa: vcenters.ca,
    certificates: new Map([
      [A, yield* vcenters.issue(A)],
      [B, yield* vcenters.issue(B)]
    ]),
    passwords: new Map([
      [A, yield* derive(A)],
      [B, yield* derive(B)]
    ])
  })
})
