import { type Cause, Effect, Queue, Redacted, type Scope, Stream } from "effect"
import { authority } from "../../sandbox/vcenter/Certificates.ts"
import { VCenterModel } from "../../sandbox/vcenter/VCenterModel.ts"
import { type Dialect, type Running, start } from "../../sandbox/vcenter/VCenterServer.ts"
import type { Inventory } from "../../src/domain/Inventory.ts"
import type { Snapshot } from "../../src/domain/Snapshot.ts"
import type { Target } from "../../src/domain/Target.ts"
import type { Session, VCenterError } from "../../src/services/VCenter.ts"

export const FQDN = "vc-a-0.cc.qa-de-1.cloud.sap"
export const USERNAME = "test-only-user"
/** With everything that XML escapes. */
export const PASSWORD = `test-only "p&ss'<w>`

/** A simulated vCenter on a socket of this machine, and what it takes to reach it. */
export interface Simulated {
  readonly model: VCenterModel
  readonly server: Running
  readonly target: Target
}

/** Two clusters in one datacenter, each with an eph datastore and a bridge. */
export const small = (): VCenterModel => {
  const model = new VCenterModel("11111111-2222-3333-4444-555555555555")
  model.addDatacenter("QA-DE-1a")
  for (const bb of ["001", "002"]) {
    model.addCluster(`productionbb${bb}`, {
      datastores: [`eph_bb${bb}_0`, `vmfs_${bb}`],
      networks: ["pg-common", `br-phys${bb}`]
    })
  }
  return model
}

export const simulate = Effect.fnUntraced(function* (
  model: VCenterModel = small(),
  dialect: Dialect = "vCenter"
): Effect.fn.Return<Simulated, never, Scope.Scope> {
  const { ca, issue } = yield* authority
  const certificate = yield* issue(FQDN)
  const server = yield* start({ model, certificate, username: USERNAME, password: PASSWORD, dialect })
  const target: Target = {
    fqdn: FQDN,
    address: server.address,
    port: server.port,
    username: USERNAME,
    password: Redacted.make(PASSWORD),
    tls: { _tag: "Verify", ca }
  }
  return { model, server, target }
})

/** The readings of a session one after the other, each within five seconds. */
export const follow = Effect.fnUntraced(function* (
  session: Session
): Effect.fn.Return<
  { readonly next: Effect.Effect<Snapshot<Inventory>, VCenterError | Cause.Done | Cause.TimeoutError> },
  never,
  Scope.Scope
> {
  const queue = yield* Stream.toQueue(session.inventories, { capacity: "unbounded" })
  return { next: Queue.take(queue).pipe(Effect.timeout("5 seconds")) }
})

/** What a reading says of its clusters, one line each. */
export const lines = ({ _tag, value }: Snapshot<Inventory>): ReadonlyArray<string> => [
  _tag,
  ...value.clusters.map(
    ({ name, datacenter, datastores, networks, incomplete }) =>
      `${name} @${datacenter.name} [${datastores}] [${networks}]${incomplete === undefined ? "" : ` (${incomplete})`}`
  )
]
