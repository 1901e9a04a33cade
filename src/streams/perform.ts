import { Clock, Duration, Effect, Ref } from "effect"
import { approves, waitingInstance } from "../domain/Approval.ts"
import { claimed, contestOthers, reclaimed, unsureOf } from "../domain/Claims.ts"
import type { Facts } from "../domain/ClusterFacts.ts"
import type { Desired } from "../domain/Desired.ts"
import { asProof, desiredWithout, type Gone, goneNow } from "../domain/Gone.ts"
import { choicesIn, type Ledger } from "../domain/Ledger.ts"
import type { Owner } from "../domain/Owner.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import { withLedger } from "../domain/Status.ts"
import { instancesOf, strangerOf } from "../domain/Stranger.ts"
import type { Spec } from "../domain/VCenterState.ts"
import { FactsFiles, type Seen } from "../services/FactsFiles.ts"
import { Ledgers } from "../services/Ledgers.ts"
import type { Connected } from "./inventory.ts"
import { render } from "./render.ts"
import { type RunInput, type RunOutput, run } from "./run.ts"
import { OBSERVED_GAP } from "./schedules.ts"
import { tellManifests, tellPlan } from "./tell.ts"
import type { Memory, Shared, View } from "./View.ts"

/** What one look goes by. */
interface Occasion {
  readonly view: View
  readonly before: Memory
  readonly ledger: Ledger
  readonly spec: Spec
}

/**
 * Does for one vCenter what can be done in this look.
 *
 *   vCenter                                          | done
 *   -------------------------------------------------+---------------------------------------------------
 *   connected                                        | rendered and run
 *   not connected, in the zone                       | nothing
 *   gone from the zone, `vcenter_gone` is `retain`   | nothing
 *   gone from the zone, nothing recorded             | nothing
 *   gone from the zone, `vcenter_gone` is `prune`    | run by its record alone: nothing is wanted any more
 */
export const perform = Effect.fn("perform")(function* (owner: Owner, shared: Shared, occasion: Occasion) {
  const { ledger, view } = occasion
  const { reading, settings, zone } = view
  if (reading._tag === "Connected") return yield* connected(owner, shared, occasion, reading)
  // Who cannot be asked gives nothing up.
  const instances = instancesOf(ledger, undefined)
  const claims = yield* shared.neighbours.say(owner.vcenter, {
    held: held(ledger),
    released: new Set(),
    instances,
    // What it has applied stays its own; but nothing is rendered for it any more that another could be in conflict with.
    ...(zone.vcenters.has(owner.vcenter) ? {} : { wanted: new Set() }),
    isHeard: true
  })
  if (zone.vcenters.has(owner.vcenter) || settings.vcenterGone === "retain" || ledger.entries.size === 0)
    return undefined

  const look = { now: yield* Clock.currentTimeMillis, gap: Duration.toMillis(OBSERVED_GAP) }
  const proof = asProof(zone, yield* shared.zoneConfirmed, look)
  const gone = goneNow(occasion.before.gone, proof, look)
  const desired = desiredWithout(proof, ledger, gone)
  return yield* finish(
    owner,
    shared,
    occasion,
    { desired, ledger, claims, session: undefined, stranger: undefined },
    gone
  )
})

const connected = Effect.fnUntraced(function* (owner: Owner, shared: Shared, occasion: Occasion, reading: Connected) {
  const { before, spec, view } = occasion
  const { vcenter } = owner
  const { instanceUuid } = reading.inventory.value
  const others = yield* shared.neighbours.say(vcenter, { instances: instancesOf(occasion.ledger, instanceUuid) })
  const known = before.takeOvers !== undefined && before.takeOvers.digest === spec.approve
  const found = known ? { ...occasion.ledger, approval: before.takeOvers.digest } : occasion.ledger
  const unknown = strangerOf(vcenter, found, instanceUuid, others)
  const set = waitingInstance({ namespace: shared.facts.ownNamespace, vcenter }, unknown)
  const accepted = spec.paused !== true && approves(spec.approve, found, set)
  const ledger = accepted ? { ...found, instanceUuid, approval: set.digest } : found

  const factsFiles = yield* FactsFiles
  const rendered = yield* Effect.interruptible(
    render({
      ...view,
      owner,
      facts: shared.facts,
      inventory: reading.inventory,
      ledger,
      approve: spec.approve
    })
  )
  yield* factsFiles.see(seen(vcenter, shared.facts, view, reading, rendered.value))
  const claims = yield* shared.neighbours.say(vcenter, {
    wanted: claimed(rendered.value),
    held: held(ledger),
    unsure: unsureOf(rendered.value),
    isHeard: true
  })
  const desired: Snapshot<Desired> = { ...rendered, value: contestOthers(rendered.value, vcenter, claims) }
  return yield* finish(
    owner,
    shared,
    occasion,
    {
      desired,
      ledger: reclaimed(ledger, desired.value, vcenter, claims),
      claims,
      session: reading.session,
      stranger: accepted ? undefined : unknown
    },
    { millis: 0, lookedAt: undefined }
  )
})

/** Runs, and tells the other vCenters what has come of it. */
const finish = Effect.fnUntraced(function* (
  owner: Owner,
  shared: Shared,
  { before, spec, view }: Occasion,
  input: Pick<RunInput, "desired" | "ledger" | "claims" | "session" | "stranger">,
  gone: Gone
) {
  const { vcenter } = owner
  const ledgers = yield* Ledgers
  const { desired } = input
  const recorded = yield* Ref.make(before.recorded)
  const takeOvers = before.takeOvers?.digest === spec.approve ? before.takeOvers : undefined
  const shown = shared.dryRun ? yield* tellManifests(vcenter, desired.value, before.shown) : before.shown
  const output: RunOutput = yield* run({
    ...input,
    owner,
    state: { namespace: shared.facts.ownNamespace, vcenter },
    settings: view.settings,
    paused: spec.paused === true,
    passedTime: yield* shared.passedTime,
    isPaused: shared.isPaused(vcenter),
    approve: spec.approve,
    takeOvers: takeOvers?.keys ?? new Map(),
    zone: new Set(view.zone.vcenters.keys()),
    unwanted: before.unwanted,
    record: Effect.fnUntraced(function* (union: Ledger) {
      const current = yield* Ref.get(recorded)
      yield* Ref.set(recorded, yield* ledgers.write(current, withLedger(current.status, union)))
    }),
    tellPlan: (plan, verdict) => tellPlan(vcenter, plan, verdict, before.told)
  })
  yield* shared.neighbours.say(vcenter, { held: held(output.ledger), released: output.released })
  return {
    recorded: yield* Ref.get(recorded),
    output,
    facts: {
      failures: desired.value.failures,
      notes: desired.value.notes ?? [],
      ...(isComplete(desired) ? {} : { partial: desired.reason })
    },
    shown,
    gone,
    takeOvers: output.takeOvers ?? takeOvers
  }
})

const held = ({ entries }: Ledger): ReadonlySet<string> =>
  new Set([...entries].filter(([, { digest }]) => digest !== undefined).map(([key]) => key))

const seen = (vcenter: string, facts: Facts, view: View, { inventory }: Connected, { subjects }: Desired): Seen => ({
  vcenter,
  facts,
  settings: view.settings,
  cells: view.cells.value,
  known: view.zone.vcenters.has(vcenter) ? { inventory: inventory.value, choices: choicesIn(subjects) } : undefined
})
