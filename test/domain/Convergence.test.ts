import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { Desired } from "../../src/domain/Desired.ts"
import { type Entry, empty, type Ledger } from "../../src/domain/Ledger.ts"
import { id } from "../../src/domain/Manifest.ts"
import { nextLedger } from "../../src/domain/nextLedger.ts"
import { doubted, type Outcome, settle, union } from "../../src/domain/Outcome.ts"
import { type Apply, type Prune, plan } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import { readLedger, storeLedger } from "../../src/domain/VCenterState.ts"
import { desired, entry, ledger, wanted } from "./fixtures.ts"
import { desiredOf, Facts, ledgerOf, Record } from "./Worlds.ts"

/** What happens to one request; `unheard` took effect, but its answer got lost. */
const Fate = Schema.Literals(["done", "done", "done", "refused", "lost", "unheard", "taken", "stopping", "withheld"])
type Fate = typeof Fate.Type

/** One run: what it finds, the fates of its requests in turn, and after how many of its steps the process dies. */
const Run = Schema.Struct({
  facts: Facts,
  fates: Schema.NonEmptyArray(Fate),
  dies: Schema.Literals([1, 2, 3, 5, 8, 99, 99, 99])
})

/** A cluster, and the record of it: what survives the process. */
class World {
  /** Objects that carry the operator's mark, by identity. */
  readonly live = new Set<string>()
  private stored: string

  constructor(ledger: Ledger) {
    this.stored = JSON.stringify(storeLedger(ledger))
    for (const [key, { digest }] of ledger.entries) if (digest !== undefined) this.live.add(key)
  }

  get ledger(): Ledger {
    return Result.getOrThrow(readLedger(JSON.parse(this.stored)))
  }

  record(ledger: Ledger) {
    this.stored = JSON.stringify(storeLedger(ledger))
    this.check()
  }

  apply(step: Apply, fate: Fate): Outcome {
    const object = step.wanted.manifest
    const failed = { _tag: "ApplyFailed", object, step, transient: false, message: fate } as const
    switch (fate) {
      case "done":
        this.add(id(object))
        return { _tag: "Applied", object, step, uid: `uid-${object.name}`, created: step.recorded === undefined }
      case "refused":
        return { ...failed, answered: true }
      case "lost":
        return { ...failed, answered: false }
      case "unheard":
        this.add(id(object))
        return { ...failed, answered: false }
      case "taken":
        this.live.delete(id(object))
        return { _tag: "Foreign", object, message: "another's" }
      case "stopping":
      case "withheld":
        return { _tag: "NotAttempted", object, message: "stopping" }
    }
  }

  prune({ entry: object }: Prune, fate: Fate): Outcome {
    const failed = { _tag: "PruneFailed", object, transient: true, message: fate } as const
    switch (fate) {
      case "done":
        this.live.delete(id(object))
        return { _tag: "Pruned", object }
      case "unheard":
        this.live.delete(id(object))
        return failed
      case "taken":
        this.live.delete(id(object))
        return { _tag: "OptedOut", object }
      case "refused":
      case "lost":
        return failed
      case "stopping":
        return { _tag: "NotAttempted", object, message: "stopping" }
      case "withheld":
        return { _tag: "Withheld", object, guard: "Share", message: "too many" }
    }
  }

  private add(key: string) {
    this.live.add(key)
    this.check()
  }

  /** What may exist is recorded, at every moment. */
  private check() {
    const { entries } = this.ledger
    for (const key of this.live) assert.isTrue(entries.has(key), `${key} exists and is not recorded`)
  }
}

const sending = (step: Apply, live: ReadonlySet<string>) => ({
  step,
  exists: live.has(id(step.wanted.manifest)),
  applied: undefined
})

class Death extends Error {}

