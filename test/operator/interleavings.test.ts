import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Exit, Layer, Result, Schema, Stream } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { assemble } from "../../src/domain/Desired.ts"
import { groupOf, id } from "../../src/domain/Manifest.ts"
import { mark, OWNER_LABEL } from "../../src/domain/Owner.ts"
import { decode } from "../../src/domain/Settings.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import { withLedger } from "../../src/domain/Status.ts"
import { fromLedger } from "../../src/domain/Unwanted.ts"
import { Applier } from "../../src/services/Applier.ts"
import { ClusterFacts } from "../../src/services/ClusterFacts.ts"
import { Journal } from "../../src/services/Journal.ts"
import { Kube } from "../../src/services/Kube.ts"
import { Ledgers } from "../../src/services/Ledgers.ts"
import { Shutdown } from "../../src/services/Shutdown.ts"
import { run } from "../../src/streams/run.ts"
import { podsOf } from "../services/applying.ts"
import { NAMESPACE, SECRET, ZONE } from "./fixtures.ts"
import { type Life, mortal } from "./mortal.ts"

const OWNER = { operator: `${NAMESPACE}/vcenter-operator`, vcenter: `vc-a-0.${ZONE}` }

/** Of each kind that has a rank of its own one, so that some requests wait for others and some do not. */
const KINDS = { login: "Secret", config: "ConfigMap", agent: "Deployment" } as const
const Template = Schema.Literals(["login", "config", "agent"])
const ClusterName = Schema.Literals(["bb1", "bb2", "bb3"])

/** What there is while one process lives: its clusters, and the version of each of its templates. */
const Facts = Schema.Struct({
  clusters: Schema.Array(ClusterName).check(Schema.isMaxLength(3)),
  templates: Schema.Array(Schema.Struct({ name: Template, version: Schema.Literals(["1", "2"]) })).check(
    Schema.isMinLength(1),
    Schema.isMaxLength(3)
  )
})
type Facts = typeof Facts.Type

/** A process: what it finds, in which order its requests take effect, and at which write it dies, before or after it. */
const Process = Schema.Struct({
  facts: Facts,
  pauses: Schema.NonEmptyArray(Schema.Literals([0, 0, 1, 2, 5, 9])),
  dies: Schema.Literals([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 99]),
  side: Schema.Literals(["before", "after"])
})
type Process = typeof Process.Type

const settings = Result.getOrThrow(
  decode(
    Object.fromEntries(
      Object.entries({ ...SECRET, prune_delay: "0s", allow_prune_share: "100", allow_prune_min: "1000" }).map(
        ([key, value]) => [key, Buffer.from(value).toString("base64")]
      )
    )
  )
)

const refOf = (cluster: string) => `domain-c${cluster.slice(2)}`

const desiredOf = ({ clusters, templates }: Facts) => {
  const versions = new Map(templates.map(({ name, version }) => [name, version]))
  const subjects = [...new Set(clusters)]
  return assemble({
    instanceUuid: "uuid-a",
    subjects: new Map(
      subjects.map((name) => [
        refOf(name),
        { ref: refOf(name), name: `production${name}`, scope: "cluster", datacenter: "datacenter-1" }
      ])
    ),
    templates: new Map(
      [...versions].map(([name, digest]) => [
        `${NAMESPACE}/${name}`,
        { name: `${NAMESPACE}/${name}`, scope: "cluster", digest }
      ])
    ),
    held: new Map(),
    lost: new Map(),
    failures: [],
    renderings: subjects.flatMap((cluster) =>
      [...versions].map(([name, version]) => {
        const placed = { template: `${NAMESPACE}/${name}`, subject: refOf(cluster) }
        return { ...placed, wanted: [{ manifest: manifest(name, cluster, version), digest: version, ...placed }] }
      })
    )
  })
}

const manifest = (template: typeof Template.Type, cluster: string, version: string) => {
  const kind = KINDS[template]
  const apiVersion = kind === "Deployment" ? "apps/v1" : "v1"
  const identity = { apiVersion, kind, namespace: NAMESPACE, name: `${template}-${cluster}` }
  const metadata = { name: identity.name, namespace: NAMESPACE }
  const body =
    kind === "Deployment"
      ? { apiVersion, kind, metadata, ...podsOf(`agent:${version}`) }
      : { apiVersion, kind, metadata, data: { version: Buffer.from(version).toString("base64") } }
  return mark({ ...identity, group: groupOf(apiVersion), body }, OWNER)
}

