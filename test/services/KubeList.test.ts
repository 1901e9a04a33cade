import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Collection, Kube } from "../../src/services/Kube.ts"
import { answer, query, type Script, status, talk } from "./ApiServer.ts"

const MAPS: Collection = { apiVersion: "v1", kind: "ConfigMap", namespace: "there" }

const item = (name: string, rest: object = {}) => ({ metadata: { name, ...rest } })

/** Serves the pages one after the other; a number is an answer with that code, then the next one counts. */
const paged = (...pages: ReadonlyArray<ReadonlyArray<string> | number>): Script => {
  let next = 0
  return (_request, response) => {
    const page = pages[next++]
    if (typeof page === "number") return answer(response, page, status(page, "no"))
    const more = next < pages.length && pages[next] !== 0 ? { continue: `token${next}` } : {}
    answer(response, 200, {
      kind: "ConfigMapList",
      metadata: { resourceVersion: `${100 + next}`, ...more },
      items: (page ?? []).map((name) => item(name))
    })
  }
}
const names = (kube: Kube["Service"]) =>
  Effect.map(kube.list(MAPS), ({ items, resourceVersion }) => [
    items.map(({ metadata }) => metadata.name),
    resourceVersion
  ])

describe("a list", () => {
  it.effect("asks for pages until there is no more, and goes on from the version of the first", () =>
    talk(paged(["a", "b"], ["c"], ["d"]), (kube, server) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* names(kube), [["a", "b", "c", "d"], "101"])
        assert.deepStrictEqual(
          server.requests.slice(1).map(({ url }) => query(url)),
          [{ limit: "500" }, { limit: "500", continue: "token1" }, { limit: "500", continue: "token2" }]
        )
      })
    )
  )
  it.effect("begins anew, once, when the server has forgotten where it was", () =>
    talk(paged(["old"], 410, ["a"], ["b"]), (kube) =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* names(kube))[0], ["a", "b"])
      })
    )
  )
  it.effect("fails when that happens twice", () =>
    talk(paged(["old"], 410, ["older"], 410, ["a"]), (kube, server) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(names(kube))).reason, "Gone")
        assert.strictEqual(server.asked.length, 4)
      })
    )
  )
  it.effect("fails as a whole when a page does", () =>
    talk(paged(["a"], 500, ["b"]), (kube) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(names(kube))).reason, "ServerError")
      })
    )
  )
  const noLists: ReadonlyArray<readonly [string, object]> = [
    ["without items", { metadata: { resourceVersion: "1" } }],
    ["without a version", { metadata: {}, items: [] }],
    ["with a nameless item", { metadata: { resourceVersion: "1" }, items: [{ metadata: {} }] }]
  ]
  it.effect.each(noLists)("%s is no list, and not an empty one", ([, body]) =>
    talk(
      (_request, response) => answer(response, 200, body),
      (kube) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* Effect.flip(names(kube))).reason, "ServerError")
        })
    )
  )
  it.effect("says of each item what it is, and passes the selectors on", () =>
    talk(paged(["a"]), (kube, server) =>
      Effect.gen(function* () {
        const listed = yield* kube.list({
          apiVersion: "apps/v1",
          kind: "Deployment",
          labelSelector: "a in (b,c)",
          name: "it"
        })
        assert.deepStrictEqual(listed.items, [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } }])
        const url = server.requests[1]?.url ?? ""
        assert.match(url, /^\/apis\/apps\/v1\/deployments\?/)
        assert.deepStrictEqual(query(url), {
          limit: "500",
          labelSelector: "a in (b,c)",
          fieldSelector: "metadata.name=it"
        })
      })
    )
  )
  it.effect("of metadata is empty when its items are null, as the server writes it", () =>
    talk(
      (_request, response) => answer(response, 200, { metadata: { resourceVersion: "3" }, items: null }),
      (kube) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* kube.listMetadata(MAPS), { items: [], resourceVersion: "3" })
        })
    )
  )
  it.effect("of metadata asks for that alone, and calls the items by their kind", () =>
    talk(
      (_request, response) =>
        answer(response, 200, {
          kind: "PartialObjectMetadataList",
          metadata: { resourceVersion: "1" },
          items: [{ apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", ...item("a", { uid: "u" }) }]
        }),
      (kube, server) =>
        Effect.gen(function* () {
          const { items } = yield* kube.listMetadata(MAPS)
          assert.deepStrictEqual(items, [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", uid: "u" } }])
          assert.match(
            server.requests[1]?.headers.accept ?? "",
            /^application\/json;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1/
          )
        })
    )
  )
})
