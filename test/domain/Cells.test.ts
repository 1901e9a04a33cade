import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { cells } from "../../src/domain/Cells.ts"

const configMap = (name: string, data?: Readonly<Record<string, unknown>>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "monsoon3", name },
  ...(data === undefined ? {} : { data })
})

describe("Cells", () => {
  it("are unknown when no ConfigMap names any", () => {
    assert.match(Result.getOrThrow(Result.flip(cells([]))), /no ConfigMap with the labels system=openstack/)
  })

  it("are all names of all ConfigMaps, trimmed, sorted, each once", () => {
    const found = cells([configMap("b", { cells: " cell2 ,,cell1\n" }), configMap("a", { cells: "cell1,cell-vc-a-0" })])
    assert.deepStrictEqual([...Result.getOrThrow(found)], ["cell-vc-a-0", "cell1", "cell2"])
  })

  it.each<[what: string, data: Readonly<Record<string, unknown>> | undefined]>([
    ["has no data", undefined],
    ["has no key cells", { cell: "cell1" }],
    ["has an empty key cells", { cells: "" }],
    ["has only separators", { cells: " , " }],
    ["has a key that is no text", { cells: 1 }]
  ])("are unknown when one ConfigMap %s, and it is named", (_, data) => {
    const failed = cells([configMap("good", { cells: "cell1" }), configMap("bad", data)])
    assert.match(Result.getOrThrow(Result.flip(failed)), /^ConfigMap monsoon3\/bad names no cell/)
  })

  it.prop("never throw and never are an empty set", [Schema.Array(Schema.Json)], ([objects]) => {
    const found = cells(objects)
    assert.isTrue(Result.isFailure(found) || found.success.size > 0)
  })
})
