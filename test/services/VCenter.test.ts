import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { VCenterModel } from "../../sandbox/vcenter/VCenterModel.ts"
import { VCenter } from "../../src/services/VCenter.ts"
import { follow, lines, simulate } from "./SimulatedVCenter.ts"

const BB1 = "productionbb001 @QA-DE-1a [eph_bb001_0,vmfs_001] [pg-common,br-phys001]"
const BB2 = "productionbb002 @QA-DE-1a [eph_bb002_0,vmfs_002] [pg-common,br-phys002]"

/** A simulated vCenter, logged in, its first inventory read. */
const followed = Effect.fnUntraced(function* (given?: VCenterModel) {
  const { model, target, server } = yield* simulate(given)
  const session = yield* VCenter.use((vcenter) => vcenter.open(target))
  const { next } = yield* follow(session)
  return { model, server, session, first: yield* next, next }
})

layer(VCenter.layer, { excludeTestServices: true })("VCenter", (it) => {
  describe("reading", () => {
    it.effect("gives the whole inventory first, with references, names and the vCenter's own identity", () =>
      Effect.gen(function* () {
        const { first, session } = yield* followed()
        assert.strictEqual(session.instanceUuid, "11111111-2222-3333-4444-555555555555")
        assert.strictEqual(session.version, "8.0.3 build 24022515")
        const datacenter = { ref: "datacenter-2", name: "QA-DE-1a" }
        assert.deepStrictEqual(first, {
          _tag: "Complete",
          value: {
            instanceUuid: session.instanceUuid,
            datacenters: [datacenter],
            clusters: [
              {
                ref: "domain-c4",
                name: "productionbb001",
                datacenter,
                datastores: ["eph_bb001_0", "vmfs_001"],
                networks: ["pg-common", "br-phys001"]
              },
              {
                ref: "domain-c9",
                name: "productionbb002",
                datacenter,
                datastores: ["eph_bb002_0", "vmfs_002"],
                networks: ["pg-common", "br-phys002"]
              }
            ]
          }
        })
      })
    )

    it.effect("needs 7 calls for 16 clusters, 48 datastores and 60 port groups: at most 10 are allowed", () =>
      Effect.gen(function* () {
        const { model, first } = yield* followed(large(16, 60))
        assert.strictEqual(first._tag, "Complete")
        assert.strictEqual(first.value.clusters.length, 16)
        assert.isTrue(first.value.clusters.every((cluster) => cluster.networks.length === 60))
        // One page of 100 objects and the rest; the wait for changes that follows is the eighth.
        assert.isAtMost(model.callCount, 8)
        assert.isAtMost(model.calls.get("WaitForUpdatesEx") ?? 0, 3)
      })
    )

    it.effect("shows nothing before the last page", () =>
      Effect.gen(function* () {
        const model = large(40, 300)
        model.pageSize = 7
        const { first } = yield* followed(model)
        assert.strictEqual(first._tag, "Complete")
        assert.strictEqual(first.value.clusters.length, 40)
        assert.isTrue(
          first.value.clusters.every(({ datastores, networks }) => datastores.length === 3 && networks.length === 300)
        )
        assert.isAbove(model.calls.get("WaitForUpdatesEx") ?? 0, 65)
      })
    )

    it.effect("gives an empty vCenter as a whole reading of nothing", () =>
      Effect.gen(function* () {
        const { first, model } = yield* followed(new VCenterModel())
        assert.deepStrictEqual(first, {
          _tag: "Complete",
          value: { instanceUuid: model.instanceUuid, clusters: [], datacenters: [] }
        })
      })
    )

    it.effect("finds the datacenter above nested folders, and two datacenters in folders of their own", () =>
      Effect.gen(function* () {
        const model = new VCenterModel()
        const emea = model.addFolder("emea")
        const first = model.addDatacenter("QA-DE-1a", model.addFolder("germany", emea))
        model.addDatacenter("QA-DE-1b", emea)
        const deep = model.addFolder("deep", model.addFolder("production", first))
        model.addCluster("productionbb001", { in: deep })
        model.addCluster("productionbb002", { in: "QA-DE-1b" })
        const reading = (yield* followed(model)).first
        assert.deepStrictEqual(lines(reading), [
          "Complete",
          "productionbb001 @QA-DE-1a [] []",
          "productionbb002 @QA-DE-1b [] []"
        ])
        assert.deepStrictEqual(
          reading.value.datacenters.map(({ name }) => name),
          ["QA-DE-1a", "QA-DE-1b"]
        )
      })
    )

    it.effect("keeps names as they are: escapes, blanks, markup and other scripts", () =>
      Effect.gen(function* () {
        const model = new VCenterModel()
        model.addDatacenter("QA %2f DE")
        const names = [" two  blanks ", "<a>&amp;'\"", "größe 漢字 🏗", "id=\"x\" href='y'"]
        model.addCluster("productionbb001", { datastores: names, networks: names.map((name) => `${name}.`) })
        const [cluster] = (yield* followed(model)).first.value.clusters
        assert.deepStrictEqual(cluster?.datastores, names)
        assert.strictEqual(cluster?.datacenter.name, "QA %2f DE")
      })
    )

    it.effect("understands govmomi's way of writing types and cookies", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate(undefined, "govmomi")
        const session = yield* VCenter.use((vcenter) => vcenter.open(target))
        const { next } = yield* follow(session)
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1, BB2])
        const ref = model.find("productionbb001")
        model.remove(ref)
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB2])
        assert.deepStrictEqual(yield* session.presence("ClusterComputeResource", ref), { _tag: "Gone" })
      })
    )

    it.effect("knows every kind of network", () =>
      Effect.gen(function* () {
        const model = new VCenterModel()
        model.addDatacenter("QA-DE-1a")
        model.addCluster("productionbb001", {
          networks: [
            model.addNetwork("standard", "Network"),
            model.addNetwork("distributed", "DistributedVirtualPortgroup"),
            model.addNetwork("opaque", "OpaqueNetwork")
          ]
        })
        const { first } = yield* followed(model)
        assert.deepStrictEqual(lines(first), ["Complete", "productionbb001 @QA-DE-1a [] [standard,distributed,opaque]"])
      })
    )
  })

  describe("following", () => {
    it.effect("gives the inventory again after every change", () =>
      Effect.gen(function* () {
        const { model, first, next } = yield* followed()
        assert.deepStrictEqual(lines(first), ["Complete", BB1, BB2])

        model.addCluster("productionbb003", { datastores: ["eph_bb003_0"] })
        const BB3 = "productionbb003 @QA-DE-1a [eph_bb003_0] []"
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1, BB2, BB3])

        model.batch(() => {
          model.mount("productionbb003", "vmfs_001")
          model.attach("productionbb003", "br-phys003")
        })
        const BB3b = "productionbb003 @QA-DE-1a [eph_bb003_0,vmfs_001] [br-phys003]"
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1, BB2, BB3b])

        model.rename("productionbb003", "retired003")
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1, BB2, BB3b.replace("productionbb", "retired")])

        model.remove("retired003")
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1, BB2])

        model.rename("vmfs_001", "vmfs_new")
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1.replace("vmfs_001", "vmfs_new"), BB2])

        model.unmount("productionbb001", "vmfs_new")
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1.replace(",vmfs_001", ""), BB2])

        model.detach("productionbb001", "pg-common")
        const BB1b = "productionbb001 @QA-DE-1a [eph_bb001_0] [br-phys001]"
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1b, BB2])

        model.rename("QA-DE-1a", "QA-DE-1z")
        assert.deepStrictEqual(
          lines(yield* next),
          ["Complete", BB1b, BB2].map((line) => line.replace("1a", "1z"))
        )
      })
    )

    it.effect("follows a cluster into another datacenter, whose folders it had never seen", () =>
      Effect.gen(function* () {
        const { model, next } = yield* followed()
        const other = model.addDatacenter("QA-DE-1b")
        assert.deepStrictEqual(
          (yield* next).value.datacenters.map(({ name }) => name),
          ["QA-DE-1a", "QA-DE-1b"]
        )
        const deep = model.addFolder("deep", other)
        model.move("productionbb001", deep)
        assert.deepStrictEqual(lines(yield* next), ["Complete", BB1.replace("1a", "1b"), BB2])
      })
    )

    it.effect("stays silent when a change is none for the inventory", () =>
      Effect.gen(function* () {
        const { model, next } = yield* followed()
        const host = model.read(model.find("productionbb001"), "parent")
        model.rename(String(host), "renamed folder")
        model.rename("vmfs_001", "vmfs_new")
        assert.include(lines(yield* next)[1], "vmfs_new")
      })
    )

    it.effect("says what may not be read, where it belongs, and recovers", () =>
      Effect.gen(function* () {
        const { model, next } = yield* followed()
        const reasons: Array<string> = []
        const hidden = Effect.fnUntraced(function* (object: string, path: string) {
          model.hideProperty(object, path)
          const reading = yield* next
          reasons.push(reading._tag === "Partial" ? reading.reason : "")
          model.showProperty(object, path)
          assert.deepStrictEqual(lines(yield* next), ["Complete", BB1, BB2])
          return lines(reading)
        })
        const networks = "network of ClusterComputeResource productionbb001 cannot be read (NoPermission)"
        assert.deepStrictEqual(yield* hidden(model.find("productionbb001"), "network"), [
          "Partial",
          `productionbb001 @QA-DE-1a [eph_bb001_0,vmfs_001] [] (${networks})`,
          BB2
        ])
        const name = "datastore datastore-6 cannot be seen"
        assert.deepStrictEqual(yield* hidden(model.find("vmfs_001"), "name"), [
          "Partial",
          `productionbb001 @QA-DE-1a [eph_bb001_0] [pg-common,br-phys001] (${name})`,
          BB2
        ])
        assert.deepStrictEqual(yield* hidden(model.find("productionbb001"), "name"), ["Partial", BB2])
        assert.deepStrictEqual(reasons, [
          `cluster productionbb001: ${networks}`,
          `cluster productionbb001: ${name}; name of Datastore datastore-6 cannot be read (NoPermission)`,
          "name of ClusterComputeResource domain-c4 cannot be read (NoPermission)"
        ])
      })
    )

    it.effect("is not whole while the root folder is hidden", () =>
      Effect.gen(function* () {
        const { model, next } = yield* followed()
        model.hide(model.root)
        const reading = yield* next
        assert.strictEqual(reading._tag === "Partial" && reading.reason, "the root folder group-d1 is not shown")
        assert.deepStrictEqual(lines(reading), ["Partial", BB1, BB2])
      })
    )

    it.effect("does not see the difference between a hidden cluster and a removed one: presence does", () =>
      Effect.gen(function* () {
        const { model, next, session } = yield* followed()
        const [hidden, removed] = [model.find("productionbb001"), model.find("productionbb002")]
        const ask = (ref: string) => session.presence("ClusterComputeResource", ref)
        assert.deepStrictEqual(yield* ask(hidden), { _tag: "Present", name: "productionbb001" })
        model.batch(() => {
          model.hide(hidden)
          model.remove(removed)
        })
        assert.deepStrictEqual(lines(yield* next), ["Complete"])
        assert.deepStrictEqual(yield* ask(removed), { _tag: "Gone" })
        assert.deepStrictEqual(yield* ask(hidden), {
          _tag: "Unknown",
          reason: "RetrievePropertiesEx failed with NoPermission: Permission to perform this operation was denied."
        })
      })
    )
  })
})

/** Clusters with three datastores each, and port groups that all of them see. */
const large = (clusters: number, networks: number): VCenterModel => {
  const model = new VCenterModel()
  model.addDatacenter("QA-DE-1a")
  const all = Array.from({ length: networks }, (_, n) => model.addNetwork(`pg-${n}`))
  for (let n = 0; n < clusters; n++) {
    const bb = String(n).padStart(3, "0")
    model.addCluster(`productionbb${bb}`, {
      datastores: ["a", "b", "c"].map((suffix) => `eph_bb${bb}_${suffix}`),
      networks: all
    })
  }
  return model
}
