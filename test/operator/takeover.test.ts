import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { FIELD_MANAGER, managersOf } from "../../src/domain/ManagedFields.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { ADOPT_ANNOTATION, IGNORE_ANNOTATION, mark } from "../../src/domain/Owner.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { API_VERSION } from "../../src/domain/VCenterState.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { key, NAMESPACE, SECRET, secret, secretKey, ZONE } from "./fixtures.ts"
import { all, inWorld, pass, settled, until } from "./harness.ts"
import { conditions, object, objectWrites, recorded, status, writes } from "./looks.ts"

const CONFIG = key("ConfigMap", "config-bb91")
const AGENT = key("Deployment", "agent-bb91")
const LOGIN = key("Secret", "login-bb91")
const THREE = [CONFIG, AGENT, LOGIN]

const made = (of: typeof CONFIG, rest: JsonObject, metadata: JsonObject = {}): KubeObject => ({
  apiVersion: of.apiVersion,
  kind: of.kind,
  metadata: { name: of.name, namespace: NAMESPACE, ...metadata },
  ...rest
})
const reference = { apiVersion: API_VERSION, kind: TEMPLATE_KIND, name: "it", uid: "u", blockOwnerDeletion: false }
const owned = { ownerReferences: [reference] }
const labels = { name: "agent-bb91" }
const agentOf = (image: string) => ({
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: "agent", image }] } }
})

/** What the predecessor left of a cluster: applied, put, and made with its older client. */
const predecessor = Effect.gen(function* () {
  const { applyAs, seed } = yield* Cluster
  yield* applyAs(FIELD_MANAGER, made(CONFIG, { data: { host: "old", stale: "yes" } }, owned))
  yield* seed([made(AGENT, { spec: agentOf("example/agent:1.0") }, owned)], FIELD_MANAGER)
  yield* seed([made(LOGIN, { data: { stale: "eWVz" } }, owned)], "OpenAPI-Generator")
})
const identities = Effect.forEach(THREE, (of) =>
  Effect.map(object(of), ({ metadata }) => [metadata.uid, metadata.generation])
)
/** What is left of it, if anything: old managers, owners, fields. */
const remains = Effect.map(Effect.forEach(THREE, object), (objects) =>
  objects.flatMap(({ kind, metadata, data }) => [
    ...managersOf(metadata.managedFields).filter((manager) => manager !== FIELD_MANAGER),
    ...(metadata.ownerReferences === undefined ? [] : [`${kind} is owned`]),
    ...("stale" in ((data ?? {}) as object) ? [`${kind} is stale`] : [])
  ])
)
const deletes = Effect.map(writes, (log) => log.filter((write) => write.startsWith("delete")))

describe("operator, taking over from the predecessor", () => {
  it.effect("changes no generation, makes nothing anew, and leaves nothing of it behind", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        yield* predecessor
        const before = yield* identities
        yield* settled(yield* start())
        assert.deepStrictEqual(yield* identities, before)
        assert.deepStrictEqual(yield* remains, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("does so when it dies at any write on the way, and then writes nothing more", () =>
    Effect.gen(function* () {
      const story = (diesAfter?: number) =>
        inWorld(({ cluster, start }) =>
          Effect.gen(function* () {
            yield* predecessor
            const before = yield* identities
            yield* cluster.clearLog
            const first = yield* start({}, { dead: false, ...(diesAfter === undefined ? {} : { diesAfter }) })
            if (diesAfter === undefined) yield* pass(15)
            else {
              yield* until(`dead after write ${diesAfter}`, () => first.life.dead)
              yield* start()
              yield* pass(20)
            }
            assert.deepStrictEqual(yield* identities, before)
            assert.deepStrictEqual(yield* remains, [])
            assert.deepStrictEqual(yield* deletes, [])
            assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
            const { length } = yield* writes
            yield* pass(60)
            assert.lengthOf(yield* writes, length)
            return length
          })
        )
      const quiet = yield* story()
      for (let diesAfter = 1; diesAfter <= quiet; diesAfter++) yield* story(diesAfter)
    })
  )

  it.effect("leaves what would restart pods, frees it from its template, and says so", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.seed([made(AGENT, { spec: agentOf("example/agent:0.9") }, owned)], FIELD_MANAGER)
        yield* settled(yield* start())
        const { metadata, spec } = yield* object(AGENT)
        assert.deepStrictEqual(
          [metadata.generation, metadata.ownerReferences, metadata.labels],
          [1, undefined, undefined]
        )
        assert.deepStrictEqual(spec, agentOf("example/agent:0.9"))
        assert.deepStrictEqual(
          (yield* status("vc-a-0")).problems.map(({ object, reason }) => `${object} ${reason}`),
          [`Deployment ${NAMESPACE}/agent-bb91 TakeOverWithheld`]
        )
        assert.notInclude(yield* recorded("vc-a-0"), "Deployment/agent-bb91")
      })
    )
  )

  it.effect("takes over what a person hands over by annotation, whatever that changes", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        const handed = { annotations: { [ADOPT_ANNOTATION]: "true" } }
        yield* cluster.seed([made(AGENT, { spec: agentOf("example/agent:0.9") }, handed)], "kubectl-create")
        yield* settled(yield* start())
        assert.deepStrictEqual((yield* object(AGENT)).spec, agentOf("example/agent:1.0"))
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb91")
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )
})

