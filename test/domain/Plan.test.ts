import { assert, describe, it } from "@effect/vitest"
import type { Desired } from "../../src/domain/Desired.ts"
import type { Ledger } from "../../src/domain/Ledger.ts"
import type { Lost } from "../../src/domain/LostStorage.ts"
import { id } from "../../src/domain/Manifest.ts"
import { type Plan, plan, print } from "../../src/domain/Plan.ts"
import { complete, partial, type Snapshot } from "../../src/domain/Snapshot.ts"
import {
  BB1,
  BB2,
  CINDER,
  DATACENTER,
  desired,
  entry,
  ledger,
  NOVA,
  pending,
  TEMPLATES,
  template,
  wanted
} from "./fixtures.ts"
import { desiredOf, Facts, ledgerOf, Record } from "./Worlds.ts"

/** Each object's step, and the reason where there is one. */
const steps = ({ applies, prunes, unchanged, kept, held }: Plan): ReadonlyArray<string> => [
  ...applies.map(({ wanted: { manifest } }) => `apply ${manifest.name}`),
  ...prunes.map(({ entry: { name }, cause }) => `prune ${name}: ${cause}`),
  ...unchanged.map(({ name }) => `unchanged ${name}`),
  ...kept.map(({ entry: { name }, why }) => `keep ${name}: ${why}`),
  ...held.map(({ object, why }) => `hold ${object}: ${why}`)
]

const A = id(entry("a"))
const unreadable = "cinder line 3: unexpected end"
const LOST: Lost = { ref: BB1, name: "productionbb001", what: ["datastores"], message: "LostStorage: gone" }
const twice = new Map([[A, "Deployment monsoon3/a is rendered twice"]])
const withoutBb1 = new Map([...desired().subjects].filter(([ref]) => ref !== BB1))
const withoutNova = new Map([...TEMPLATES].filter(([name]) => name !== NOVA))

