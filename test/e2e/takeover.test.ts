import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Schema, Scope } from "effect"
import { GROUP, OWNER_LABEL } from "../../src/domain/Owner.ts"
import type { Live } from "./world/Api.ts"
import { eventually, throughout } from "./world/eventually.ts"
import { install, NAMESPACE } from "./world/install.ts"
import { stateOf } from "./world/Objects.ts"
import type { Operator } from "./world/Operator.ts"
import { type Body, pathOf, predecessor } from "./world/predecessor.ts"
import { announce, World, ZONE } from "./world.ts"

const options = { excludeTestServices: true, timeout: "25 minutes" } as const
const VCENTER = `vc-a-0.${ZONE}`
const TEMPLATES = `/apis/${GROUP}/v1/namespaces/${NAMESPACE}/vcenter-templates`

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata:
  name: agent-{{ name }}
data:
  is: "new"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: agent-{{ name }}
  labels: {component: agent}
spec:
  replicas: 2
  selector: {matchLabels: {name: "agent-{{ name }}"}}
  template:
    metadata: {labels: {name: "agent-{{ name }}"}}
    spec:
      terminationGracePeriodSeconds: 45
      containers:
        - name: agent
          image: example/agent:1.0
          env: [{name: KEPT, value: "1"}, {name: DROPPED, value: "1"}]
