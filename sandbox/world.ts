import { Effect, Redacted, type Scope } from "effect"
import type { TsigKey } from "../src/services/Dns.ts"
import { Passwords } from "../src/services/Passwords.ts"
import * as NameServer from "./NameServer.ts"
import { authority } from "./vcenter/Certificates.ts"
import type { VCenterModel } from "./vcenter/VCenterModel.ts"
import * as VCenterServer from "./vcenter/VCenterServer.ts"

export const REGION = "qa-de-1"
export const ZONE = `cc.${REGION}.cloud.sap`
export const NAMESPACE = "monsoon3"
export const USERNAME = "vcenter-operator"
/** Secrets of the sandbox only: they open nothing else. */
export const SEED = "sandbox-only seed, not a secret"
const TSIG_SECRET = Buffer.from("sandbox-only tsig key, no secret").toString("base64")

/** The world outside the cluster: vCenters and the name server that knows them, on sockets of this machine. */
export interface World {
  /** Data of the operator's Secret, as it finds this world. */
  readonly settings: Readonly<Record<string, string>>
  readonly nameServer: NameServer.NameServer
  readonly vcenters: ReadonlyMap<string, VCenterModel>
  /** Starts one more vCenter and puts it into the zone. */
  readonly addVCenter: (name: string, model: VCenterModel) => Effect.Effect<void, never, Scope.Scope>
}

/** vCenters share one port, as in production: each has an address of its own. */
export const world = Effect.fnUntraced(function* (
  first: ReadonlyMap<string, VCenterModel>
): Effect.fn.Return<World, never, Scope.Scope | Passwords> {
  const passwords = yield* Passwords
  const { ca, issue } = yield* authority
  const key: TsigKey = { name: "tsig-key", algorithm: "hmac-sha256", secret: Redacted.make(TSIG_SECRET) }
  const nameServer = yield* NameServer.start({ zone: ZONE, key })
  const vcenters = new Map<string, VCenterModel>()
  let port = 0

  const addVCenter = Effect.fnUntraced(function* (name: string, model: VCenterModel) {
    const fqdn = `${name}.${ZONE}`
    const address = `127.0.1.${vcenters.size + 1}`
    vcenters.set(fqdn, model)
    const password = yield* passwords.derive(USERNAME, Redacted.make(SEED), fqdn)
    const running = yield* VCenterServer.start({
      model,
      address,
      port,
      certificate: yield* issue(fqdn),
      username: USERNAME,
      password: Redacted.value(password)
    })
    port = running.port
    yield* nameServer.addHost(name, address)
  })

  for (const [name, model] of first) yield* addVCenter(name, model)
  return {
    settings: {
      namespace: NAMESPACE,
      username: USERNAME,
      password: SEED,
      tsig_key: TSIG_SECRET,
      dns_ip: nameServer.address,
      dns_port: String(nameServer.port),
      vcenter_port: String(port),
      vcenter_lookup: "zone",
      vcenter_ca: ca
    },
    nameServer,
    vcenters,
    addVCenter
  }
})
