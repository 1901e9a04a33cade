import { Schema } from "effect"
import { type Failure, renderingKey, type Wanted } from "../../src/domain/Desired.ts"
import {
  type Entry,
  empty,
  entriesOf,
  type Ledger,
  type RecordedSubject,
  type RecordedTemplate
} from "../../src/domain/Ledger.ts"
import type { Lost } from "../../src/domain/LostStorage.ts"
import { id, type JsonObject, type Manifest } from "../../src/domain/Manifest.ts"
import type { Owner } from "../../src/domain/Owner.ts"
import type { Apply, Prune } from "../../src/domain/Plan.ts"

export const VCENTER = "vc-a-0.cc.qa-de-1.cloud.sap"
export const OWNER: Owner = { operator: "operators/vcenter-operator", vcenter: VCENTER }

export const NOVA = "monsoon3/nova-compute"
export const CINDER = "monsoon3/cinder-volume"
export const BB1 = "domain-c1"
export const BB2 = "domain-c2"
export const DATACENTER = "datacenter-1"

export const cluster = (ref: string, name: string, datacenter = DATACENTER): RecordedSubject => ({
  ref,
  name,
  scope: "cluster",
  datacenter
})

export const SUBJECTS: ReadonlyMap<string, RecordedSubject> = new Map([
  [BB1, cluster(BB1, "productionbb001")],
  [BB2, cluster(BB2, "productionbb002")],
  [DATACENTER, { ref: DATACENTER, name: "QA-DE-1a", scope: "datacenter", datacenter: DATACENTER }]
])

export const template = (name: string, digest = "text-1"): RecordedTemplate => ({ name, scope: "cluster", digest })

export const TEMPLATES: ReadonlyMap<string, RecordedTemplate> = new Map([
  [NOVA, template(NOVA)],
  [CINDER, template(CINDER)]
])

/** A Deployment in the namespace monsoon3. */
export const manifest = (name: string): Manifest => ({
  apiVersion: "apps/v1",
  group: "apps",
  kind: "Deployment",
  namespace: "monsoon3",
  name,
  body: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "monsoon3" } }
})

export const wanted = (name: string, over: Partial<Omit<Wanted, "manifest">> = {}): Wanted => ({
  manifest: manifest(name),
  digest: "new",
  template: NOVA,
  subject: BB1,
  ...over
})

/** Recorded as applied with the digest `old`. */
export const entry = (name: string, over: Partial<Entry> = {}): Entry => {
  const { body: _, ...identity } = manifest(name)
  return { ...identity, template: NOVA, subject: BB1, digest: "old", uid: `uid-${name}`, unwanted: 0, ...over }
}

/** Recorded, but never confirmed. */
export const pending = (name: string, over: Partial<Entry> = {}): Entry => {
  const { digest: _, uid: __, ...rest } = entry(name, over)
  return rest
}

export const ledger = (entries: ReadonlyArray<Entry>, over: Partial<Ledger> = {}): Ledger => ({
  ...empty,
  instanceUuid: "uuid-a",
  entries: entriesOf(entries),
  subjects: SUBJECTS,
  templates: TEMPLATES,
  ...over
})

export interface DesiredParts {
  readonly wanted?: ReadonlyArray<Wanted>
  readonly contested?: ReadonlyMap<string, string>
  readonly failures?: ReadonlyArray<Failure>
  readonly held?: ReadonlyMap<string, string>
  readonly lost?: ReadonlyMap<string, Lost>
  readonly subjects?: ReadonlyMap<string, RecordedSubject>
  readonly templates?: ReadonlyMap<string, RecordedTemplate>
  readonly emptyRenders?: ReadonlyArray<readonly [template: string, subject: string]>
  readonly instanceUuid?: string
}

/** What should exist, with every subject and template there unless told otherwise. */
export const desired = ({ wanted: objects = [], emptyRenders = [], ...over }: DesiredParts = {}) => ({
  instanceUuid: "uuid-a",
  contested: new Map<string, string>(),
  failures: [],
  held: new Map<string, string>(),
  lost: new Map<string, Lost>(),
  subjects: SUBJECTS,
  templates: TEMPLATES,
  ...over,
  wanted: new Map(objects.map((object) => [id(object.manifest), object])),
  emptyRenders: new Set(emptyRenders.map(([of, subject]) => renderingKey(of, subject)))
})

export const apply = (name: string, recorded?: Entry): Apply => ({
  _tag: "Apply",
  wanted: wanted(name),
  recorded,
  facts: "Complete"
})

export const prune = (name: string, over: Partial<Entry> = {}, cause: Prune["cause"] = "subject gone"): Prune => ({
  _tag: "Prune",
  entry: entry(name, over),
  cause,
  facts: "Complete"
})

const decodeRecord = Schema.decodeUnknownSync(Schema.Record(Schema.String, Schema.Json))

/** A part of a manifest that is an object, or an empty one where there is none. */
export const record = (part: unknown): JsonObject => decodeRecord(part ?? {})
