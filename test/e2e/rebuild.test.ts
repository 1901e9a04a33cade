import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { eventually, throughout } from "./world/eventually.ts"
import { compute, isReady, LONG_ENOUGH, settle, shows, snapshot, volume, zone } from "./world/expectations.ts"
import { NAMESPACE } from "./world/install.ts"
import { Journey } from "./world/Journey.ts"
import { differences, stateOf } from "./world/Objects.ts"
import { World } from "./world.ts"

const options = { excludeTestServices: true, timeout: "10 minutes" } as const

const settings = { prune_delay: "2s", allow_prune_share: "100" }

layer(Journey.layer("rebuild", settings), options)("a record that somebody removes", (it) => {
  it.effect("is rebuilt from the marks; what went meanwhile goes when a person approves it, and nothing else", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const { a, operator, start } = yield* Journey
      const here = ["--namespace", NAMESPACE]
      const objects = ["bb91", "bb92", "bb101", "bb102"]
        .flatMap(compute)
        .concat(volume("bb1"), zone("vc-a-0", "qa-de-1a"), zone("vc-b-0", "qa-de-1b"))
      yield* start()
      yield* eventually("all objects are there", shows(objects))
      yield* settle
      const before = yield* snapshot

      yield* (yield* operator).terminate
      yield* kubernetes.kubectl(["delete", ...here, "vcs", a.spec.name])
      yield* a.rename("ClusterComputeResource", "productionbb092", "retired092")
      const { out } = yield* start()
      yield* eventually(
        "the record is there again",
        Effect.map(stateOf(kubernetes, a.spec.name), ({ conditions }) =>
          assert.strictEqual(conditions.get("PruneWithheld")?.reason, "Rebuilt")
        )
      )
      // The kinds that the operator has no right to are named.
      assert.match(yield* out, /"event":"Rebuilt".*"objects":\d+.*"forbidden":\[.*"v1 Pod"/)
      yield* throughout(LONG_ENOUGH, shows(objects))
      assert.deepStrictEqual(differences(before, yield* snapshot), [])

      const digest = yield* kubernetes.kubectl([
        ...["get", ...here, "vcs", a.spec.name],
        ...["--output", "jsonpath={.status.approvals[0].digest}"]
      ])
      const patch = JSON.stringify({ spec: { approve: digest } })
      yield* kubernetes.kubectl(["patch", ...here, "vcs", a.spec.name, "--type=merge", "--patch", patch])
      yield* eventually("what went is gone", shows(objects.filter((name) => !name.endsWith("-bb92"))))
      yield* eventually("it is ready", isReady(a.spec.name))
    })
  )
})
