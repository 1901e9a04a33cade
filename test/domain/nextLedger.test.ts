import { assert, describe, it } from "@effect/vitest"
import type { Desired } from "../../src/domain/Desired.ts"
import { questions } from "../../src/domain/Evidence.ts"
import { empty, entriesOf, type Ledger, PRUNE_WINDOW_MILLIS } from "../../src/domain/Ledger.ts"
import type { Lost } from "../../src/domain/LostStorage.ts"
import { nextLedger } from "../../src/domain/nextLedger.ts"
import { plan, print } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import {
  BB1,
  BB2,
  CINDER,
  cluster,
  DATACENTER,
  desired,
  entry,
  ledger,
  NOVA,
  SUBJECTS,
  TEMPLATES,
  template,
  wanted
} from "./fixtures.ts"
import { desiredOf, Facts, ledgerOf, Record } from "./Worlds.ts"

const NOW = 10 * PRUNE_WINDOW_MILLIS

/** The record after a run that left its entries as they were. */
const next = (before: Ledger, wants: Desired, pruned = 0): Ledger =>
  nextLedger(before, wants, { entries: before.entries, pruned, now: NOW })

const without = <A>(map: ReadonlyMap<string, A>, ...keys: ReadonlyArray<string>): ReadonlyMap<string, A> =>
  new Map([...map].filter(([key]) => !keys.includes(key)))

const NOTHING_THERE = desired({ subjects: new Map() })

describe("the subjects of the next record", () => {
  const refs = (self: Ledger) => [...self.subjects.keys()].sort()

  it("are those that exist", () => {
    assert.deepStrictEqual(next(empty, desired()).subjects, SUBJECTS)
  })

  it("hold one that is gone as long as an object of it is recorded", () => {
    assert.deepStrictEqual(refs(next(ledger([entry("a")]), NOTHING_THERE)), [BB1])
    assert.deepStrictEqual(refs(next(ledger([]), NOTHING_THERE)), [])
  })

  it("hold a cluster that is gone as long as an object of its datacenter is recorded", () => {
    const before = ledger([entry("a", { subject: DATACENTER })])
    assert.deepStrictEqual(refs(next(before, NOTHING_THERE)), [DATACENTER, BB1, BB2].sort())
  })

  it("have the newest facts of one that exists", () => {
    const renamed = { ...cluster(BB1, "productionbb009"), bridge: "br-109" }
    const wants = desired({ subjects: new Map([...SUBJECTS, [BB1, renamed]]) })
    assert.deepStrictEqual(next(ledger([entry("a")]), wants).subjects.get(BB1), renamed)
  })

  it("keep the recorded facts of one whose facts are not whole", () => {
    const halfSeen = desired({
      subjects: new Map([...SUBJECTS, [BB1, cluster(BB1, "productionbb009", "")]]),
      held: new Map([[BB1, "no permission"]])
    })
    assert.deepStrictEqual(next(ledger([entry("a")]), halfSeen).subjects.get(BB1), SUBJECTS.get(BB1))
  })
})

describe("a subject of the next record that has lost its storage", () => {
  it("is recorded as it was: what it has lost must be known until it is back", () => {
    const recorded = { ...cluster(BB1, "productionbb001"), eph: true, bridge: "br-101" }
    const before = ledger([entry("a")], { subjects: new Map([[BB1, recorded]]) })
    const loss: Lost = { ref: BB1, name: "productionbb001", what: ["datastores"], message: "LostStorage: gone" }
    assert.deepStrictEqual(next(before, desired({ lost: new Map([[BB1, loss]]) })).subjects.get(BB1), recorded)
    assert.deepStrictEqual(next(before, desired()).subjects.get(BB1), cluster(BB1, "productionbb001"))
  })
})

describe("the templates of the next record", () => {
  const newText = new Map([...TEMPLATES, [NOVA, template(NOVA, "text-2")]])
  const digest = (self: Ledger) => self.templates.get(NOVA)?.digest

  it("are those of which an object is recorded", () => {
    assert.deepStrictEqual([...next(ledger([entry("a")]), desired()).templates.keys()], [NOVA])
  })

  it("have the new digest when everything of it is wanted", () => {
    const wants = desired({ wanted: [wanted("a")], templates: newText })
    assert.strictEqual(digest(next(ledger([entry("a")]), wants)), "text-2")
  })

  it("have the old digest while something of it waits to be pruned: else it would look at the next run as if it had always rendered nothing", () => {
    const wants = desired({ templates: newText, emptyRenders: [[NOVA, BB1]] })
    const second = next(ledger([entry("a")]), wants)
    assert.strictEqual(digest(second), "text-1")
    assert.deepStrictEqual(print(plan(complete(wants), second)), ["prune Deployment monsoon3/a (no longer rendered)"])
  })

  it("have the new digest while objects of a cluster that is gone wait: a rendering that gives nothing by then is still noticed", () => {
    const before = ledger([entry("a"), entry("b", { subject: BB2 })])
    const subjects = without(SUBJECTS, BB1)
    const second = next(before, desired({ wanted: [wanted("b", { subject: BB2 })], subjects, templates: newText }))
    assert.strictEqual(digest(second), "text-2")
    const empties = desired({ subjects, templates: newText, emptyRenders: [[NOVA, BB2]] })
    assert.deepStrictEqual(
      plan(complete(empties), second).kept.map(({ entry: { name } }) => name),
      ["b"]
    )
  })

  it("hold one that is gone, for the scope of its objects", () => {
    const wants = desired({ templates: without(TEMPLATES, NOVA) })
    assert.deepStrictEqual(next(ledger([entry("a")]), wants).templates.get(NOVA), TEMPLATES.get(NOVA))
  })
})

