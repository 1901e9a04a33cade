import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import type { Patch } from "../../src/domain/Patch.ts"
import type { Collection, Kube, KubeError, KubeObject, ObjectKey } from "../../src/services/Kube.ts"
import { answer, query, type Script, status, TOKEN, talk, until } from "./ApiServer.ts"

const KEY: ObjectKey = { apiVersion: "v1", kind: "ConfigMap", namespace: "there", name: "it" }
const MAPS: Collection = { apiVersion: "v1", kind: "ConfigMap", namespace: "there" }
const OBJECT: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "it", namespace: "there", resourceVersion: "7" },
  spec: { replicas: 1 }
}
const PATCH: Patch = { resourceVersion: "7", operations: [{ op: "remove", path: "/metadata/ownerReferences" }] }
const LIVE = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "it", uid: "u" } }

const echo: Script = (request, response) => answer(response, 200, /^(\[|$)/.test(request.body) ? LIVE : request.body)

describe("a request", () => {
  it.effect("for an object goes to its path, with the token and a user agent", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* kube.get(KEY), Option.some(LIVE))
        assert.deepStrictEqual(
          server.requests.map(({ url }) => url),
          ["/api/v1", "/api/v1/namespaces/there/configmaps/it"]
        )
        const { authorization, "user-agent": agent } = server.requests[1]?.headers ?? {}
        assert.deepStrictEqual([authorization, agent], [`Bearer ${TOKEN}`, "vcenter-operator"])
      })
    )
  )
  it.effect("to apply is a PATCH with the object as it is, under the operator's name", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* kube.apply(OBJECT, { force: true, dryRun: false }), OBJECT)
        yield* kube.apply(OBJECT, { force: false, dryRun: true })
        const [, real, dry] = server.requests
        assert.strictEqual(real?.headers["content-type"], "application/apply-patch+yaml")
        assert.deepStrictEqual(JSON.parse(real?.body ?? ""), OBJECT)
        assert.match(real?.url ?? "", /^\/apis\/apps\/v1\/namespaces\/there\/deployments\/it\?/)
        assert.deepStrictEqual(query(real?.url ?? ""), { fieldManager: "vcenter-operator", force: "true" })
        assert.deepStrictEqual(query(dry?.url ?? ""), {
          fieldManager: "vcenter-operator",
          force: "false",
          dryRun: "All"
        })
      })
    )
  )
  it.effect("to patch writes the version that it is for before anything else, so that any other is a conflict", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        yield* kube.patch(KEY, PATCH, { dryRun: false })
        yield* kube.patch(KEY, PATCH, { dryRun: true })
        const [, real, dry] = server.requests
        assert.strictEqual(real?.method, "PATCH")
        assert.strictEqual(real?.headers["content-type"], "application/json-patch+json")
        assert.deepStrictEqual(JSON.parse(real?.body ?? ""), [
          { op: "replace", path: "/metadata/resourceVersion", value: "7" },
          { op: "remove", path: "/metadata/ownerReferences" }
        ])
        assert.deepStrictEqual(query(real?.url ?? ""), { fieldManager: "vcenter-operator" })
        assert.deepStrictEqual(query(dry?.url ?? ""), { fieldManager: "vcenter-operator", dryRun: "All" })
      })
    )
  )
  it.effect("to delete carries preconditions and background propagation", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        assert.isTrue(yield* kube.delete(KEY, { uid: "u", resourceVersion: "7", dryRun: false }))
        yield* kube.delete(KEY, { uid: "u", dryRun: true })
        const [, real, dry] = server.requests.map(({ body }) => (body === "" ? {} : JSON.parse(body)))
        const options = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" }
        assert.deepStrictEqual(real, { ...options, preconditions: { uid: "u", resourceVersion: "7" } })
        assert.deepStrictEqual(dry, { ...options, dryRun: ["All"], preconditions: { uid: "u" } })
        assert.strictEqual(server.requests[1]?.headers["content-type"], "application/json")
      })
    )
  )
  it.effect("to create is a POST to the collection, to write a status a PUT to its subresource", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        yield* kube.create(OBJECT)
        yield* kube.replaceStatus(OBJECT)
        assert.deepStrictEqual(server.asked, [
          "POST /apis/apps/v1/namespaces/there/deployments?fieldManager=vcenter-operator",
          "PUT /apis/apps/v1/namespaces/there/deployments/it/status?fieldManager=vcenter-operator"
        ])
        assert.deepStrictEqual(
          server.requests.slice(1).map(({ body }) => JSON.parse(body)),
          [OBJECT, OBJECT]
        )
      })
    )
  )

  it.effect.each(["", ".", "..", "a/b", "%2e%2e"])("for the name %j is refused before it is sent", (name) =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        const requests: ReadonlyArray<Effect.Effect<unknown, KubeError>> = [
          kube.get({ ...KEY, name }),
          kube.delete({ ...KEY, name }, { dryRun: false }),
          kube.delete({ ...KEY, namespace: name === "" ? ".." : name }, { dryRun: false }),
          kube.create({ ...OBJECT, metadata: { name, namespace: "there" } }),
          kube.apply({ ...OBJECT, metadata: { name, namespace: "there" } }, { force: true, dryRun: false })
        ]
        for (const request of requests) assert.strictEqual((yield* Effect.flip(request)).reason, "Rejected")
        assert.deepStrictEqual(server.asked, [])
      })
    )
  )

  it.effect("in read-only mode is a defect when it writes, before it is sent", () =>
    talk(
      echo,
      (kube, server) =>
        Effect.gen(function* () {
          const writes: ReadonlyArray<Effect.Effect<unknown, KubeError>> = [
            kube.apply(OBJECT, { force: true, dryRun: false }),
            kube.delete(KEY, { uid: "u", dryRun: false }),
            kube.patch(KEY, PATCH, { dryRun: false }),
            kube.create(OBJECT),
            kube.replaceStatus(OBJECT)
          ]
          for (const write of writes) assert.match(`${yield* Effect.exit(write)}`, /Die.*a write in read-only mode/s)
          assert.deepStrictEqual(server.asked, [])
          yield* kube.get(KEY)
          yield* kube.apply(OBJECT, { force: true, dryRun: true })
          yield* kube.delete(KEY, { uid: "u", dryRun: true })
          yield* kube.patch(KEY, PATCH, { dryRun: true })
          assert.strictEqual(server.asked.length, 4)
        }),
      { readOnly: true }
    )
  )

  it.effect("that is not answered fails at its deadline and is given up", () =>
    Effect.gen(function* () {
      let closed = false
      const hang: Script = (_request, response) => response.on("close", () => (closed = true))
      yield* talk(hang, (kube, server) =>
        Effect.gen(function* () {
          const pending = yield* Effect.forkChild(Effect.flip(kube.apply(OBJECT, { force: true, dryRun: false })))
          yield* until(() => server.asked.length === 1)
          yield* TestClock.adjust("29 seconds")
          assert.isUndefined(pending.pollUnsafe())
          yield* TestClock.adjust("2 seconds")
          const error = yield* Fiber.join(pending)
          assert.deepStrictEqual(
            [error.reason, error.message, error.answered],
            ["Timeout", "apply Deployment there/it: no answer within 30 s", false]
          )
          yield* until(() => closed)
        })
      )
    })
  )
  it.effect("whose answer stops in the middle fails at the same deadline", () =>
    talk(
      (_request, response) => response.write('{"apiVersion":'),
      (kube, server) =>
        Effect.gen(function* () {
          const pending = yield* Effect.forkChild(Effect.flip(kube.get(KEY)))
          yield* until(() => server.asked.length === 1)
          yield* TestClock.adjust("31 seconds")
          assert.strictEqual((yield* Fiber.join(pending)).reason, "Timeout")
        })
    )
  )
  it.effect("that is interrupted is given up", () =>
    Effect.gen(function* () {
      let closed = false
      yield* talk(
        (_request, response) => response.on("close", () => (closed = true)),
        (kube, server) =>
          Effect.gen(function* () {
            const pending = yield* Effect.forkChild(kube.get(KEY))
            yield* until(() => server.asked.length === 1)
            yield* Fiber.interrupt(pending)
            yield* until(() => closed)
          })
      )
    })
  )
  it.effect("that nobody answers fails as unreachable and says why", () =>
    talk(
      (_request, response) => response.destroy(),
      (kube, server) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* Effect.flip(kube.get(KEY))).reason, "Unreachable")
          yield* server.close
          const error = yield* Effect.flip(kube.get(KEY))
          assert.deepStrictEqual([error.reason, error.answered], ["Unreachable", false])
          assert.match(error.message, /^get ConfigMap there\/it: .*ECONNREFUSED/)
        })
    )
  )
  it.effect("answered by something else than Kubernetes fails, without showing it", () =>
    talk(
      (_request, response) => answer(response, 200, "<html>a secret</html>"),
      (kube) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(kube.get(KEY))
          assert.deepStrictEqual(
            [error.reason, error.detail],
            ["ServerError", "the answer is not JSON (21 characters)"]
          )
        })
    )
  )

  it.effect("keeps its connection while the credentials are read again and again", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        yield* Effect.repeat(Effect.andThen(TestClock.adjust("11 seconds"), kube.get(KEY)), { times: 49 })
        assert.isAtMost(server.connections, 2)
      })
    )
  )
  it.effect("reuses connections: 300 requests take at most two for each that is under way at a time", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        yield* Effect.repeat(kube.get(KEY), { times: 99 })
        assert.isAtMost(server.connections, 2)
        yield* Effect.forEach(Array.from({ length: 200 }), () => kube.get(KEY), { concurrency: 8, discard: true })
        assert.isAtMost(server.connections, 16)
        assert.strictEqual(server.asked.length, 300)
      })
    )
  )
})

