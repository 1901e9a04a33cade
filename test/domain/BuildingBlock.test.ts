import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  bridges,
  chooseBridge,
  datastoreRegex,
  hasHagroups,
  productionName,
  storageName
} from "../../src/domain/BuildingBlock.ts"

describe("BuildingBlock", () => {
  it.each([
    ["productionbb091", "bb91"],
    ["productionbb000", "bb0"],
    ["productionswift1", "swift1"],
    ["production", undefined],
    ["storagebb091", undefined],
    ["productionbb1024", "bb1024"],
    ["productionbb091a", "bb091a"],
    ["production-bb091", "-bb091"],
    ["Productionbb091", undefined],
    ["myproductionbb091", undefined]
  ])("calls the production cluster %s %s", (cluster, name) => {
    assert.strictEqual(productionName(cluster), name)
  })

  it.each([
    ["storagebb091", "bb091"],
    ["storage", undefined],
    ["productionbb091", undefined]
  ])("calls the storage cluster %s %s", (cluster, name) => {
    assert.strictEqual(storageName(cluster), name)
  })

  it.each<[what: string, datastores: ReadonlyArray<string>, regex: string | undefined]>([
    ["no datastore", [], undefined],
    ["no eph datastore", ["vmfs-1", "Eph-1", "my-eph"], undefined],
    ["one eph datastore", ["eph-bb091-1", "vmfs"], "^eph-bb091-1.*"],
    ["a common prefix", ["eph-bb091-1", "vmfs", "eph-bb091-2"], "^eph-bb091-.*"],
    ["nothing in common but eph", ["eph-a", "eph_b"], "^eph.*"],
    ["one name that is the start of another", ["eph-1", "eph-10"], "^eph-1.*"],
    [
      "characters with a meaning",
      ["eph.a^$*+?()[]{}|\\-%/#1", "eph.a^$*+?()[]{}|\\-%/#2"],
      "^eph\\.a\\^\\$\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\\\-%/#.*"
    ],
    ["characters outside the basic plane", ["eph😀", "eph😁"], "^eph.*"]
  ])("finds nova's datastores when there is %s", (_, datastores, regex) => {
    assert.strictEqual(datastoreRegex(datastores), regex)
  })

  it.prop(
    "matches every eph datastore",
    [Schema.NonEmptyArray(Schema.String.check(Schema.isPattern(/^[^\n\r\u2028\u2029]*$/)))],
    ([names]) => {
      const datastores = names.map((name) => `eph${name}`)
      const regex = new RegExp(datastoreRegex(datastores) ?? "", "v")
      assert.isTrue(datastores.every((name) => regex.test(name)))
    }
  )

  it.each<[datastores: ReadonlyArray<string>, found: boolean]>([
    [["eph_hga", "eph_hgb"], true],
    [["eph_HGA", "eph_hgB"], true],
    [["eph_hga", "eph_hga2"], false],
    [["eph_hga"], false],
    [["eph_hga", "vmfs_hgb"], false],
    [[], false]
  ])("sees two groups in %j: %s", (datastores, found) => {
    assert.strictEqual(hasHagroups(datastores), found)
  })

  it.each<[what: string, networks: ReadonlyArray<string>, before: string | undefined, chosen: string | undefined]>([
    ["none of another kind", ["VM Network", "xbr-a", "BR-b", "br-"], undefined, undefined],
    ["the first in the order of vCenter", ["VM Network", "br-B", "br-a"], undefined, "br-B"],
    ["the one chosen before while it exists", ["br-B", "br-a"], "br-a", "br-a"],
    ["the one chosen before in any case", ["br-a", "br-B"], "br-b", "br-B"],
    ["the first when the one chosen before is gone", ["br-B", "br-a"], "br-c", "br-B"],
    ["none when a choice is left but no network", ["VM Network"], "br-a", undefined]
  ])("chooses of the networks %s", (_, networks, before, chosen) => {
    assert.strictEqual(chooseBridge(networks, before), chosen)
  })

  it("lists every network that it may choose", () => {
    assert.deepStrictEqual(bridges(["VM Network", "br-B", "br-", "br-a"]), ["br-B", "br-a"])
  })
})
