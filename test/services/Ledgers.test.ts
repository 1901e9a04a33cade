import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber, FileSystem, Layer, Option, Result } from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { empty, type Ledger } from "../../src/domain/Ledger.ts"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { withLedger } from "../../src/domain/Status.ts"
import { API_VERSION, KIND, type Status } from "../../src/domain/VCenterState.ts"
import { ClusterFacts } from "../../src/services/ClusterFacts.ts"
import { Kube, type KubeObject } from "../../src/services/Kube.ts"
import { type LedgerError, Ledgers } from "../../src/services/Ledgers.ts"
import { Shutdown } from "../../src/services/Shutdown.ts"
import { beginTheEnd } from "./applying.ts"

const VCENTER = "vc-a-0.cc.qa-de-1.cloud.sap"
const NAMESPACE = "monsoon3"
const KEY = { apiVersion: API_VERSION, kind: KIND, namespace: NAMESPACE, name: VCENTER }

const facts = ClusterFacts.layer.pipe(
  Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ REGION: "qa-de-1", POD_NAMESPACE: NAMESPACE }))),
  Layer.provide(FileSystem.layerNoop({}))
)

/** Ledgers over a cluster of its own, the API changed as told. */
const ledgers = ({ dryRun = false, change = (kube: Kube["Service"]) => kube } = {}) =>
  Ledgers.layer(dryRun).pipe(
    Layer.provideMerge(Layer.merge(facts, Shutdown.layer)),
    Layer.provideMerge(
      Layer.effect(
        Kube,
        Cluster.useSync(({ kube }) => change(kube({ readOnly: dryRun })))
      )
    ),
    Layer.provideMerge(Cluster.layer),
    Layer.tap((context) => Effect.provideContext(seeded, context))
  )

const seeded = Cluster.use(({ clearLog, seed }) =>
  Effect.andThen(seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } }]), clearLog)
)

const ledger: Ledger = {
  ...empty,
  instanceUuid: "11111111-1111-4111-8111-111111111111",
  entries: new Map([
    [
      "/ConfigMap/monsoon3/a",
      {
        apiVersion: "v1",
        group: "",
        kind: "ConfigMap",
        namespace: NAMESPACE,
        name: "a",
        template: "monsoon3/t",
        subject: "domain-c1",
        digest: "d",
        uid: "u",
        unwanted: 0
      }
    ]
  ]),
  subjects: new Map([
    ["domain-c1", { ref: "domain-c1", name: "productionbb091", scope: "cluster", datacenter: "datacenter-1" }]
  ]),
  templates: new Map([["monsoon3/t", { name: "monsoon3/t", scope: "cluster", digest: "t" }]])
}
const status: Status = withLedger(undefined, ledger)

const read = Ledgers.use((each) => each.read(VCENTER))
const live = Effect.map(
  Cluster.use(({ object }) => object(KEY)),
  Option.getOrUndefined
)
const put = (state: Partial<KubeObject>, status?: JsonObject) =>
  Cluster.use(({ editStatus, seed }) =>
    Effect.andThen(
      seed([{ apiVersion: API_VERSION, kind: KIND, ...state, metadata: { name: VCENTER, namespace: NAMESPACE } }]),
      status === undefined ? Effect.void : editStatus(KEY, status)
    )
  )
