import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Collected from "../../src/services/vim/Collected.ts"

type Update = Collected.Update
type Value = Collected.Change["value"]

const ORIGIN = { instanceUuid: "an-instance", root: "group-d1" }

const update = (
  kind: Update["kind"],
  type: string,
  ref: string,
  values: Readonly<Record<string, Value>> = {},
  missing: ReadonlyArray<string> = []
): Update => ({
  kind,
  type,
  ref,
  changes: Object.entries(values).map(([path, value]) => ({ path, value })),
  missing: missing.map((path) => ({ path, fault: "NoPermission" }))
})

const enter = (type: string, ref: string, values: Readonly<Record<string, Value>>, missing?: ReadonlyArray<string>) =>
  update("enter", type, ref, values, missing)

const ROOT = enter("Folder", "group-d1", { name: "Datacenters" })
const DATACENTER = enter("Datacenter", "datacenter-2", { name: "QA-DE-1a" })
const HOST = enter("Folder", "group-h3", { name: "host", parent: "datacenter-2" })
const STORE = enter("Datastore", "datastore-5", { name: "eph_1" })
const NET = enter("DistributedVirtualPortgroup", "dvportgroup-6", { name: "br-1" })
const FACTS = { name: "productionbb001", parent: "group-h3", datastore: ["datastore-5"], network: ["dvportgroup-6"] }
const CLUSTER = enter("ClusterComputeResource", "domain-c4", FACTS)
const WHOLE = [ROOT, DATACENTER, HOST, STORE, NET, CLUSTER]

const without = (...gone: ReadonlyArray<Update>) => WHOLE.filter((each) => !gone.includes(each))
const cluster = (values: Readonly<Record<string, Value>>, missing?: ReadonlyArray<string>): Update =>
  enter("ClusterComputeResource", "domain-c4", values, missing)
const { name: _name, ...NAMELESS } = FACTS
const { parent: _parent, ...HOMELESS } = FACTS
const { network: _network, ...UNCONNECTED } = FACTS

/** `Complete` or the reason, then the clusters with what is incomplete of them. */
const seen = (...pages: ReadonlyArray<ReadonlyArray<Update>>): ReadonlyArray<string> => {
  const snapshot = Collected.snapshot(pages.reduce(Collected.apply, Collected.empty), ORIGIN)
  return [
    snapshot._tag === "Complete" ? "Complete" : `Partial: ${snapshot.reason}`,
    ...snapshot.value.clusters.map(
      (each) =>
        `${each.name} @${each.datacenter.name} [${each.datastores}] [${each.networks}]${each.incomplete === undefined ? "" : " incomplete"}`
    )
  ]
}

const BB1 = "productionbb001 @QA-DE-1a [eph_1] [br-1]"

