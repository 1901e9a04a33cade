import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { type GuardFacts, guards, judge } from "../../src/domain/Guards.ts"
import { id } from "../../src/domain/Manifest.ts"
import type { Prune } from "../../src/domain/Plan.ts"
import { SCOPES } from "../../src/domain/Template.ts"
import { prune } from "./fixtures.ts"
import { CLEAR } from "./guarding.ts"

const A = id(prune("a").entry)

/** What becomes of the prunes of `a` and `b`: the guard and message of each that is withheld. */
const verdict = (facts: Partial<GuardFacts>, prunes = [prune("a"), prune("b")]) => {
  const { allowed, withheld } = judge(prunes, { ...CLEAR, ...facts })
  return {
    allowed: allowed.map(({ entry }) => entry.name),
    withheld: withheld.map(({ prune: { entry }, guard, message }) => `${entry.name} ${guard}: ${message}`)
  }
}

describe("the guards", () => {
  it("stand in this order, so that the reason shown is the one to be dealt with first", () => {
    assert.deepStrictEqual(
      guards.map(({ name }) => name),
      [
        "Paused",
        "AnotherVCenter",
        "Partial",
        "TemplateFailed",
        "PruneDelay",
        "WantedElsewhere",
        "Unconfirmed",
        "VCenterRetained",
        "VCenterGone",
        "Rebuilt",
        "Everything",
        "Share",
        "MayBeElsewhere",
        "Unheard"
      ]
    )
  })

  it("let a delete pass that nothing speaks against", () => {
    assert.deepStrictEqual(verdict({}), { allowed: ["a", "b"], withheld: [] })
  })

  it.each<[why: string, Partial<GuardFacts>, objection: string]>([
    ["the vCenter is paused", { paused: true }, "Paused: spec.paused is true: set it to false to go on"],
    ["the vCenter is not the one recorded", { stranger: "another one" }, "AnotherVCenter: another one"],
    ["a reading is not whole", { partial: "no answer" }, "Partial: absence is not proved: no answer"],
    [
      "a template of the scope fails",
      { failedScopes: new Map([["cluster", "monsoon3/nova"]]) },
      "TemplateFailed: template monsoon3/nova of the same scope fails: mend it first"
    ],
    [
      "a template of any scope fails and the object's scope is not known",
      { failedScopes: new Map([["storage", "monsoon3/cinder"]]), scopesOf: () => [] },
      "TemplateFailed: template monsoon3/cinder of the same scope fails: mend it first"
    ],
    [
      "a template fails whose own scope is not known",
      { failedScopes: new Map([[undefined, "monsoon3/new"]]) },
      "TemplateFailed: template monsoon3/new fails, and may be of the same scope: mend it first"
    ],
    [
      "it has been unwanted for less than the delay",
      { unwantedFor: () => 299.999 },
      "PruneDelay: unwanted for less than prune_delay (300 s)"
    ],
    [
      "another vCenter wants it",
      { wantedElsewhere: () => "vc-b-0.example.com" },
      "WantedElsewhere: vc-b-0.example.com wants this object"
    ],
    [
      "another vCenter has not been looked at yet",
      { unheard: "vc-b-0.example.com" },
      "Unheard: vc-b-0.example.com has not been looked at yet, and may want this object"
    ],
    [
      "what it was made for may be in another vCenter",
      { mayBeElsewhere: () => "vc-b-0.example.com may have it" },
      "MayBeElsewhere: vc-b-0.example.com may have it"
    ],
    ["the absence is not confirmed", { unconfirmed: () => "it is hidden" }, "Unconfirmed: it is hidden"],
    [
      "the vCenter has left the zone",
      { discovered: false },
      "VCenterRetained: the vCenter is not in the DNS zone any more: its objects are retained"
    ],
    [
      "the vCenter has been gone for less than the grace",
      { discovered: false, goneFor: 3599 },
      "VCenterRetained: gone from the DNS zone for less than vcenter_gone_grace (3600 s)"
    ],
    [
      "the vCenter has been gone for long, and nobody has approved",
      { discovered: false, goneFor: 3600 },
      "VCenterGone: the vCenter is not in the DNS zone any more: its objects go with a person's approval only"
    ]
  ])("withhold both deletes when %s", (_, facts, objection) => {
    assert.deepStrictEqual(verdict(facts), { allowed: [], withheld: [`a ${objection}`, `b ${objection}`] })
  })

  it.each<[why: string, Partial<GuardFacts>, guard: string]>([
    [
      "its scope's template fails",
      { failedScopes: new Map([["cluster", "x"]]), scopesOf: scopesOfA },
      "TemplateFailed"
    ],
    ["it is not old enough", { unwantedFor: ({ entry: { name } }) => (name === "a" ? 299 : 300) }, "PruneDelay"],
    ["another vCenter wants it", { wantedElsewhere: (key) => (key === A ? "vc" : undefined) }, "WantedElsewhere"],
    [
      "its absence is not confirmed",
      { unconfirmed: ({ entry }) => (entry.name === "a" ? "?" : undefined) },
      "Unconfirmed"
    ]
  ])("withhold one delete alone when %s", (_, facts, guard) => {
    const { allowed, withheld } = judge([prune("a"), prune("b")], { ...CLEAR, ...facts })
    assert.deepStrictEqual(
      [allowed.map(({ entry }) => entry.name), withheld.map((each) => each.guard)],
      [["b"], [guard]]
    )
  })

  it("let a delete pass without any delay when prune_delay is 0", () => {
    assert.deepStrictEqual(verdict({ pruneDelay: 0, unwantedFor: () => 0 }).allowed, ["a", "b"])
  })
})

