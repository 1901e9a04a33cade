import { Clock, Context, Effect, Layer, Option, Schema } from "effect"
import { API_VERSION, KIND } from "../domain/VCenterState.ts"
import { ClusterFacts } from "./ClusterFacts.ts"
import { Kube, type KubeError, type KubeObject } from "./Kube.ts"

/** As the server limits it (core/v1 Event: 1024 bytes of a message). */
const LONGEST_MESSAGE = 1000
const COMPONENT = "vcenter-operator"

/** Something of a VCenterState that `kubectl describe` shall show. */
export interface Notice {
  readonly vcenter: string
  /** Makes it this one and no other: the same notice is told once, also by the next process. */
  readonly digest: string
  /** One word in CamelCase, as in the conditions. */
  readonly reason: string
  readonly message: string
}

/** An Event could not be written. It stops nothing: the status says the same. */
export class EventError extends Schema.TaggedError<EventError>()("EventError", {
  reason: Schema.Literals(["Kube"]),
  vcenter: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.vcenter}: the Event could not be written: ${this.detail}`
  }
}

/**
 * Kubernetes Events on the VCenterStates, of core/v1: what `kubectl describe` and `kubectl get events` show (the server
 * keeps one store for both groups).
 */
export class Events extends Context.Service<
  Events,
  {
    /** Writes a warning; one that is there already, by its digest, is left as it is. */
    readonly warn: (notice: Notice) => Effect.Effect<void, EventError>
  }
>()("vcenter-operator/services/Events") {
  /** @param dryRun nothing is written */
  static readonly layer = (dryRun: boolean) =>
    Layer.effect(
      Events,
      Effect.gen(function* () {
        const kube = yield* Kube
        const { ownNamespace: namespace } = yield* ClusterFacts

        const write = Effect.fnUntraced(function* (notice: Notice) {
          // By its UID it belongs to this VCenterState and not to an earlier one of the same name.
          const state = yield* kube.get({ apiVersion: API_VERSION, kind: KIND, namespace, name: notice.vcenter })
          if (Option.isNone(state)) return
          const now = yield* Clock.currentTimeMillis
          yield* kube
            .create(event(notice, namespace, state.value, new Date(now).toISOString()))
            .pipe(Effect.catchIf(isThere, () => Effect.void))
        })

        const warn = Effect.fn("Events.warn")((notice: Notice) =>
          dryRun
            ? Effect.void
            : Effect.mapError(
                write(notice),
                ({ message }) => new EventError({ reason: "Kube", vcenter: notice.vcenter, detail: message })
              )
        )
        return Events.of({ warn })
      })
    )
}

const isThere = ({ reason }: KubeError): boolean => reason === "Conflict"

const event = (
  { vcenter, digest, reason, message }: Notice,
  namespace: string,
  { metadata }: KubeObject,
  // Events are written to the second.
  time: string
): KubeObject => {
  const second = time.replace(/\.\d+Z$/, "Z")
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${vcenter}.${digest}`, namespace },
    involvedObject: {
      apiVersion: API_VERSION,
      kind: KIND,
      namespace,
      name: vcenter,
      ...(typeof metadata.uid === "string" ? { uid: metadata.uid } : {})
    },
    type: "Warning",
    reason,
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: COMPONENT,
    firstTimestamp: second,
    lastTimestamp: second,
    count: 1
  }
}
