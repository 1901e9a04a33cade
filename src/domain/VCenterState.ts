import { Result, Schema } from "effect"
import { Condition } from "./Condition.ts"
import { type Entry, empty, entriesOf, type Ledger } from "./Ledger.ts"
import { groupOf } from "./Manifest.ts"
import { GROUP } from "./Owner.ts"
import { packUid, unpackUid } from "./Uid.ts"

export const API_VERSION = `${GROUP}/v1`
export const KIND = "VCenterState"

/**
 * Version of the ledger's form that is written. A ledger of a later one is not read, and nothing is pruned by it.
 *
 *   version | an object's UID                      | its subject
 *   --------+--------------------------------------+------------------------------------
 *   1       | as it is                             | `subject`: managed object id
 *   2       | 22 characters instead of 36 (Uid.ts) | `of`: place in `subjects`, from 0; `subject` when it has none
 */
export const LEDGER_VERSION = 2
const OLDEST_VERSION = 1

const Text = Schema.String
const Count = Schema.Int

const RecordedObject = Schema.Struct({
  name: Text,
  digest: Schema.optionalKey(Text),
  uid: Schema.optionalKey(Text),
  of: Schema.optionalKey(Count),
  subject: Schema.optionalKey(Text),
  unwanted: Schema.optionalKey(Schema.Int),
  approved: Schema.optionalKey(Schema.Literals(["delete", "take-over"]))
})

const RecordedGroup = Schema.Struct({
  apiVersion: Text,
  kind: Text,
  namespace: Text,
  template: Text,
  objects: Schema.Array(RecordedObject)
})

/** Date and time as `Date` writes them: ISO 8601, UTC. */
const Moment = Text.check(
  Schema.makeFilter((text: string) => !Number.isNaN(Date.parse(text)), { expected: "a date and time" })
)

const ScopeName = Schema.Literals(["cluster", "storage", "datacenter"])

/** The ledger as it lies in `status.ledger`: grouped, at most 150 bytes an object, all that belongs to it included. */
export const StoredLedger = Schema.Struct({
  version: Schema.Int,
  instanceUuid: Schema.optionalKey(Text),
  /** The digest that was approved last. */
  approval: Schema.optionalKey(Text),
  /** Seconds of observed time for which the vCenter has been gone from the zone. */
  gone: Schema.optionalKey(Schema.Int),
  /** Which key the digests were made with. */
  digestKey: Schema.optionalKey(Text),
  /** Kinds that could not be listed when the record was rebuilt. */
  unlisted: Schema.optionalKey(Schema.Array(Text)),
  templates: Schema.Array(Schema.Struct({ name: Text, scope: ScopeName, digest: Text })),
  subjects: Schema.Array(
    Schema.Struct({
      ref: Text,
      name: Text,
      /** Absent: `cluster`, as most are. */
      scope: Schema.optionalKey(ScopeName),
      datacenter: Text,
      bridge: Schema.optionalKey(Text),
      eph: Schema.optionalKey(Schema.Boolean)
    })
  ),
  prunes: Schema.Array(Schema.Struct({ at: Moment, count: Count, recorded: Count })),
  groups: Schema.Array(RecordedGroup)
})
export type StoredLedger = typeof StoredLedger.Type

/** Written by people. */
export const Spec = Schema.Struct({
  /** No writes for this vCenter while true. */
  paused: Schema.optionalKey(Schema.Boolean),
  /** Digest of a set under `status.approvals`: what remains of exactly this set may be done. */
  approve: Schema.optionalKey(Text)
})
export type Spec = typeof Spec.Type

/** A set that waits for a person, who writes its digest into `spec.approve`. */
const Approval = Schema.Struct({
  reason: Schema.Literals(["Delete", "EmptyRender", "TakeOver", "LostStorage", "AnotherWriter", "AnotherVCenter"]),
  digest: Text,
  count: Count,
  /** The first 20. */
  objects: Schema.Array(Text)
})

const Problem = Schema.Struct({ object: Text, reason: Text, message: Text })

/** Written by the operator: what it sees, and its record of what it applied. */
export const Status = Schema.Struct({
  observedGeneration: Schema.optionalKey(Schema.Int),
  conditions: Schema.Array(Condition),
  /** Reason of the condition Ready, for the printer column. */
  reason: Text,
  /** What the vCenter calls itself: version and build. */
  version: Schema.optionalKey(Text),
  clusters: Count,
  objects: Count,
  withheld: Count,
  /** Objects and templates that are not as they should be: the first 20. */
  problems: Schema.Array(Problem),
  /** What waits for a person's approval; absent when nothing does. */
  approvals: Schema.optionalKey(Schema.Array(Approval)),
  ledger: Schema.optionalKey(StoredLedger)
})
export type Status = typeof Status.Type
export type Problem = typeof Problem.Type

/** One vCenter, as `kubectl get vcs` shows it. Named by its FQDN. */
export const VCenterState = Schema.Struct({
  apiVersion: Text,
  kind: Text,
  metadata: Schema.Struct({
    name: Text,
    namespace: Text,
    resourceVersion: Schema.optionalKey(Text),
    generation: Schema.optionalKey(Schema.Int)
  }),
  spec: Schema.optionalKey(Spec),
  status: Schema.optionalKey(Schema.Unknown)
})
export type VCenterState = typeof VCenterState.Type

