import { Context, Effect, Layer, Option, Result, Schema } from "effect"
import type { Ledger } from "../domain/Ledger.ts"
import { canonical, type Json, type JsonObject } from "../domain/Manifest.ts"
import { API_VERSION, KIND, readLedger, type Spec, Status, VCenterState } from "../domain/VCenterState.ts"
import { ClusterFacts } from "./ClusterFacts.ts"
import { Kube, KubeError, type KubeObject } from "./Kube.ts"
import { Shutdown } from "./Shutdown.ts"

/** How long a write may still take when the process has been asked to end. */
const GRACE = "2 seconds"

/** A VCenterState as read: the record of one vCenter, or why it cannot be used. */
export interface Recorded {
  readonly vcenter: string
  /** A failure says why; nothing may be written for this vCenter then. */
  readonly ledger: Result.Result<Ledger, string>
  /** Whether there is no ledger at all: it was lost, or has never been. */
  readonly isMissing: boolean
  /** `status.ledger` as it lies there, when it cannot be read: it is kept so. */
  readonly unread: Json | undefined
  readonly spec: Spec
  readonly generation: number | undefined
  /** Absent when no VCenterState exists yet. */
  readonly resourceVersion: string | undefined
  readonly status: Status | undefined
}

export const LedgerReason = Schema.Literals([
  /** Somebody else wrote: read again and plan again. */
  "Conflict",
  /** The server kept less than was sent: its CRD is older than this operator. */
  "Dropped",
  /** The stored object is no VCenterState. */
  "Unreadable",
  "Kube"
])

/** The record could not be read or written. */
export class LedgerError extends Schema.TaggedError<LedgerError>()("LedgerError", {
  reason: LedgerReason,
  vcenter: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.vcenter}: ${this.detail}`
  }
}

/** The records, one VCenterState per vCenter in the operator's own namespace. */
export class Ledgers extends Context.Service<
  Ledgers,
  {
    readonly read: (vcenter: string) => Effect.Effect<Recorded, LedgerError>
    /**
     * Writes the whole status over the version that `recorded` was read at; gives what is recorded now. A ledger that
     * could not be read stays as it is, whatever the status says.
     */
    readonly write: (recorded: Recorded, status: Status) => Effect.Effect<Recorded, LedgerError>
  }
>()("vcenter-operator/services/Ledgers") {
  /** @param dryRun the record stays as it is: nothing is written */
  static readonly layer = (dryRun: boolean) =>
    Layer.effect(
      Ledgers,
      Effect.gen(function* () {
        const kube = yield* Kube
        const shutdown = yield* Shutdown
        const { ownNamespace: namespace } = yield* ClusterFacts

        const read = Effect.fn("Ledgers.read")(function* (vcenter: string) {
          const found = yield* kube.get({ apiVersion: API_VERSION, kind: KIND, namespace, name: vcenter })
          return Option.isNone(found) ? unrecorded(vcenter) : yield* decode(vcenter, found.value)
        }, mapKube)

        const inTime = <R>(effect: Effect.Effect<Recorded, LedgerError, R>, { vcenter }: Recorded) =>
          shutdown.within(
            effect,
            GRACE,
            () => new LedgerError({ reason: "Kube", vcenter, detail: "the record could not be written before the end" })
          )

        const write = Effect.fn("Ledgers.write")(
          function* (recorded: Recorded, status: Status) {
            if (dryRun) return recorded
            const resourceVersion =
              recorded.resourceVersion ??
              (yield* kube.create(fresh(recorded.vcenter, namespace)).pipe(Effect.map(versionOf)))
            const sent = { ...toJson(status), ...(recorded.unread === undefined ? {} : { ledger: recorded.unread }) }
            const written = yield* kube.replaceStatus({
              ...fresh(recorded.vcenter, namespace, resourceVersion),
              status: sent
            })
            if (canonical(written.status ?? null) !== canonical(sent)) {
              return yield* new LedgerError({
                reason: "Dropped",
                vcenter: recorded.vcenter,
                detail: "the API server dropped fields of the status: install the operator's crds/vcenterstate.yaml"
              })
            }
            return yield* decode(recorded.vcenter, written)
          },
          mapKube,
          inTime
        )

        return Ledgers.of({ read, write })
      })
    )
}

const unrecorded = (vcenter: string): Recorded => ({
  vcenter,
  ledger: readLedger(undefined),
  isMissing: true,
  unread: undefined,
  spec: {},
  generation: undefined,
  resourceVersion: undefined,
  status: undefined
})

const fresh = (vcenter: string, namespace: string, resourceVersion?: string): KubeObject => ({
  apiVersion: API_VERSION,
  kind: KIND,
  metadata: { name: vcenter, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  spec: {}
})

const versionOf = (object: KubeObject): string =>
  typeof object.metadata.resourceVersion === "string" ? object.metadata.resourceVersion : ""

const decodeState = Schema.decodeUnknownEffect(VCenterState)
const decodeStatus = Schema.decodeUnknownOption(Status)
const decodeHolder = Schema.decodeUnknownOption(
  Schema.StructWithRest(Schema.Struct({ ledger: Schema.optionalKey(Schema.Json) }), [
    Schema.Record(Schema.String, Schema.Unknown)
  ])
)

const decode = (vcenter: string, object: KubeObject): Effect.Effect<Recorded, LedgerError> =>
  decodeState(object).pipe(
    Effect.mapError(
      (error) => new LedgerError({ reason: "Unreadable", vcenter, detail: `VCenterState ${vcenter}: ${error.message}` })
    ),
    Effect.map((state) => {
      const { ledger: stored, ...rest } = Option.getOrElse(decodeHolder(state.status ?? {}), () => ({
        ledger: undefined
      }))
      const ledger = readLedger(stored)
      const isRead = Result.isSuccess(ledger)
      return {
        vcenter,
        ledger,
        isMissing: stored === undefined || stored === null,
        unread: isRead ? undefined : stored,
        spec: state.spec ?? {},
        generation: state.metadata.generation,
        resourceVersion: state.metadata.resourceVersion,
        status: Option.getOrUndefined(decodeStatus(isRead ? state.status : rest))
      }
    })
  )

const toJson = (status: Status): JsonObject => JSON.parse(JSON.stringify(status))

const mapKube = <A, R>(
  effect: Effect.Effect<A, LedgerError | KubeError, R>,
  vcenter: string | Recorded
): Effect.Effect<A, LedgerError, R> =>
  Effect.mapError(effect, (error) =>
    error instanceof KubeError
      ? new LedgerError({
          reason: error.reason === "Conflict" ? "Conflict" : "Kube",
          vcenter: typeof vcenter === "string" ? vcenter : vcenter.vcenter,
          detail: error.message
        })
      : error
  )
