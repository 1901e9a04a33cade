import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  type Claim,
  type Claims,
  claimant,
  claimsOf,
  contestOthers,
  holder,
  mayHave,
  reclaimed,
  releaser,
  said,
  unheard,
  unsureOf
} from "../../src/domain/Claims.ts"
import type { Desired, Wanted } from "../../src/domain/Desired.ts"
import { id } from "../../src/domain/Manifest.ts"
import { desired, entry, ledger, VCENTER, wanted } from "./fixtures.ts"

const A = id(entry("a"))
const B = id(entry("b"))

const claim = (says: Partial<Record<keyof Claim, ReadonlyArray<string>>>): Claim => ({
  wanted: new Set(says.wanted),
  held: new Set(says.held),
  released: new Set(says.released)
})

describe("claimant, holder and releaser", () => {
  it.each([
    ["claimant", claimant, "wanted"],
    ["holder", holder, "held"],
    ["releaser", releaser, "released"]
  ] as const)(
    "%s: the first by name of the others, whoever came first, and never the vCenter itself",
    (_, find, what) => {
      const claims: Claims = new Map([
        ["vc-b-0", claim({ [what]: [A] })],
        [VCENTER, claim({ [what]: [A, B] })],
        ["vc-a-1", claim({ [what]: [A] })]
      ])
      assert.strictEqual(find(claims, VCENTER, A), "vc-a-1")
      assert.strictEqual(find(new Map([...claims].reverse()), VCENTER, A), "vc-a-1")
      assert.isUndefined(find(claims, VCENTER, B))
      assert.isUndefined(find(claims, VCENTER, "apps/Deployment/monsoon3/unknown"))
    }
  )
})

describe("what a vCenter may want besides", () => {
  const failed = { template: "monsoon3/t", message: "it fails" }
  const shown = desired({
    subjects: new Map(
      ["c1", "c2", "c3", "c4"].map((ref) => [ref, { ref, name: `bb-${ref}`, scope: "cluster", datacenter: "d1" }])
    ),
    held: new Map([["c1", "no permission"]]),
    lost: new Map([["c2", { ref: "c2", name: "bb-c2", what: [], message: "no storage" }]]),
    failures: [failed, { ...failed, subject: "c3" }]
  })
  const ZONE = new Set([VCENTER, "vc-b-0"])
  const saying = (of: Desired, other = "vc-b-0"): Claims => new Map([[other, { ...claim({}), unsure: unsureOf(of) }]])

  it.each<[what: string, claims: Claims, subject: string, expected: string | undefined]>([
    ["a cluster that is held there", saying(shown), "bb-c1", "vc-b-0 has bb-c1, too: no permission"],
    ["one that has no storage there", saying(shown), "bb-c2", "vc-b-0 has bb-c2, too: no storage"],
    ["one that is not rendered there", saying(shown), "bb-c3", "vc-b-0 has bb-c3, too: it fails"],
    ["one that is rendered there", saying(shown), "bb-c4", undefined],
    ["one that is not there", saying(shown), "bb-c5", undefined],
    ["one of a vCenter that is not in the zone", saying(shown, "vc-c-0"), "bb-c1", undefined],
    ["one of its own", saying(shown, VCENTER), "bb-c1", undefined]
  ])("is what was made for %s", (_, claims, subject, expected) => {
    assert.strictEqual(mayHave(claims, VCENTER, ZONE, subject), expected)
  })

  it("is not known before it was looked at for the first time", () => {
    assert.strictEqual(unheard(new Map(), VCENTER, ZONE), "vc-b-0")
    assert.strictEqual(unheard(new Map([["vc-b-0", claim({ wanted: [A] })]]), VCENTER, ZONE), "vc-b-0")
    assert.isUndefined(unheard(new Map([["vc-b-0", { ...claim({}), isHeard: true }]]), VCENTER, ZONE))
    assert.isUndefined(unheard(new Map(), VCENTER, new Set([VCENTER])))
  })
})

