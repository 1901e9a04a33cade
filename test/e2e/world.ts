import { randomUUID } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { Clock, Context, Duration, Effect, Layer, Redacted } from "effect"
import { Passwords } from "../../src/services/Passwords.ts"
import { authority } from "./world/certificates.ts"
import { freePorts } from "./world/freePorts.ts"
import * as Kubernetes from "./world/Kubernetes.ts"
import * as NameServer from "./world/NameServer.ts"
import { Processes } from "./world/Processes.ts"
import * as Rack from "./world/Rack.ts"

/** The domain in which the vCenters are. The operator must find it in the kubeconfig. */
export const ZONE = `cc.${Kubernetes.CLUSTER}.cloud.sap`

/** The user of the vCenters, and a master password for these tests only. */
export const USERNAME = "openstack"
export const SEED = "a master password for tests only"

const ROOT = resolve(import.meta.dirname, "../..")

/** What a vCenter of the tests is like, where it matters. */
export interface Wanted {
  /** Its first label, `vc-a-0`. */
  readonly label: string
  readonly datacenter: string
  readonly networks?: ReadonlyArray<string>
  readonly clusters: ReadonlyArray<Rack.Cluster>
}

/** Real servers, each as it comes: a Kubernetes control plane, BIND, and vCenters simulated by govmomi. */
export class World extends Context.Service<
  World,
  {
    readonly kubernetes: Kubernetes.Kubernetes
    readonly nameServer: NameServer.NameServer
    /** Starts a vCenter; the zone does not hold it yet. */
    readonly addVCenter: (wanted: Wanted) => Effect.Effect<Rack.VCenter>
    /** Port of every vCenter. */
    readonly vcenterPort: number
    /** PEM of the authority that signed the vCenters' certificate, as a file. */
    readonly ca: string
    /** Folder of everything that was written by the servers and the operators. */
    readonly logs: string
  }
>()("test/e2e/World") {
  /**
   * @param name of the folder with the logs
   * @param controllers of Kubernetes that run besides those that every test needs
   */
  static readonly layer = (name: string, controllers: ReadonlyArray<string> = []) =>
    Layer.unwrap(
      Effect.map(freshLogs(name), (logs) =>
        Layer.effect(World, make(controllers)).pipe(
          Layer.provideMerge(Processes.layer(logs)),
          Layer.provide(Passwords.layer)
        )
      )
    )
}

/** Puts a vCenter into the zone. */
export const announce = (nameServer: NameServer.NameServer, ...vcenters: ReadonlyArray<Rack.VCenter>) =>
  nameServer.edit(
    (hosts) => new Map([...hosts, ...vcenters.map(({ spec }) => [labelOf(spec.name), spec.address] as const)])
  )

const labelOf = (fqdn: string): string => fqdn.slice(0, -ZONE.length - 1)

const make = Effect.fnUntraced(function* (controllers: ReadonlyArray<string>) {
  const { run, logs, folder } = yield* Processes
  const bins = programs(yield* run(join(ROOT, "test/e2e/peers/build.sh"), []))
  const [etcd, peer, api, manager, dns, control, vcenter, levers] = yield* ports
  const signer = yield* authority(folder)
  const [kubernetes, nameServer, rack] = yield* Effect.all(
    [
      Kubernetes.start({
        bin: bins.kubernetes,
        folder,
        ports: { etcd, peer, api, manager },
        authority: signer,
        controllers
      }),
      NameServer.start(ZONE, folder, { dns, control }),
      Rack.start(bins.vcenter, folder, [`*.${ZONE}`], { vcenter, levers }, signer)
    ],
    { concurrency: "unbounded" }
  )
  const passwords = yield* Passwords
  let count = 0
  return World.of({
    kubernetes,
    nameServer,
    addVCenter: Effect.fn("World.addVCenter")(function* ({ label, networks = [], ...wanted }) {
      const name = `${label}.${ZONE}`
      const password = yield* passwords.derive(USERNAME, Redacted.make(SEED), name)
      count += 1
      return yield* rack.add({
        ...wanted,
        name,
        networks,
        address: `127.0.1.${count}`,
        user: USERNAME,
        password: Redacted.value(password),
        instanceUuid: randomUUID()
      })
    }),
    vcenterPort: rack.port,
    ca: signer.cert,
    logs
  })
})

const ports = Effect.map(
  freePorts(8),
  ([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0]) => [a, b, c, d, e, f, g, h] as const
)

/** Where the build script says that the programs are. */
export const programs = (text: string): { readonly kubernetes: string; readonly vcenter: string } => {
  const found = new Map(text.split("\n").map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]))
  return { kubernetes: found.get("kubernetes") ?? "", vcenter: found.get("vcenter") ?? "" }
}

const KEPT = Duration.toMillis("2 hours")

/** Logs outlive their run; a later run clears those that are old. */
export const freshLogs = (name: string) =>
  Effect.gen(function* () {
    const all = join(ROOT, ".cache/e2e")
    mkdirSync(all, { recursive: true })
    const now = yield* Clock.currentTimeMillis
    for (const old of readdirSync(all).map((entry) => join(all, entry))) {
      if (now - statSync(old).mtimeMs > KEPT) rmSync(old, { recursive: true, force: true })
    }
    return mkdtempSync(join(all, `${name}-`))
  })
