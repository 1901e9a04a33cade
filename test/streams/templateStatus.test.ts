import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Queue, Stream } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { custom } from "../../sandbox/cluster/Kinds.ts"
import { complete, partial, type Snapshot } from "../../src/domain/Snapshot.ts"
import { decode } from "../../src/domain/Template.ts"
import type { TemplateReport } from "../../src/domain/TemplateStatus.ts"
import { API_VERSION } from "../../src/domain/VCenterState.ts"
import { Journal } from "../../src/services/Journal.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import type { Templates } from "../../src/streams/sources.ts"
import { templateStatus } from "../../src/streams/templateStatus.ts"
import { due, pass } from "./time.ts"

const keyOf = (name: string) => ({ apiVersion: API_VERSION, kind: "VCenterTemplate", namespace: "monsoon3", name })
const resource = (name: string, template = "x: 1"): KubeObject => ({
  apiVersion: API_VERSION,
  kind: "VCenterTemplate",
  metadata: { name, namespace: "monsoon3" },
  options: { scope: "cluster" },
  template
})
const objects = (count: number): TemplateReport => new Map([["monsoon3/nova", { objects: count }]])

/** The templates as they lie in the cluster. */
const read = Cluster.use((cluster) =>
  Effect.map(cluster.objects, (all): Snapshot<Templates> => {
    const decoded = all.filter(({ kind }) => kind === "VCenterTemplate").map(decode)
    const failures = decoded.flatMap((each) =>
      each._tag === "Success"
        ? []
        : [{ template: `${each.failure.namespace}/${each.failure.name}`, message: each.failure.message }]
    )
    return complete({ templates: decoded.flatMap((each) => (each._tag === "Success" ? [each.success] : [])), failures })
  })
)
const statusOf = (name: string) =>
  Cluster.use((cluster) => Effect.map(cluster.object(keyOf(name)), (found) => Option.getOrThrow(found).status))
const writes = Cluster.use((cluster) => cluster.writes)
const told = Effect.flatMap(Journal, ({ rest }) =>
  Effect.map(rest, (all) => all.map((each) => ("message" in each ? each.message : each._tag)))
)

/** The writer at work, over one template `nova`; vCenters and templates are given one by one. */
const world = Effect.fnUntraced(function* (dryRun = false) {
  const cluster = yield* Cluster
  yield* cluster.seed([resource("nova")])
  const vcenters = yield* Queue.unbounded<ReadonlySet<string>>()
  const templates = yield* Queue.unbounded<Snapshot<Templates>>()
  const statuses = yield* templateStatus(dryRun, Effect.succeed(0))
  yield* Effect.forkChild(statuses.follow(Stream.fromQueue(vcenters), Stream.fromQueue(templates)), {
    startImmediately: true
  })
  const known = (...names: ReadonlyArray<string>) => Effect.andThen(Queue.offer(vcenters, new Set(names)), due)
  const see = (reading: Snapshot<Templates>) => Effect.andThen(Queue.offer(templates, reading), due)
  yield* see(yield* read)
  return { cluster, known, see, ...statuses }
})

const services = Cluster.layerKube({ readOnly: false }).pipe(
  Layer.provideMerge(Layer.mergeAll(Cluster.layer, Journal.layer))
)
const withServices = Effect.provide(services)