describe("contestOthers", () => {
  const mine = desired({ wanted: [wanted("a"), wanted("b")], contested: new Map([["x", "twice"]]) })

  it("gives to nobody what another vCenter wants too, and leaves the rest", () => {
    const claims = new Map([["vc-b-0", claim({ wanted: [A], held: [B], released: [B] })]])
    const { wanted: found, contested } = contestOthers(mine, VCENTER, claims)
    assert.deepStrictEqual([...found.keys()], [B])
    assert.deepStrictEqual(
      contested,
      new Map([
        ["x", "twice"],
        [A, "Deployment monsoon3/a is rendered for vc-b-0 too: give the objects different names"]
      ])
    )
  })

  it("counts what two of the other's own clusters render: it belongs to none of the three", () => {
    const theirs = desired({ contested: new Map([[A, "twice"]]) })
    const { wanted: found } = contestOthers(mine, VCENTER, claimsOf(new Map([["vc-b-0", theirs]])))
    assert.deepStrictEqual([...found.keys()], [B])
  })

  it("leaves everything when this vCenter alone has claims", () => {
    assert.deepStrictEqual(contestOthers(mine, VCENTER, new Map([[VCENTER, claim({ wanted: [A, B] })]])), mine)
  })

  const Names = Schema.Array(Schema.Literals(["a", "b", "c"]))

  it.prop("gives no object to two vCenters", { left: Names, right: Names }, ({ left, right }) => {
    const of = (names: ReadonlyArray<string>) => desired({ wanted: names.map((name): Wanted => wanted(name)) })
    const claims: Claims = new Map([
      ["left", claim({ wanted: [...of(left).wanted.keys()] })],
      ["right", claim({ wanted: [...of(right).wanted.keys()] })]
    ])
    const [one, other] = [contestOthers(of(left), "left", claims), contestOthers(of(right), "right", claims)]
    assert.isTrue(new Set(one.wanted.keys()).isDisjointFrom(new Set(other.wanted.keys())))
    assert.deepStrictEqual([...one.contested.keys()].sort(), [...other.contested.keys()].sort())
  })
})

describe("reclaimed", () => {
  const recorded = ledger([entry("a"), entry("b")])
  const both = desired({ wanted: [wanted("a"), wanted("b")] })
  const digests = (claims: Claims, facts = both) =>
    [...reclaimed(recorded, facts, VCENTER, claims).entries.values()].map(({ digest }) => digest !== undefined)

  it.each<[row: string, Partial<Record<keyof Claim, ReadonlyArray<string>>>, ReadonlyArray<boolean>]>([
    ["what nobody else had", {}, [true, true]],
    ["what another holds", { held: [A] }, [true, true]],
    ["what another gives up", { released: [A] }, [false, true]]
  ])("of %s", (_, says, expected) => {
    assert.deepStrictEqual(digests(new Map([["vc-b-0", claim(says)]])), expected)
  })

  it("doubts nothing that is not wanted, and nothing because of the vCenter itself", () => {
    const back = claim({ held: [A], released: [A] })
    assert.deepStrictEqual(digests(new Map([["vc-b-0", back]]), desired({ wanted: [] })), [true, true])
    assert.deepStrictEqual(digests(new Map([[VCENTER, back]])), [true, true])
  })
})

describe("said", () => {
  const claims: Claims = new Map([
    ["wants", claim({ wanted: [A] })],
    ["holds", claim({ held: [A] })],
    ["else", claim({ wanted: [B], held: [B] })],
    ["speaks", claim({ wanted: [A], held: [A] })]
  ])

  it.each<[row: string, news: Partial<Claim>, ReadonlyArray<string>]>([
    ["the same as before", { wanted: new Set([A]) }, []],
    ["that it no longer wants an object", { wanted: new Set() }, ["wants", "holds"]],
    ["that it no longer holds an object", { held: new Set() }, ["wants", "holds"]],
    ["that it gives an object up", { released: new Set([A]) }, ["wants", "holds"]],
    ["something of an object that others do not know", { wanted: new Set([A, "x"]) }, []],
    ["something of an object of others", { wanted: new Set([A, B]) }, ["else"]]
  ])("concerns those who want or hold the object: %s", (_, news, concerned) => {
    const after = said(claims, "speaks", news)
    assert.deepStrictEqual(after.concerned, concerned)
    assert.deepStrictEqual(after.claims.get("speaks"), { ...claim({ wanted: [A], held: [A] }), ...news })
    assert.deepStrictEqual(after.claims.get("wants"), claims.get("wants"))
  })

  it("remembers who speaks for the first time", () => {
    assert.deepStrictEqual(said(claims, "new", { held: new Set([B]) }).claims.get("new"), claim({ held: [B] }))
  })
})
