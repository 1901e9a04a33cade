import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  assemble,
  type Claims,
  claimant,
  contestOthers,
  type Desired,
  type Rendering,
  renderingKey,
  type Wanted
} from "../../src/domain/Desired.ts"
import { id } from "../../src/domain/Manifest.ts"
import { BB1, BB2, CINDER, desired, entry, NOVA, SUBJECTS, TEMPLATES, VCENTER, wanted } from "./fixtures.ts"
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

describe("claimant", () => {
  const claims: Claims = new Map([
    ["vc-b-0", new Set([A])],
    [VCENTER, new Set([A, B])],
    ["vc-a-1", new Set([A])]
  ])

  it("is no vCenter for what this one alone wants", () => {
    assert.isUndefined(claimant(claims, VCENTER, B))
    assert.isUndefined(claimant(claims, VCENTER, "apps/Deployment/monsoon3/unknown"))
  })

  it("is the first by name of the others that want it, whoever came first: messages stay as they are", () => {
    assert.strictEqual(claimant(claims, VCENTER, A), "vc-a-1")
    assert.strictEqual(claimant(new Map([...claims].reverse()), VCENTER, A), "vc-a-1")
  })
})

describe("contestOthers", () => {
  const mine = desired({ wanted: [wanted("a"), wanted("b")], contested: new Map([["x", "twice"]]) })

  it("gives to nobody what another vCenter wants too, and leaves the rest", () => {
    const { wanted: found, contested } = contestOthers(mine, VCENTER, new Map([["vc-b-0", new Set([A])]]))
    assert.deepStrictEqual([...found.keys()], [B])
    assert.deepStrictEqual(
      contested,
      new Map([
        ["x", "twice"],
        [A, "Deployment monsoon3/a is rendered for vc-b-0 too: give the objects different names"]
      ])
    )
  })

  it("leaves everything when this vCenter alone has claims", () => {
    assert.deepStrictEqual(contestOthers(mine, VCENTER, new Map([[VCENTER, new Set([A, B])]])), mine)
  })

  const Names = Schema.Array(Schema.Literals(["a", "b", "c"]))

  it.prop("gives no object to two vCenters", { left: Names, right: Names }, ({ left, right }) => {
    const of = (names: ReadonlyArray<string>) => desired({ wanted: names.map((name): Wanted => wanted(name)) })
    const claims: Claims = new Map([
      ["left", new Set(of(left).wanted.keys())],
      ["right", new Set(of(right).wanted.keys())]
    ])
    const [one, other] = [contestOthers(of(left), "left", claims), contestOthers(of(right), "right", claims)]
    assert.isTrue(new Set(one.wanted.keys()).isDisjointFrom(new Set(other.wanted.keys())))
    assert.deepStrictEqual([...one.contested.keys()].sort(), [...other.contested.keys()].sort())
  })
})
