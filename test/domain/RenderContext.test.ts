import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result, Schema } from "effect"
import type { Cluster, Datacenter } from "../../src/domain/Inventory.ts"
import { type ContextInput, contexts, isFollowed } from "../../src/domain/RenderContext.ts"
import { SCOPES } from "../../src/domain/Template.ts"
import type { Value } from "../../src/domain/Value.ts"
import { settingsOf } from "./settingsOf.ts"

const zoneA: Datacenter = { ref: "datacenter-2", name: "QA-DE-1a" }
const zoneB: Datacenter = { ref: "datacenter-3", name: "QA-DE-1b" }

const cluster = (ref: string, name: string, rest: Partial<Cluster> = {}): Cluster => ({
  ref,
  name,
  datacenter: zoneA,
  datastores: [],
  networks: [],
  ...rest
})

const bb91 = cluster("domain-c8", "productionbb091", {
  datastores: ["vmfs", "eph-bb091-1_hga", "eph-bb091-2_HGB"],
  networks: ["VM Network", "br-Prod"]
})

const input = (clusters: ReadonlyArray<Cluster>, rest: Partial<ContextInput> = {}): ContextInput => ({
  fqdn: "vc-a-0.cc.qa-de-1.cloud.sap",
  inventory: { instanceUuid: "9f2b", clusters, datacenters: [zoneA, zoneB] },
  settings: settingsOf(),
  facts: { region: "qa-de-1", domain: "cc.qa-de-1.cloud.sap", ownNamespace: "operators", inCluster: true },
  cells: Result.succeed(new Set(["cell1"])),
  password: Redacted.make("test-derived"),
  choices: new Map(),
  ...rest
})

const common: ReadonlyArray<readonly [string, Value]> = [
  ["availability_zone", "qa-de-1a"],
  ["cells", new Set(["cell1"])],
  ["domain", "cc.qa-de-1.cloud.sap"],
  ["dry_run", "False"],
  ["host", "vc-a-0.cc.qa-de-1.cloud.sap"],
  ["incluster", true],
  ["last_retry_time", 0],
  ["namespace", "monsoon3"],
  ["own_namespace", "operators"],
  ["password", "test-derived"],
  ["region", "qa-de-1"],
  ["retries", 0],
  ["username", "osapivc"],
  ["vcenter_name", "vc-a-0"]
]

const only = <A>(items: ReadonlyArray<A>): A => {
  const [first, ...rest] = items
  if (first === undefined || rest.length > 0) throw new Error(`expected one, got ${items.length}`)
  return first
}

const value = (clusters: ReadonlyArray<Cluster>, name: string, rest: Partial<ContextInput> = {}) =>
  only(contexts(input(clusters, rest), "cluster")).values.get(name)