`

const OWNER = { apiVersion: `${GROUP}/v1`, kind: "VCenterTemplate" }

/** What the predecessor has rendered; `container` has fields besides, or instead. */
const made = (kind: string, name: string, uid: string, container: object = {}): Body => {
  const metadata = {
    name: `agent-${name}`,
    namespace: NAMESPACE,
    ownerReferences: [{ ...OWNER, name: "agent", blockOwnerDeletion: false, uid }]
  }
  if (kind === "ConfigMap") return { apiVersion: "v1", kind, metadata, data: { is: "new", was: "old" } }
  const env = ["KEPT", "DROPPED"].map((variable) => ({ name: variable, value: "1" }))
  const agent = { name: "agent", image: "example/agent:1.0", env, ...container }
  const labels = { name: `agent-${name}` }
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { ...metadata, labels: { component: "agent", stale: "yes" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 45, containers: [agent] } }
    }
  }
}

/** By the building block: made by server-side apply, by PUT after that, and with the older client. */
const TAKEN = ["bb91", "bb92", "bb93"]
/** Would change at once, and only when what the template does not render goes. */
const WITHHELD = ["bb94", "bb95"]
const ALL = [...TAKEN, ...WITHHELD]

class TakeOver extends Context.Service<
  TakeOver,
  {
    /** Starts the operator; it runs on to the end. */
    readonly start: Effect.Effect<Operator>
    /** The VCenterTemplate with another text. */
    readonly write: (text: string) => Effect.Effect<void>
  }
>()("test/e2e/TakeOver") {
  static readonly layer = Layer.effect(
    TakeOver,
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const { addVCenter, kubernetes, nameServer } = yield* World
      const { launch } = yield* install({ prune_delay: "1h" })
      const clusters = ALL.map((name) => ({
        name: name.replace("bb", "productionbb0"),
        datastores: [`eph_${name}`],
        networks: ["br-physnet1"]
      }))
      const vcenter = { label: "vc-a-0", datacenter: "QA-DE-1a", networks: ["br-physnet1"], clusters }
      yield* announce(nameServer, yield* addVCenter(vcenter))
      return TakeOver.of({
        start: Scope.provide(launch(["--output", "ndjson"]), scope),
        write: (template) =>
          Effect.asVoid(
            kubernetes.kubectl(
              ["apply", "--namespace", NAMESPACE, "-f", "-"],
              JSON.stringify({ ...OWNER, metadata: { name: "agent" }, options: { scope: "cluster" }, template })
            )
          )
      })
    })
  ).pipe(Layer.provideMerge(World.layer("takeover", ["deployment-controller", "replicaset-controller"])))
}

/** The operator's own Deployment is beside them. */
const list = (path: string) =>
  Effect.flatMap(World, ({ kubernetes }) => kubernetes.api.list(path)).pipe(
    Effect.map((items) => items.filter(({ metadata }) => metadata.name.startsWith("agent")))
  )
const named = (path: string) =>
  Effect.map(list(path), (items) => new Map(items.map((live) => [live.metadata.name, live] as const)))
const deployments = named(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`)
const configMaps = named(`/api/v1/namespaces/${NAMESPACE}/configmaps`)
const uids = (path: string) => Effect.map(list(path), (items) => items.map(({ metadata }) => metadata.uid).sort())
const decodeStatus = Schema.decodeUnknownEffect(Schema.Struct({ observedGeneration: Schema.Int }))
/** What restarts when a Deployment's pods are replaced. */
const running = Effect.all({
  replicaSets: uids(`/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`),
  pods: uids(`/api/v1/namespaces/${NAMESPACE}/pods`),
  generations: Effect.map(deployments, (all) => [...all].map(([name, { metadata }]) => [name, metadata.generation]))
})
const get = <A>(all: ReadonlyMap<string, A>, name: string): A => {
  const found = all.get(`agent-${name}`)
  assert.isDefined(found, `agent-${name} is there`)
  return found as A
}
const managers = ({ metadata }: Live) =>
  (metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`).sort()
const isMarked = ({ metadata }: Live) => metadata.labels?.[OWNER_LABEL] !== undefined
const isOwned = ({ metadata }: Live) => metadata.ownerReferences !== undefined

layer(TakeOver.layer, options)("taking over from the predecessor", (it) => {
  let before: Effect.Success<typeof running>
  let uid = ""

  it.effect("begins with what it has made in each of its ways, with pods that wait for a node", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      yield* (yield* TakeOver).write(TEMPLATE)
      uid = (yield* list(TEMPLATES))[0]?.metadata.uid ?? ""
      const { apply, put, create, patch } = predecessor(kubernetes.api)
      const probe = { livenessProbe: { exec: { command: ["true"] } } }
      for (const kind of ["ConfigMap", "Deployment"]) {
        yield* apply(made(kind, "bb91", uid))
        yield* apply(made(kind, "bb92", uid))
        yield* put(made(kind, "bb92", uid))
        yield* create(made(kind, "bb93", uid))
        yield* patch(made(kind, "bb93", uid), [{ op: "add", path: "/metadata/labels", value: { component: "agent" } }])
        yield* apply(made(kind, "bb94", uid, { image: "example/agent:0.9" }))
        yield* create(made(kind, "bb95", uid, probe))
      }
      yield* kubernetes.kubectl(["rollout", "restart", "--namespace", NAMESPACE, "deployment", "agent-bb91"])
      yield* eventually(
        "every Deployment has its pods",
        Effect.gen(function* () {
          for (const name of ALL) {
            const { metadata, status } = get(yield* deployments, name)
            const { observedGeneration } = yield* decodeStatus(status)
            assert.strictEqual(observedGeneration, metadata.generation, name)
          }
          const { pods, replicaSets } = yield* running
          // The one that was restarted waits for its first new pod.
          assert.deepStrictEqual([pods.length, replicaSets.length], [2 * ALL.length + 1, ALL.length + 1])
        })
      )
      before = yield* running
    })
  )

  it.effect("changes no generation and replaces no pod, and leaves no old manager and no owner", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      yield* (yield* TakeOver).start
      yield* eventually(
        "what can be taken over is marked",
        Effect.gen(function* () {
          for (const name of TAKEN) {
            assert.isTrue(isMarked(get(yield* deployments, name)), name)
            assert.isTrue(isMarked(get(yield* configMaps, name)), name)
          }
        })
      )
      yield* throughout(
        "5 seconds",
        Effect.map(running, (now) => assert.deepStrictEqual(now, before))
      )
      const [workloads, maps] = [yield* deployments, yield* configMaps]
      for (const name of TAKEN) {
        const controllers = ["kube-controller-manager Update", ...(name === "bb91" ? ["kubectl-rollout Update"] : [])]
        assert.deepStrictEqual(managers(get(workloads, name)), [...controllers, "vcenter-operator Apply"], name)
        assert.deepStrictEqual(managers(get(maps, name)), ["vcenter-operator Apply"], name)
        assert.isFalse(isOwned(get(workloads, name)) || isOwned(get(maps, name)), name)
        assert.deepStrictEqual(get(maps, name).data, { is: "new" }, name)
        assert.notProperty(get(workloads, name).metadata.labels, "stale", name)
      }
      assert.strictEqual((yield* stateOf(kubernetes, VCENTER)).objects, 2 * TAKEN.length + WITHHELD.length)
    })
  )

  it.effect("withholds what would restart pods, now or when what the template does not render goes", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const [workloads, { problems }] = [yield* deployments, yield* stateOf(kubernetes, VCENTER)]
      for (const name of WITHHELD) {
        assert.isFalse(isMarked(get(workloads, name)), name)
        assert.include(problems, `Deployment ${NAMESPACE}/agent-${name} TakeOverWithheld`)
      }
      assert.include(JSON.stringify(get(workloads, "bb94").spec), "example/agent:0.9")
      assert.include(JSON.stringify(get(workloads, "bb95").spec), "livenessProbe")
      assert.lengthOf(problems, WITHHELD.length)
    })
  )

  it.effect("refuses a patch for a version that has passed", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const { status, body } = yield* kubernetes.api.ask({
        method: "PATCH",
        path: pathOf(made("ConfigMap", "bb91", uid)),
        type: "application/json-patch+json",
        body: JSON.stringify([
          { op: "replace", path: "/metadata/resourceVersion", value: "1" },
          { op: "replace", path: "/metadata/managedFields", value: [] }
        ])
      })
      assert.strictEqual(status, 409, body)
    })
  )

  it.effect("removes a field that the template drops later, whoever had set it", () =>
    Effect.gen(function* () {
      yield* (yield* TakeOver).write(TEMPLATE.replace(', {name: DROPPED, value: "1"}', ""))
      yield* eventually(
        "it is gone from all that was taken over",
        Effect.gen(function* () {
          const workloads = yield* deployments
          for (const name of TAKEN) assert.notInclude(JSON.stringify(get(workloads, name).spec), "DROPPED", name)
        })
      )
      for (const name of WITHHELD) assert.include(JSON.stringify(get(yield* deployments, name).spec), "DROPPED", name)
    })
  )

  it.effect("loses nothing to the garbage collector when the VCenterTemplate is deleted", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const [workloads, maps] = [yield* deployments, yield* configMaps]
      yield* predecessor(kubernetes.api).create(made("ConfigMap", "witness", uid))
      yield* kubernetes.kubectl(["delete", "--namespace", NAMESPACE, "vct", "agent"])
      const collected = Effect.map(configMaps, (now) => assert.isFalse(now.has("agent-witness")))
      yield* eventually("the garbage collector has come by", collected, { within: "60 seconds" })
      yield* throughout(
        "5 seconds",
        Effect.gen(function* () {
          const [workloadsNow, mapsNow] = [yield* deployments, yield* configMaps]
          for (const name of ALL) {
            assert.strictEqual(get(workloadsNow, name).metadata.uid, get(workloads, name).metadata.uid, name)
            assert.strictEqual(get(mapsNow, name).metadata.uid, get(maps, name).metadata.uid, name)
          }
        })
      )
    })
  )
})
