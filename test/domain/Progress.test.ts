import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Happening } from "../../src/domain/Happening.ts"
import { begin, type Progress, progress } from "../../src/domain/Progress.ts"

const discovered = (...vcenters: ReadonlyArray<string>): Happening => ({
  _tag: "Discovered",
  serial: 1,
  vcenters,
  added: vcenters,
  gone: []
})
const rejected: Happening = { _tag: "SettingsRejected", problems: ["username: missing", "password: missing"] }
const noZone: Happening = { _tag: "DiscoverFailed", message: "10.0.0.53:53: no answer" }
const disconnected = (vcenter: string): Happening => ({
  _tag: "Disconnected",
  vcenter,
  reason: "Timeout",
  message: "no answer",
  retryInSeconds: 1
})
const reconciled = (vcenter: string, ...failures: ReadonlyArray<string>): Happening => ({
  _tag: "Reconciled",
  vcenter,
  objects: 3,
  withheld: 2,
  failures
})
const noise: Happening = { _tag: "Warning", message: "x", vcenter: "a" }

const reach = (...happenings: ReadonlyArray<Happening>): Progress => happenings.reduce(progress, begin)

describe("progress", () => {
  it.each<[row: string, ReadonlyArray<Happening>, over: boolean, failures: ReadonlyArray<string>]>([
    ["is not over at the beginning", [], false, []],
    ["ends with bad settings before any zone", [rejected], true, ["username: missing", "password: missing"]],
    ["goes on with bad settings after a zone", [discovered("a"), rejected], false, []],
    ["ends when no zone can be read", [noZone], true, ["10.0.0.53:53: no answer"]],
    ["goes on when a later zone cannot be read", [discovered("a"), noZone], false, []],
    ["ends with a zone without a vCenter", [discovered()], true, []],
    ["waits for the vCenters of the zone", [discovered("a", "b")], false, []],
    ["waits for the first zone alone", [discovered("a"), discovered("a", "b"), reconciled("a")], true, []],
    [
      "waits for another vCenter after one has failed",
      [discovered("a", "b"), disconnected("a")],
      false,
      ["a: Timeout: no answer"]
    ],
    ["ends when the last vCenter has failed", [discovered("a"), disconnected("a")], true, ["a: Timeout: no answer"]],
    ["waits for another vCenter after one is reconciled", [discovered("a", "b"), reconciled("a")], false, []],
    [
      "ends when the last vCenter is reconciled, with what failed there",
      [discovered("a", "b"), reconciled("b"), reconciled("a", "Deployment x: no")],
      true,
      ["a: Deployment x: no"]
    ],
    ["takes withheld deletes for no failure", [discovered("a"), reconciled("a")], true, []],
    [
      "counts a vCenter once: reconciled, then lost",
      [discovered("a", "b"), reconciled("a"), disconnected("a")],
      false,
      []
    ],
    [
      "counts a vCenter once: lost, then reconciled",
      [discovered("a", "b"), disconnected("a"), reconciled("a", "x")],
      false,
      ["a: Timeout: no answer"]
    ],
    [
      "does not wait for a vCenter outside the zone",
      [discovered("a"), reconciled("z", "x"), disconnected("z")],
      false,
      []
    ],
    ["is not moved by anything else", [discovered("a"), noise], false, []]
  ])("%s", (_, happenings, over, failures) => {
    const reached = reach(...happenings)
    assert.deepStrictEqual([reached.over, reached.failures], [over, failures])
  })

  const Vcenter = Schema.Literals(["a", "b", "c"])
  const Step = Schema.Struct({ vcenter: Vcenter, lost: Schema.Boolean })

  it.prop(
    "is over as soon as, and only when, each vCenter of the zone has been heard of",
    {
      zone: Schema.UniqueArray(Vcenter),
      steps: Schema.Array(Step)
    },
    ({ zone, steps }) => {
      let reached = reach(discovered(...zone))
      const missing = new Set<string>(zone)
      for (const { vcenter, lost } of steps) {
        assert.strictEqual(reached.over, missing.size === 0)
        if (reached.over) return
        reached = progress(reached, lost ? disconnected(vcenter) : reconciled(vcenter))
        missing.delete(vcenter)
      }
      assert.strictEqual(reached.over, missing.size === 0)
    }
  )
})
