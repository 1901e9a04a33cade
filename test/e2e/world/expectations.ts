import { assert } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Passwords } from "../../../src/services/Passwords.ts"
import { USERNAME, World } from "../world.ts"
import { eventually } from "./eventually.ts"
import { Journey } from "./Journey.ts"
import { owned, stateOf } from "./Objects.ts"

/** Longer than the operator waits before it writes a status that can wait. */
export const SETTLED = "12 seconds"

/** Longer than a `prune_delay` of 2 s and a look: what is to be deleted by then is deleted. */
export const LONG_ENOUGH = "6 seconds"

/** What the examples render for a production cluster. */
export const compute = (name: string) =>
  ["ConfigMap", "Deployment", "Secret"].map((kind) => `${kind} nova-compute-${name}`)
/** … for a storage cluster. */
export const volume = (name: string) => ["Deployment", "Secret"].map((kind) => `${kind} cinder-volume-vmware-${name}`)
/** … for a datacenter. */
export const zone = (vcenter: string, az: string) => [
  `ConfigMap site-${vcenter}`,
  `Deployment neutron-dvs-agent-${vcenter}-${az}`
]

/** Exactly these objects, of all that are marked as the operator's. */
export const shows = (names: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { kubernetes } = yield* World
    assert.deepStrictEqual([...(yield* owned(kubernetes)).keys()], [...names].sort())
  })

/** What the operator has applied. */
export const snapshot = Effect.flatMap(World, ({ kubernetes }) => owned(kubernetes))
/** The present end of the audit log. */
export const mark = Effect.flatMap(World, ({ kubernetes }) => kubernetes.mark)

/** What the operator has written since a mark, besides statuses. */
export const written = (since: number) =>
  Effect.gen(function* () {
    const { writes } = yield* Journey
    const all = (yield* writes(since)).filter(({ what }) => !what.includes("/status "))
    return [...new Set(all.map(({ verb, what, code }) => `${verb} ${what} ${code}`))].sort()
  })

/** Waits until the operator has written nothing for a while. */
export const settle = eventually(
  "the operator is at rest",
  Effect.gen(function* () {
    const since = yield* mark
    yield* Effect.sleep(SETTLED)
    const { writes } = yield* Journey
    assert.deepStrictEqual(yield* writes(since), [])
  }),
  { within: "60 seconds" }
)

/** Everything that should exist does, and nothing waits for a person. */
export const isReady = (vcenter: string) =>
  Effect.gen(function* () {
    const { kubernetes } = yield* World
    const { conditions } = yield* stateOf(kubernetes, vcenter)
    assert.strictEqual(conditions.get("Ready")?.reason, "Reconciled", conditions.get("Ready")?.message)
  })

/** The password of the user in a vCenter. */
export const passwordOf = (seed: string, vcenter: string) =>
  Effect.gen(function* () {
    const passwords = yield* Passwords
    return Redacted.value(yield* passwords.derive(USERNAME, Redacted.make(seed), vcenter))
  }).pipe(Effect.provide(Passwords.layer))

/** What the operator said last: to be read beside the failure of a step. */
export const lastWords = Effect.gen(function* () {
  const { operator } = yield* Journey
  const { out, err } = yield* operator
  yield* Effect.logError(`${(yield* out).split("\n").slice(-6).join("\n")}${(yield* err).slice(-2000)}`)
})
