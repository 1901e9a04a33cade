import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { Unfinished } from "../../src/streams/program.ts"
import { key, SECRET, secret, secretKey, withTemplate } from "./fixtures.ts"
import { all, inWorld, type Operator, pass, settled, until } from "./harness.ts"
import { applied, condition, recorded, templateStatus, writes } from "./looks.ts"

/** Runs until it ends; gives what failed, nothing when all is well. */
const ended = Effect.fnUntraced(function* (operator: Operator, most = 60) {
  yield* until("--once has ended", () => operator.exit() !== undefined, most)
  const exit = operator.exit()
  if (exit === undefined || Exit.isSuccess(exit)) return []
  const failure = Cause.squash(exit.cause)
  return failure instanceof Unfinished ? failure.failures : yield* Effect.die(failure)
})

describe("operator --once", () => {
  it.effect("ends well when every vCenter is reconciled, with everything recorded and logged out", () =>
    inWorld(({ a, b, start }) =>
      Effect.gen(function* () {
        const operator = yield* start({ once: true })
        assert.deepStrictEqual(yield* ended(operator), [])
        assert.lengthOf(yield* applied, 11)
        assert.lengthOf(yield* recorded("vc-a-0"), 7)
        assert.lengthOf(yield* recorded("vc-b-0"), 4)
        assert.strictEqual(a.openSessions + b.openSessions, 0)
        assert.deepStrictEqual(operator.complained, [])
      })
    )
  )

  it.effect("has written the status of the templates when it ends", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        yield* ended(yield* start({ once: true }))
        assert.deepStrictEqual(yield* templateStatus("agent"), { observedGeneration: 1, objects: 3, vcenters: 2 })
      })
    )
  )

  it.effect("leaves nothing to write to a second one", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* ended(yield* start({ once: true }))
        yield* cluster.clearLog
        assert.deepStrictEqual(yield* ended(yield* start({ once: true })), [])
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("ends with what failed when a vCenter is out of reach, after the others are reconciled", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        a.disconnect()
        const operator = yield* start({ once: true })
        const failures = yield* ended(operator)
        assert.lengthOf(failures, 1)
        assert.include(failures[0], "vc-a-0.cc.qa-de-1.cloud.sap: Unreachable")
        assert.include(operator.complained.join("\n"), "vc-a-0.cc.qa-de-1.cloud.sap: Unreachable")
        assert.lengthOf(yield* recorded("vc-b-0"), 4)
      })
    )
  )

  it.effect("ends with what failed when an object or a template fails", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.failNext({ verb: "apply", name: "config-bb91", reason: "Rejected", detail: "denied" })
        yield* cluster.edit(key(TEMPLATE_KIND, "zone"), withTemplate("{{ broken"))
        const failures = (yield* ended(yield* start({ once: true }))).join("\n")
        assert.include(failures, "ConfigMap monsoon3/config-bb91")
        assert.include(failures, "monsoon3/zone")
      })
    )
  )

  it.effect("does not end well when the templates cannot be listed", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.failNext({
          verb: "list",
          kind: TEMPLATE_KIND,
          reason: "Forbidden",
          detail: "not yours",
          times: 99
        })
        const failures = (yield* ended(yield* start({ once: true }))).join("\n")
        assert.include(failures, "VCenterTemplates")
        assert.include(failures, "not yours")
        assert.strictEqual((yield* condition("vc-a-0", "Rendered"))?.reason, "Partial")
        assert.strictEqual((yield* condition("vc-a-0", "Ready"))?.status, "False")
        assert.deepStrictEqual(yield* applied, [])
      })
    )
  )

  it.effect.each([
    { what: "the settings are rejected", spoil: secret({ ...SECRET, username: "" }), says: "username" },
    { what: "there is no name server", spoil: secret({ ...SECRET, dns_ip: "" }), says: "type=backend" }
  ])("ends at once when $what", ({ spoil, says }) =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.edit(secretKey, () => spoil)
        assert.include((yield* ended(yield* start({ once: true }), 5)).join("\n"), says)
        assert.deepStrictEqual(yield* applied, [])
      })
    )
  )

  it.effect("ends after the time given when a vCenter does not answer", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        a.hang()
        const operator = yield* start({ once: true, timeout: Duration.seconds(20) })
        yield* pass(19)
        assert.isUndefined(operator.exit())
        assert.include((yield* ended(operator, 12)).join("\n"), "within 20s")
      })
    )
  )

  it.effect("ends well with deletes withheld, and prints them", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        yield* ended(yield* start({ once: true }))
        a.remove("productionbb092")
        const operator = yield* start({ once: true })
        assert.deepStrictEqual(yield* ended(operator), [])
        assert.strictEqual(all(operator, "Withheld")[0]?.guard, "PruneDelay")
        assert.lengthOf(all(operator, "Withheld")[0]?.objects ?? [], 3)
        assert.lengthOf(yield* applied, 11)
      })
    )
  )

  it.effect("with --dry-run shows the plan, writes nothing and ends", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        const operator = yield* start({ once: true, dryRun: true })
        assert.deepStrictEqual(yield* ended(operator), [])
        assert.lengthOf(all(operator, "Manifest"), 11)
        assert.lengthOf(all(operator, "Planned"), 2)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("counts a vCenter that left the zone for nothing", () =>
    inWorld(({ start, zone }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        yield* first.stop
        yield* zone.removeHost("vc-a-0")
        assert.deepStrictEqual(yield* ended(yield* start({ once: true })), [])
        assert.lengthOf(yield* applied, 11)
      })
    )
  )
})
