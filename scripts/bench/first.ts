import { Clock, Effect } from "effect"
import { eventually } from "../../test/e2e/world/eventually.ts"
import { NAMESPACE } from "../../test/e2e/world/install.ts"
import type { Launch } from "../../test/e2e/world/Operator.ts"
import { World } from "../../test/e2e/world.ts"
import { appliesSince, rawRate } from "./raw.ts"
import { OBJECTS } from "./region.ts"

/** Deletes what earlier rounds have applied and recorded. */
const clear = Effect.gen(function* () {
  const { kubernetes } = yield* World
  for (const kind of ["deployments", "configmaps", "secrets", "vcenter-states"]) {
    const which = kind === "vcenter-states" ? ["--all"] : ["-l", "vcenter-operator.stable.sap.cc/owner"]
    yield* kubernetes.kubectl(["delete", kind, "--namespace", NAMESPACE, "--wait=false", ...which])
  }
})

/**
 * A first start, with nothing applied before: everything is applied. Then the same from a bare client, in the same
 * minute: other work on the machine moves a single figure by a third.
 *
 * @returns rates in objects a second; the operator goes on
 */
export const first = Effect.fnUntraced(function* (
  launch: Launch,
  env: Readonly<Record<string, string>>,
  round: number
) {
  yield* clear
  const { kubernetes } = yield* World
  const since = yield* kubernetes.mark
  const start = yield* Clock.currentTimeMillis
  const operator = yield* launch(["--output", "ndjson"], env)
  const complete = Effect.flatMap(appliesSince(since), (applies) =>
    applies.length >= OBJECTS ? Effect.succeed(applies) : Effect.fail(new Error(`${applies.length} of ${OBJECTS}`))
  )
  const applies = yield* eventually("every object is applied", complete, { within: "10 minutes", every: "500 millis" })
  const [begin = Number.NaN, end = Number.NaN] = [applies.at(0), applies.at(-1)]
  const rate = (applies.length / (end - begin)) * 1000
  const raw = yield* rawRate(`raw-${round}`)
  return { operator, applied: applies.length, took: end - start, rate, raw, share: rate / raw }
})
