import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { Certificate } from "../../sandbox/vcenter/Certificates.ts"
import { Kube } from "../../src/services/Kube.ts"
import { type ClientOptions, KubeClient } from "../../src/services/kube/Client.ts"

/** A request as it arrived. */
export interface Arrived {
  readonly method: string
  /** Path and query, decoded. */
  readonly url: string
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

/** What the server does with a request; nothing at all leaves it hanging. */
export type Script = (request: Arrived, response: ServerResponse) => void

/** A secret for these tests only. */
export const TOKEN = "test-only-token"

/** An API server that does what it is told, on a port of this machine. */
export class ApiServer {
  readonly requests: Array<Arrived> = []
  /** Connections accepted so far. */
  connections = 0
  script: Script = () => {}
  readonly #server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>

  constructor(certificate?: Certificate) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { method = "", url = "", headers } = request
        const body = Buffer.concat(chunks).toString()
        const arrived = { method, url: decodeURIComponent(url), headers, body }
        this.requests.push(arrived)
        const document = DISCOVERY.get(url)
        if (document === undefined) this.script(arrived, response)
        else answer(response, 200, { kind: "APIResourceList", resources: document })
      })
    }
    // Like the real one it would rather speak HTTP/2, which it cannot: a client that agrees gets no further.
    this.#server =
      certificate === undefined
        ? createServer(listener)
        : createTlsServer({ ...certificate, ALPNProtocols: ["h2", "http/1.1"] }, listener)
    this.#server.on(certificate === undefined ? "connection" : "secureConnection", () => {
      this.connections++
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `${"setSecureContext" in this.#server ? "https" : "http"}://localhost:${this.port}`
  }

  /** Method and path of what arrived, discovery apart. */
  get asked(): ReadonlyArray<string> {
    return this.requests.filter(({ url }) => !DISCOVERY.has(url)).map(({ method, url }) => `${method} ${url}`)
  }

  /** Another certificate from the next connection on, and no connection of before. */
  replaceCertificate(certificate: Certificate): void {
    if ("setSecureContext" in this.#server) this.#server.setSecureContext(certificate)
    this.#server.closeAllConnections()
  }

  readonly listen = Effect.callback<void>((resume) => {
    this.#server.listen(0, "localhost", () => resume(Effect.void))
  })

  readonly close = Effect.callback<void>((resume) => {
    this.#server.close(() => resume(Effect.void))
    this.#server.closeAllConnections()
  })
}

const DISCOVERY: ReadonlyMap<string, ReadonlyArray<object>> = new Map([
  [
    "/api/v1",
    [
      { name: "configmaps", kind: "ConfigMap", namespaced: true },
      { name: "secrets", kind: "Secret", namespaced: true },
      { name: "namespaces", kind: "Namespace", namespaced: false },
      { name: "namespaces/status", kind: "Namespace", namespaced: false }
    ]
  ],
  [
    "/apis/apps/v1",
    [
      { name: "deployments/scale", kind: "Scale", namespaced: true },
      { name: "deployments", kind: "Deployment", namespaced: true },
      { name: "deployments/status", kind: "Deployment", namespaced: true }
    ]
  ]
])

/** An API server for the rest of the scope. */
export const start = (certificate?: Certificate) =>
  Effect.acquireRelease(
    Effect.sync(() => new ApiServer(certificate)).pipe(Effect.tap((server) => server.listen)),
    (server) => server.close
  )

export const answer = (response: ServerResponse, status: number, body: object | string, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(typeof body === "string" ? body : JSON.stringify(body))
}

export const status = (code: number, message: string, details: object = {}): object => ({
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message,
  details,
  code
})

/** A directory for the rest of the scope. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "kube-test-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** A kubeconfig for a server; `cluster` and `user` are added to what it needs. */
export const kubeconfig = (
  server: string,
  options: { readonly cluster?: object; readonly user?: object } = {}
): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test-qa-de-1", cluster: { server, "insecure-skip-tls-verify": true, ...options.cluster } }],
    users: [{ name: "tester", user: options.user ?? { token: TOKEN } }],
    contexts: [{ name: "test", context: { cluster: "test-qa-de-1", user: "tester", namespace: "home" } }],
    "current-context": "test"
  })

/** The client, with this environment. */
export const client = (environment: Record<string, string>, options: Partial<ClientOptions> = {}) =>
  KubeClient.layer({ readOnly: false, ...options }).pipe(
    Layer.provide(NodeServices.layer),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(environment)))
  )

/** The client of a server, with a token. */
export const clientOf = (server: ApiServer, options: Partial<ClientOptions> = {}) =>
  Layer.unwrap(
    Effect.map(directory, (path) => {
      const file = join(path, "config")
      writeFileSync(file, kubeconfig(server.url))
      return client({ KUBECONFIG: file }, options)
    })
  )

/** Runs a test with the client of a server that follows the script. */
export const talk = <A, E>(
  script: Script,
  test: (kube: Kube["Service"], server: ApiServer) => Effect.Effect<A, E>,
  options: Partial<ClientOptions> = {}
) =>
  Effect.gen(function* () {
    const server = yield* start()
    server.script = script
    return yield* Kube.use((kube) => test(kube, server)).pipe(Effect.provide(clientOf(server, options)))
  })

export const query = (url: string) => Object.fromEntries(new URL(url, "http://host").searchParams)

/** What is under way on sockets takes real time; the clock of the test stands still meanwhile. */
export const until = (condition: () => boolean) =>
  TestClock.withLive(Effect.repeat(Effect.sleep(5), { until: () => condition() }))