/** Plan, record the union, apply; when all went well record the doubt, prune; record: until it dies. */
const runIn = (world: World, wants: Desired, fates: ReadonlyArray<Fate>, dies = 99) => {
  let [steps, requests] = [0, 0]
  const step = <A>(perform: () => A): A => {
    steps += 1
    if (steps > dies) throw new Death()
    return perform()
  }
  const fate = (): Fate => fates[requests++ % fates.length] ?? "done"
  try {
    const before = world.ledger
    const { applies, prunes } = plan(complete(wants), before)
    const pending = union(
      before,
      applies.map((each) => sending(each, world.live))
    )
    if (pending !== before.entries) {
      step(() => world.record(nextLedger(before, wants, { entries: pending, pruned: 0, now: 0 })))
    }
    const outcomes = applies.map((each) => step(() => world.apply(each, fate())))
    if (outcomes.every(({ _tag }) => _tag === "Applied") && prunes.length > 0) {
      const entries = doubted(settle(before.entries, pending, outcomes), prunes)
      step(() => world.record(nextLedger(before, wants, { entries, pruned: 0, now: 0 })))
      outcomes.push(...prunes.map((each) => step(() => world.prune(each, fate()))))
    }
    const entries: ReadonlyMap<string, Entry> = settle(before.entries, pending, outcomes)
    const pruned = outcomes.filter(({ _tag }) => _tag === "Pruned").length
    step(() => world.record(nextLedger(before, wants, { entries, pruned, now: 0 })))
  } catch (error) {
    if (!(error instanceof Death)) throw error
  }
}

const runs = { arbitrary: { runs: 1000 } }

describe("runs one after another", () => {
  it.prop(
    "never leave an object that is not recorded, whatever is refused, lost or taken, and wherever the process dies",
    { record: Record, history: Schema.Array(Run).check(Schema.isMaxLength(4)) },
    ({ record, history }) => {
      const world = new World(ledgerOf(record))
      for (const { facts, fates, dies } of history) runIn(world, desiredOf(facts), fates, dies)
    },
    runs
  )

  it.prop(
    "come to rest after any history: one good run leaves nothing to do, and the next records the same",
    { history: Schema.Array(Run).check(Schema.isMaxLength(3)), facts: Facts },
    ({ history, facts }) => {
      const world = new World(empty)
      for (const { facts: found, fates, dies } of history) runIn(world, desiredOf(found), fates, dies)
      const wants = desiredOf(facts)
      runIn(world, wants, ["done"])
      const { ledger } = world
      const { applies, prunes } = plan(complete(wants), ledger)
      assert.deepStrictEqual([applies, prunes], [[], []])
      runIn(world, wants, ["done"])
      assert.deepStrictEqual(world.ledger, ledger)
    },
    runs
  )

  it.prop(
    "leave exactly what is wanted when nothing is failing, held or contested",
    { history: Schema.Array(Run).check(Schema.isMaxLength(3)), facts: Facts },
    ({ history, facts }) => {
      const world = new World(empty)
      for (const { facts: found, fates, dies } of history) runIn(world, desiredOf(found), fates, dies)
      const wants = { ...desiredOf({ ...facts, failures: [], held: [] }), emptyRenders: new Set<string>() }
      if (wants.contested.size > 0) return
      runIn(world, wants, ["done"])
      assert.deepStrictEqual([...world.live].sort(), [...wants.wanted.keys()].sort())
      assert.deepStrictEqual([...world.ledger.entries.keys()].sort(), [...world.live].sort())
    },
    runs
  )

  it.each<[how: string, fates: ReadonlyArray<Fate>, dies: number]>([
    ["whose answer got lost", ["unheard"], 99],
    ["after which the process died", ["done"], 2]
  ])("make an object anew that a delete took away %s, when it is wanted again as it was", (_, fates, dies) => {
    const world = new World(ledger([entry("a")]))
    runIn(world, desired(), fates, dies)
    assert.deepStrictEqual([[...world.live], world.ledger.entries.size], [[], 1])
    runIn(world, desired({ wanted: [wanted("a", { digest: "old" })] }), ["done"])
    assert.deepStrictEqual([...world.live], [id(entry("a"))])
  })
})