describe("Collected.snapshot", () => {
  it.each<{ found: string; updates: ReadonlyArray<Update>; gives: ReadonlyArray<string> }>([
    { found: "everything", updates: WHOLE, gives: ["Complete", BB1] },
    {
      found: "no root folder",
      updates: without(ROOT),
      gives: ["Partial: the root folder group-d1 is not shown", BB1]
    },
    {
      found: "a property missing of a cluster",
      updates: [...without(CLUSTER), cluster(UNCONNECTED, ["network"])],
      gives: [
        "Partial: cluster productionbb001: network of ClusterComputeResource productionbb001 cannot be read (NoPermission)",
        "productionbb001 @QA-DE-1a [eph_1] [] incomplete"
      ]
    },
    {
      found: "the parent of a cluster missing",
      updates: [...without(CLUSTER), cluster(HOMELESS, ["parent"])],
      gives: [
        "Partial: cluster productionbb001: parent of ClusterComputeResource productionbb001 cannot be read (NoPermission)",
        "productionbb001 @ [eph_1] [br-1] incomplete"
      ]
    },
    {
      found: "the name of a datastore missing",
      updates: [...without(STORE), enter("Datastore", "datastore-5", {}, ["name"])],
      gives: [
        "Partial: cluster productionbb001: datastore datastore-5 cannot be seen; name of Datastore datastore-5 cannot be read (NoPermission)",
        "productionbb001 @QA-DE-1a [] [br-1] incomplete"
      ]
    },
    {
      found: "the parent of a folder above missing",
      updates: [...without(HOST), enter("Folder", "group-h3", { name: "host" }, ["parent"])],
      gives: [
        "Partial: cluster productionbb001: no datacenter above it can be seen; parent of Folder host cannot be read (NoPermission)",
        "productionbb001 @ [eph_1] [br-1] incomplete"
      ]
    },
    {
      found: "a property missing of any other object",
      updates: [...WHOLE, enter("Folder", "group-d9", {}, ["name"])],
      gives: ["Partial: name of Folder group-d9 cannot be read (NoPermission)", BB1]
    },
    {
      found: "a datastore that was not reported",
      updates: without(STORE),
      gives: [
        "Partial: cluster productionbb001: datastore datastore-5 cannot be seen",
        "productionbb001 @QA-DE-1a [] [br-1] incomplete"
      ]
    },
    {
      found: "a network that was not reported",
      updates: without(NET),
      gives: [
        "Partial: cluster productionbb001: network dvportgroup-6 cannot be seen",
        "productionbb001 @QA-DE-1a [eph_1] [] incomplete"
      ]
    },
    {
      found: "no list of networks at all",
      updates: [...without(CLUSTER), cluster(UNCONNECTED)],
      gives: [
        "Partial: cluster productionbb001: network was not reported",
        "productionbb001 @QA-DE-1a [eph_1] [] incomplete"
      ]
    },
    {
      found: "no datacenter above a cluster",
      updates: without(HOST),
      gives: [
        "Partial: cluster productionbb001: no datacenter above it can be seen",
        "productionbb001 @ [eph_1] [br-1] incomplete"
      ]
    },
    {
      found: "folders that go round in a circle",
      updates: [...without(HOST), enter("Folder", "group-h3", { name: "host", parent: "group-h3" })],
      gives: [
        "Partial: cluster productionbb001: no datacenter above it can be seen",
        "productionbb001 @ [eph_1] [br-1] incomplete"
      ]
    },
    {
      found: "no name of a cluster",
      updates: [...without(CLUSTER), cluster(NAMELESS, ["name"])],
      gives: ["Partial: name of ClusterComputeResource domain-c4 cannot be read (NoPermission)"]
    },
    {
      found: "a cluster that was given no name",
      updates: [...without(CLUSTER), cluster(NAMELESS)],
      gives: ["Partial: ClusterComputeResource domain-c4 has no name"]
    },
    {
      found: "no name of a datacenter",
      updates: [...without(DATACENTER), enter("Datacenter", "datacenter-2", {}, ["name"])],
      gives: [
        "Partial: cluster productionbb001: no datacenter above it can be seen; name of Datacenter datacenter-2 cannot be read (NoPermission)",
        "productionbb001 @ [eph_1] [br-1] incomplete"
      ]
    }
  ])("$found", ({ updates, gives }) => {
    assert.deepStrictEqual(seen(updates), gives)
  })

  it("does not let one cluster's gap touch another", () => {
    const other = enter("ClusterComputeResource", "domain-c7", { ...FACTS, name: "productionbb002" })
    const [tag, ...clusters] = seen([...without(CLUSTER), cluster({ ...FACTS, datastore: ["datastore-99"] }), other])
    assert.match(tag ?? "", /^Partial/)
    assert.deepStrictEqual(clusters, [
      "productionbb001 @QA-DE-1a [] [br-1] incomplete",
      "productionbb002 @QA-DE-1a [eph_1] [br-1]"
    ])
  })

  it("sorts by name, then by reference, and keeps the server's order of datastores and networks", () => {
    const { value } = Collected.snapshot(
      Collected.apply(Collected.empty, [
        ...without(CLUSTER),
        enter("Datastore", "datastore-1", { name: "z" }),
        enter("Datastore", "datastore-9", { name: "a" }),
        enter("ClusterComputeResource", "domain-c9", { ...FACTS, name: "b" }),
        enter("ClusterComputeResource", "domain-c8", { ...FACTS, name: "b" }),
        enter("ClusterComputeResource", "domain-c10", {
          ...FACTS,
          name: "B",
          datastore: ["datastore-1", "datastore-9"]
        }),
        enter("Datacenter", "datacenter-1", { name: "QA-DE-1a" })
      ]),
      ORIGIN
    )
    assert.deepStrictEqual(
      value.clusters.map(({ ref }) => ref),
      ["domain-c10", "domain-c8", "domain-c9"]
    )
    assert.deepStrictEqual(value.clusters[0]?.datastores, ["z", "a"])
    assert.deepStrictEqual(
      value.datacenters.map(({ ref }) => ref),
      ["datacenter-1", "datacenter-2"]
    )
  })

  it("names three gaps and counts the others", () => {
    const gaps = ["a", "b", "c", "d", "e"].map((ref) => enter("Folder", ref, {}, ["name"]))
    assert.match(seen([...WHOLE, ...gaps])[0] ?? "", /Folder a .*; .*Folder b .*; .*Folder c .*; and 2 more$/)
  })
})