describe("plan", () => {
  it.each<readonly [row: string, Snapshot<Desired>, Ledger, ReadonlyArray<string>]>([
    ["applies what is not recorded", complete(desired({ wanted: [wanted("a")] })), ledger([]), ["apply a"]],
    [
      "applies what is recorded with another digest",
      complete(desired({ wanted: [wanted("a")] })),
      ledger([entry("a")]),
      ["apply a"]
    ],
    [
      "applies what is pending: recorded, never confirmed",
      complete(desired({ wanted: [wanted("a")] })),
      ledger([pending("a")]),
      ["apply a"]
    ],
    [
      "leaves alone what is recorded with the same digest",
      complete(desired({ wanted: [wanted("a", { digest: "old" })] })),
      ledger([entry("a")]),
      ["unchanged a"]
    ],
    [
      "prunes what an existing template no longer renders for an existing subject",
      complete(desired({ wanted: [wanted("b", { digest: "old" })] })),
      ledger([entry("a"), entry("b")]),
      ["prune a: no longer rendered", "unchanged b"]
    ],
    [
      "prunes what is left of a cluster that is gone",
      complete(desired({ subjects: withoutBb1 })),
      ledger([entry("a")]),
      ["prune a: subject gone"]
    ],
    [
      "prunes what is left of a template that is gone",
      complete(desired({ templates: withoutNova })),
      ledger([entry("a")]),
      ["prune a: template gone"]
    ],
    [
      "keeps what is not wanted while a reading is partial",
      partial(desired({ templates: withoutNova, subjects: withoutBb1 }), "VCenterTemplates: no answer"),
      ledger([entry("a")]),
      ["keep a: absence is not proved: VCenterTemplates: no answer"]
    ],
    [
      "keeps what a template rendered that fails now, for this subject",
      complete(desired({ failures: [{ template: NOVA, subject: BB1, message: unreadable }] })),
      ledger([entry("a")]),
      [`keep a: its template failed: ${unreadable}`]
    ],
    [
      "keeps what a template rendered that cannot even be read, for every subject",
      complete(desired({ templates: withoutNova, failures: [{ template: NOVA, message: unreadable }] })),
      ledger([entry("a"), entry("b", { subject: BB2 })]),
      [`keep a: its template failed: ${unreadable}`, `keep b: its template failed: ${unreadable}`]
    ],
    [
      "prunes in spite of a failure of the template for another subject, and of another template",
      complete(
        desired({
          failures: [
            { template: NOVA, subject: BB2, message: unreadable },
            { template: CINDER, message: unreadable }
          ]
        })
      ),
      ledger([entry("a")]),
      ["prune a: no longer rendered"]
    ],
    [
      "keeps what an unchanged template rendered that renders nothing here now",
      complete(desired({ emptyRenders: [[NOVA, BB1]] })),
      ledger([entry("a")]),
      [`keep a: EmptyRender: ${NOVA} is unchanged, but renders nothing for productionbb001 where it rendered objects`]
    ],
    [
      "prunes what a changed template rendered that renders nothing here now",
      complete(
        desired({ emptyRenders: [[NOVA, BB1]], templates: new Map([...TEMPLATES, [NOVA, template(NOVA, "text-2")]]) })
      ),
      ledger([entry("a")]),
      ["prune a: no longer rendered"]
    ],
    [
      "prunes what a template rendered that renders nothing for another subject",
      complete(desired({ emptyRenders: [[NOVA, BB2]] })),
      ledger([entry("a")]),
      ["prune a: no longer rendered"]
    ],
    [
      "keeps what is recorded and claimed by two renderings",
      complete(desired({ contested: twice })),
      ledger([entry("a")]),
      ["keep a: Deployment monsoon3/a is rendered twice"]
    ],
    [
      "keeps what is recorded and rendered from facts that are not whole",
      complete(desired({ wanted: [wanted("a")], held: new Map([[BB1, "no permission"]]) })),
      ledger([entry("a")]),
      ["keep a: facts are not whole: no permission"]
    ],
    [
      "keeps what is recorded for a subject whose facts are not whole",
      complete(desired({ held: new Map([[BB1, "no permission"]]) })),
      ledger([entry("a")]),
      ["keep a: facts are not whole: no permission"]
    ],
    [
      "leaves alone what is rendered from facts that are not whole and has the same digest",
      complete(desired({ wanted: [wanted("a", { digest: "old", partial: "no answer" })] })),
      ledger([entry("a")]),
      ["unchanged a"]
    ],
    [
      "keeps what is recorded for a cluster that has lost its storage",
      complete(desired({ lost: new Map([[BB1, LOST]]) })),
      ledger([entry("a"), entry("b", { subject: BB2 })]),
      ["prune b: no longer rendered", `keep a: ${LOST.message}`]
    ],
    [
      "holds what is new and rendered from facts that are not whole",
      complete(desired({ wanted: [wanted("a")], held: new Map([[BB1, "no permission"]]) })),
      ledger([]),
      [`hold ${A}: facts are not whole: no permission`]
    ],
    [
      "holds what is new and claimed by two renderings",
      complete(desired({ contested: twice })),
      ledger([]),
      [`hold ${A}: Deployment monsoon3/a is rendered twice`]
    ]
  ])("%s", (_, wants, recorded, expected) => {
    assert.deepStrictEqual(steps(plan(wants, recorded)), expected)
  })

  it("applies what was rendered from whole facts while another reading is partial: deletes alone wait for the rest", () => {
    const wants = partial(desired({ wanted: [wanted("a")] }), "cluster productionbb002: no permission")
    assert.deepStrictEqual(steps(plan(wants, ledger([entry("a")]))), ["apply a"])
  })

  it("orders the steps of a kind by identity", () => {
    const wants = complete(desired({ wanted: [wanted("c"), wanted("a"), wanted("b")] }))
    assert.deepStrictEqual(steps(plan(wants, ledger([]))), ["apply a", "apply b", "apply c"])
  })
})