describe("RenderContext", () => {
  it("of a production cluster has the predecessor's keys and no other", () => {
    const { subject, values, unavailable, ...rest } = only(contexts(input([bb91]), "cluster"))
    const facts = { datacenter: "datacenter-2", bridge: "br-Prod", eph: true }
    assert.deepStrictEqual(subject, { scope: "cluster", name: "productionbb091", ref: "domain-c8", ...facts })
    assert.deepStrictEqual(
      values,
      new Map<string, Value>([
        ...common,
        ["name", "bb91"],
        ["cluster_name", "productionbb091"],
        ["nsx_t_enabled", true],
        ["datastore_regex", "^eph-bb091-.*"],
        ["datastore_hagroup_regex", ".*_hg(?P<hagroup>[ab])$"],
        ["bridge", "br-prod"],
        ["physical", "prod"]
      ])
    )
    assert.deepStrictEqual([unavailable.size, rest], [0, {}])
  })

  it("of a storage cluster is a cluster's, called by what follows storage", () => {
    const { subject, values, notes } = only(contexts(input([bb91, cluster("domain-c9", "storagebb091")]), "storage"))
    assert.deepStrictEqual(subject, {
      scope: "storage",
      name: "storagebb091",
      ref: "domain-c9",
      datacenter: "datacenter-2"
    })
    assert.deepStrictEqual(
      values,
      new Map<string, Value>([...common, ["name", "bb091"], ["cluster_name", "storagebb091"], ["nsx_t_enabled", true]])
    )
    assert.isUndefined(notes)
  })

  it("of a datacenter is called by the first label of the vCenter, once for each with a production cluster", () => {
    const clusters = [
      cluster("domain-c1", "productionbb001", { datacenter: zoneB }),
      cluster("domain-c2", "productionbb002"),
      cluster("domain-c3", "productionbb003"),
      cluster("domain-c4", "storagebb001", { datacenter: { ref: "datacenter-9", name: "QA-DE-1c" } })
    ]
    const found = contexts(input(clusters), "datacenter")
    assert.deepStrictEqual(
      found.map(({ subject }) => subject),
      [
        { scope: "datacenter", name: "QA-DE-1a", ref: "datacenter-2", datacenter: "datacenter-2" },
        { scope: "datacenter", name: "QA-DE-1b", ref: "datacenter-3", datacenter: "datacenter-3" }
      ]
    )
    assert.deepStrictEqual(found[0]?.values, new Map<string, Value>([...common, ["name", "vc-a-0"]]))
  })

  it("is made for production and storage clusters alone", () => {
    const other = cluster("domain-c5", "managementbb001")
    assert.deepStrictEqual(
      SCOPES.flatMap((scope) => contexts(input([other]), scope)),
      []
    )
    assert.deepStrictEqual(["productionbb1", "storagebb1", "managementbb1", "production"].map(isFollowed), [
      true,
      true,
      false,
      false
    ])
  })

  it("has no datastore_regex without an eph datastore, and a template that asks for it does not render", () => {
    const bare = cluster("domain-c8", "productionbb091", { datastores: ["vmfs_hga", "vmfs_hgb"] })
    const { values, unavailable } = only(contexts(input([bare]), "cluster"))
    assert.isFalse(values.has("datastore_regex") || values.has("datastore_hagroup_regex"))
    assert.strictEqual(
      unavailable.get("datastore_regex"),
      "cluster productionbb091 has no datastore that starts with eph"
    )
  })

  it.each([["true"], ['"true"']])("has no datastore_regex when pbm_enabled is %s", (text) => {
    const { values, notes } = only(contexts(input([bb91], { settings: settingsOf({ pbm_enabled: text }) }), "cluster"))
    assert.isFalse(values.has("datastore_regex") || values.has("datastore_hagroup_regex"))
    assert.isUndefined(notes)
  })

  it.each([["false"], ['"false"'], ["1"]])("has a datastore_regex when pbm_enabled is %s", (text) => {
    assert.strictEqual(
      value([bb91], "datastore_regex", { settings: settingsOf({ pbm_enabled: text }) }),
      "^eph-bb091-.*"
    )
  })

  it("has neither bridge nor physical without a br- network", () => {
    const { subject, values } = only(contexts(input([{ ...bb91, networks: ["VM Network"] }]), "cluster"))
    assert.isFalse(values.has("bridge") || values.has("physical") || "bridge" in subject)
  })

  it("takes the first of several br- networks and says so", () => {
    const { subject, notes } = only(contexts(input([{ ...bb91, networks: ["br-b", "br-a"] }]), "cluster"))
    assert.strictEqual(subject.bridge, "br-b")
    assert.match(
      notes?.join() ?? "",
      /productionbb091 has several networks that start with br-: br-b is used, of br-b, br-a/
    )
  })

  it("keeps the network chosen before while it exists", () => {
    const choices = new Map([["domain-c8", "br-a"]])
    assert.strictEqual(value([{ ...bb91, networks: ["br-b", "br-a"] }], "bridge", { choices }), "br-a")
    assert.strictEqual(value([{ ...bb91, networks: ["br-b"] }], "bridge", { choices }), "br-b")
  })

  it("keeps the network chosen before when the list of networks is not whole", () => {
    const partial = { ...bb91, networks: ["br-b"], incomplete: "no permission to read its networks" }
    const { subject } = only(contexts(input([partial], { choices: new Map([["domain-c8", "br-a"]]) }), "cluster"))
    assert.strictEqual(subject.bridge, "br-a")
  })

  it("puts the Secret's keys behind the operator's own names, and shows them where it has no value", () => {
    const own = ["name", "password", "host", "username", "region", "domain", "dry_run", "cells", "availability_zone"]
    const extra = Object.fromEntries([...own, "bridge", "keystone_url"].map((key) => [key, "from the Secret"]))
    const { values } = only(
      contexts(
        input([{ ...bb91, networks: [] }], { settings: settingsOf({ ...extra, username: "osapivc", password: "s" }) }),
        "cluster"
      )
    )
    for (const key of own) assert.notStrictEqual(values.get(key), "from the Secret")
    assert.strictEqual(values.get("keystone_url"), "from the Secret")
    assert.strictEqual(values.get("bridge"), "from the Secret")
  })

  it("holds neither the seed nor the TSIG key nor an operator's setting", () => {
    const { values } = only(
      contexts(input([bb91], { settings: settingsOf({ dns_ip: "10.0.0.1", prune_delay: "9s" }) }), "cluster")
    )
    assert.isFalse([...values.values()].some((one) => one === "test-seed" || one === "dGVzdA==" || one === "9s"))
    assert.isFalse(["tsig_key", "dns_ip", "prune_delay", "master_password"].some((name) => values.has(name)))
  })

  it("says why cells are not known, even when the Secret has a key of that name", () => {
    const unknown = { cells: Result.fail("no ConfigMap"), settings: settingsOf({ cells: "cell1" }) }
    for (const scope of SCOPES) {
      for (const { values, unavailable, ...rest } of contexts(
        input([bb91, cluster("c", "storage1")], unknown),
        scope
      )) {
        assert.strictEqual(unavailable.get("cells"), "no ConfigMap")
        assert.isFalse(values.has("cells"))
        assert.isUndefined(rest.incomplete)
      }
    }
  })

  it("passes on that a cluster's facts are not whole, to that cluster alone", () => {
    const hidden = cluster("domain-c1", "productionbb001", { incomplete: "no permission to read its datastores" })
    assert.deepStrictEqual(
      contexts(input([hidden, bb91]), "cluster").map(({ incomplete }) => incomplete),
      ["no permission to read its datastores", undefined]
    )
    assert.deepStrictEqual(
      contexts(input([hidden, bb91]), "datacenter").map(({ incomplete }) => incomplete),
      [undefined]
    )
  })

  it("holds every datacenter while it is not known which one a production cluster belongs to", () => {
    const nowhere = { ref: "", name: "" }
    const stray = cluster("domain-c1", "productionbb001", {
      datacenter: nowhere,
      incomplete: "no permission to read folder group-h4"
    })
    const elsewhere = cluster("domain-c2", "productionbb002", { datacenter: zoneB })
    const found = contexts(input([stray, elsewhere, bb91]), "datacenter")
    assert.deepStrictEqual(
      found.map(({ subject }) => subject.name),
      ["QA-DE-1a", "QA-DE-1b"]
    )
    for (const { incomplete } of found) assert.match(incomplete ?? "", /productionbb001 is not known: no permission/)
  })

  it.each<
    [what: string, clusters: ReadonlyArray<Cluster>, scope: (typeof SCOPES)[number], names: ReadonlyArray<string>]
  >([
    [
      "two building blocks that differ in zeroes",
      [cluster("domain-c1", "productionbb091"), cluster("domain-c2", "productionbb91")],
      "cluster",
      ["productionbb091", "productionbb91"]
    ],
    [
      "two storage clusters of one name in different datacenters",
      [cluster("domain-c1", "storagebb1"), cluster("domain-c2", "storagebb1", { datacenter: zoneB })],
      "storage",
      ["storagebb1 (domain-c1)", "storagebb1 (domain-c2)"]
    ],
    [
      "two datacenters that differ in case",
      [bb91, cluster("domain-c2", "productionbb002", { datacenter: { ref: "datacenter-7", name: "qa-de-1A" } })],
      "datacenter",
      ["QA-DE-1a", "qa-de-1A"]
    ]
  ])("lets neither of %s win", (_, clusters, scope, names) => {
    const found = contexts(input(clusters), scope)
    assert.strictEqual(found.length, 2)
    const reasons = found.map(({ incomplete }) => incomplete ?? "")
    for (const reason of reasons) assert.match(reason, /are both called .* in templates: rename one/)
    for (const name of names) assert.isTrue(reasons.some((reason) => reason.includes(name)))
  })

  it("leaves the others alone when two collide", () => {
    const clusters = [bb91, cluster("domain-c2", "productionbb91"), cluster("domain-c3", "productionbb001")]
    assert.deepStrictEqual(
      contexts(input(clusters), "cluster").map(({ incomplete }) => incomplete === undefined),
      [false, false, true]
    )
  })

  it("keeps both reasons when a cluster is incomplete and collides", () => {
    const clusters = [{ ...bb91, incomplete: "hidden" }, cluster("domain-c2", "productionbb91")]
    assert.match(
      contexts(input(clusters), "cluster")[0]?.incomplete ?? "",
      /^hidden; productionbb091 and productionbb91/
    )
  })

  const Name = Schema.Literals(["productionbb1", "productionbb01", "productionbb2", "storage1", "other"])
  it.prop("never gives two whole contexts of one name", [Schema.Array(Name)], ([names]) => {
    const clusters = names.map((name, index) => cluster(`domain-c${index}`, name))
    const whole = contexts(input(clusters), "cluster").filter(({ incomplete }) => incomplete === undefined)
    const called = whole.map(({ values }) => values.get("name"))
    assert.strictEqual(new Set(called).size, called.length)
  })
})
