import { assert, describe, it } from "@effect/vitest"
import type { GuardFacts } from "../../src/domain/Guards.ts"
import { released } from "../../src/domain/Handover.ts"
import { prune } from "./fixtures.ts"

/** Another vCenter wants `a` and `b`, and no guard objects, but for those that speak of deleting. */
const MOVED: GuardFacts = {
  paused: false,
  partial: undefined,
  failedScopes: new Map(),
  scopesOf: () => ["cluster"],
  unwantedFor: () => 0,
  pruneDelay: 300,
  wantedElsewhere: (identity) => (identity.endsWith("/c") ? undefined : "vc-b-0"),
  unheard: "vc-c-0",
  mayBeElsewhere: () => "vc-c-0 may have it",
  unconfirmed: () => undefined,
  stranger: undefined,
  discovered: true,
  recorded: 3,
  approved: () => false,
  goneGrace: 3600,
  lastHour: { pruned: 0, recorded: 3 },
  allowShare: 0,
  allowMin: 0
}
const given = (facts: Partial<GuardFacts> = {}) =>
  [...released([prune("a"), prune("b"), prune("c")], { ...MOVED, ...facts })].map((key) => key.split("/").at(-1))

describe("what a vCenter gives up", () => {
  it("is what another wants, at once and however much it is: nothing is deleted", () => {
    assert.deepStrictEqual(given(), ["a", "b"])
  })

  it.each<[row: string, Partial<GuardFacts>, ReadonlyArray<string>]>([
    ["nobody else wants it", { wantedElsewhere: () => undefined }, []],
    ["nothing is to be written for it", { paused: true }, []],
    ["the readings are not whole", { partial: "no cells" }, []],
    ["a template of the scope fails", { failedScopes: new Map([["cluster", "monsoon3/x"]]) }, []],
    ["another vCenter answers under its name", { stranger: "another" }, []],
    [
      "its cluster may only be hidden",
      { unconfirmed: ({ entry }) => (entry.name === "a" ? "hidden" : undefined) },
      ["b"]
    ],
    ["it has left the zone", { discovered: false }, []]
  ])("is not what it cannot be sure of: %s", (_, facts, expected) => {
    assert.deepStrictEqual(given(facts), [...expected])
  })
})