describe("templateStatus", () => {
  it.effect("writes nothing before every vCenter has reported, then the sum over all", () =>
    Effect.gen(function* () {
      const { known, report } = yield* world()
      yield* known("a", "b")
      yield* report("a", objects(2))
      yield* pass(10)
      assert.strictEqual(yield* writes, 0)
      yield* report("b", objects(3))
      yield* due
      assert.deepStrictEqual(yield* statusOf("nova"), { observedGeneration: 1, objects: 5, vcenters: 2 })
      assert.strictEqual(yield* writes, 1)
    }).pipe(withServices)
  )

  it.effect("writes once for what is reported again and again, and when it changes, at most every two seconds", () =>
    Effect.gen(function* () {
      const { known, report } = yield* world()
      yield* known("a")
      for (let n = 0; n < 5; n++) yield* Effect.andThen(report("a", objects(2)), due)
      yield* pass(10)
      assert.strictEqual(yield* writes, 1)
      for (const n of [3, 4, 5, 6, 7]) yield* Effect.andThen(report("a", objects(n)), due)
      yield* pass(10)
      assert.strictEqual(yield* writes, 3)
      assert.deepStrictEqual(yield* statusOf("nova"), { observedGeneration: 1, objects: 7, vcenters: 1 })
    }).pipe(withServices)
  )

  it.effect("writes nothing after a restart that finds the same", () =>
    Effect.gen(function* () {
      const first = yield* world()
      yield* first.known("a")
      yield* first.report("a", objects(2))
      yield* pass(5)
      const second = yield* templateStatus(false, Effect.succeed(0))
      yield* Effect.forkChild(second.follow(Stream.make(new Set(["a"])), Stream.make(yield* read)))
      yield* second.report("a", objects(2))
      yield* pass(5)
      assert.strictEqual(yield* writes, 1)
    }).pipe(withServices)
  )

  it.effect("writes nothing by a partial list of templates", () =>
    Effect.gen(function* () {
      const { known, see, report } = yield* world()
      yield* see(partial((yield* read).value, "no answer"))
      yield* known("a")
      yield* report("a", objects(2))
      yield* pass(5)
      assert.strictEqual(yield* writes, 0)
    }).pipe(withServices)
  )

  it.effect("writes nothing in a dry run, whoever asks", () =>
    Effect.gen(function* () {
      const { known, report, write } = yield* world(true)
      yield* known("a")
      yield* report("a", objects(2))
      yield* pass(5)
      assert.isTrue(yield* write)
      assert.strictEqual(yield* writes, 0)
    }).pipe(withServices)
  )

  it.effect("shows the error of a template that cannot even be read", () =>
    Effect.gen(function* () {
      const { cluster, known, see, report } = yield* world()
      yield* cluster.edit(keyOf("nova"), (live) => ({ ...live, options: { scope: "rack" } }))
      yield* see(yield* read)
      yield* known("a")
      yield* report("a", new Map([["monsoon3/nova", { objects: 2, failure: { message: "no such scope" } }]]))
      yield* due
      assert.deepStrictEqual(yield* statusOf("nova"), {
        observedGeneration: 2,
        objects: 2,
        vcenters: 1,
        lastError: { vcenter: "a", message: "no such scope" }
      })
    }).pipe(withServices)
  )

  it.effect("leaves a template alone that has changed since it was rendered: its own report follows", () =>
    Effect.gen(function* () {
      const { cluster, known, see, report } = yield* world()
      yield* cluster.edit(keyOf("nova"), (live) => ({ ...live, template: "x: 2" }))
      yield* known("a")
      yield* report("a", objects(2))
      yield* pass(5)
      assert.isUndefined(yield* statusOf("nova"))
      yield* see(yield* read)
      yield* pass(5)
      assert.deepStrictEqual(yield* statusOf("nova"), { observedGeneration: 2, objects: 2, vcenters: 1 })
    }).pipe(withServices)
  )

  it.effect("tells a write that failed and tries it again after half a minute", () =>
    Effect.gen(function* () {
      const { cluster, known, report } = yield* world()
      yield* cluster.failNext({ verb: "update status", reason: "ServerError", detail: "etcd is slow" })
      yield* known("a")
      yield* report("a", objects(2))
      yield* pass(30)
      assert.isUndefined(yield* statusOf("nova"))
      yield* pass(5)
      assert.deepStrictEqual(yield* statusOf("nova"), { observedGeneration: 1, objects: 2, vcenters: 1 })
      const [message, ...others] = yield* told
      assert.match(message ?? "", /^status of VCenterTemplate monsoon3\/nova: .*etcd is slow/)
      assert.deepStrictEqual(others, [])
    }).pipe(withServices)
  )

  it.effect("says once that the templates have no status, by an older definition, and tries no more", () =>
    Effect.gen(function* () {
      const { cluster, known, report } = yield* world()
      yield* cluster.install(custom(API_VERSION, "VCenterTemplate", "vcenter-templates", { status: false }))
      yield* known("a")
      yield* report("a", objects(2))
      yield* pass(60)
      yield* report("a", objects(3))
      yield* pass(60)
      assert.deepStrictEqual(yield* told, [
        "VCenterTemplates have no status here: install crds/vcentertemplate.yaml to see what each one renders"
      ])
      assert.strictEqual(yield* writes, 1)
    }).pipe(withServices)
  )

  it.effect("goes on with the others when a template is deleted while its status is written", () =>
    Effect.gen(function* () {
      const { cluster, known, see, report } = yield* world()
      yield* cluster.seed([resource("aaa"), resource("zzz")])
      yield* see(yield* read)
      yield* cluster.latency("2 seconds")
      yield* known("a")
      yield* report("a", objects(2))
      yield* pass(2)
      yield* cluster.remove(keyOf("aaa"))
      yield* cluster.latency(0)
      yield* pass(10)
      assert.deepStrictEqual(yield* told, [])
      assert.deepStrictEqual(yield* statusOf("nova"), { observedGeneration: 1, objects: 2, vcenters: 1 })
    }).pipe(withServices)
  )
})