const reasonOf = <A, R>(effect: Effect.Effect<A, LedgerError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

describe("Ledgers.read", () => {
  it.effect("gives an empty record for a vCenter that was never seen", () =>
    Effect.gen(function* () {
      const recorded = yield* read
      assert.deepStrictEqual(Result.getOrThrow(recorded.ledger), empty)
      assert.deepStrictEqual([recorded.resourceVersion, recorded.status, recorded.spec], [undefined, undefined, {}])
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("gives what was written, by another process too", () =>
    Effect.gen(function* () {
      const { write } = yield* Ledgers
      const written = yield* write(yield* read, status)
      assert.deepStrictEqual(yield* read, written)
      assert.deepStrictEqual(Result.getOrThrow(written.ledger), ledger)
      assert.strictEqual((yield* live)?.metadata.resourceVersion, written.resourceVersion)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("gives what people have written, and an empty record where there is no status yet", () =>
    Effect.gen(function* () {
      yield* put({ spec: { paused: true } })
      const { spec, ledger } = yield* read
      assert.deepStrictEqual([spec, Result.getOrThrow(ledger)], [{ paused: true }, empty])
    }).pipe(Effect.provide(ledgers()))
  )

  const UNUSABLE: ReadonlyArray<{ readonly what: string; readonly ledger: JsonObject; readonly says: string }> = [
    { what: "of a newer version", ledger: { version: 3 }, says: "version 3" },
    { what: "without a version", ledger: {}, says: "no version" },
    { what: "that is damaged", ledger: { version: 1, groups: "all of them" }, says: "cannot be read" }
  ]
  it.effect.each(UNUSABLE)("does not take a record $what for an empty one", ({ ledger, says }) =>
    Effect.gen(function* () {
      yield* put({}, { ledger })
      const recorded = yield* read
      assert.isTrue(Result.isFailure(recorded.ledger))
      assert.include(Result.isFailure(recorded.ledger) ? recorded.ledger.failure : "", says)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("reads the record where the rest of the status is odd: it is written anew", () =>
    Effect.gen(function* () {
      const { write } = yield* Ledgers
      yield* write(yield* read, status)
      yield* put({}, { ...((yield* live)?.status as JsonObject), conditions: "none" })
      const recorded = yield* read
      assert.deepStrictEqual(Result.getOrThrow(recorded.ledger), ledger)
      assert.isUndefined(recorded.status)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("fails where a spec is none, rather than write for a vCenter that may be paused", () =>
    Effect.gen(function* () {
      yield* put({ spec: { paused: "yes" } })
      assert.strictEqual(yield* reasonOf(read), "Unreadable")
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("fails when the server does not answer: that is no empty record", () =>
    Effect.gen(function* () {
      yield* Cluster.use(({ failNext }) => failNext({ verb: "get", reason: "Timeout" }))
      const error = yield* Effect.flip(read)
      assert.strictEqual(error.reason, "Kube")
      assert.include(error.message, VCENTER)
    }).pipe(Effect.provide(ledgers()))
  )
})

describe("Ledgers.write", () => {
  const both = Effect.gen(function* () {
    const { write } = yield* Ledgers
    const first = yield* write(yield* read, status)
    return { write, first }
  })

  it.effect("makes the VCenterState when there is none, then replaces its status alone", () =>
    Effect.gen(function* () {
      const { first, write } = yield* both
      yield* Cluster.use(({ edit }) => edit(KEY, (state) => ({ ...state, spec: { paused: true } })))
      yield* write(yield* read, { ...status, withheld: 3 })
      const state = yield* live
      assert.deepStrictEqual(state?.spec, { paused: true })
      assert.notStrictEqual(state?.metadata.resourceVersion, first.resourceVersion)
      const log = yield* Cluster.use(({ log }) => log)
      assert.deepStrictEqual(
        log.filter(({ verb }) => verb !== "get").map(({ verb }) => verb),
        ["create", "update status", "update status"]
      )
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("refuses to write over what somebody else has written since", () =>
    Effect.gen(function* () {
      const { first, write } = yield* both
      const second = yield* write(first, { ...status, withheld: 1 })
      assert.strictEqual(yield* reasonOf(write(first, { ...status, withheld: 2 })), "Conflict")
      assert.deepStrictEqual(yield* read, second)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("refuses to take a record for its own that somebody else has made at the same time", () =>
    Effect.gen(function* () {
      const { write } = yield* Ledgers
      const unseen = yield* read
      yield* write(unseen, status)
      assert.strictEqual(yield* reasonOf(write(unseen, { ...status, withheld: 2 })), "Conflict")
      assert.strictEqual((yield* read).status?.withheld, 0)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("fails when the VCenterState was removed under it", () =>
    Effect.gen(function* () {
      const { first, write } = yield* both
      yield* Cluster.use(({ remove }) => remove(KEY))
      assert.strictEqual(yield* reasonOf(write(first, status)), "Kube")
      assert.isUndefined(yield* live)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("fails when the VCenterState was removed and made again: it is another one", () =>
    Effect.gen(function* () {
      const { first, write } = yield* both
      yield* Cluster.use(({ remove }) => remove(KEY))
      yield* put({ spec: { paused: true } })
      assert.strictEqual(yield* reasonOf(write(first, status)), "Conflict")
      assert.isUndefined((yield* live)?.status)
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("says so when an older definition drops a field of what was sent", () =>
    Effect.gen(function* () {
      const { write } = yield* Ledgers
      const error = yield* Effect.flip(write(yield* read, status))
      assert.strictEqual(error.reason, "Dropped")
      assert.include(error.message, "crds/vcenterstate.yaml")
    }).pipe(
      Effect.provide(
        ledgers({
          change: (kube) => ({
            ...kube,
            replaceStatus: ({ status, ...object }) => {
              const { problems: _, ...kept } = status as JsonObject
              return kube.replaceStatus({ ...object, status: kept } as KubeObject)
            }
          })
        })
      )
    )
  )

  it.effect("fails when no answer comes, and gives up two seconds after the end has begun", () =>
    Effect.gen(function* () {
      const { write } = yield* Ledgers
      const unseen = yield* read
      yield* Cluster.use(({ latency }) => latency("1 hour"))
      const fiber = yield* Effect.forkChild(reasonOf(write(unseen, status)), { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      yield* beginTheEnd
      yield* TestClock.adjust("1900 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("200 millis")
      assert.strictEqual(yield* Fiber.join(fiber), "Kube")
    }).pipe(Effect.provide(ledgers()))
  )

  it.effect("in a dry run reads and writes nothing", () =>
    Effect.gen(function* () {
      const { write } = yield* Ledgers
      const unseen = yield* read
      assert.deepStrictEqual(yield* write(unseen, status), unseen)
      assert.isUndefined(yield* live)
    }).pipe(Effect.provide(ledgers({ dryRun: true })))
  )
})
