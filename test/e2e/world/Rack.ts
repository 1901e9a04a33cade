import { join } from "node:path"
import { Effect, Schema } from "effect"
import type { Authority } from "./certificates.ts"
import { eventually } from "./eventually.ts"
import { Processes } from "./Processes.ts"

/** A cluster with the names of what it uses. */
export interface Cluster {
  readonly name: string
  readonly datastores: ReadonlyArray<string>
  readonly networks: ReadonlyArray<string>
}

export interface Spec {
  /** Fully-qualified. */
  readonly name: string
  readonly address: string
  readonly user: string
  readonly password: string
  readonly instanceUuid: string
  readonly datacenter: string
  readonly networks: ReadonlyArray<string>
  readonly clusters: ReadonlyArray<Cluster>
}

/** How a vCenter treats its clients: as it should when it is empty. */
export interface Behaviour {
  readonly mode?: "hang" | "reset" | "500"
  readonly delayMs?: number
  /** Only for this SOAP method. */
  readonly method?: string
  /** Type of a SOAP fault to answer with. */
  readonly fault?: string
}

const Calls = Schema.Struct({
  total: Schema.Int,
  byMethod: Schema.Record(Schema.String, Schema.Int),
  sessions: Schema.Int
})
export type Calls = typeof Calls.Type

/** The levers of one simulated vCenter. */
export interface VCenter {
  readonly spec: Spec
  /** What clients have asked since it was made or since `resetCalls`; levers do not count. */
  readonly calls: Effect.Effect<Calls>
  readonly resetCalls: Effect.Effect<void>
  readonly addCluster: (cluster: Cluster) => Effect.Effect<void>
  readonly removeCluster: (name: string) => Effect.Effect<void>
  /** It vanishes from every view and still answers when asked for by its reference. */
  readonly hideCluster: (name: string) => Effect.Effect<void>
  readonly rename: (type: string, name: string, to: string) => Effect.Effect<void>
  readonly endSessions: Effect.Effect<void>
  readonly behave: (behaviour: Behaviour) => Effect.Effect<void>
  readonly setPassword: (password: string) => Effect.Effect<void>
  readonly setInstance: (instanceUuid: string) => Effect.Effect<void>
  /** Refuses connections and cuts those there are. */
  readonly down: Effect.Effect<void>
  readonly up: Effect.Effect<void>
}

/** One process of the vSphere simulator that nobody here wrote, with any number of vCenters. */
export interface Rack {
  /** Port of every vCenter, each on its own address. */
  readonly port: number
  readonly add: (spec: Spec) => Effect.Effect<VCenter>
}

/**
 * Starts a rack.
 *
 * @param names what the certificate of all its vCenters is good for
 */
export const start = Effect.fn("Rack.start")(function* (
  bin: string,
  folder: string,
  names: ReadonlyArray<string>,
  ports: { readonly vcenter: number; readonly levers: number },
  authority: Authority
) {
  const processes = yield* Processes
  const { cert, key } = yield* authority.issue(
    "vcenters",
    "/CN=vcenters",
    names.map((name) => `DNS:${name}`)
  )
  const running = yield* processes.start({
    name: "vcenters",
    command: join(bin, "vcenter"),
    args: ["-control", `127.0.0.1:${ports.levers}`, "-cert", cert, "-key", key],
    // The simulator makes folders for its datastores.
    env: { TMPDIR: folder }
  })
  const pull = (method: string, path: string, body?: unknown) =>
    Effect.tryPromise(async () => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
      const answer = await fetch(`http://127.0.0.1:${ports.levers}/vcenters${path}`, init)
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text
    }).pipe(Effect.orDie)

  const answers = Effect.tryPromise(() => fetch(`http://127.0.0.1:${ports.levers}/`))
  yield* running.during(eventually("the rack answers", answers))
  return {
    port: ports.vcenter,
    add: Effect.fnUntraced(function* (spec) {
      const { address, ...rest } = spec
      yield* pull("POST", "", { ...rest, listen: `${address}:${ports.vcenter}` })
      return levers(spec, (method, path, body) => pull(method, `/${spec.name}${path}`, body))
    })
  } satisfies Rack
})

const decodeCalls = Schema.decodeUnknownEffect(Schema.fromJsonString(Calls))

const levers = (spec: Spec, pull: (method: string, path: string, body?: unknown) => Effect.Effect<string>): VCenter => {
  const act = (method: string, path: string, body?: unknown) => Effect.asVoid(pull(method, path, body))
  return {
    spec,
    calls: pull("GET", "/calls").pipe(Effect.flatMap(decodeCalls), Effect.orDie),
    resetCalls: act("DELETE", "/calls"),
    addCluster: (cluster) => act("POST", "/clusters", cluster),
    removeCluster: (name) => act("DELETE", `/clusters/${name}`),
    hideCluster: (name) => act("POST", `/clusters/${name}/hide`),
    rename: (type, name, to) => act("POST", "/rename", { type, name, to }),
    endSessions: act("DELETE", "/sessions"),
    behave: (behaviour) => act("PUT", "/behaviour", behaviour),
    setPassword: (password) => act("PUT", "/login", { user: spec.user, password }),
    setInstance: (instanceUuid) => act("PUT", "/instance", { instanceUuid }),
    down: act("POST", "/down"),
    up: act("POST", "/up")
  }
}