describe("operator, finding what is not its own", () => {
  const marked = (operator: string, vcenter: string): JsonObject => {
    const identity = { group: "", kind: "ConfigMap", namespace: NAMESPACE, name: "config-bb91" }
    const body = { metadata: { name: identity.name } }
    return mark({ ...identity, apiVersion: "v1", body }, { operator, vcenter }).body.metadata as JsonObject
  }
  const OURS = `${NAMESPACE}/vcenter-operator`
  const ignored = { annotations: { [IGNORE_ANNOTATION]: "true" } }

  const ROWS: ReadonlyArray<readonly [what: string, metadata: JsonObject, ready: string, told: string]> = [
    ["another operator's", marked("else/vcenter-operator", `vc-a-0.${ZONE}`), "Ready=False Foreign", "refused"],
    ["that of a vCenter it does not follow", marked(OURS, `vc-z-0.${ZONE}`), "Ready=False Foreign", "refused"],
    ["that of a vCenter that does not want it", marked(OURS, `vc-b-0.${ZONE}`), "Ready=False Foreign", "refused"],
    ["nobody's, made by somebody else", {}, "Ready=False Foreign", "refused"],
    ["opted out, and nobody's", ignored, "Ready=True Reconciled", "ignored"],
    ["opted out, and its own", { ...marked(OURS, `vc-a-0.${ZONE}`), ...ignored }, "Ready=True Reconciled", "ignored"]
  ]
  for (const [what, metadata, ready, told] of ROWS) {
    it.effect(`neither overwrites nor deletes it, nor records it, and says so: ${what}`, () =>
      inWorld(({ a, cluster, start }) =>
        Effect.gen(function* () {
          yield* cluster.seed([made(CONFIG, { data: { is: "theirs" } }, metadata)])
          const before = yield* object(CONFIG)
          const first = yield* start()
          yield* settled(first)
          assert.include(yield* conditions("vc-a-0"), ready)
          assert.deepInclude(
            all(first, "Outcome").map(({ object, outcome }) => `${object} ${outcome}`),
            `ConfigMap ${NAMESPACE}/config-bb91 ${told}`
          )
          assert.notInclude(yield* recorded("vc-a-0"), "ConfigMap/config-bb91")
          yield* first.stop
          yield* start()
          a.remove("productionbb091")
          yield* pass(60)
          assert.deepStrictEqual(yield* object(CONFIG), before)
        })
      )
    )
  }

  it.effect("gives up what was its own and has become another's since, or was opted out", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        yield* settled(yield* start())
        const change = (metadata: JsonObject) => (live: KubeObject) => ({
          ...live,
          metadata: { ...live.metadata, ...metadata }
        })
        yield* cluster.edit(CONFIG, change({ labels: marked("else/vcenter-operator", "x").labels ?? null }))
        yield* cluster.edit(LOGIN, change(ignored))
        yield* cluster.clearLog
        a.remove("productionbb091")
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, ["delete Deployment/agent-bb91"])
        assert.deepStrictEqual(
          (yield* recorded("vc-a-0")).filter((name) => name.endsWith("bb91")),
          []
        )
      })
    )
  )
})

describe("operator, with dangerous_owner_references", () => {
  it.effect("has the templates own their objects while it is on, and says so at the start", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.edit(secretKey, () => secret({ ...SECRET, dangerous_owner_references: "true" }))
        const operator = yield* start()
        yield* settled(operator)
        assert.include(all(operator, "SettingsRead")[0]?.notices.join(), "dangerous_owner_references")
        const template = yield* object(key(TEMPLATE_KIND, "config"))
        const { ownerReferences } = (yield* object(CONFIG)).metadata
        assert.deepStrictEqual(ownerReferences, [{ ...reference, name: "config", uid: `${template.metadata.uid}` }])
        yield* cluster.edit(secretKey, () => secret(SECRET))
        yield* pass(10)
        assert.deepStrictEqual(yield* remains, [])
      })
    )
  )
})
