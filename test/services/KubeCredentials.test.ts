import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, References } from "effect"
import { TestClock } from "effect/testing"
import { authority } from "../../sandbox/vcenter/Certificates.ts"
import { Kube, type ObjectKey } from "../../src/services/Kube.ts"
import { KubeConfigError } from "../../src/services/kube/Client.ts"
import {
  type ApiServer,
  answer,
  client,
  directory,
  kubeconfig,
  type Script,
  start,
  status,
  TOKEN,
  talk
} from "./ApiServer.ts"

const KEY: ObjectKey = { apiVersion: "v1", kind: "ConfigMap", namespace: "there", name: "it" }
const LIVE = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "it" } }
const get = Kube.use((kube) => kube.get(KEY))

/** Accepts one bearer token. */
const accepting =
  (token: () => string): Script =>
  ({ headers }, response) =>
    headers.authorization === `Bearer ${token()}`
      ? answer(response, 200, LIVE)
      : answer(response, 401, status(401, "Unauthorized"))

const tokens = ({ requests }: ApiServer) =>
  requests.filter(({ url }) => url.includes("configmaps")).map(({ headers }) => headers.authorization)

describe("a token file that rotates", () => {
  it.effect("is read anew when the server refuses the old token, and the request is repeated", () =>
    Effect.gen(function* () {
      const server = yield* start()
      const path = yield* directory
      let valid = "one"
      server.script = accepting(() => valid)
      // A newline at the end is no part of the token.
      writeFileSync(join(path, "token"), "one\n")
      writeFileSync(join(path, "config"), kubeconfig(server.url, { user: { tokenFile: "token" } }))
      yield* Effect.gen(function* () {
        yield* get
        valid = "two"
        writeFileSync(join(path, "token"), "two\n")
        yield* get
        yield* get
        assert.deepStrictEqual(tokens(server), ["Bearer one", "Bearer one", "Bearer two", "Bearer two"])
      }).pipe(Effect.provide(client({ KUBECONFIG: join(path, "config") })))
    })
  )
})

describe("credentials that are refused", () => {
  it.effect("are not tried again and again", () =>
    talk(
      (_request, response) => answer(response, 401, status(401, "Unauthorized")),
      (kube, server) =>
        Effect.gen(function* () {
          for (const _ of [1, 2, 3]) {
            const error = yield* Effect.flip(kube.get(KEY))
            assert.deepStrictEqual([error.reason, error.detail], ["Forbidden", "Unauthorized"])
          }
          // The kubeconfig was read anew once; what is in it is the same, but that could not be known before.
          assert.strictEqual(server.asked.length, 4)
          yield* TestClock.adjust("5 seconds")
          yield* Effect.flip(kube.get(KEY))
          assert.strictEqual(server.asked.length, 6)
        })
    )
  )
  it.effect("do not lead to another cluster that the kubeconfig names by then", () =>
    Effect.gen(function* () {
      const [server, other] = [yield* start(), yield* start()]
      const file = join(yield* directory, "config")
      writeFileSync(file, kubeconfig(server.url))
      server.script = accepting(() => "another")
      yield* Effect.gen(function* () {
        yield* Effect.flip(get)
        writeFileSync(file, kubeconfig(other.url))
        yield* TestClock.adjust("1 minute")
        yield* Effect.flip(get)
        assert.deepStrictEqual(other.requests, [])
      }).pipe(Effect.provide(client({ KUBECONFIG: file })))
    })
  )
})

describe("an exec plugin", () => {
  const withPlugin = (script: string) =>
    Effect.gen(function* () {
      const server = yield* start()
      server.script = accepting(() => "from-plugin")
      const file = join(yield* directory, "config")
      const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", script] }
      writeFileSync(file, kubeconfig(server.url, { user: { exec } }))
      return yield* Effect.result(get.pipe(Effect.provide(client({ KUBECONFIG: file }))))
    })
  it.effect("gives the token", () =>
    Effect.gen(function* () {
      const credential = { kind: "ExecCredential", status: { token: "from-plugin" } }
      assert.strictEqual((yield* withPlugin(`echo '${JSON.stringify(credential)}'`))._tag, "Success")
    })
  )
  it.effect("that fails is named as the cause, by the first line that it wrote", () =>
    Effect.gen(function* () {
      const result = yield* withPlugin("echo 'log in first' >&2; echo more >&2; exit 1")
      assert.deepInclude(result._tag === "Failure" ? result.failure : {}, {
        reason: "Unreachable",
        detail: "credentials: log in first"
      })
    })
  )
})

