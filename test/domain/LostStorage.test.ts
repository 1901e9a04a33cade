import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import type { RecordedSubject } from "../../src/domain/Ledger.ts"
import { lostStorage } from "../../src/domain/LostStorage.ts"
import { contexts } from "../../src/domain/RenderContext.ts"
import type { Settings } from "../../src/domain/Settings.ts"
import { BB1, DATACENTER, VCENTER } from "./fixtures.ts"
import { settingsOf } from "./settingsOf.ts"

const bb1: RecordedSubject = { ref: BB1, name: "productionbb001", scope: "cluster", datacenter: DATACENTER }
const EPH = { ...bb1, eph: true }
const BRIDGE = { ...bb1, bridge: "br-101" }
const BOTH = { ...bb1, eph: true, bridge: "br-101" }

/** The context of a cluster with these datastores and networks. */
const now = (datastores: ReadonlyArray<string>, networks: ReadonlyArray<string>, settings = settingsOf()) => {
  const datacenter = { ref: DATACENTER, name: "QA-DE-1a" }
  const cluster = { ref: BB1, name: "productionbb001", datacenter, datastores, networks }
  const [context] = contexts(
    {
      fqdn: VCENTER,
      inventory: { instanceUuid: "uuid-a", clusters: [cluster], datacenters: [datacenter] },
      settings,
      facts: { region: "qa-de-1", domain: "cc.qa-de-1.cloud.sap", ownNamespace: "operators", inCluster: true },
      cells: Result.succeed(new Set(["cell1"])),
      password: Redacted.make("test-derived"),
      choices: new Map()
    },
    "cluster"
  )
  if (context === undefined) throw new Error("no context")
  return context
}
const WITH = now(["eph_bb001_0"], ["br-101"])
const policies: Settings = settingsOf({ pbm_enabled: "true" })

describe("lostStorage", () => {
  it.each<[row: string, RecordedSubject | undefined, ReturnType<typeof now>, what: ReadonlyArray<string> | undefined]>([
    ["nothing when no object of the cluster is recorded", undefined, now([], []), undefined],
    ["nothing when the cluster never had any", bb1, now([], []), undefined],
    ["nothing while everything is there", BOTH, WITH, undefined],
    ["nothing when a datastore is left, whatever its name", EPH, now(["eph_new"], []), undefined],
    ["nothing when the datastores are used no longer", EPH, now([], [], policies), undefined],
    ["the datastores when none starts with eph any more", EPH, now(["vmfs_0"], []), ["datastores"]],
    ["nothing when a network is left, whatever its name", BRIDGE, now([], ["br-other"]), undefined],
    ["the network when none starts with br- any more", BRIDGE, now([], ["management"]), ["network"]],
    ["both at once", BOTH, now([], []), ["datastores", "network"]]
  ])("is %s", (_, before, context, what) => {
    assert.deepStrictEqual(lostStorage(before, context)?.what, what)
  })

  it("names the cluster and what it had", () => {
    assert.strictEqual(
      lostStorage(BOTH, now([], []))?.message,
      "LostStorage: cluster productionbb001 has lost its last datastore that starts with eph and its last network that starts with br- (it had br-101): its objects stay as they are"
    )
  })

  it("is judged by what the context itself records", () => {
    const { subject } = WITH
    assert.deepInclude(subject, { eph: true, bridge: "br-101" })
    assert.notProperty(now([], [], policies).subject, "eph")
  })
})