describe("Collected.apply", () => {
  const modify = (values: Readonly<Record<string, Value>>, missing?: ReadonlyArray<string>) =>
    update("modify", "ClusterComputeResource", "domain-c4", values, missing)
  const leave = update("leave", "ClusterComputeResource", "domain-c4")

  it.each<{ kind: string; updates: ReadonlyArray<Update>; gives: ReadonlyArray<string> }>([
    { kind: "enter, unknown: known from now on", updates: WHOLE, gives: ["Complete", BB1] },
    {
      kind: "modify, unknown: known from now on",
      updates: [...without(CLUSTER), modify(FACTS)],
      gives: ["Complete", BB1]
    },
    { kind: "enter, known: an upsert", updates: [...WHOLE, ...WHOLE], gives: ["Complete", BB1] },
    {
      kind: "enter, known: what is mentioned changes",
      updates: [...WHOLE, cluster({ name: "productionbb009" })],
      gives: ["Complete", BB1.replace("001", "009")]
    },
    {
      kind: "modify, known: what is mentioned changes",
      updates: [...WHOLE, modify({ datastore: [] })],
      gives: ["Complete", BB1.replace("eph_1", "")]
    },
    {
      kind: "enter and modify in one set, as for an object that is just being made",
      updates: [...without(CLUSTER), cluster({ ...FACTS, datastore: [], network: [] }), modify({ ...FACTS })],
      gives: ["Complete", BB1]
    },
    { kind: "leave, unknown: nothing", updates: [...without(CLUSTER), leave], gives: ["Complete"] },
    { kind: "leave, known: forgotten", updates: [...WHOLE, leave], gives: ["Complete"] },
    { kind: "leave and enter again", updates: [...WHOLE, leave, CLUSTER], gives: ["Complete", BB1] },
    {
      kind: "missing, then a value",
      updates: [...WHOLE, modify({}, ["network"]), modify(FACTS)],
      gives: ["Complete", BB1]
    },
    {
      kind: "a value, then unset",
      updates: [...WHOLE, modify({ parent: undefined })],
      gives: [
        "Partial: cluster productionbb001: no datacenter above it can be seen",
        "productionbb001 @ [eph_1] [br-1] incomplete"
      ]
    }
  ])("$kind", ({ updates, gives }) => {
    assert.deepStrictEqual(seen(updates), gives)
  })

  const Step = Schema.Struct({
    object: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: WHOLE.length - 1 })),
    kind: Schema.Literals(["enter", "modify", "leave", "hide"]),
    name: Schema.Literals(["one", "two"]),
    turn: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 })),
    pageEnds: Schema.Boolean
  })

  it.prop(
    "gives the same inventory however the updates of different objects are interleaved and paged",
    [Schema.Array(Step)],
    ([steps]) => {
      const changed = steps.map(({ object, kind, name }) => {
        const { type, ref, changes } = WHOLE[object] ?? CLUSTER
        const values = Object.fromEntries(changes.map(({ path, value }) => [path, value]))
        if (kind === "hide") return update("modify", type, ref, {}, ["name"])
        return update(kind, type, ref, kind === "enter" ? { ...values, name } : kind === "modify" ? { name } : {})
      })
      const all = [...WHOLE, ...changed]
      // What happens to one object keeps its order; which object is next is drawn.
      const queues = [...Map.groupBy(all, ({ ref }) => ref).values()]
      const interleaved = all.flatMap((_, index) => {
        const left = queues.filter((queue) => queue.length > 0)
        return left[(steps[index]?.turn ?? 0) % left.length]?.splice(0, 1) ?? []
      })
      const pages: Array<Array<Update>> = [[]]
      for (const [index, each] of interleaved.entries()) {
        pages.at(-1)?.push(each)
        if (steps[index]?.pageEnds === true) pages.push([])
      }
      assert.deepStrictEqual(seen(...pages), seen(all))
    }
  )
})
