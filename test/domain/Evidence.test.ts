import { assert, describe, it } from "@effect/vitest"
import { type Answers, questions, unconfirmed } from "../../src/domain/Evidence.ts"
import type { Presence } from "../../src/domain/Inventory.ts"
import type { Prune } from "../../src/domain/Plan.ts"
import { BB1, BB2, cluster, DATACENTER, desired, ledger, prune, SUBJECTS } from "./fixtures.ts"

const GONE: Presence = { _tag: "Gone" }
const present = (name: string): Presence => ({ _tag: "Present", name })
const unknown: Presence = { _tag: "Unknown", reason: "NoPermission" }

const answers = (...given: ReadonlyArray<readonly [ref: string, Presence]>): Answers => new Map(given)

const RECORDED = ledger([])
const NOTHING_THERE = desired({ subjects: new Map() })
const ofBb1 = prune("a", { subject: BB1 })
const ofDatacenter = prune("a", { subject: DATACENTER })

describe("unconfirmed", () => {
  it.each<[row: string, Prune, Answers, expected: RegExp | undefined]>([
    ["another cause than an absence: nothing to confirm", prune("a", {}, "template gone"), answers(), undefined],
    [
      "a template that renders it no longer: nothing to confirm",
      prune("a", {}, "no longer rendered"),
      answers(),
      undefined
    ],
    ["a cluster that the vCenter does not know any more", ofBb1, answers([BB1, GONE]), undefined],
    ["a cluster that has another name now", ofBb1, answers([BB1, present("oldbb001")]), undefined],
    [
      "a cluster that still has its name: hidden",
      ofBb1,
      answers([BB1, present("productionbb001")]),
      /^productionbb001 \(domain-c1\) still exists, .* check the permissions$/
    ],
    [
      "a datacenter that still has its name, while one of its clusters does too",
      ofDatacenter,
      answers([DATACENTER, present("QA-DE-1a")], [BB1, GONE], [BB2, present("productionbb002")]),
      /^productionbb002 \(domain-c2\) still exists/
    ],
    [
      "a datacenter that still has its name, while one of its clusters has not been asked for",
      ofDatacenter,
      answers([DATACENTER, present("QA-DE-1a")], [BB1, GONE]),
      /^the vCenter has not been asked for productionbb002 \(domain-c2\) yet$/
    ],
    [
      "a datacenter that still has its name, while each of its clusters is gone or renamed: confirmed",
      ofDatacenter,
      answers([DATACENTER, present("QA-DE-1a")], [BB1, GONE], [BB2, present("oldbb002")]),
      undefined
    ],
    ["a datacenter that is gone itself", ofDatacenter, answers([DATACENTER, GONE]), undefined],
    [
      "a datacenter that has another name now, whatever its clusters",
      ofDatacenter,
      answers([DATACENTER, present("QA-DE-1z")], [BB1, unknown]),
      undefined
    ],
    [
      "a cluster of which the vCenter does not say",
      ofBb1,
      answers([BB1, unknown]),
      /^the vCenter does not say whether productionbb001 \(domain-c1\) is gone: NoPermission$/
    ],
    [
      "a datacenter of which the vCenter does not say, though each of its clusters is gone: there may be others",
      ofDatacenter,
      answers([DATACENTER, unknown], [BB1, GONE], [BB2, GONE]),
      /^the vCenter does not say whether QA-DE-1a \(datacenter-1\) is gone: NoPermission$/
    ],
    ["a cluster that has not been asked for", ofBb1, answers(), /^the vCenter has not been asked for productionbb001/],
    [
      "a datacenter that has not been asked for, though each of its clusters is gone",
      ofDatacenter,
      answers([BB1, GONE], [BB2, GONE]),
      /^the vCenter has not been asked for QA-DE-1a/
    ],
    [
      "a subject that was never recorded: nothing to ask for",
      prune("a", { subject: "domain-c9" }),
      answers(["domain-c9", GONE]),
      /^domain-c9 is not recorded: its absence cannot be confirmed$/
    ]
  ])("decides on %s", (_, of, given, expected) => {
    const reason = unconfirmed(of, RECORDED, NOTHING_THERE, given)
    if (expected === undefined) assert.isUndefined(reason)
    else assert.match(reason ?? "confirmed", expected)
  })

  it("does not confirm a datacenter that still exists when none of its clusters is recorded", () => {
    const recorded = ledger([], { subjects: new Map([...SUBJECTS].filter(([ref]) => ref === DATACENTER)) })
    const given = answers([DATACENTER, present("QA-DE-1a")])
    assert.match(unconfirmed(ofDatacenter, recorded, NOTHING_THERE, given) ?? "", /still exists/)
  })

  it("confirms a datacenter that is seen without a cluster when each is known to be elsewhere", () => {
    const given = answers([DATACENTER, present("QA-DE-1a")])
    const inPlace = new Map([...SUBJECTS].filter(([ref]) => ref === DATACENTER))
    const seen = (datacenter: string, recordedIn: string) => {
      const moved = [BB1, cluster(BB1, "productionbb001", datacenter)] as const
      const wants = {
        ...desired({ subjects: new Map([moved]) }),
        datacenters: new Set([DATACENTER, "datacenter-2"])
      }
      const before = new Map([...inPlace, [BB1, cluster(BB1, "productionbb001", recordedIn)] as const])
      return unconfirmed(ofDatacenter, ledger([], { subjects: before }), wants, given)
    }
    assert.isUndefined(seen("datacenter-2", "datacenter-2"))
    // Not before that is recorded, and not while it is not known where a cluster is.
    assert.match(seen("datacenter-2", DATACENTER) ?? "", /still exists/)
    assert.match(seen("", DATACENTER) ?? "", /still exists/)
    assert.match(seen("", "datacenter-2") ?? "", /still exists/)
  })

  it("never confirms an absence about which everything that is asked stays unknown", () => {
    for (const of of [ofBb1, ofDatacenter]) {
      const given: Answers = new Map(questions([of], RECORDED, NOTHING_THERE).map(({ ref }) => [ref, unknown] as const))
      assert.isDefined(unconfirmed(of, RECORDED, NOTHING_THERE, given))
    }
  })
})

