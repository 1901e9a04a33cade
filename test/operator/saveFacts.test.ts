import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { read } from "../../src/domain/FactsFile.ts"
import { parse } from "../../src/services/Yaml.ts"
import { EXTRA, SEED, TSIG } from "./fixtures.ts"
import { addCluster, FACTS_FILE, inWorld, settled } from "./harness.ts"

const factsIn = (files: Map<string, string>) =>
  Result.getOrThrow(read(Result.getOrThrow(parse(files.get(FACTS_FILE) ?? ""))[0]))

const clustersIn = (files: Map<string, string>) =>
  new Map(
    [...factsIn(files).vcenters].map(([host, { inventory }]) => [
      host.split(".")[0],
      inventory.clusters.map(({ name }) => name)
    ])
  )

describe("--save-facts", () => {
  it.effect("keeps what the operator sees, and follows it", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        const files = new Map<string, string>()
        const operator = yield* start({ dryRun: true }, { dead: false }, files)
        yield* settled(operator)
        assert.deepStrictEqual(
          clustersIn(files),
          new Map([
            ["vc-a-0", ["productionbb091", "productionbb092"]],
            ["vc-b-0", ["productionbb201"]]
          ])
        )
        addCluster(a, "productionbb093")
        yield* settled(operator, "vc-a-0")
        assert.include(clustersIn(files).get("vc-a-0")?.join(), "productionbb093")
        assert.deepStrictEqual([...files.keys()], [FACTS_FILE])
        yield* operator.stop
      })
    )
  )

  it.effect("holds no secret, in no spelling", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        const files = new Map<string, string>()
        const operator = yield* start({}, { dead: false }, files)
        yield* settled(operator)
        const text = files.get(FACTS_FILE) ?? ""
        for (const secret of [SEED, TSIG, EXTRA, "test-only-user"]) {
          assert.notInclude(text, secret)
          assert.notInclude(text, Buffer.from(secret).toString("base64"))
        }
        assert.include(text, "rabbit_password: PLACEHOLDER-rabbit_password")
        yield* operator.stop
      })
    )
  )

  it.effect("writes nothing when it is not asked for", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        // Any use of the file system would fail here.
        const operator = yield* start()
        yield* settled(operator)
        yield* operator.stop
      })
    )
  )
})