describe("discovery", () => {
  const crd = { kind: "APIResourceList", resources: [{ name: "things", kind: "Thing", namespaced: true }] }
  const isServed = (kube: Kube["Service"]) => Effect.result(kube.isNamespaced("example.com/v1", "Thing"))

  it.effect("is asked once per group-version", () =>
    talk(echo, (kube, server) =>
      Effect.gen(function* () {
        yield* Effect.all([kube.get(KEY), kube.isNamespaced("v1", "Secret"), kube.list(MAPS).pipe(Effect.ignore)], {
          concurrency: 3
        })
        assert.isFalse(yield* kube.isNamespaced("v1", "Namespace"))
        assert.strictEqual(server.requests.filter(({ url }) => url === "/api/v1").length, 1)
      })
    )
  )
  it.effect("finds a definition that was installed later, asking at most every 10 s", () =>
    Effect.gen(function* () {
      let installed = false
      yield* talk(
        (_request, response) => (installed ? answer(response, 200, crd) : answer(response, 404, "404 page not found")),
        (kube, server) =>
          Effect.gen(function* () {
            const error = yield* Effect.flip(kube.get({ ...KEY, apiVersion: "example.com/v1", kind: "Thing" }))
            assert.deepStrictEqual([error.reason, error.request], ["Unserved", "get Thing there/it"])
            installed = true
            yield* Effect.repeat(isServed(kube), { times: 9 })
            assert.strictEqual((yield* isServed(kube))._tag, "Failure")
            assert.strictEqual(server.asked.length, 1)
            yield* TestClock.adjust("10 seconds")
            assert.strictEqual((yield* isServed(kube))._tag, "Success")
            assert.strictEqual(server.asked.length, 2)
          })
      )
    })
  )
  it.effect("that fails is no proof that a kind is not served", () =>
    Effect.gen(function* () {
      let healthy = false
      yield* talk(
        (_request, response) => (healthy ? answer(response, 200, crd) : answer(response, 503, status(503, "starting"))),
        (kube) =>
          Effect.gen(function* () {
            assert.strictEqual((yield* Effect.flip(kube.isNamespaced("example.com/v1", "Thing"))).reason, "ServerError")
            healthy = true
            assert.isTrue(yield* kube.isNamespaced("example.com/v1", "Thing"))
          })
      )
    })
  )
})
