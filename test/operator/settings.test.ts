import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { key, SECRET, SEED, secret, secretKey, ZONE } from "./fixtures.ts"
import { all, inWorld, pass, quickPasswords, settled, type World } from "./harness.ts"
import { applied, condition, conditions, object, objectWrites, recorded, status, writes } from "./looks.ts"

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})

/** The operator's Secret with other values; what is undefined goes. */
const set = ({ cluster }: World, values: Readonly<Record<string, string>>) =>
  cluster.edit(secretKey, (before) => ({
    ...before,
    data: { ...(before.data as JsonObject), ...(secret(values).data as JsonObject) }
  }))

const dataOf = (kind: string, name: string) => Effect.map(object(key(kind, name)), ({ data }) => JSON.stringify(data))

describe("operator, when its Secret changes", () => {
  it.effect("renders again with a new key of the templates, and applies what uses it", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* set(world, { rabbit_password: "test-only other extra" })
        yield* pass(10)
        assert.deepStrictEqual((yield* objectWrites).toSorted(), [
          "apply ConfigMap/config-bb201",
          "apply ConfigMap/config-bb91",
          "apply ConfigMap/config-bb92"
        ])
        assert.include(yield* dataOf("ConfigMap", "config-bb91"), "test-only other extra")
        assert.strictEqual(world.a.logins, 1)
      })
    )
  )

  it.effect("changes nothing for a key that no template uses", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* set(world, { unused: "test-only" })
        yield* pass(60)
        assert.deepStrictEqual(yield* writes, [])
        assert.strictEqual(world.a.logins, 1)
      })
    )
  )

  it.effect("logs in again with a new seed, ends the old session, and applies the new passwords", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        const before = yield* dataOf("Secret", "login-bb91")
        yield* set(world, { password: "test-only new seed" })
        yield* pass(10)
        assert.strictEqual(world.a.logins, 2)
        assert.strictEqual(world.a.openSessions, 1)
        assert.notStrictEqual(yield* dataOf("Secret", "login-bb91"), before)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("applies no password with which it could not log in", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        for (const model of [world.a, world.b]) {
          const name = `vc-${model === world.a ? "a" : "b"}-0.${ZONE}`
          const password = yield* Effect.provide(
            Passwords.use((passwords) => passwords.derive("test-only-user", Redacted.make(SEED), name)),
            quickPasswords
          )
          model.credentials = { username: "test-only-user", password: Redacted.value(password) }
        }
        yield* running(world)
        yield* set(world, { password: "test-only wrong seed" })
        yield* pass(600)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "Connected"))?.reason, "LoginRejected")
        yield* set(world, { password: SEED, rabbit_password: "test-only other extra" })
        yield* pass(30)
        assert.lengthOf(yield* objectWrites, 3)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("transfers the zone again with a new TSIG key, and keeps the last good zone when it is wrong", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        yield* set(world, { tsig_key: Buffer.from("test-only wrong key").toString("base64") })
        yield* pass(60)
        assert.lengthOf(all(operator, "DiscoverFailed"), 1)
        assert.deepStrictEqual(yield* writes, [])
        const before = (yield* world.zone.queries).axfr
        yield* set(world, { tsig_key: SECRET.tsig_key ?? "" })
        yield* pass(12)
        assert.strictEqual((yield* world.zone.queries).axfr, before + 1)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect.each([
    { what: "a required key is empty", key: "namespace", value: "" },
    { what: "a duration is none", key: "prune_delay", value: "test-only-nonsense" },
    { what: "a key is no base64", key: "tsig_key", value: "test-only !!!" }
  ])("names the key and never the value, and goes on with the last good settings, when $what", ({ key: name, value }) =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        yield* set(world, { [name]: value, rabbit_password: "test-only unseen" })
        yield* pass(60)
        const problems = all(operator, "SettingsRejected").flatMap((rejected) => rejected.problems)
        assert.lengthOf(problems, 1)
        assert.include(problems[0], name)
        if (value !== "") assert.notInclude(operator.printed.join("\n"), value)
        assert.deepStrictEqual(yield* writes, [])
        yield* set(world, { [name]: SECRET[name] ?? "" })
        yield* pass(10)
        assert.include(yield* dataOf("ConfigMap", "config-bb91"), "test-only unseen")
      })
    )
  )

  it.effect("goes on with the last good settings when the Secret is gone", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* running(world)
        yield* world.cluster.remove(secretKey)
        yield* pass(60)
        assert.include(
          all(operator, "SettingsRejected").at(-1)?.problems[0],
          "monsoon3/vcenter-operator does not exist"
        )
        assert.deepStrictEqual(yield* writes, [])
        assert.lengthOf(yield* applied, 11)
      })
    )
  )

  it.effect("waits for a good Secret at the start", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        yield* cluster.edit(secretKey, () => secret({ ...SECRET, username: "" }))
        const operator = yield* start()
        yield* pass(60)
        assert.deepStrictEqual(yield* applied, [])
        assert.include(all(operator, "SettingsRejected")[0]?.problems[0], "username")
        yield* cluster.edit(secretKey, () => secret(SECRET))
        yield* settled(operator)
        assert.lengthOf(yield* applied, 11)
      })
    )
  )

  it.effect(
    "applies in the new target namespace and withholds the deletes in the old: they are more than the share",
    () =>
      inWorld((world) =>
        Effect.gen(function* () {
          yield* world.cluster.seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "elsewhere" } }])
          yield* running(world)
          yield* set(world, { namespace: "elsewhere" })
          yield* pass(120)
          assert.strictEqual((yield* status("vc-a-0")).objects, 14)
          assert.notInclude((yield* objectWrites).join(), "delete Deployment/agent-bb91")
          assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "Share")
        })
      )
  )

  it.effect("takes a shorter prune_delay into account for what is waiting already", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* set(world, { prune_delay: "1h" })
        yield* running(world)
        world.a.remove("productionbb092")
        yield* pass(60)
        assert.lengthOf(yield* recorded("vc-a-0"), 7)
        yield* set(world, { prune_delay: "30s" })
        yield* pass(5)
        assert.lengthOf(yield* recorded("vc-a-0"), 4)
      })
    )
  )
})
