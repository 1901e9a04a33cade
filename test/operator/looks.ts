import { Effect, Option, Schema } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import { isWrite } from "../../sandbox/cluster/Faults.ts"
import type { Condition } from "../../src/domain/Condition.ts"
import { OWNER_LABEL } from "../../src/domain/Owner.ts"
import { TEMPLATE_KIND, TemplateStatus } from "../../src/domain/Template.ts"
import { KIND, Status } from "../../src/domain/VCenterState.ts"
import type { KubeObject, ObjectKey } from "../../src/services/Kube.ts"
import { key, stateKey } from "./fixtures.ts"

/** What the operator has applied and not deleted, by its mark: `Kind/name`, sorted. */
export const applied = Cluster.use(({ objects }) => objects).pipe(
  Effect.map((objects) =>
    objects
      .filter(({ metadata }) => JSON.stringify(metadata.labels ?? {}).includes(OWNER_LABEL))
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
      .sort()
  )
)

export const object = (of: ObjectKey): Effect.Effect<KubeObject, never, Cluster> =>
  Effect.flatMap(
    Cluster.use((cluster) => cluster.object(of)),
    (found) =>
      Option.isSome(found)
        ? Effect.succeed(found.value)
        : Effect.die(new Error(`no ${of.kind} ${of.name} in the cluster`))
  )

const decodeStatus = Schema.decodeUnknownEffect(Status)
const decodeTemplateStatus = Schema.decodeUnknownEffect(TemplateStatus)

/** Status of a VCenterState, by the short name of its vCenter. */
export const status = (vcenter: string): Effect.Effect<Status, never, Cluster> =>
  object(stateKey(vcenter)).pipe(
    Effect.flatMap((state) => decodeStatus(state.status)),
    Effect.orDie
  )

/** `Type=Status Reason` of each condition. */
export const conditions = (vcenter: string) =>
  Effect.map(status(vcenter), ({ conditions }) =>
    conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
  )

export const condition = (vcenter: string, type: string): Effect.Effect<Condition | undefined, never, Cluster> =>
  Effect.map(status(vcenter), ({ conditions }) => conditions.find((each) => each.type === type))

/** `Kind/name` of what is recorded, sorted. */
export const recorded = (vcenter: string) =>
  Effect.map(status(vcenter), ({ ledger }) =>
    (ledger?.groups ?? []).flatMap(({ kind, objects }) => objects.map(({ name }) => `${kind}/${name}`)).sort()
  )

export const templateStatus = (name: string): Effect.Effect<TemplateStatus, never, Cluster> =>
  object(key(TEMPLATE_KIND, name)).pipe(
    Effect.flatMap((template) => decodeTemplateStatus(template.status)),
    Effect.orDie
  )

/** The writes since the log was cleared, `verb Kind/name`, in order. */
export const writes = Effect.map(
  Cluster.use(({ log }) => log),
  (log) =>
    log
      .filter((asked) => isWrite(asked) && asked.kind !== "Lease")
      .map(({ verb, kind, name }) => `${verb} ${kind}/${name}`)
)

/** Those that concern objects: records, statuses of templates and Events apart. */
export const objectWrites = Effect.map(writes, (all) =>
  all.filter((write) => ![KIND, TEMPLATE_KIND, "Event"].some((kind) => write.includes(` ${kind}/`)))
)

/** Resource versions of everything but the Lease, by `Kind/name`. */
export const versions = Effect.map(
  Cluster.use(({ objects }) => objects),
  (objects) =>
    new Map(
      objects
        .filter(({ kind }) => kind !== "Lease")
        .map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion])
    )
)

/** What has another resource version than before, has come or has gone, sorted. */
export const changedSince = (before: Effect.Success<typeof versions>) =>
  Effect.map(versions, (now) =>
    [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name)).sort()
  )

/** The set that waits for this reason. */
export const waiting = (vcenter: string, reason: string) =>
  Effect.map(status(vcenter), ({ approvals }) => approvals?.find((each) => each.reason === reason))

/** Writes the digest of the set that waits for this reason into `spec.approve`, as a person does. */
export const approve = (vcenter: string, reason = "Delete") =>
  Effect.gen(function* () {
    const found = yield* waiting(vcenter, reason)
    if (found === undefined) return yield* Effect.die(new Error(`nothing waits for ${reason}`))
    yield* Cluster.use((cluster) =>
      cluster.edit(stateKey(vcenter), (state) => ({ ...state, spec: { approve: found.digest } }))
    )
    return found.digest
  })

/** The Events there are, `reason: message`. */
export const events = Effect.map(
  Cluster.use(({ objects }) => objects),
  (objects) => objects.filter(({ kind }) => kind === "Event").map(({ reason, message }) => `${reason}: ${message}`)
)
