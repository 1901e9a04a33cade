import { Context, Duration, Effect, Layer, Option, Result } from "effect"
import { Kube, type KubeObject, type ObjectKey } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { keyOf, labelOf } from "../../src/services/kube/Request.ts"
import { Backend, now } from "./Backend.ts"
import { type Asked, type Fault, isWrite } from "./Faults.ts"
import type { Kind } from "./Kinds.ts"
import { type KubeOptions, kubeOn } from "./kubeOn.ts"
import { type Server, show, type Writing } from "./Server.ts"

/** Who writes through the levers, when nobody is named. */
const SOMEBODY = "kubectl-edit"

/**
 * A Kubernetes cluster in memory, with levers. It does what the operator can see of an API server: server-side apply
 * with managedFields, versions, watches, discovery. It has no controllers and no defaults, and it knows no schemas: a
 * field that a real server would not know is kept.
 *
 * What is done through the levers is not in the log, and meets none of the failures that were ordered. What the
 * server itself refuses is a defect here.
 */
export class Cluster extends Context.Service<
  Cluster,
  {
    /** Creates or replaces objects, and the namespaces that they need. */
    readonly seed: (objects: ReadonlyArray<KubeObject>, manager?: string) => Effect.Effect<void>
    /** Changes an object as another writer (PUT). */
    readonly edit: (
      key: ObjectKey,
      change: (object: KubeObject) => KubeObject,
      manager?: string
    ) => Effect.Effect<KubeObject>
    /** Changes the status of an object, as a controller does. */
    readonly editStatus: (key: ObjectKey, status: KubeObject["status"], manager?: string) => Effect.Effect<KubeObject>
    /** Server-side apply as another writer, forced. */
    readonly applyAs: (manager: string, object: KubeObject) => Effect.Effect<KubeObject>
    /** Deletes an object, if there is one. */
    readonly remove: (key: ObjectKey) => Effect.Effect<void>

    /** A request to come fails. */
    readonly failNext: (fault: Fault) => Effect.Effect<void>
    /** Forgets the failures that were ordered and have not come. */
    readonly heal: Effect.Effect<void>
    /** Every answer takes this long, half of it before the effect. */
    readonly latency: (duration: Duration.Input) => Effect.Effect<void>
    /** All requests and open watches fail with `Unreachable`. */
    readonly disconnect: Effect.Effect<void>
    readonly connect: Effect.Effect<void>

    /** Open watches fail with `Gone`, and no watch can go on from before. */
    readonly expireWatches: Effect.Effect<void>
    /** The connections of open watches are cut. */
    readonly dropWatches: Effect.Effect<void>
    /** The server closes open watches in good order. */
    readonly endWatches: Effect.Effect<void>
    /** Every open watch tells how far it has come. */
    readonly bookmark: Effect.Effect<void>
    readonly openWatches: Effect.Effect<number>

    /** Serves one more kind, or the same kind otherwise. */
    readonly install: (kind: Kind) => Effect.Effect<void>
    /** Serves a kind no longer; its objects are gone. */
    readonly uninstall: (apiVersion: string, kind: string) => Effect.Effect<void>

    /** Every request so far, in order, whatever came of it. */
    readonly log: Effect.Effect<ReadonlyArray<Asked>>
    /** How many of them could change anything: neither reads nor dry runs. */
    readonly writes: Effect.Effect<number>
    readonly clearLog: Effect.Effect<void>
    /** Every object, `managedFields` included, ordered by path. */
    readonly objects: Effect.Effect<ReadonlyArray<KubeObject>>
    readonly object: (key: ObjectKey) => Effect.Effect<Option.Option<KubeObject>>

    /** A client of this cluster. */
    readonly kube: (options: KubeOptions) => Kube["Service"]
  }
