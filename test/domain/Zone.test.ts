import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { canonical, compareSerials, vcenters, type ZoneRecord } from "../../src/domain/Zone.ts"

const ZONE = "example.com"
const a = (name: string, data = "192.0.2.1"): ZoneRecord => ({ name, type: "A", data })
const aaaa = (name: string, data: string): ZoneRecord => ({ name, type: "AAAA", data })
const cname = (name: string, data: string): ZoneRecord => ({ name, type: "CNAME", data })

const names = (records: ReadonlyArray<ZoneRecord>, zone = ZONE) => [...vcenters(zone, records).keys()]
const addresses = (records: ReadonlyArray<ZoneRecord>) => vcenters(ZONE, records).get("vc-a-0.example.com")?.addresses

describe("vcenters", () => {
  it.each([
    ["vc-a-0.example.com", "A", true],
    ["vc-a-0.example.com", "AAAA", true],
    ["vc-a-0.example.com", "CNAME", true],
    ["VC-A-0.Example.COM", "A", true],
    ["vc-a-0.example.com", "TXT", false],
    ["vc-a-0.example.com", "MX", false],
    ["vc-a-0.sub.example.com", "A", false],
    ["vc-a-0.example.org", "A", false],
    ["vc-a-0", "A", false],
    ["vc-a-0-old.example.com", "A", false],
    ["avc-a-0.example.com", "A", false],
    ["vc-a.example.com", "A", false],
    ["vc-a1-0.example.com", "A", false],
    ["vc--0.example.com", "A", false],
    ["vc-a-0x.example.com", "A", false],
    ["vc-a-0\n.example.com", "A", false],
    ["vc-\u212a-0.example.com", "A", false],
    ["vc-a-0.notexample.com", "A", false],
    ["vc-a-0example.com", "A", false],
    ["example.com", "A", false]
  ])("for %j of type %s: %s", (name, type, expected) => {
    assert.deepStrictEqual(names([{ name, type, data: "" }]), expected ? ["vc-a-0.example.com"] : [])
  })

  it("takes letters and digits of any length", () => {
    assert.deepStrictEqual(names([a("vc-abcdef-0123456789.example.com")]), ["vc-abcdef-0123456789.example.com"])
  })

  it("reads the zone's own name with a closing dot and capitals as well", () => {
    assert.deepStrictEqual(names([a("vc-a-0.example.com.")], "Example.Com."), ["vc-a-0.example.com"])
  })

  it("names a vCenter by its first label in lower case, and once however often it is written", () => {
    const records = [
      a("VC-A-0.example.com", "192.0.2.1"),
      a("vc-a-0.EXAMPLE.com", "192.0.2.2"),
      a("vc-a-0.example.com")
    ]
    assert.deepStrictEqual(
      [...vcenters(ZONE, records)],
      [["vc-a-0.example.com", { fqdn: "vc-a-0.example.com", name: "vc-a-0", addresses: ["192.0.2.1", "192.0.2.2"] }]]
    )
  })

  it("sorts by name", () => {
    const records = [a("vc-b-0.example.com"), a("vc-a-1.example.com"), a("vc-a-0.example.com")]
    assert.deepStrictEqual(names(records), ["vc-a-0.example.com", "vc-a-1.example.com", "vc-b-0.example.com"])
  })

  it.each<[string, ReadonlyArray<ZoneRecord>, ReadonlyArray<string>]>([
    [
      "IPv4 before IPv6",
      [aaaa("vc-a-0.example.com", "2001:DB8::1"), a("vc-a-0.example.com", "192.0.2.1")],
      ["192.0.2.1", "2001:db8::1"]
    ],
    ["IPv6 alone", [aaaa("vc-a-0.example.com", "2001:db8::1")], ["2001:db8::1"]],
    [
      "the target of a CNAME within the zone",
      [cname("vc-a-0.example.com", "LB.example.com."), a("lb.example.com", "192.0.2.3")],
      ["192.0.2.3"]
    ],
    [
      "a chain of CNAMEs",
      [cname("vc-a-0.example.com", "x.example.com"), cname("x.example.com", "y.example.com"), a("y.example.com")],
      ["192.0.2.1"]
    ],
    ["nothing for a CNAME that leads out of the zone", [cname("vc-a-0.example.com", "lb.example.org")], []],
    [
      "nothing for CNAMEs in a circle",
      [cname("vc-a-0.example.com", "x.example.com"), cname("x.example.com", "vc-a-0.example.com")],
      []
    ]
  ])("gives as addresses %s", (_, records, expected) => {
    assert.deepStrictEqual(addresses(records), expected)
  })

  const Label = Schema.Literals(["vc-a-0", "VC-a-0", "vc-b-12", "esx-1", "lb", "", "vc-a-0.sub"])
  const Record = Schema.Struct({
    name: Schema.TemplateLiteral([Label, ".", Schema.Literals(["example.com", "Example.com", "example.org"])]),
    type: Schema.Literals(["A", "AAAA", "CNAME", "TXT", "NS"]),
    data: Schema.Literals(["192.0.2.1", "192.0.2.2", "2001:db8::1", "lb.example.com", "vc-b-12.example.com", ""])
  })

  it.prop(
    "does not depend on the order of the records, nor on records that come twice",
    [Schema.Array(Record)],
    ([xs]) => {
      const expected = [...vcenters(ZONE, xs)]
      assert.deepStrictEqual([...vcenters(ZONE, [...xs].reverse())], expected)
      assert.deepStrictEqual([...vcenters(ZONE, [...xs, ...xs])], expected)
    }
  )

  it.prop("never loses a vCenter when records are added", [Schema.Array(Record), Schema.Array(Record)], ([xs, ys]) => {
    const all = vcenters(ZONE, [...xs, ...ys])
    assert.isTrue(names(xs).every((fqdn) => all.has(fqdn)))
  })
})

describe("canonical", () => {
  it("leaves letters beyond ASCII alone", () => {
    assert.strictEqual(canonical("Vc-\u212aÄ.Example.COM."), "vc-\u212aÄ.example.com")
  })
})

describe("compareSerials", () => {
  it.each([
    [0, 0, "same"],
    [2026112201, 2026112201, "same"],
    [0, 1, "newer"],
    [0, 2 ** 31 - 1, "newer"],
    [2 ** 32 - 1, 0, "newer"],
    [2 ** 32 - 10, 10, "newer"],
    [0, 2 ** 31, "older"],
    [2 ** 31, 0, "older"],
    [1, 0, "older"],
    [0, 2 ** 32 - 1, "older"],
    [2026112201, 7, "older"]
  ] as const)("from %i to %i is %s", (known, seen, expected) => {
    assert.strictEqual(compareSerials(known, seen), expected)
  })

  const Serial = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 32 - 1 }))
  const Step = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

  it.prop(
    "is newer after any step below half of the number space, and older back",
    [Serial, Step],
    ([serial, step]) => {
      const next = (serial + step) % 2 ** 32
      assert.strictEqual(compareSerials(serial, next), "newer")
      assert.strictEqual(compareSerials(next, serial), "older")
    }
  )
})