describe("questions", () => {
  it("asks for a cluster by its type and reference, once however many objects wait for it", () => {
    assert.deepStrictEqual(questions([ofBb1, prune("b", { subject: BB1 })], RECORDED, NOTHING_THERE), [
      { type: "ClusterComputeResource", ref: BB1 }
    ])
  })

  it("asks for a storage cluster as for any other cluster", () => {
    const storage = { ...cluster("domain-c7", "storagebb7"), scope: "storage" as const }
    const recorded = ledger([], { subjects: new Map([["domain-c7", storage]]) })
    assert.deepStrictEqual(questions([prune("a", { subject: "domain-c7" })], recorded, NOTHING_THERE), [
      { type: "ClusterComputeResource", ref: "domain-c7" }
    ])
  })

  it("asks for a datacenter and for those of its clusters that are not in the inventory any more", () => {
    const wants = desired({ subjects: new Map([...SUBJECTS].filter(([ref]) => ref === BB2)) })
    const elsewhere: typeof SUBJECTS = new Map([...SUBJECTS, ["domain-c8", cluster("domain-c8", "x", "datacenter-2")]])
    assert.deepStrictEqual(questions([ofDatacenter], ledger([], { subjects: elsewhere }), wants), [
      { type: "Datacenter", ref: DATACENTER },
      { type: "ClusterComputeResource", ref: BB1 }
    ])
  })

  it("asks for nothing when no absence is behind the deletes, or nothing is recorded of it", () => {
    const others = [prune("a", {}, "template gone"), prune("b", {}, "no longer rendered"), prune("c", { subject: "x" })]
    assert.deepStrictEqual(questions(others, RECORDED, NOTHING_THERE), [])
  })
})