>()("vcenter-operator/sandbox/Cluster") {
  /** An empty cluster that serves the usual kinds and the operator's own. */
  static readonly layer = Layer.sync(Cluster, () => make(new Backend()))

  /** The `Kube` service on the cluster that is there. */
  static readonly layerKube = (options: KubeOptions): Layer.Layer<Kube, never, Cluster> =>
    Layer.effect(
      Kube,
      Cluster.useSync((cluster) => cluster.kube(options))
    )
}

const make = (backend: Backend): Cluster["Service"] => {
  const { server, watches, faults, log } = backend
  const lever = <A>(act: (writing: (manager: string) => Writing) => Result.Result<A, Failure>): Effect.Effect<A> =>
    Effect.map(now, (time) => certain(act((manager) => ({ manager, time, dryRun: false }))))

  return Cluster.of({
    seed: (objects, manager = SOMEBODY) =>
      lever((writing) =>
        Result.all(
          objects.flatMap((object) => withNamespace(server, object).map((one) => put(server, one, writing(manager))))
        )
      ),
    edit: (key, change, manager = SOMEBODY) =>
      lever((writing) =>
        Result.flatMap(found(server, key), (object) => server.update(change(object), writing(manager)))
      ),
    editStatus: (key, status, manager = "kube-controller-manager") =>
      lever((writing) =>
        Result.flatMap(found(server, key), (object) =>
          server.replaceStatus({ ...object, ...(status === undefined ? {} : { status }) }, writing(manager))
        )
      ),
    applyAs: (manager, object) => lever((writing) => server.apply(object, true, writing(manager))),
    remove: (key) => lever((writing) => server.delete(key, { dryRun: false }, writing(SOMEBODY).time)),

    failNext: (fault) => Effect.sync(() => faults.add(fault)),
    heal: Effect.sync(() => faults.clear()),
    latency: (duration) =>
      Effect.sync(() => {
        backend.latency = Duration.fromInputUnsafe(duration)
      }),
    disconnect: Effect.sync(() => backend.disconnect()),
    connect: Effect.sync(() => backend.connect()),

    expireWatches: Effect.sync(() => {
      server.store.compact()
      watches.fail({ reason: "Gone", detail: "too old resource version" })
    }),
    dropWatches: Effect.sync(() => watches.fail({ reason: "Unreachable", detail: "other side closed" })),
    endWatches: Effect.sync(() => watches.end()),
    bookmark: Effect.sync(() => watches.bookmark(server.store.version)),
    openWatches: Effect.sync(() => watches.count),

    install: (kind) => Effect.sync(() => server.install(kind)),
    uninstall: (apiVersion, kind) => Effect.sync(() => server.uninstall(apiVersion, kind)),

    log: Effect.sync(() => [...log]),
    writes: Effect.sync(() => log.filter((asked) => isWrite(asked) && asked.kind !== "Lease").length),
    clearLog: Effect.sync(() => {
      log.length = 0
    }),
    objects: Effect.sync(() => server.store.all().map(show)),
    object: (key) => lever(() => server.get(key)),

    kube: (options) => kubeOn(backend, options)
  })
}

const certain = <A>(result: Result.Result<A, Failure>): A =>
  Result.getOrThrowWith(result, ({ detail }) => new Error(`the sandbox refuses: ${detail}`))

const found = (server: Server, key: ObjectKey): Result.Result<KubeObject, Failure> =>
  Result.flatMap(server.get(key), (object) =>
    Result.fromOption(object, (): Failure => ({ reason: "NotFound", detail: labelOf("there is no", key) }))
  )

const put = (server: Server, object: KubeObject, writing: Writing): Result.Result<KubeObject, Failure> =>
  Result.flatMap(server.get(keyOf(object)), (live) =>
    Option.isSome(live) ? server.update(object, writing) : server.create(object, writing)
  )

/** The namespace first, when it is missing. */
const withNamespace = (server: Server, object: KubeObject): ReadonlyArray<KubeObject> => {
  const { namespace } = keyOf(object)
  if (namespace === undefined) return [object]
  const home = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }
  return Option.isSome(certain(server.get(keyOf(home)))) ? [object] : [home, object]
}