describe("where an object of the next record comes from", () => {
  it("is the rendering that wants it now, though its text is the same as that of another before", () => {
    const before = ledger([entry("a", { template: CINDER, subject: BB2 })])
    const wants = desired({ wanted: [wanted("a", { digest: "old" })] })
    assert.deepStrictEqual(next(before, wants).entries, entriesOf([entry("a", { template: NOVA, subject: BB1 })]))
  })

  it("stays what it was while nobody wants the object", () => {
    const before = ledger([entry("a", { template: CINDER, subject: BB2 })])
    assert.deepStrictEqual(next(before, desired()).entries, before.entries)
  })

  it("keeps an object whose template got another name, when that one fails", () => {
    const renamed = desired({ wanted: [wanted("a", { digest: "old" })], templates: without(TEMPLATES, CINDER) })
    const second = next(ledger([entry("a", { template: CINDER })]), renamed)
    const failing = desired({
      templates: without(TEMPLATES, CINDER),
      failures: [{ template: NOVA, subject: BB1, message: "line 1: syntax" }]
    })
    assert.deepStrictEqual(plan(complete(failing), second).prunes, [])
  })

  it("asks for the cluster that is there now, when one was made anew under the same name", () => {
    const anew = new Map([["domain-c99", cluster("domain-c99", "productionbb001")]])
    const wants = desired({ wanted: [wanted("a", { digest: "old", subject: "domain-c99" })], subjects: anew })
    const second = next(ledger([entry("a")]), wants)
    const { prunes } = plan(complete(NOTHING_THERE), second)
    assert.deepStrictEqual(questions(prunes, second, NOTHING_THERE), [
      { type: "ClusterComputeResource", ref: "domain-c99" }
    ])
  })

  it("keeps the objects of a cluster that was made anew, when its facts are not whole", () => {
    const anew = new Map([["domain-c99", cluster("domain-c99", "productionbb001")]])
    const wants = desired({ wanted: [wanted("a", { digest: "old", subject: "domain-c99" })], subjects: anew })
    const second = next(ledger([entry("a")]), wants)
    const held = desired({ subjects: anew, held: new Map([["domain-c99", "two clusters are called bb1"]]) })
    assert.deepStrictEqual(print(plan(complete(held), second)), [
      "keep Deployment monsoon3/a (facts are not whole: two clusters are called bb1)"
    ])
  })
})

describe("the rest of the next record", () => {
  const another = desired({ instanceUuid: "uuid-b" })

  it.each<[row: string, before: Ledger, wants: Desired, expected: string]>([
    ["this vCenter's when nothing was recorded", ledger([]), another, "uuid-b"],
    ["the recorded one as long as anything is recorded for it", ledger([entry("a")]), another, "uuid-a"],
    ["this vCenter's when none was known", ledger([entry("a")], { instanceUuid: undefined }), another, "uuid-b"]
  ])("names as the vCenter %s", (_, before, wants, expected) => {
    assert.strictEqual(next(before, wants).instanceUuid, expected)
  })

  const old = { at: NOW - PRUNE_WINDOW_MILLIS, count: 1, recorded: 9 }
  const recent = { at: NOW - 1, count: 2, recorded: 8 }
  const before = ledger([entry("a"), entry("b")], { prunes: [old, recent] })

  it("adds the deletes of this run, of what was recorded before it, and drops those of more than an hour ago", () => {
    const { prunes } = nextLedger(before, desired(), { entries: entriesOf([entry("a")]), pruned: 1, now: NOW })
    assert.deepStrictEqual(prunes, [recent, { at: NOW, count: 1, recorded: 2 }])
  })

  it("leaves the deletes as they are when there was none: forgetting alone is no reason to write", () => {
    assert.deepStrictEqual(next(before, desired()).prunes, [old, recent])
  })
})

describe("the next record of any world", () => {
  const World = { facts: Facts, record: Record }

  it.prop("is the same again when nothing happens", World, ({ facts, record }) => {
    const second = next(ledgerOf(record), desiredOf(facts))
    assert.deepStrictEqual(next(second, desiredOf(facts)), second)
  })

  it.prop("knows each subject of a recorded object that was known before or exists", World, ({ facts, record }) => {
    const [before, wants] = [ledgerOf(record), desiredOf(facts)]
    const { entries, subjects } = next(before, wants)
    for (const { subject } of entries.values()) {
      assert.strictEqual(subjects.has(subject), before.subjects.has(subject) || wants.subjects.has(subject))
    }
  })

  it.prop("plans the deletes that the record before it planned", World, ({ facts, record }) => {
    const [before, wants] = [ledgerOf(record), desiredOf(facts)]
    const deletes = (of: Ledger) => plan(complete(wants), of).prunes.map(({ entry: { name }, cause }) => [name, cause])
    assert.deepStrictEqual(deletes(next(before, wants)), deletes(before))
  })
})
