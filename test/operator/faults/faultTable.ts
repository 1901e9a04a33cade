import { assert, describe, it } from "@effect/vitest"
import { Effect, Predicate } from "effect"
import { Cluster } from "../../../sandbox/cluster/Cluster.ts"
import { SECRET, secret, secretKey } from "../fixtures.ts"
import { all, inWorld, type Operator, pass, settled, type World } from "../harness.ts"
import { condition, objectWrites } from "../looks.ts"

type Step = (world: World, operator: Operator) => Effect.Effect<unknown, never, Cluster>

/** A fault, and what must be seen of it. That nothing is deleted and nothing recorded is changed goes without saying. */
export interface Row {
  /** Completes "deletes nothing and changes nothing when …". */
  readonly fault: string
  /** Other values in the Secret than `WIDE`. */
  readonly secret?: Readonly<Record<string, string>>
  /** Before the operator starts. */
  readonly before?: (world: World) => Effect.Effect<unknown, never, Cluster>
  /** After everything was applied, and before it is looked at what must stay as it is. */
  readonly prepares?: Step
  /** Gives the operator that runs from then on, when it is another one. */
  readonly strikes: Step
  /** How long the fault lasts, two minutes when left out. */
  readonly seconds?: number
  /** The operator has met the fault: without this a row could pass because nothing happened. */
  readonly shows: Step
  /** Deletes are sent and refused. */
  readonly triesToDelete?: boolean
}

/** Nothing but the guard of its row stands between a fault and a delete: no delay to speak of, and no limits. */
export const WIDE: Readonly<Record<string, string>> = {
  prune_delay: "1s",
  allow_prune_share: "100",
  allow_prune_min: "1000000"
}

/** What the operator keeps for itself, and what it only reads. */
const OWN =
  /^(?:VCenterState|VCenterTemplate|Namespace|Lease|Event)\/|^Secret\/vcenter-operator|^ConfigMap\/nova-cells$/

/** UID and version of everything else, whoever made it, by `Kind/name`. */
const belongings = Cluster.use(({ objects }) => objects).pipe(
  Effect.map(
    (objects) =>
      new Map(
        objects
          .map(
            ({ kind, metadata }) => [`${kind}/${metadata.name}`, `${metadata.uid} ${metadata.resourceVersion}`] as const
          )
          .filter(([name]) => !OWN.test(name))
      )
  )
)

const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) =>
  [...before].filter(([name, version]) => after.get(name) !== version).map(([name]) => name)

const happens = (row: Row) =>
  inWorld((world) =>
    Effect.gen(function* () {
      const { secret: settings, before, prepares, strikes, seconds = 120, shows, triesToDelete = false } = row
      yield* world.cluster.edit(secretKey, () => secret({ ...SECRET, ...WIDE, ...settings }))
      if (before !== undefined) yield* before(world)
      const operator = yield* world.start()
      yield* settled(operator)
      if (prepares !== undefined) yield* prepares(world, operator)
      const is = yield* belongings
      assert.isAtLeast(is.size, 11)
      yield* world.cluster.clearLog
      const struck = yield* strikes(world, operator)
      yield* pass(seconds)
      assert.deepStrictEqual(changed(is, yield* belongings), [])
      const deletes = (yield* objectWrites).filter((write) => write.startsWith("delete"))
      if (!triesToDelete) assert.deepStrictEqual(deletes, [])
      yield* shows(world, isOperator(struck) ? struck : operator)
    })
  )

const isOperator = (value: unknown): value is Operator => Predicate.hasProperty(value, "told")

/** A test for each row. */
export const faultTable = (title: string, rows: ReadonlyArray<Row>): void => {
  describe(`operator, when ${title} goes wrong`, () => {
    for (const row of rows) {
      it.effect(`deletes nothing and changes nothing when ${row.fault}`, () => happens(row))
    }
  })
}

/** A condition has this reason; the message, too, when one is given. */
export const says =
  (vcenter: string, type: string, reason: string, message?: string): Step =>
  () =>
    Effect.map(condition(vcenter, type), (found) => {
      assert.strictEqual(found?.reason, reason, found?.message)
      if (message !== undefined) assert.include(found?.message, message)
    })

/** Both. */
export const and =
  (...steps: ReadonlyArray<Step>): Step =>
  (world, operator) =>
    Effect.forEach(steps, (step) => step(world, operator), { discard: true })

/** The operator has told so, at least once. */
export const tells =
  (tag: "DiscoverFailed" | "WatchFailed" | "SettingsRejected" | "Warning" | "Disconnected", text: string): Step =>
  (_, operator) =>
    Effect.sync(() => assert.include(JSON.stringify(all(operator, tag)), text))

/** The Secret has other values. */
export const reconfigured =
  (changes: Readonly<Record<string, string>>): Step =>
  ({ cluster }) =>
    cluster.edit(secretKey, () => secret({ ...SECRET, ...WIDE, ...changes }))

/** One cluster is really gone: what was made for it waits to be deleted. */
export const loseCluster: Step = ({ a }) => Effect.sync(() => a.remove("productionbb092"))
