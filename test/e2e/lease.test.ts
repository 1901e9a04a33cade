import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { eventually, throughout } from "./world/eventually.ts"
import { compute, mark, settle, shows, volume, zone } from "./world/expectations.ts"
import { NAMESPACE } from "./world/install.ts"
import { BESIDE, cluster, Journey } from "./world/Journey.ts"
import type { Operator } from "./world/Operator.ts"
import { World } from "./world.ts"

const options = { excludeTestServices: true, timeout: "10 minutes" } as const

const says = ({ out }: Operator, event: string) => Effect.map(out, (text) => assert.include(text, `"event":"${event}"`))

layer(Journey.layer("lease"), options)("two processes", (it) => {
  it.effect("write one at a time, also when one of them hangs and wakes up again", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const { a, start, startBeside, writes } = yield* Journey
      const objects = ["bb91", "bb92", "bb101", "bb102"]
        .flatMap(compute)
        .concat(volume("bb1"), zone("vc-a-0", "qa-de-1a"), zone("vc-b-0", "qa-de-1b"))
      const holder = kubernetes.kubectl([
        ...["get", "lease", "vcenter-operator", "--namespace", NAMESPACE],
        ...["--output", "jsonpath={.spec.holderIdentity}"]
      ])

      const first = yield* start()
      yield* eventually("all objects are there", shows(objects))
      const second = yield* startBeside()
      yield* eventually("the second one waits", says(second, "Standby"))
      yield* settle
      assert.deepStrictEqual(yield* writes(0, BESIDE), [])

      const hung = yield* mark
      yield* first.pause
      yield* a.addCluster(cluster("productionbb093"))
      objects.push(...compute("bb93"))
      yield* eventually("the second one has gone on", shows(objects), { within: "60 seconds" })
      assert.strictEqual(yield* holder, BESIDE)
      yield* first.resume
      yield* eventually("the first one has noticed", says(first, "LeaseLost"))
      yield* a.addCluster(cluster("productionbb094"))
      objects.push(...compute("bb94"))
      yield* eventually("the second one goes on", shows(objects))
      yield* throughout(
        "5 seconds",
        Effect.map(writes(hung), (all) => assert.deepStrictEqual(all, []))
      )

      const { code } = yield* second.terminate
      assert.strictEqual(code, 0)
      yield* a.addCluster(cluster("productionbb095"))
      objects.push(...compute("bb95"))
      yield* eventually("the first one goes on at once", shows(objects), { within: "10 seconds" })
    })
  )
})