/** One look: read the record, run, write the record. */
const look = Effect.fnUntraced(function* (facts: Facts) {
  const ledgers = yield* Ledgers
  let recorded = yield* ledgers.read(OWNER.vcenter)
  const ledger = Result.getOrThrow(recorded.ledger)
  const present = new Set(facts.clusters.map(refOf))
  const record = Effect.fnUntraced(function* (next: typeof ledger) {
    recorded = yield* ledgers.write(recorded, withLedger(recorded.status, next))
  })
  const output = yield* run({
    owner: OWNER,
    settings,
    paused: false,
    passedTime: yield* Clock.currentTimeMillis,
    isPaused: Effect.succeed(false),
    zone: new Set([OWNER.vcenter]),
    desired: complete(desiredOf(facts)),
    ledger,
    session: {
      instanceUuid: "uuid-a",
      version: "8.0.3",
      inventories: Stream.never,
      presence: (_, ref) => Effect.succeed(present.has(ref) ? { _tag: "Present", name: "its own" } : { _tag: "Gone" })
    },
    unwanted: fromLedger(ledger),
    state: { namespace: "monsoon3", vcenter: OWNER.vcenter },
    approve: undefined,
    takeOvers: new Map(),
    stranger: undefined,
    claims: new Map(),
    record,
    tellPlan: () => Effect.void
  })
  yield* record(output.ledger)
})

/** What exists and bears the mark: UIDs by `Kind/name`. */
const living = Effect.map(
  Cluster.use(({ objects }) => objects),
  (objects) =>
    new Map(
      objects
        .filter(({ metadata }) => Object(metadata.labels)[OWNER_LABEL] !== undefined)
        .map((object) => [`${object.kind}/${object.metadata.name}`, object])
    )
)

const recorded = Effect.gen(function* () {
  const { ledger } = yield* (yield* Ledgers).read(OWNER.vcenter)
  return [...Result.getOrThrow(ledger).entries.values()]
})

const nameOf = ({ kind, name }: { readonly kind: string; readonly name: string }) => `${kind}/${name}`

/** A process from its start to its death, or to the end of its look. */
const live = Effect.fnUntraced(function* ({ facts, pauses, dies, side }: Process) {
  const cluster = yield* Cluster
  const dead = yield* Deferred.make<void>()
  let requests = 0
  const life: Life = {
    dead: false,
    ...(side === "before" ? { diesBefore: dies } : { diesAfter: dies }),
    pause: Effect.suspend(() => turns(pauses[requests++ % pauses.length] ?? 0)),
    onDeath: () => Deferred.doneUnsafe(dead, Exit.void)
  }
  const kube = Layer.succeed(Kube, mortal(cluster.kube({ readOnly: false }), life))
  yield* Effect.raceFirst(Effect.provide(look(facts), services(kube)), Deferred.await(dead))
})

const turns = (count: number) => Effect.forEach(Array.from({ length: count }), () => Effect.yieldNow, { discard: true })

const services = (kube: Layer.Layer<Kube>) =>
  Layer.mergeAll(Applier.layer(false), Ledgers.layer(false)).pipe(
    Layer.provideMerge(Layer.mergeAll(kube, Shutdown.layer, Journal.layer, where))
  )

const where = Layer.succeed(ClusterFacts, {
  ownNamespace: NAMESPACE,
  region: "qa-de-1",
  domain: ZONE,
  inCluster: false
})

const undisturbed = (facts: Facts): Process => ({ facts, pauses: [0], dies: 99, side: "after" })

describe("runs over the cluster", () => {
  it.effect.prop(
    "leave no orphan, delete nothing that is wanted and end with what is wanted, in whatever order requests take effect and wherever processes die",
    { history: Schema.Array(Process).check(Schema.isMaxLength(3)), facts: Facts },
    ({ history, facts }) =>
      Effect.gen(function* () {
        const cluster = yield* Cluster
        yield* cluster.seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } }])
        for (const process of [...history, undisturbed(facts), undisturbed(facts)]) {
          const before = yield* living
          yield* live(process)
          const after = yield* living
          const known = new Set((yield* recorded).map(nameOf))
          for (const name of after.keys()) assert.isTrue(known.has(name), `${name} is an orphan`)
          for (const { manifest } of desiredOf(process.facts).wanted.values()) {
            const [was, is] = [before.get(nameOf(manifest)), after.get(nameOf(manifest))]
            if (was !== undefined) assert.strictEqual(is?.metadata.uid, was.metadata.uid, id(manifest))
          }
        }
        const wanted = [...desiredOf(facts).wanted.values()]
        const end = yield* living
        assert.deepStrictEqual([...end.keys()].sort(), wanted.map(({ manifest }) => nameOf(manifest)).sort())
        for (const { manifest, digest } of wanted) {
          assert.include(
            JSON.stringify(end.get(nameOf(manifest))),
            JSON.stringify(manifest.body.data ?? manifest.body.spec),
            digest
          )
        }
        const entries = yield* recorded
        assert.deepStrictEqual(entries.map(nameOf).sort(), [...end.keys()].sort())
        for (const entry of entries) assert.strictEqual(entry.uid, end.get(nameOf(entry))?.metadata.uid)
      }).pipe(
        Effect.provide(
          Ledgers.layer(false).pipe(
            Layer.provideMerge(Layer.mergeAll(Shutdown.layer, where, Cluster.layerKube({ readOnly: false }))),
            Layer.provideMerge(Cluster.layer)
          )
        )
      ),
    { arbitrary: { runs: 2000 }, timeout: 120_000 }
  )
})
