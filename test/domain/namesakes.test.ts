import { assert, describe, it } from "@effect/vitest"
import type { Inventory } from "../../src/domain/Inventory.ts"
import { namesakes } from "../../src/domain/namesakes.ts"
import { BB1, BB2, cluster, DATACENTER, entry, ledger } from "./fixtures.ts"

const DC = { ref: DATACENTER, name: "QA-DE-1a" }
const found = (...clusters: ReadonlyArray<readonly [ref: string, name: string]>): Inventory => ({
  instanceUuid: "u",
  clusters: clusters.map(([ref, name]) => ({ ref, name, datacenter: DC, datastores: [], networks: [] })),
  datacenters: [DC]
})
const OF_BB1 = ledger([entry("a", { subject: BB1 })], {
  subjects: new Map([
    [BB1, cluster(BB1, "productionbb001", DATACENTER)],
    [BB2, cluster(BB2, "productionbb002", DATACENTER)]
  ])
})

describe("namesakes", () => {
  it.each<[what: string, Inventory, expected: Array<Array<string>>]>([
    ["one of its name, and it is not there any more", found(["domain-c9", "productionbb001"]), [["domain-c9", BB1]]],
    [
      "two of its name: another one is there as well",
      found(["domain-c9", "productionbb001"], [BB1, "productionbb001"]),
      []
    ],
    ["one of a name of which no object is recorded", found(["domain-c9", "productionbb002"]), []],
    ["itself", found([BB1, "productionbb001"]), []],
    ["a new one", found(["domain-c9", "productionbb009"]), []]
  ])("finds %s", (_, inventory, expected) => {
    assert.deepStrictEqual(
      [...namesakes(OF_BB1, inventory)].map(([ref, before]) => [ref, before.ref]),
      expected
    )
  })

  it("takes no cluster for a datacenter of the same name", () => {
    const inventory = { ...found(), datacenters: [{ ref: "datacenter-9", name: "productionbb001" }] }
    assert.strictEqual(namesakes(OF_BB1, inventory).size, 0)
  })
})
