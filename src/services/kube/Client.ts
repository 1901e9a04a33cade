import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import type https from "node:https"
import { dirname, resolve } from "node:path"
import {
  type Cluster,
  type Context,
  type DispatcherOptions,
  KubeConfig,
  loadYaml,
  RequestContext,
  type User
} from "@kubernetes/client-node"
import { Config, Effect, FileSystem, Layer, Option, Result, Schema } from "effect"
import { Kube, type KubeOrigin } from "../Kube.ts"
import * as Api from "./Api.ts"
import * as Kubeconfig from "./Kubeconfig.ts"
import { candidates, choose, type Places, SERVICE_ACCOUNT, type Source, tokenFile } from "./Places.ts"
import type { Request } from "./Request.ts"
import * as Transport from "./Transport.ts"
import { whatOf } from "./whatOf.ts"

/** No usable credentials for the API server. `detail` names every place that was looked at, and no content of any. */
export class KubeConfigError extends Schema.TaggedError<KubeConfigError>()("KubeConfigError", {
  reason: Schema.Literals(["NotFound", "Invalid"]),
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
}

export interface ClientOptions {
  /** The operator's `--dry-run`: a request that could change anything, and is no server dry run, is a defect. */
  readonly readOnly: boolean
  /** Directory of the service account's files, when not where Kubernetes mounts them. */
  readonly serviceAccount?: string
}

/** The `Kube` service over HTTP, with the credentials of a kubeconfig or of the pod. */
export class KubeClient {
  static readonly layer = ({ readOnly, serviceAccount = SERVICE_ACCOUNT }: ClientOptions) =>
    Layer.effect(
      Kube,
      Effect.gen(function* () {
        const scope = yield* Effect.scope
        const source = yield* findSource(serviceAccount)
        const first = yield* Effect.fromResult(load(source, serviceAccount))
        const connection = new Connection()
        yield* Effect.addFinalizer(() => Effect.promise(() => connection.close()))
        let config = new KeptConfig(first, connection)

        const transport = yield* Transport.make<Credentials>(
          {
            authenticate: Effect.tryPromise({ try: () => config.authenticate(), catch: (error) => error }).pipe(
              Effect.tap(() =>
                Effect.forEach(connection.takeRetired(), (old) => Effect.forkIn(retire(old), scope), { discard: true })
              )
            ),
            reload: Effect.gen(function* () {
              const next = yield* Effect.fromResult(load(source, serviceAccount))
              // The file may speak of another cluster by now: this process goes on with the one it began with.
              if (next.cluster.server === first.cluster.server) config = new KeptConfig(next, connection)
            }),
            exchange
          },
          readOnly
        )
        return Kube.of({ ...(yield* Api.make(transport)), origin: originOf(source, first) })
      })
    )
}

type Settings = Kubeconfig.Chosen<Cluster, User, Context>

type Dispatcher = NonNullable<ReturnType<RequestContext["getDispatcher"]>>

interface Credentials {
  readonly server: URL
  readonly headers: Readonly<Record<string, string>>
  readonly dispatcher: Dispatcher
}

/**
 * One request per connection at a time: a dead connection is left at the first deadline, and a watch that is not read
 * cannot hold up the others. Of HTTP/2 undici would use one connection for everything, without pings.
 */
const HTTP_1 = { allowH2: false, keepAlive: true }

/** The one pool of connections; retired when CA, client certificate or proxy change. */
class Connection {
  #fingerprint = ""
  #dispatcher: Dispatcher | undefined
  #retired: Array<Dispatcher> = []

  get dispatcher(): Dispatcher | undefined {
    return this.#dispatcher
  }

  isFor(fingerprint: string): boolean {
    return this.#dispatcher !== undefined && this.#fingerprint === fingerprint
  }

  replace(fingerprint: string, dispatcher: Dispatcher | undefined): void {
    if (this.#dispatcher !== undefined) this.#retired.push(this.#dispatcher)
    this.#fingerprint = fingerprint
    this.#dispatcher = dispatcher
  }

  takeRetired(): ReadonlyArray<Dispatcher> {
    return this.#retired.splice(0)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#retired, this.#dispatcher].map((dispatcher) => dispatcher?.destroy()))
  }
}

/** Requests under way finish on the old connections. */
const retire = (old: Dispatcher): Effect.Effect<void> =>
  Effect.promise(() => old.close()).pipe(Effect.onInterrupt(() => Effect.promise(() => old.destroy())))

/**
 * As it comes, the library makes a new dispatcher, so a new TLS connection that is never closed, for every request.
 * This one asks it for a dispatcher only when the kept one does not fit any more.
 */
class KeptConfig extends KubeConfig {
  readonly #connection: Connection
  readonly #server: string
  #wanted: string | undefined

  constructor({ cluster, user, context }: Settings, connection: Connection) {
    super()
    this.#connection = connection
    this.#server = cluster.server
    this.loadFromOptions({ clusters: [cluster], users: [user], contexts: [context], currentContext: context.name })
  }

  override createDispatcherOptions(cluster: Cluster | null, agent: https.AgentOptions): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agent)
    const fingerprint = createHash("sha256").update(JSON.stringify(options)).digest("hex")
    if (this.#connection.isFor(fingerprint)) return { type: "none" }
    this.#wanted = fingerprint
    switch (options.type) {
      case "none":
        return { type: "agent", connect: HTTP_1 }
      case "agent":
        return { type: "agent", connect: { ...options.connect, ...HTTP_1 } }
      default:
        return { ...options, requestTls: { ...options.requestTls, ...HTTP_1 } }
    }
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    this.#wanted = undefined
    await super.applySecurityAuthentication(context)
    if (this.#wanted !== undefined) this.#connection.replace(this.#wanted, context.getDispatcher())
    else if (this.#connection.dispatcher !== undefined) context.setDispatcher(this.#connection.dispatcher)
  }

  async authenticate(): Promise<Credentials> {
    const context = new RequestContext(this.#server, "GET")
    await this.applySecurityAuthentication(context)
    const dispatcher = context.getDispatcher()
    if (dispatcher === undefined) throw new Error("the library gave no connection")
    // The library gives a token file as it is, with the newline at its end.
    const headers = Object.entries(context.getHeaders()).map(([name, value]) => [name, value.trim()])
    return { server: new URL(this.#server), headers: Object.fromEntries(headers), dispatcher }
  }
}

const exchange = async (
  request: Request,
  { server, headers, dispatcher }: Credentials,
  signal: AbortSignal
): Promise<Transport.Response> => {
  const query = new URLSearchParams(request.query).toString()
  const {
    statusCode,
    headers: answered,
    body
  } = await dispatcher.request({
    origin: server.origin,
    path: `${server.pathname.replace(/\/$/, "")}${request.path}${query === "" ? "" : `?${query}`}`,
    method: request.method,
    headers: { ...headers, ...request.headers, "user-agent": "vcenter-operator" },
    body: request.body ?? null,
    signal
  })
  return {
    status: statusCode,
    headers: new Map(Object.entries(answered).map(([name, value]) => [name, [value].flat().join(", ")])),
    text: () => body.text(),
    bytes: body
  }
}

const findSource = Effect.fnUntraced(function* (serviceAccount: string) {
  const files = yield* FileSystem.FileSystem
  const variable = (name: string) => Effect.map(Config.option(Config.String(name)), Option.getOrUndefined)
  const places: Places = {
    kubeconfig: yield* variable("KUBECONFIG"),
    home: yield* variable("HOME"),
    serviceHost: yield* variable("KUBERNETES_SERVICE_HOST"),
    servicePort: yield* variable("KUBERNETES_SERVICE_PORT"),
    serviceAccount
  }
  const present = new Set<string>()
  for (const file of candidates(places)) {
    const exists = yield* files.exists(file).pipe(Effect.mapError((error) => invalid(`${file}: ${whatOf(error)}`)))
    if (exists) present.add(file)
  }
  return yield* Effect.fromResult(choose(places, (file) => present.has(file))).pipe(
    Effect.mapError((detail) => new KubeConfigError({ reason: "NotFound", detail }))
  )
})

const load = (source: Source, serviceAccount: string): Result.Result<Settings, KubeConfigError> => {
  if (source._tag === "InCluster") return Result.succeed(podSettings(source.server, serviceAccount))
  return Result.gen(function* () {
    const parts: Array<Kubeconfig.Part<Cluster, User, Context>> = []
    for (const file of source.files) {
      parts.push(
        yield* Result.try({ try: () => readFile(file), catch: (error) => invalid(`${file}: ${whatOf(error)}`) })
      )
    }
    return yield* Result.mapError(Kubeconfig.choose(parts), invalid)
  })
}

const invalid = (detail: string): KubeConfigError =>
  new KubeConfigError({ reason: "Invalid", detail: `no credentials for Kubernetes: ${detail}` })

const readFile = (file: string): Kubeconfig.Part<Cluster, User, Context> => {
  const text = readFileSync(file, "utf8")
  const config = new KubeConfig()
  config.loadFromString(text)
  config.makePathsAbsolute(dirname(file))
  const rotating = Kubeconfig.tokenFiles(loadYaml<unknown>(text))
  const users = config.users.map((user) => {
    const found = rotating.get(user.name)
    if (found === undefined) return user
    // As in kubectl, the file counts before a token beside it.
    const { token: _, ...rest } = user
    return { ...rest, ...fromTokenFile(resolve(dirname(file), found)) }
  })
  return { file, clusters: config.clusters, users, contexts: config.contexts, currentContext: config.currentContext }
}

const podSettings = (server: string, serviceAccount: string): Settings => ({
  cluster: { name: "pod", server, caFile: `${serviceAccount}/ca.crt`, skipTLSVerify: false },
  user: { name: "pod", ...fromTokenFile(tokenFile({ serviceAccount })) },
  context: { name: "pod", cluster: "pod", user: "pod" }
})

/** The library reads such a file anew after 60 s; after a 401 this operator does at once. */
const fromTokenFile = (tokenFile: string) => ({ authProvider: { name: "tokenFile", config: { tokenFile } } })

const originOf = (source: Source, { cluster, context }: Settings): KubeOrigin =>
  source._tag === "InCluster"
    ? { inCluster: true }
    : {
        inCluster: false,
        kubeconfig: source.files.join(":"),
        clusterName: cluster.name,
        ...(context.namespace === undefined ? {} : { contextNamespace: context.namespace })
      }
