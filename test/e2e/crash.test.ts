import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { ControlPlane } from "./crash/ControlPlane.ts"
import { type Explored, explore } from "./crash/explore.ts"
import { SCENARIOS } from "./crash/scenarios.ts"

/** Of one scenario, on a machine that has other things to do. */
const MINUTES = 15
const MOST_KILLS = 300

const options = { excludeTestServices: true, timeout: "25 minutes" } as const

layer(ControlPlane.layer, options)("the operator, killed", (it) => {
  const explored = new Map<string, Explored>()

  for (const [number, scenario] of SCENARIOS.entries()) {
    it.effect(
      `leaves no orphan, deletes nothing wrong and comes to the same end when it dies at any write while ${scenario.what}`,
      () =>
        Effect.gen(function* () {
          const found = yield* explore(scenario, number)
          explored.set(scenario.what, found)
          assert.isAbove(found.kills, 0)
          yield* Effect.log(`${scenario.what}: ${JSON.stringify(found)}`)
        }),
      { timeout: MINUTES * 60_000, concurrent: true }
    )
  }

  it.effect("has died often enough, and no more often than there is time for", () =>
    Effect.sync(() => {
      const kills = [...explored.values()].reduce((sum, found) => sum + found.kills, 0)
      assert.strictEqual(explored.size, SCENARIOS.length)
      assert.isAtMost(kills, MOST_KILLS)
    })
  )
})
