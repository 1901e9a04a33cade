import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { mark } from "../../src/domain/Owner.ts"
import type { Prune } from "../../src/domain/Plan.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { pruneAll } from "../../src/streams/pruneAll.ts"
import { applier, key, live, manifest, OWNER, podsOf, prune } from "../services/applying.ts"

const labelsOf = (body: JsonObject) => (body.metadata as KubeObject["metadata"]).labels as JsonObject

/** A ConfigMap and a Deployment, marked when nothing else is said. */
const made = Effect.fnUntraced(function* (name: string, kind: string, labels?: JsonObject) {
  const cluster = yield* Cluster
  const body = manifest(name, kind === "Deployment" ? podsOf("a:1") : { data: {} }, kind)
  yield* cluster.seed([live(body.body, labels ?? labelsOf(mark(body, OWNER).body))])
  const uid = String(Option.getOrThrow(yield* cluster.object(key(name, kind))).metadata.uid)
  const { apiVersion, group } = body
  return { ...prune(name, uid), entry: { ...prune(name, uid).entry, apiVersion, group, kind } } satisfies Prune
})

describe("pruneAll", () => {
  it.effect("deletes in the reverse order of applying", () =>
    Effect.gen(function* () {
      const prunes = [yield* made("config", "ConfigMap"), yield* made("agent", "Deployment")]
      const outcomes = yield* pruneAll(OWNER, prunes)
      assert.deepStrictEqual(
        outcomes.map(({ _tag, object }) => `${_tag} ${object.name}`),
        ["Pruned agent", "Pruned config"]
      )
    }).pipe(Effect.provide(applier()))
  )

  it.effect("deletes nothing more once it meets an object that somebody else has written", () =>
    Effect.gen(function* () {
      const prunes = [yield* made("config", "ConfigMap"), yield* made("agent", "Deployment", {})]
      const outcomes = yield* pruneAll(OWNER, prunes)
      assert.deepStrictEqual(
        outcomes.map(({ _tag, object }) => `${_tag} ${object.name}`),
        ["AnotherWriter agent", "NotAttempted config"]
      )
      const { object } = yield* Cluster
      assert.isTrue(Option.isSome(yield* object(key("config"))))
      assert.isTrue(Option.isSome(yield* object(key("agent", "Deployment"))))
    }).pipe(Effect.provide(applier()))
  )
})
