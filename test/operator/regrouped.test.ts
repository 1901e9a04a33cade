import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { key, template, withTemplate } from "./fixtures.ts"
import { inWorld, pass, settled, type World } from "./harness.ts"
import { condition, conditions, object, objectWrites } from "./looks.ts"

const CONFIG = key(TEMPLATE_KIND, "config")
const LOGIN = key(TEMPLATE_KIND, "login")

const running = Effect.fnUntraced(function* ({ cluster, start }: World) {
  const operator = yield* start()
  yield* settled(operator)
  yield* cluster.clearLog
  return operator
})
const textOf = (of: typeof CONFIG) => Effect.map(object(of), (found) => String(found.template))

describe("operator, whose templates are put in another order", () => {
  it.effect("writes nothing when two of them swap what they render, one after the other", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        const [config, login] = [yield* textOf(CONFIG), yield* textOf(LOGIN)]
        yield* world.cluster.edit(CONFIG, withTemplate(login))
        yield* pass(5)
        assert.include(yield* conditions("vc-a-0"), "Rendered=False Kept")
        yield* world.cluster.edit(LOGIN, withTemplate(config))
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("writes nothing when one gets another name while a vCenter is down", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        world.a.disconnect()
        yield* pass(5)
        yield* world.cluster.seed([template("renamed", "cluster", yield* textOf(CONFIG))])
        yield* world.cluster.remove(CONFIG)
        yield* pass(60)
        world.a.reconnect()
        yield* pass(120)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("keeps what one rendered for another scope while the one that is to follow it fails", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* running(world)
        yield* world.cluster.edit(CONFIG, (live) => ({ ...live, options: { scope: "storage" } }))
        yield* world.cluster.seed([template("following", "cluster", "{{ broken")])
        yield* pass(60)
        assert.deepStrictEqual(yield* objectWrites, [])
        assert.strictEqual((yield* condition("vc-a-0", "PruneWithheld"))?.reason, "TemplateFailed")
      })
    )
  )
})
