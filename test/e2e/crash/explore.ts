import { assert } from "@effect/vitest"
import { Duration, Effect, Option } from "effect"
import { eventually } from "../world/eventually.ts"
import type { EndState, Reading } from "./EndState.ts"
import type { Death, Write } from "./Proxy.ts"
import type { Scenario } from "./Scenario.ts"
import { open, type Stage } from "./Stage.ts"

/** What happened on one stage, told in numbers. */
export interface Explored {
  /** Writes of the run that nobody disturbed: each is a place to die before, and one to die after. */
  readonly writes: number
  readonly kills: number
  /** Writes that came in another order or not at all, so that nobody died. */
  readonly missed: number
  /** At most so many writes more than the undisturbed run had, the two of the record included. */
  readonly more: number
  /** The longest that it took from a start to the same end, in seconds. */
  readonly slowest: number
}

/** The run that nobody disturbed. */
interface Quiet {
  readonly reading: Reading
  readonly writes: ReadonlyArray<Write>
  readonly deletes: ReadonlySet<string>
  /** Objects that were there before and after, the same. */
  readonly survivors: ReadonlyArray<string>
}

const ofTemplates = ({ path }: Write): boolean => /\/vcenter-templates\//.test(path)

const deletesOf = (writes: ReadonlyArray<Write>): ReadonlySet<string> =>
  new Set(
    writes.flatMap(({ method, path, status = 0 }) => (method === "DELETE" && status < 300 && status > 0 ? [path] : []))
  )

/** Those that took effect, the statuses of templates apart: they come two seconds later. */
const effective = (writes: ReadonlyArray<Write>): number =>
  writes.filter((write) => write.sent && !ofTemplates(write)).length

const undisturbed = Effect.fnUntraced(function* (stage: Stage) {
  const before = yield* stage.set
  const player = yield* stage.play
  yield* player.quiet
  const reading = yield* stage.read
  return {
    reading,
    writes: player.proxy.writes,
    deletes: deletesOf(player.proxy.writes),
    survivors: [...before].filter(([name, uid]) => reading.uids.get(name) === uid).map(([name]) => name)
  } satisfies Quiet
}, Effect.scoped)

/** The lines that only one of two has. */
const differing = (here: EndState, undisturbed: EndState): string => {
  const [ours, theirs] = [here, undisturbed].map((state) => new Set(JSON.stringify(state, null, 1).split("\n")))
  if (ours === undefined || theirs === undefined) return ""
  return ["only here:", ...ours.difference(theirs), "only undisturbed:", ...theirs.difference(ours)].join("\n")
}

/** How long an operator may take until it is where the undisturbed one was: long, for a machine that has other things to do. */
const CONVERGES = "1 minute"

interface Returned {
  readonly more: number
  readonly seconds: number
}

const trial = Effect.fnUntraced(function* (stage: Stage, quiet: Quiet, death: Death) {
  const when = `killed ${death.side} write ${death.write}`
  const before = yield* stage.set
  const first = yield* stage.play
  first.proxy.arm(death, () => Effect.runSync(first.process.signal("SIGKILL")))
  const underWay = yield* Effect.raceFirst(
    Effect.map(first.proxy.died, Option.some),
    Effect.as(first.quiet, Option.none<number>()).pipe(Effect.catchDefect(() => Effect.never))
  )
  if (Option.isNone(underWay)) return Option.none<Returned>()
  yield* first.process.ended
  yield* eventually(
    `${when}: what was under way has arrived`,
    Effect.filterOrFail(first.proxy.drained, (is) => is)
  )
  const died = quiet.writes[death.write - 1]
  const second = yield* stage.play
  const [took] = yield* Effect.timed(
    eventually(
      `${when}: it comes to the same end`,
      Effect.gen(function* () {
        assert.isTrue(yield* second.hasLooked, "it has looked")
        const { state, templates } = yield* stage.read
        assert.deepStrictEqual(state, quiet.reading.state, differing(state, quiet.reading.state))
        if (died !== undefined && ofTemplates(died)) assert.deepStrictEqual(templates, quiet.reading.templates)
      }),
      { within: CONVERGES, every: "100 millis" }
    )
  )
  const { state, uids } = yield* stage.read
  assert.deepStrictEqual(state.orphans, [], `${when}: orphans`)
  for (const name of quiet.survivors) assert.strictEqual(uids.get(name), before.get(name), `${when}: ${name}`)
  const all = [...first.proxy.writes, ...second.proxy.writes]
  const wrong = deletesOf(all).difference(quiet.deletes)
  assert.deepStrictEqual([...wrong], [], `${when}: deleted what an undisturbed run does not`)
  const more = effective(all) - effective(quiet.writes)
  const allowed = underWay.value + 2 * Object.keys(state.records).length
  const told = second.proxy.writes.map(({ method, path, status }) => `${method} ${path} ${status}`)
  assert.isAtMost(more, allowed, `${when}: ${more} writes more\n${told.join("\n")}`)
  return Option.some({ more, seconds: Duration.toSeconds(took) })
}, Effect.scoped)

/** Kills the operator at every write of a scenario, before it and after it. */
export const explore = Effect.fnUntraced(function* (scenario: Scenario, number: number) {
  const stage = yield* open(scenario, number)
  const quiet = yield* undisturbed(stage)
  assert.deepStrictEqual(quiet.reading.state.orphans, [])
  assert.lengthOf([...quiet.deletes], scenario.deletes ?? 0, `deletes of ${scenario.what}`)
  let [kills, missed, more, slowest] = [0, 0, 0, 0]
  for (let write = 1; write <= quiet.writes.length; write++) {
    for (const side of ["before", "after"] as const) {
      const result = yield* trial(stage, quiet, { write, side })
      if (Option.isNone(result)) missed++
      else {
        kills++
        more = Math.max(more, result.value.more)
        slowest = Math.max(slowest, result.value.seconds)
      }
    }
  }
  return { writes: quiet.writes.length, kills, missed, more, slowest } satisfies Explored
}, Effect.scoped)
