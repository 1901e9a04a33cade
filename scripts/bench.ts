import { availableParallelism } from "node:os"
import { NodeRuntime } from "@effect/platform-node"
import { Console, DateTime, Effect } from "effect"
import { World } from "../test/e2e/world.ts"
import { first } from "./bench/first.ts"
import { deployedEnv, resident } from "./bench/image.ts"
import { CHANGES, latencies } from "./bench/latency.ts"
import { OBJECTS, region, SIZE } from "./bench/region.ts"
import { percentile, publish, type Row, table } from "./bench/report.ts"

const ROUNDS = 3
/** From the last change to "at rest": the rendering thread has ended by then. */
const REST = "45 seconds"

const say = (text: string) => Console.error(`bench: ${text}`)

const measure = Effect.gen(function* () {
  yield* say(`starting the servers and ${SIZE}`)
  const { launch, vcenters } = yield* region
  const env = yield* deployedEnv
  const rounds: Array<Effect.Success<ReturnType<typeof first>>> = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    yield* say(`applying ${OBJECTS} objects, then the same from a bare client: round ${round} of ${ROUNDS}`)
    if (round > 1) yield* rounds[round - 2]?.operator.terminate ?? Effect.void
    rounds.push(yield* first(launch, env, round))
  }
  const operator = rounds[ROUNDS - 1]?.operator
  if (operator === undefined) return yield* Effect.die(new Error("no round was run"))
  yield* say(`${CHANGES} changes, one after the other, then ${REST} of rest`)
  const took = yield* latencies(vcenters)
  yield* Effect.sleep(REST)
  const memory = { rest: resident(operator, "VmRSS"), peak: resident(operator, "VmHWM") }
  yield* operator.terminate
  return { env, rounds, took, memory }
})

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`

const rowsOf = ({ rounds, took, memory }: Effect.Success<typeof measure>): ReadonlyArray<Row> => {
  const each = (show: (round: (typeof rounds)[number]) => string) => rounds.map(show).join(", ")
  const shares = rounds.map(({ share }) => share).sort((a, b) => a - b)
  return [
    { what: "objects applied", measured: each(({ applied }) => `${applied}`), wanted: `${OBJECTS}` },
    { what: "start of the process to the last apply", measured: each((round) => seconds(round.took)), wanted: "–" },
    { what: "applies a second, first to last", measured: each(({ rate }) => rate.toFixed(0)), wanted: "–" },
    { what: "… of a bare client, 32 PATCHes at a time", measured: each(({ raw }) => raw.toFixed(0)), wanted: "–" },
    { what: "share of the bare client's rate", measured: each(({ share }) => share.toFixed(2)), wanted: "–" },
    { what: "… median", measured: percentile(shares, 0.5).toFixed(2), wanted: "≥ 0.6" },
    {
      what: `new cluster to its Deployment, median of ${CHANGES}`,
      measured: seconds(percentile(took, 0.5)),
      wanted: "–"
    },
    { what: "… 95th percentile", measured: seconds(percentile(took, 0.95)), wanted: "< 2 s" },
    { what: "resident memory at rest after all that", measured: `${memory.rest.toFixed(0)} MiB`, wanted: "≤ 250 MiB" },
    { what: "… at its highest, while everything renders", measured: `${memory.peak.toFixed(0)} MiB`, wanted: "–" }
  ]
}

const bench = Effect.gen(function* () {
  const measured = yield* measure
  const { NODE_COMPILE_CACHE: _, ...env } = measured.env
  const text = table(rowsOf(measured))
  yield* Console.log(text)
  const date = DateTime.formatIsoDateUtc(yield* DateTime.now)
  const machine = `Node ${process.versions.node}, ${availableParallelism()} cores shared with the servers and the vCenters`
  const settings = Object.entries(env)
    .map(([name, value]) => `\`${name}=${value}\``)
    .join(", ")
  const head = `One run on ${date}: ${SIZE}. ${machine}.\nThe operator ran as deployed: ${settings}, and the image's compile cache.`
  yield* Effect.sync(() => publish("bench", `${head}\n\n${text}`))
})

NodeRuntime.runMain(Effect.scoped(bench).pipe(Effect.provide(World.layer("bench"))))
