import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { type Entry, empty, entriesOf, type Ledger } from "../../src/domain/Ledger.ts"
import { digest, groupOf, type Json } from "../../src/domain/Manifest.ts"
import { LEDGER_VERSION, readLedger, storeLedger } from "../../src/domain/VCenterState.ts"
import { BB1, BB2, CINDER, cluster, entry, ledger, pending, TEMPLATES } from "./fixtures.ts"
import { ledgerOf, Record } from "./Worlds.ts"

const UID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

/** Templates of a region, and what each makes. */
const AGENTS: ReadonlyArray<readonly [name: string, apiVersion: string, kind: string]> = [
  ["nova-compute-vmware", "apps/v1", "Deployment"],
  ["nova-compute-config", "v1", "ConfigMap"],
  ["nova-compute-secret", "v1", "Secret"],
  ["neutron-dvs-agent", "apps/v1", "Deployment"],
  ["neutron-dvs-config", "v1", "ConfigMap"],
  ["cinder-volume-vmware", "apps/v1", "Deployment"],
  ["cinder-backup-vmware", "apps/v1", "Deployment"],
  ["cinder-volume-config", "v1", "ConfigMap"]
]

/** Through the text that etcd holds. */
const stored = (self: Ledger): unknown => JSON.parse(JSON.stringify(storeLedger(self)))

const FULL = ledger(
  [
    entry("a"),
    pending("b", { unwanted: 12, approved: "delete" }),
    entry("c", { kind: "ConfigMap", group: "", apiVersion: "v1", subject: BB2, template: CINDER })
  ],
  {
    subjects: new Map([[BB1, { ...cluster(BB1, "productionbb001"), bridge: "br-101", eph: true }]]),
    approval: "d1ge57",
    prunes: [
      { at: 1_700_000_000_123, count: 3, recorded: 10 },
      { at: 1_700_000_001_000, count: 1, recorded: 7 }
    ]
  }
)

describe("readLedger", () => {
  it("gives back what was stored, to the last detail", () => {
    assert.deepStrictEqual(readLedger(stored(FULL)), Result.succeed(FULL))
  })

  it.prop("gives back any record that was stored", { record: Record }, ({ record }) => {
    assert.deepStrictEqual(readLedger(stored(ledgerOf(record))), Result.succeed(ledgerOf(record)))
  })

  it.each([[undefined], [null]])("reads %o, of a vCenter that is new, as an empty record", (nothing) => {
    assert.deepStrictEqual(readLedger(nothing), Result.succeed(empty))
  })

  const valid = { version: LEDGER_VERSION, templates: [], subjects: [], prunes: [], groups: [] }
  const group = { apiVersion: "v1", kind: "ConfigMap", namespace: "ns", template: "ns/t" }
  const groupOf1 = (object: Json) => ({ ...valid, groups: [{ ...group, objects: [object] }] })

  it.each<[what: string, stored: unknown, message: RegExp]>([
    ["text", "ledger", /^status\.ledger has no version$/],
    ["an empty object", {}, /^status\.ledger has no version$/],
    ["a later version", { ...valid, version: 3 }, /^status\.ledger is of version 3, this operator reads 2$/],
    ["no version there ever was", { ...valid, version: 0 }, /^status\.ledger is of version 0, this operator reads 2$/],
    ["a version that is no number", { ...valid, version: "1" }, /has no version/],
    ["groups that are missing", { ...valid, groups: undefined }, /^status\.ledger cannot be read: ./],
    ["a group without objects", { ...valid, groups: [{ kind: "Deployment" }] }, /cannot be read/],
    ["an unknown scope", { ...valid, templates: [{ name: "a/b", scope: "rack", digest: "x" }] }, /cannot be read/],
    ["an object of no subject", groupOf1({ name: "a" }), /cannot be read: ConfigMap ns\/a has no known subject/],
    ["a subject that is not there", groupOf1({ name: "a", of: 0 }), /cannot be read: ConfigMap ns\/a has no known/],
    ["a UID that is none", groupOf1({ name: "a", subject: BB1, uid: "u" }), /cannot be read: ConfigMap ns\/a .* UID/],
    ["a prune without a time", { ...valid, prunes: [{ count: 1, recorded: 2 }] }, /cannot be read/],
    [
      "a prune at no time at all",
      { ...valid, prunes: [{ at: "yesterday", count: 1, recorded: 2 }] },
      /^status\.ledger cannot be read: .*prunes/
    ]
  ])("refuses %s: a record that cannot be read is never an empty one", (_, broken, message) => {
    assert.match(
      Result.getOrElse(Result.flip(readLedger(broken)), () => "was read"),
      message
    )
  })

  it("reads a record whose objects carry fields of a later version", () => {
    const object = { name: "a", subject: BB1, digest: "x", uid: "=u", colour: "blue" }
    const read = Result.getOrThrow(readLedger(groupOf1(object)))
    assert.deepStrictEqual([...read.entries.keys()], ["/ConfigMap/ns/a"])
  })

  it("reads a record of version 1, whose objects said their UID and subject in full", () => {
    const object = { name: "a", subject: BB1, digest: "x", uid: UID, unwanted: 3 }
    const first = { ...groupOf1(object), version: 1, subjects: [{ ref: BB1, name: "bb1", datacenter: "datacenter-1" }] }
    const read = Result.getOrThrow(readLedger(first))
    assert.deepStrictEqual(
      [...read.entries.values()].map(({ name, subject, digest, uid, unwanted }) => [
        name,
        subject,
        digest,
        uid,
        unwanted
      ]),
      [["a", BB1, "x", UID, 3]]
    )
    assert.deepStrictEqual(readLedger(stored(read)), Result.succeed(read))
  })
})