describe("TLS", () => {
  it.effect("trusts the certificate authority of the kubeconfig alone, and a new one without a restart", () =>
    Effect.gen(function* () {
      const [first, second] = [yield* authority, yield* authority]
      const server = yield* start(yield* first.issue("localhost"))
      server.script = accepting(() => TOKEN)
      const path = yield* directory
      writeFileSync(join(path, "ca.crt"), first.ca)
      const cluster = { "insecure-skip-tls-verify": false, "certificate-authority": "ca.crt" }
      writeFileSync(join(path, "config"), kubeconfig(server.url, { cluster }))
      yield* Effect.gen(function* () {
        yield* get
        server.replaceCertificate(yield* second.issue("localhost"))
        const error = yield* Effect.flip(get)
        assert.deepStrictEqual([error.reason, error.answered], ["Unreachable", false])
        writeFileSync(join(path, "ca.crt"), second.ca)
        yield* TestClock.adjust("11 seconds")
        yield* get
      }).pipe(Effect.provide(client({ KUBECONFIG: join(path, "config") })))
    })
  )
})

describe("in a pod", () => {
  it.effect("the service account's token and authority are used, and nothing is known of a context", () =>
    Effect.gen(function* () {
      const { ca, issue } = yield* authority
      const server = yield* start(yield* issue("localhost"))
      server.script = accepting(() => TOKEN)
      const path = yield* directory
      writeFileSync(join(path, "ca.crt"), ca)
      writeFileSync(join(path, "token"), TOKEN)
      const environment = {
        HOME: join(path, "home"),
        KUBERNETES_SERVICE_HOST: "localhost",
        KUBERNETES_SERVICE_PORT: `${server.port}`
      }
      yield* Effect.gen(function* () {
        yield* get
        assert.deepStrictEqual(yield* Kube.useSync((kube) => kube.origin), { inCluster: true })
      }).pipe(Effect.provide(client(environment, { serviceAccount: path })))
    })
  )
})

describe("the layer", () => {
  const origin = (environment: Record<string, string>, serviceAccount = "/nowhere") =>
    Kube.useSync((kube) => kube.origin).pipe(Effect.provide(client(environment, { serviceAccount })), Effect.flip)

  it.effect("tells file, cluster and namespace of the current context", () =>
    Effect.gen(function* () {
      const home = yield* directory
      mkdirSync(join(home, ".kube"))
      const file = join(home, ".kube", "config")
      writeFileSync(file, kubeconfig("https://localhost:1"))
      const found = yield* Kube.useSync((kube) => kube.origin).pipe(Effect.provide(client({ HOME: home })))
      assert.deepStrictEqual(found, {
        inCluster: false,
        kubeconfig: file,
        clusterName: "test-qa-de-1",
        contextNamespace: "home"
      })
    })
  )
  it.effect("fails with every place that was looked at", () =>
    Effect.gen(function* () {
      const error = yield* origin({ HOME: "/nobody" })
      assert.instanceOf(error, KubeConfigError)
      assert.strictEqual(
        `${error}`,
        "KubeConfigError: no credentials for Kubernetes. Looked at: KUBECONFIG (not set); /nobody/.kube/config (no such file); KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT (not set: not in a cluster); /nowhere/token (no such file)"
      )
    })
  )
  it.effect.each([
    ["is no YAML", "token: a-secret\n\t:"],
    ["is empty", ""],
    ["has no cluster of the context", kubeconfig("https://x").replace("test-qa-de-1", "other")]
  ])("fails on a file that %s, without showing it", ([, text]) =>
    Effect.gen(function* () {
      const file = join(yield* directory, "config")
      writeFileSync(file, text ?? "")
      const error = yield* origin({ KUBECONFIG: file })
      assert.deepInclude(error, { reason: "Invalid" })
      assert.include(`${error}`, file)
      assert.notInclude(`${error}`, "a-secret")
    })
  )
})

describe("warnings of the server", () => {
  it.effect("are logged, each once", () =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const recorder = Logger.make(({ fiber }) => logged.push(fiber.getRef(References.CurrentLogAnnotations).detail))
      const warning = '299 - "policy/v1beta1 is deprecated", 299 - "unknown field \\"spec.x\\""'
      yield* talk(
        (_request, response) => answer(response, 200, LIVE, { warning }),
        (kube) => Effect.repeat(kube.get(KEY), { times: 2 })
      ).pipe(Effect.provide(Logger.layer([recorder])))
      assert.deepStrictEqual(logged, ["policy/v1beta1 is deprecated", 'unknown field "spec.x"'])
    })
  )
})
