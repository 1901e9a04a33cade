import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { type Entry, empty, entriesOf, type Ledger } from "../../src/domain/Ledger.ts"
import { digest, groupOf } from "../../src/domain/Manifest.ts"
import { LEDGER_VERSION, readLedger, storeLedger } from "../../src/domain/VCenterState.ts"
import { BB1, BB2, CINDER, cluster, entry, ledger, pending, TEMPLATES } from "./fixtures.ts"
import { ledgerOf, Record } from "./Worlds.ts"

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

  it.each<[what: string, stored: unknown, message: RegExp]>([
    ["text", "ledger", /^status\.ledger has no version$/],
    ["an empty object", {}, /^status\.ledger has no version$/],
    ["another version", { ...valid, version: 2 }, /^status\.ledger is of version 2, this operator reads 1$/],
    ["a version that is no number", { ...valid, version: "1" }, /has no version/],
    ["groups that are missing", { ...valid, groups: undefined }, /^status\.ledger cannot be read: ./],
    ["a group without objects", { ...valid, groups: [{ kind: "Deployment" }] }, /cannot be read/],
    ["an unknown scope", { ...valid, templates: [{ name: "a/b", scope: "rack", digest: "x" }] }, /cannot be read/],
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
    const object = { name: "a", subject: BB1, digest: "x", uid: "u", colour: "blue" }
    const group = { apiVersion: "v1", kind: "ConfigMap", namespace: "ns", template: "ns/t", objects: [object] }
    const read = Result.getOrThrow(readLedger({ ...valid, groups: [group] }))
    assert.deepStrictEqual([...read.entries.keys()], ["/ConfigMap/ns/a"])
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
    assert.deepStrictEqual(group?.objects, [{ name: "a", subject: BB1 }])
  })

  /** 500 clusters with ten objects each, named as the agents are, with references, UIDs and digests of real lengths. */
  const region = (unwanted: number): Ledger => {
    const subjects = Array.from({ length: 500 }, (_, index) =>
      cluster(`domain-c${100_000 + index}`, `productionbb${index}`, "datacenter-100001")
    )
    const kinds = ["apps/v1 Deployment", "v1 ConfigMap", "v1 Secret"].map((kind) => kind.split(" "))
    const agents = ["nova-compute-vmware", "cinder-volume-vmware", "cinder-volume-backup-vmware", "neutron-dvs-agent"]
    const entries = subjects.flatMap(({ ref }, index) =>
      Array.from({ length: 10 }, (_, number): Entry => {
        const [apiVersion = "", kind = ""] = kinds[number % 3] ?? []
        const agent = agents[number % 4] ?? ""
        const uid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
        const place = { apiVersion, kind, group: groupOf(apiVersion), template: `monsoon3/${agent}`, subject: ref }
        const name = `${agent}-bb${index}`
        return entry(name, { ...place, uid, digest: digest(name, new Uint8Array(32)), unwanted })
      })
    )
    const recorded = new Map(subjects.map((subject) => [subject.ref, { ...subject, bridge: "br-101", eph: true }]))
    return ledger(entries, { subjects: recorded })
  }

  it("needs at most 150 bytes an object, and 0.75 MiB for 5,000", () => {
    const full = region(0)
    const { groups } = storeLedger(full)
    assert.strictEqual(full.entries.size, 5000)
    assert.isAtMost(JSON.stringify(groups).length / full.entries.size, 150)
    assert.isAtMost(JSON.stringify(storeLedger(full)).length, 0.75 * 1024 * 1024)
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
