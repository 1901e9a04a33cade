import { Effect, Schema } from "effect"
import { canonical, type Json } from "../../../src/domain/Manifest.ts"
import { GROUP, OBJECT_LABEL, OWNER_LABEL, VCENTER_LABEL } from "../../../src/domain/Owner.ts"
import { unpackUid } from "../../../src/domain/Uid.ts"
import type { Api, Live } from "../world/Api.ts"

/** Kinds of the objects that the templates of the scenarios render, with the collections where they lie. */
export const KINDS: ReadonlyMap<string, string> = new Map([
  ["ConfigMap", "/api/v1"],
  ["Secret", "/api/v1"],
  ["Deployment", "/apis/apps/v1"],
  ["HorizontalPodAutoscaler", "/apis/autoscaling/v2"]
])

/** Path of a collection in a namespace. */
export const collection = (kind: string, namespace: string): string => {
  const prefix = KINDS.get(kind) ?? `/apis/${GROUP}/v1`
  const plural =
    kind === "VCenterState"
      ? "vcenter-states"
      : kind === "VCenterTemplate"
        ? "vcenter-templates"
        : `${kind.toLowerCase()}s`
  return `${prefix}/namespaces/${namespace}/${plural}`
}

/** What there is in a stage, without what differs from run to run: UIDs, versions, times, digests. */
export interface EndState {
  /** By `Kind/name`: what it says, whose it is, who manages it, how often it was changed. */
  readonly objects: Readonly<Record<string, string>>
  /** By vCenter: what is recorded, whether each is confirmed and with the UID of what lives, and the conditions. */
  readonly records: Readonly<Record<string, ReadonlyArray<string>>>
  /** Marked objects that no record names. */
  readonly orphans: ReadonlyArray<string>
}

export interface Reading {
  readonly state: EndState
  readonly uids: ReadonlyMap<string, string>
  /** Statuses of the templates. */
  readonly templates: ReadonlyArray<string>
}

const Recorded = Schema.Struct({
  reason: Schema.String,
  conditions: Schema.Array(Schema.Struct({ type: Schema.String, status: Schema.String, reason: Schema.String })),
  ledger: Schema.optionalKey(
    Schema.Struct({
      groups: Schema.Array(
        Schema.Struct({
          kind: Schema.String,
          objects: Schema.Array(
            Schema.Struct({
              name: Schema.String,
              digest: Schema.optionalKey(Schema.String),
              uid: Schema.optionalKey(Schema.String)
            })
          )
        })
      )
    })
  )
})
const decodeRecord = Schema.decodeUnknownOption(Recorded)

const OPERATORS = /^(?:vcenter-operator|kube-root-ca)/

/** Reads a namespace. */
export const read = Effect.fnUntraced(function* (api: Api, namespace: string) {
  const found = new Map<string, Live>()
  for (const kind of KINDS.keys()) {
    for (const live of yield* api.list(collection(kind, namespace))) {
      if (!OPERATORS.test(live.metadata.name)) found.set(`${kind}/${live.metadata.name}`, live)
    }
  }
  const uids = new Map([...found].map(([name, { metadata }]) => [name, metadata.uid]))
  const records: Record<string, ReadonlyArray<string>> = {}
  const recorded = new Set<string>()
  for (const { metadata, status } of yield* api.list(collection("VCenterState", namespace))) {
    const record = decodeRecord(status)
    if (record._tag === "None") {
      records[metadata.name] = ["no status"]
      continue
    }
    const { conditions, ledger, reason } = record.value
    const entries = (ledger?.groups ?? []).flatMap(({ kind, objects }) =>
      objects.map(({ name, digest, uid }) => ({ key: `${kind}/${name}`, digest, uid: uid && unpackUid(uid) }))
    )
    for (const { key } of entries) recorded.add(key)
    records[metadata.name] = [
      reason,
      ...entries
        .map(({ key, digest, uid }) => {
          const known = uid === undefined ? "no UID" : uid === uids.get(key) ? "its UID" : "another UID"
          return `${key}: ${digest === undefined ? "pending" : "applied"}, ${known}`
        })
        .sort(),
      ...conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
    ]
  }
  const templates = (yield* api.list(collection("VCenterTemplate", namespace))).map(
    ({ metadata, status }) => `${metadata.name}: ${canonical(withoutTimes(status))}`
  )
  return {
    state: {
      objects: Object.fromEntries([...found].map(([name, live]) => [name, shown(live)]).sort()),
      records,
      orphans: [...found]
        .filter(([name, { metadata }]) => metadata.labels?.[OWNER_LABEL] !== undefined && !recorded.has(name))
        .map(([name]) => name)
    },
    uids,
    templates: templates.sort()
  } satisfies Reading
})

const withoutTimes = (status: unknown): Json =>
  JSON.parse(JSON.stringify(status ?? null).replaceAll(/"lastTransitionTime":"[^"]*"/g, '"lastTransitionTime":""'))

const shown = ({ metadata, data, spec }: Live): string => {
  const { labels = {} } = metadata
  return canonical(
    JSON.parse(
      JSON.stringify({
        data,
        spec,
        generation: metadata.generation,
        marks: [labels[OWNER_LABEL], labels[OBJECT_LABEL], labels[VCENTER_LABEL]],
        managers: (metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`).sort()
      })
    )
  )
}
