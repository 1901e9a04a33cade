import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { eventually } from "../world/eventually.ts"
import type { Reading } from "./EndState.ts"
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

/** How long an operator may take until it is where the undisturbed one was. */
const CONVERGES = "20 seconds"

const trial = Effect.fnUntraced(function* (stage: Stage, quiet: Quiet, death: Death) {
  const when = `killed ${death.side} write ${death.write}`
  const before = yield* stage.set
  const first = yield* stage.play
  first.proxy.arm(death, () => Effect.runSync(first.process.signal("SIGKILL")))
  const underWay = yield* Effect.raceFirst(
    Effect.map(first.proxy.died, Option.some),
    Effect.as(first.quiet, Option.none<number>()).pipe(Effect.catchDefect(() => Effect.never))
  )
  if (Option.isNone(underWay)) return Option.none<number>()
  yield* first.process.ended
  yield* eventually(
    `${when}: what was under way has arrived`,
    Effect.filterOrFail(first.proxy.drained, (is) => is)
  )
  const died = quiet.writes[death.write - 1]
  const second = yield* stage.play
  yield* eventually(
    `${when}: it comes to the same end`,
    Effect.gen(function* () {
      const { state, templates } = yield* stage.read
      assert.deepStrictEqual(state, quiet.reading.state)
      if (died !== undefined && ofTemplates(died)) assert.deepStrictEqual(templates, quiet.reading.templates)
      assert.isTrue(yield* second.hasLooked, "it has looked")
    }),
    { within: CONVERGES, every: "50 millis" }
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
  return Option.some(more)
}, Effect.scoped)

/** Kills the operator at every write of a scenario, before it and after it. */
export const explore = Effect.fnUntraced(function* (scenario: Scenario, number: number) {
  const stage = yield* open(scenario, number)
  const quiet = yield* undisturbed(stage)
  assert.deepStrictEqual(quiet.reading.state.orphans, [])
  let [kills, missed, more] = [0, 0, 0]
  for (let write = 1; write <= quiet.writes.length; write++) {
    for (const side of ["before", "after"] as const) {
      const result = yield* trial(stage, quiet, { write, side })
      if (Option.isNone(result)) missed++
      else {
        kills++
        more = Math.max(more, result.value)
      }
    }
  }
  return { writes: quiet.writes.length, kills, missed, more } satisfies Explored
}, Effect.scoped)