describe("storeLedger", () => {
  it.prop("gives the same text whatever the order in which things were recorded", { record: Record }, ({ record }) => {
    const forwards = ledgerOf(record)
    const backwards: Ledger = {
      ...forwards,
      entries: new Map([...forwards.entries].reverse()),
      subjects: new Map([...forwards.subjects].reverse()),
      templates: new Map([...forwards.templates].reverse())
    }
    assert.strictEqual(JSON.stringify(storeLedger(backwards)), JSON.stringify(storeLedger(forwards)))
  })

  it("says kind, namespace and template once for all objects that share them", () => {
    const { groups } = storeLedger(FULL)
    assert.deepStrictEqual(
      groups.map(({ kind, objects }) => [kind, objects.map(({ name }) => name)]),
      [
        ["Deployment", ["a", "b"]],
        ["ConfigMap", ["c"]]
      ]
    )
  })

  it("leaves out what has not happened: no digest, no UID, no seconds unwanted", () => {
    const [group] = storeLedger(ledger([pending("a")])).groups
    assert.deepStrictEqual(group?.objects, [{ name: "a", of: 1 }])
  })

  /** 625 clusters of eight templates with one object each, whose names, references, UIDs and digests have real lengths. */
  const region = (unwanted: number): Ledger => {
    const subjects = Array.from({ length: 625 }, (_, index) => ({
      ...cluster(`domain-c${100_000 + index}`, `nova-compute-bb${100 + index}`, "datacenter-100001"),
      bridge: "br-vlan1001",
      eph: true
    }))
    const entries = subjects.flatMap(({ ref, name: subject }, index) =>
      AGENTS.map(([agent, apiVersion, kind], number): Entry => {
        const uid = `f81d4fae-7dec-11d0-a765-${(index * 8 + number).toString(16).padStart(12, "0")}`
        const name = `${agent}-${subject}`.padEnd(45, "x")
        const place = { apiVersion, kind, group: groupOf(apiVersion), template: `monsoon3/${agent}`, subject: ref }
        return entry(name, { ...place, uid, digest: digest(name, new Uint8Array(32)), unwanted })
      })
    )
    return ledger(entries, { subjects: new Map(subjects.map((subject) => [subject.ref, subject])) })
  }

  it("needs at most 150 bytes an object and 0.75 MiB for 5,000 with names of 45 characters, all included", () => {
    const full = region(0)
    const bytes = Buffer.byteLength(JSON.stringify(storeLedger(full)))
    assert.strictEqual(full.entries.size, 5000)
    assert.strictEqual(Math.max(...[...full.entries.values()].map(({ name }) => name.length)), 45)
    assert.isAtMost(bytes / full.entries.size, 150)
    assert.isAtMost(bytes, 0.75 * 1024 * 1024)
  })

  it("fits the limit when every object has been unwanted for a day", () => {
    assert.isAtMost(Buffer.byteLength(JSON.stringify(storeLedger(region(86_400)))), 1024 * 1024)
  })

  it("keeps apart two objects of one name whose namespace, kind or template differs", () => {
    const entries = [
      entry("a"),
      entry("a", { namespace: "other" }),
      entry("a", { kind: "ConfigMap", group: "", apiVersion: "v1" })
    ]
    const read = Result.getOrThrow(readLedger(stored({ ...empty, templates: TEMPLATES, entries: entriesOf(entries) })))
    assert.deepStrictEqual(read.entries, entriesOf(entries))
  })
})