function scopesOfA({ entry: { name } }: Prune) {
  return [name === "a" ? ("cluster" as const) : ("storage" as const)]
}

const Letter = Schema.Literals(["a", "b", "c", "d", "e", "f", "g", "h"])

/** Objections that a world raises, each against some of the objects. */
const Objections = Schema.Struct({
  names: Schema.UniqueArray(Letter),
  paused: Schema.Literals([false, false, false, true]),
  partial: Schema.Literals(["", "", "", "no answer"]),
  failed: Schema.Array(Schema.Literals(SCOPES)).check(Schema.isMaxLength(1)),
  young: Schema.Array(Letter).check(Schema.isMaxLength(2)),
  elsewhere: Schema.Array(Letter).check(Schema.isMaxLength(2)),
  hidden: Schema.Array(Letter).check(Schema.isMaxLength(2)),
  stranger: Schema.Literals(["", "", "", "another one"]),
  discovered: Schema.Literals([true, true, true, false]),
  allowMin: Schema.Literals([0, 2, 5]),
  allowShare: Schema.Literals([0, 30, 100]),
  pruned: Schema.Literals([0, 3])
})

describe("judge", () => {
  const factsOf = (world: typeof Objections.Type): GuardFacts => ({
    ...CLEAR,
    paused: world.paused,
    partial: world.partial === "" ? undefined : world.partial,
    failedScopes: new Map(world.failed.map((scope) => [scope, "monsoon3/x"])),
    unwantedFor: ({ entry: { name } }) => (world.young.some((young) => young === name) ? 10 : 300),
    wantedElsewhere: (key) => (world.elsewhere.some((name) => id(prune(name).entry) === key) ? "vc" : undefined),
    unconfirmed: ({ entry: { name } }) => (world.hidden.some((hidden) => hidden === name) ? "hidden" : undefined),
    stranger: world.stranger === "" ? undefined : world.stranger,
    discovered: world.discovered,
    recorded: world.names.length + 1,
    lastHour: { pruned: world.pruned, recorded: world.names.length + 1 + world.pruned },
    allowMin: world.allowMin,
    allowShare: world.allowShare
  })
  const World = { world: Objections }
  const runs = { arbitrary: { runs: 500 } }

  it.prop(
    "puts every delete on exactly one side",
    World,
    ({ world }) => {
      const prunes = world.names.map((name) => prune(name))
      const { allowed, withheld } = judge(prunes, factsOf(world))
      const sides = [...allowed, ...withheld.map((each) => each.prune)]
      assert.deepStrictEqual(sides.map(({ entry }) => entry.name).sort(), [...world.names].sort())
    },
    runs
  )

  it.prop(
    "never allows an object to which any guard objects when it sees that object's set alone",
    World,
    ({ world }) => {
      const prunes = world.names.map((name) => prune(name))
      const facts = factsOf(world)
      const { allowed } = judge(prunes, facts)
      for (const guard of guards) assert.strictEqual(guard.judge(allowed, facts).size, 0, guard.name)
    },
    runs
  )

  it.prop(
    "names for each withheld object the first guard that objects to it",
    World,
    ({ world }) => {
      const prunes = world.names.map((name) => prune(name))
      const facts = factsOf(world)
      for (const { prune: of, guard: name, message } of judge(prunes, facts).withheld) {
        const single = guards.slice(0, 8).find((guard) => guard.judge([of], facts).size > 0)
        if (single === undefined) assert.include(["Everything", "Share"], name)
        else assert.deepStrictEqual([name, message], [single.name, single.judge([of], facts).get(id(of.entry))])
      }
    },
    runs
  )

  it.prop(
    "withholds no less when one more objection is raised",
    World,
    ({ world }) => {
      const prunes = world.names.map((name) => prune(name))
      const allowed = (facts: GuardFacts) => new Set(judge(prunes, facts).allowed.map(({ entry }) => entry.name))
      const facts = factsOf(world)
      const before = allowed(facts)
      for (const more of [{ paused: true }, { partial: "x" }, { stranger: "x" }, { discovered: false }]) {
        assert.isTrue(allowed({ ...facts, ...more }).isSubsetOf(before))
      }
    },
    runs
  )

  it("does not ask later guards when nothing is left to be judged", () => {
    const asked: Array<string> = []
    const spying = guards.map((guard) => ({
      ...guard,
      judge: (...args: Parameters<typeof guard.judge>) => {
        asked.push(guard.name)
        return guard.judge(...args)
      }
    }))
    judge([prune("a")], { ...CLEAR, partial: "no answer" }, spying)
    assert.deepStrictEqual(asked, ["Paused", "AnotherVCenter", "Partial"])
    judge([], CLEAR, spying)
    assert.deepStrictEqual(asked, ["Paused", "AnotherVCenter", "Partial"])
  })
})
