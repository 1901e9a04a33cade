import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { answer, type Script, status, talk } from "./ApiServer.ts"

const ALL = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

const group = (name: string, ...versions: ReadonlyArray<string>) => {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: all.toReversed(), preferredVersion: all[0] }
}

const GROUPS = {
  kind: "APIGroupList",
  groups: [group("example.com", "v2", "v1"), group("metrics.example.com", "v1"), group("down.example.com", "v1")]
}

const resource = (kind: string, over: object = {}) => ({
  name: `${kind.toLowerCase()}s`,
  kind,
  namespaced: true,
  verbs: ALL,
  ...over
})

const DOCUMENTS: ReadonlyMap<string, object> = new Map<string, object>([
  ["/apis", GROUPS],
  [
    "/apis/example.com/v2",
    {
      resources: [
        resource("Thing"),
        resource("Thing", { name: "things/status" }),
        resource("Everywhere", { namespaced: false })
      ]
    }
  ],
  ["/apis/example.com/v1", { resources: [resource("Thing"), resource("Old")] }],
  ["/apis/metrics.example.com/v1", { resources: [resource("Measure", { verbs: ["get", "list"] })] }]
])

const serve: Script = ({ url }, response) => {
  const document = DOCUMENTS.get(url)
  if (document === undefined) answer(response, 503, status(503, "no endpoints available"))
  else answer(response, 200, document)
}

describe("the kinds that a server serves", () => {
  it.effect("are those that can be applied in a namespace, each once and in the version that is preferred", () =>
    talk(serve, (kube) =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* kube.kinds).kinds, [
          { apiVersion: "example.com/v2", kind: "Thing" },
          { apiVersion: "example.com/v1", kind: "Old" }
        ])
      })
    )
  )

  it.effect("may be unknown where an aggregated API is down, which says so and holds up nothing else", () =>
    talk(serve, (kube) =>
      Effect.gen(function* () {
        const { unknown } = yield* kube.kinds
        assert.deepStrictEqual(
          unknown.map(({ reason, request }) => [reason, request]),
          [["ServerError", "discover down.example.com/v1"]]
        )
      })
    )
  )

  it.effect("are asked for once, each group-version by itself", () =>
    talk(serve, (kube, server) =>
      Effect.gen(function* () {
        yield* kube.kinds
        yield* kube.isNamespaced("example.com/v2", "Thing")
        assert.lengthOf(
          server.requests.filter(({ url }) => url === "/apis/example.com/v2"),
          1
        )
      })
    )
  )

  it.effect.each([
    ["the server does not say which groups there are", 503, status(503, "starting"), "ServerError"],
    ["its answer is something else", 200, { kind: "Status" }, "ServerError"],
    ["nobody may ask", 403, status(403, "no"), "Forbidden"]
  ] as const)("cannot be told when %s", ([_, code, body, reason]) =>
    talk(
      ({ url }, response) => answer(response, url === "/apis" ? code : 200, body),
      (kube) =>
        Effect.map(Effect.flip(kube.kinds), (error) => {
          assert.deepStrictEqual([error.reason, error.request], [reason, "discover groups"])
        })
    )
  )
})
