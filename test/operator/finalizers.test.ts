import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { key } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, type World } from "./harness.ts"
import { applied, condition, conditions, objectWrites, recorded } from "./looks.ts"

const CONFIG = key("ConfigMap", "config-bb92")
const NAME = "ConfigMap/config-bb92"

const finalizers = ({ cluster }: World, names: ReadonlyArray<string>) =>
  cluster.edit(CONFIG, (live) => ({ ...live, metadata: { ...live.metadata, finalizers: names } }))

/** An object that its finalizers hold is deleted with its cluster, which is back before they let it go. */
const backTooEarly = Effect.fnUntraced(function* (world: World) {
  const operator = yield* world.start()
  yield* settled(operator)
  yield* finalizers(world, ["example.com/held"])
  world.a.remove("productionbb092")
  yield* pass(30)
  assert.notInclude(yield* recorded("vc-a-0"), NAME)
  yield* world.cluster.clearLog
  addCluster(world.a, "productionbb092")
  yield* pass(15)
  return operator
})

describe("operator, with an object that is being deleted", () => {
  it.effect("does not take what it applies to it for lasting: says so, and makes it again when it is gone", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* backTooEarly(world)
        assert.include((yield* condition("vc-a-0", "Applied"))?.message, "waits for its finalizers")
        // Its agent would start without it.
        assert.deepStrictEqual(yield* objectWrites, ["apply Secret/login-bb92"])
        yield* finalizers(world, [])
        yield* pass(45)
        assert.include(yield* applied, NAME)
        assert.include(yield* conditions("vc-a-0"), "Ready=True Reconciled")
      })
    )
  )

  it.effect("nor does the next process, which finds it as it should be", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const operator = yield* backTooEarly(world)
        yield* operator.stop
        const next = yield* world.start()
        yield* settled(next, "vc-a-0")
        assert.notInclude(yield* recorded("vc-a-0"), NAME)
        yield* finalizers(world, [])
        yield* pass(45)
        assert.include(yield* applied, NAME)
      })
    )
  )
})
