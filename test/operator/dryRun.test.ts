import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { configMap, EXTRA, key, SECRET, SEED, secret, secretKey, TSIG, withTemplate } from "./fixtures.ts"
import { addCluster, all, inWorld, type Operator, pass, settled, type World } from "./harness.ts"
import { applied, changedSince, object, versions, writes } from "./looks.ts"

const plans = (operator: Operator) => all(operator, "Planned").map(({ vcenter, steps }) => ({ vcenter, steps }))
const byVCenter = (operator: Operator) => new Map(plans(operator).map(({ vcenter, steps }) => [vcenter, steps]))

/** A world in which there is everything to do: create, change, delete, keep. */
const changed = Effect.fnUntraced(function* ({ a, cluster, start }: World) {
  const first = yield* start()
  yield* settled(first)
  yield* first.stop
  addCluster(a, "productionbb093")
  a.remove("productionbb092")
  yield* cluster.edit(
    key(TEMPLATE_KIND, "login"),
    withTemplate(configMap("login-{{ name }}", { password: "{{ password }}" }))
  )
  yield* cluster.edit(key(TEMPLATE_KIND, "zone"), withTemplate("{{ broken"))
  yield* cluster.clearLog
})

describe("operator --dry-run", () => {
  it.effect("writes nothing in a cluster that has seen no operator yet, and tries each apply on the server", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        const before = yield* versions
        const dry = yield* start({ dryRun: true })
        yield* settled(dry)
        yield* pass(120)
        assert.deepStrictEqual(yield* writes, [])
        assert.deepStrictEqual(yield* changedSince(before), [])
        const tried = (yield* cluster.log).filter(({ verb }) => verb === "apply")
        assert.isTrue(tried.every(({ dryRun }) => dryRun))
        assert.strictEqual(new Set(tried.map(({ kind, name }) => `${kind} ${name}`)).size, 11)
        assert.isTrue(all(dry, "Outcome").every((outcome) => outcome.dryRun === true))
      })
    )
  )

  it.effect("plans what a real run plans", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* changed(world)
        const dry = yield* world.start({ dryRun: true })
        yield* settled(dry)
        yield* dry.stop
        assert.deepStrictEqual(yield* writes, [])
        const real = yield* world.start()
        yield* settled(real)
        assert.isNotEmpty(yield* writes)
        assert.deepStrictEqual(plans(dry).slice(0, 2).toSorted(inOrder), plans(real).slice(0, 2).toSorted(inOrder))
        assert.deepStrictEqual([...byVCenter(dry).keys()].toSorted(), [...byVCenter(real).keys()].toSorted())
      })
    )
  )

  it.effect("tries the deletes that prune_delay would let pass, and deletes nothing", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const first = yield* world.start()
        yield* settled(first)
        yield* first.stop
        world.a.remove("productionbb092")
        yield* world.cluster.clearLog
        const dry = yield* world.start({ dryRun: true })
        yield* pass(60)
        assert.includeMembers(
          all(dry, "Outcome")
            .filter(({ outcome }) => outcome === "pruned")
            .map(({ object }) => object),
          ["Deployment monsoon3/agent-bb92", "ConfigMap monsoon3/config-bb92", "Secret monsoon3/login-bb92"]
        )
        assert.deepStrictEqual(yield* writes, [])
        assert.lengthOf(yield* applied, 11)
      })
    )
  )

  it.effect("follows what happens and shows each manifest once, again when it has changed", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const dry = yield* start({ dryRun: true })
        yield* settled(dry)
        assert.lengthOf(all(dry, "Manifest"), 11)
        addCluster(a, "productionbb093")
        yield* pass(20)
        assert.lengthOf(all(dry, "Manifest"), 14)
        yield* cluster.edit(key(TEMPLATE_KIND, "agent"), withTemplate(configMap("agent-{{ name }}", { new: "yes" })))
        yield* pass(20)
        assert.lengthOf(all(dry, "Manifest"), 18)
        assert.deepStrictEqual(yield* writes, [])
      })
    )
  )

  it.effect("shows no secret: neither in a Secret nor in a ConfigMap, in none of its spellings", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        // The passwords that are rendered become known by applying them for real first.
        const real = yield* start()
        yield* settled(real)
        const passwords = yield* Effect.forEach(["bb91", "bb201"], (name) =>
          Effect.map(object(key("Secret", `login-${name}`)), ({ data }) => {
            const { password = "" } = data as Record<string, string>
            return Buffer.from(password, "base64").toString("utf8")
          })
        )
        yield* real.stop
        yield* cluster.edit(
          key(TEMPLATE_KIND, "config"),
          withTemplate(configMap("config-{{ name }}", { all: "{{ password }} {{ rabbit_password }} {{ username }}" }))
        )
        const dry = yield* start({ dryRun: true })
        yield* settled(dry)
        const text = [...real.printed, ...real.complained, ...dry.printed, ...dry.complained].join("\n")
        assert.isAtLeast(all(dry, "Manifest").length, 11)
        assert.include(text, "<redacted> <redacted> test-only-user")
        for (const known of [...passwords, SEED, TSIG, EXTRA]) {
          assert.isAbove(known.length, 10)
          assert.notInclude(text, known)
          assert.notInclude(text, Buffer.from(known).toString("base64"))
        }
      })
    )
  )

  it.effect("works beside a real operator, of which it leaves the sessions alone", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const real = yield* start()
        yield* settled(real)
        yield* cluster.clearLog
        const dry = yield* start({ dryRun: true })
        yield* settled(dry)
        yield* dry.stop
        assert.strictEqual(a.openSessions, 1)
        assert.deepStrictEqual(yield* writes, [])
        yield* cluster.edit(secretKey, () => secret({ ...SECRET, rabbit_password: "test-only other" }))
        yield* pass(10)
        // Of each vCenter two objects or one, and its record before and after.
        assert.lengthOf(yield* writes, 7)
      })
    )
  )
})

const inOrder = (a: { readonly vcenter: string }, b: { readonly vcenter: string }) => (a.vcenter < b.vcenter ? -1 : 1)