describe("the plan of any world", () => {
  const World = { facts: Facts, record: Record }

  it.prop("gives each object that is wanted or recorded exactly one step, and no other object", World, (world) => {
    const [wants, recorded] = [desiredOf(world.facts), ledgerOf(world.record)]
    const { applies, prunes, unchanged, kept, held } = plan(complete(wants), recorded)
    const objects = [
      ...applies.map(({ wanted: { manifest } }) => id(manifest)),
      ...prunes.map(({ entry: of }) => id(of)),
      ...unchanged.map(id),
      ...kept.map(({ entry: of }) => id(of)),
      ...held.map(({ object }) => object)
    ]
    const expected = new Set([...wants.wanted.keys(), ...wants.contested.keys(), ...recorded.entries.keys()])
    assert.deepStrictEqual(objects.sort(), [...expected].sort())
  })

  it.prop("deletes only what is recorded, and nothing that is wanted", World, (world) => {
    const [wants, recorded] = [desiredOf(world.facts), ledgerOf(world.record)]
    for (const { entry: of } of plan(complete(wants), recorded).prunes) {
      assert.strictEqual(recorded.entries.get(id(of)), of)
      assert.isFalse(wants.wanted.has(id(of)) || wants.contested.has(id(of)))
    }
  })

  it.prop("deletes nothing by a partial reading", World, ({ facts, record }) => {
    assert.deepStrictEqual(plan(partial(desiredOf(facts), "no answer"), ledgerOf(record)).prunes, [])
  })

  it.prop("applies the same by a partial reading as by a complete one", World, ({ facts, record }) => {
    const [wants, recorded] = [desiredOf(facts), ledgerOf(record)]
    assert.deepStrictEqual(plan(partial(wants, "no answer"), recorded).applies, plan(complete(wants), recorded).applies)
  })

  it.prop("deletes nothing of a subject whose facts are not whole", World, ({ facts, record }) => {
    const wants = desiredOf(facts)
    const { applies, prunes } = plan(complete(wants), ledgerOf(record))
    assert.isFalse(prunes.some(({ entry: { subject } }) => wants.held.has(subject)))
    assert.isFalse(applies.some(({ wanted: { subject } }) => wants.held.has(subject)))
  })

  it.prop("deletes no less when a failure is mended, and no more when one is added", World, ({ facts, record }) => {
    const recorded = ledgerOf(record)
    const deleted = (failures: Facts["failures"]) =>
      new Set(plan(complete({ ...desiredOf(facts), failures: failures.map(toFailure) }), recorded).prunes.map(key))
    assert.isTrue(deleted(facts.failures).isSubsetOf(deleted(facts.failures.slice(1))))
  })

  it.prop("does not depend on the order of renderings, templates and subjects", World, ({ facts, record }) => {
    const backwards: Facts = {
      ...facts,
      templates: distinct(facts.templates).toReversed(),
      subjects: facts.subjects.toReversed(),
      renders: distinct(facts.renders).toReversed()
    }
    const forwards = { ...backwards, templates: distinct(facts.templates), renders: distinct(facts.renders) }
    const recorded = ledgerOf(record)
    assert.deepStrictEqual(
      plan(complete(desiredOf(backwards)), recorded),
      plan(complete(desiredOf(forwards)), recorded)
    )
  })
})

const key = ({ entry: of }: Plan["prunes"][number]) => id(of)
const toFailure = (failure: Facts["failures"][number]) => ({ ...failure, message: "line 1: syntax" })

/** Each template and each rendering once: what comes twice is decided by the order. */
const distinct = <A extends { readonly name: string } | { readonly template: string; readonly subject: string }>(
  items: ReadonlyArray<A>
): ReadonlyArray<A> => [
  ...new Map(items.map((item) => ["name" in item ? item.name : `${item.template} ${item.subject}`, item])).values()
]

describe("print", () => {
  it("says in a line each what is created, changed, pruned, kept and held, and nothing of what is unchanged", () => {
    const wants = complete(
      desired({
        wanted: [wanted("created"), wanted("changed"), wanted("unchanged", { digest: "old" })],
        contested: new Map([[A, "claimed twice"]]),
        held: new Map([[DATACENTER, "no permission"]])
      })
    )
    const recorded = ledger([
      entry("changed"),
      entry("unchanged"),
      entry("kept", { subject: DATACENTER }),
      entry("pruned")
    ])
    assert.deepStrictEqual(print(plan(wants, recorded)), [
      "change Deployment monsoon3/changed",
      "create Deployment monsoon3/created",
      "prune Deployment monsoon3/pruned (no longer rendered)",
      "keep Deployment monsoon3/kept (facts are not whole: no permission)",
      "hold apps/Deployment/monsoon3/a (claimed twice)"
    ])
  })

  it("is empty when there is nothing to do", () => {
    const wants = complete(desired({ wanted: [wanted("a", { digest: "old" })] }))
    assert.deepStrictEqual(print(plan(wants, ledger([entry("a")]))), [])
  })
})