const decodeLedgerJson = Schema.decodeUnknownResult(StoredLedger)
const decodeVersion = Schema.decodeUnknownResult(Schema.Struct({ version: Schema.Int }))

/** The ledger in a status; a failure says why it cannot be read. No ledger at all reads as an empty one. */
export const readLedger = (stored: unknown): Result.Result<Ledger, string> => {
  if (stored === undefined || stored === null) return Result.succeed(empty)
  const version = decodeVersion(stored)
  if (Result.isFailure(version)) return Result.fail("status.ledger has no version")
  if (version.success.version < OLDEST_VERSION || version.success.version > LEDGER_VERSION) {
    return Result.fail(`status.ledger is of version ${version.success.version}, this operator reads ${LEDGER_VERSION}`)
  }
  return Result.flatMap(
    Result.mapError(
      decodeLedgerJson(stored),
      (error) => `status.ledger cannot be read: ${firstProblem(error.message)}`
    ),
    fromStored
  )
}

// `Expected string\n  at ["version"]`: what and where, on one line.
const firstProblem = (message: string): string => message.replace(/\n {2}at /, " at ").split("\n")[0] ?? ""

const fromStored = (stored: StoredLedger): Result.Result<Ledger, string> => {
  const entries: Array<Entry> = []
  for (const { apiVersion, kind, namespace, template, objects } of stored.groups) {
    const place = { apiVersion, group: groupOf(apiVersion), kind, namespace, template }
    for (const { name, digest, unwanted = 0, approved, ...object } of objects) {
      const subject = object.of === undefined ? object.subject : stored.subjects[object.of]?.ref
      const uid = object.uid === undefined || stored.version === 1 ? object.uid : unpackUid(object.uid)
      if (subject === undefined || (uid === undefined && object.uid !== undefined)) {
        return Result.fail(`status.ledger cannot be read: ${kind} ${namespace}/${name} has no known subject or no UID`)
      }
      entries.push({
        ...place,
        name,
        ...(digest === undefined ? {} : { digest }),
        ...(uid === undefined ? {} : { uid }),
        subject,
        unwanted,
        ...(approved === undefined ? {} : { approved })
      })
    }
  }
  return Result.succeed({
    instanceUuid: stored.instanceUuid,
    ...(stored.approval === undefined ? {} : { approval: stored.approval }),
    ...(stored.gone === undefined ? {} : { gone: stored.gone }),
    ...(stored.digestKey === undefined ? {} : { digestKey: stored.digestKey }),
    ...(stored.unlisted === undefined ? {} : { unlisted: stored.unlisted }),
    entries: entriesOf(entries),
    subjects: new Map(stored.subjects.map(({ scope = "cluster", ...subject }) => [subject.ref, { scope, ...subject }])),
    templates: new Map(stored.templates.map((template) => [template.name, template])),
    prunes: stored.prunes.map(({ at, count, recorded }) => ({ at: Date.parse(at), count, recorded }))
  })
}

/** The ledger's stored form: always the same text for the same ledger. */
export const storeLedger = (ledger: Ledger): StoredLedger => {
  const groups = new Map<string, { head: Entry; entries: Array<Entry> }>()
  for (const entry of sortedBy(ledger.entries.values(), ({ name }) => name)) {
    const key = [entry.apiVersion, entry.kind, entry.namespace, entry.template].join(" ")
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { head: entry, entries: [entry] })
    else group.entries.push(entry)
  }
  const subjects = sortedBy(ledger.subjects.values(), ({ ref }) => ref)
  const places = new Map(subjects.map(({ ref }, index) => [ref, index]))
  return {
    version: LEDGER_VERSION,
    ...(ledger.instanceUuid === undefined ? {} : { instanceUuid: ledger.instanceUuid }),
    ...(ledger.approval === undefined ? {} : { approval: ledger.approval }),
    ...(ledger.gone === undefined ? {} : { gone: ledger.gone }),
    ...(ledger.digestKey === undefined ? {} : { digestKey: ledger.digestKey }),
    ...(ledger.unlisted === undefined ? {} : { unlisted: ledger.unlisted }),
    templates: sortedBy(ledger.templates.values(), ({ name }) => name),
    subjects: subjects.map(({ scope, ...subject }) => (scope === "cluster" ? subject : { ...subject, scope })),
    prunes: ledger.prunes.map(({ at, count, recorded }) => ({ at: new Date(at).toISOString(), count, recorded })),
    groups: sortedBy(groups, ([key]) => key).map(([, { head, entries }]) => ({
      apiVersion: head.apiVersion,
      kind: head.kind,
      namespace: head.namespace,
      template: head.template,
      objects: entries.map(({ name, digest, uid, subject, unwanted, approved }) => ({
        name,
        ...(digest === undefined ? {} : { digest }),
        ...(uid === undefined ? {} : { uid: packUid(uid) }),
        ...placeOf(subject, places),
        ...(unwanted === 0 ? {} : { unwanted }),
        ...(approved === undefined ? {} : { approved })
      }))
    }))
  }
}

const placeOf = (subject: string, places: ReadonlyMap<string, number>) => {
  const of = places.get(subject)
  return of === undefined ? { subject } : { of }
}

const sortedBy = <A>(items: Iterable<A>, key: (item: A) => string): ReadonlyArray<A> =>
  [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
