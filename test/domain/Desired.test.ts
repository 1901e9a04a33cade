import { assert, describe, it } from "@effect/vitest"
import { assemble, type Desired, type Rendering, renderingKey } from "../../src/domain/Desired.ts"
import { id } from "../../src/domain/Manifest.ts"
import { BB1, BB2, CINDER, entry, NOVA, SUBJECTS, TEMPLATES, wanted } from "./fixtures.ts"
import { desiredOf, Facts } from "./Worlds.ts"

const A = id(entry("a"))
const B = id(entry("b"))

const rendering = (template: string, subject: string, ...names: ReadonlyArray<string>): Rendering => ({
  template,
  subject,
  wanted: names.map((name) => wanted(name, { template, subject }))
})
const assembled = (...renderings: ReadonlyArray<Rendering>): Desired =>
  assemble({
    instanceUuid: "uuid-a",
    renderings,
    failures: [],
    held: new Map(),
    lost: new Map(),
    subjects: SUBJECTS,
    templates: TEMPLATES
  })

describe("assemble", () => {
  it("wants what one rendering gives", () => {
    const { wanted: found, contested } = assembled(rendering(NOVA, BB1, "a"), rendering(NOVA, BB2, "b"))
    assert.deepStrictEqual([...found.keys()], [A, B])
    assert.deepStrictEqual(contested, new Map())
  })

  it.each<[row: string, ReadonlyArray<Rendering>, why: string]>([
    [
      "one template for two clusters",
      [rendering(NOVA, BB1, "a"), rendering(NOVA, BB2, "a")],
      `${NOVA} for productionbb001 and by ${NOVA} for productionbb002`
    ],
    [
      "two templates for one cluster",
      [rendering(NOVA, BB1, "a"), rendering(CINDER, BB1, "a")],
      `${CINDER} for productionbb001 and by ${NOVA} for productionbb001`
    ],
    ["one rendering twice", [rendering(NOVA, BB1, "a", "a")], `${NOVA} for productionbb001`],
    [
      "three of them",
      [rendering(NOVA, BB2, "a"), rendering(NOVA, BB1, "a"), rendering(CINDER, BB1, "a")],
      `${CINDER} for productionbb001 and by ${NOVA} for productionbb001 and by ${NOVA} for productionbb002`
    ],
    [
      "one for a subject that is not known",
      [rendering(NOVA, "domain-c9", "a"), rendering(NOVA, BB1, "a")],
      `${NOVA} for domain-c9 and by ${NOVA} for productionbb001`
    ]
  ])("gives an object to nobody that is claimed by %s, and says by whom", (_, renderings, why) => {
    for (const order of [renderings, renderings.toReversed()]) {
      const { wanted: found, contested } = assembled(...order, rendering(NOVA, BB1, "b"))
      assert.deepStrictEqual([...found.keys()], [B])
      assert.deepStrictEqual(
        contested,
        new Map([[A, `Deployment monsoon3/a is rendered by ${why}: give the objects different names`]])
      )
    }
  })

  it("remembers the renderings that gave nothing, and no other", () => {
    const { emptyRenders } = assembled(rendering(NOVA, BB1), rendering(CINDER, BB1, "a"), rendering(NOVA, BB2, "b"))
    assert.deepStrictEqual(emptyRenders, new Set([renderingKey(NOVA, BB1)]))
  })

  it.prop("neither loses nor shares an object", { facts: Facts }, ({ facts }) => {
    const { wanted: found, contested } = desiredOf(facts)
    assert.isTrue(new Set(found.keys()).isDisjointFrom(new Set(contested.keys())))
    for (const [key, { manifest }] of found) assert.strictEqual(id(manifest), key)
  })
})
