import type { Desired } from "./Desired.ts"
import { entriesOf, type Ledger } from "./Ledger.ts"
import { id } from "./Manifest.ts"
import { nextLedger } from "./nextLedger.ts"
import type { Apply, Hold, Plan } from "./Plan.ts"
import { storeLedger } from "./VCenterState.ts"

/** Bytes of stored JSON. etcd takes 1.5 MiB an object by default, and the status holds more than the ledger. */
export const LEDGER_LIMIT = 1024 * 1024

/** As long as any digest (base64url of 128 bits) and any UID. */
const DIGEST = "-".repeat(22)
const UID = "00000000-0000-0000-0000-000000000000"

/** Bytes that a ledger takes in `status.ledger`. */
export const sizeOf = (ledger: Ledger): number => Buffer.byteLength(JSON.stringify(storeLedger(ledger)))

/**
 * The plan as far as its record fits. What is applied must be recorded, and a record is never cut: so what is new waits,
 * cluster by cluster in the order of their references, when the record would grow beyond the limit. What is recorded is
 * changed and deleted as ever.
 *
 *   the record with all that is new | new objects
 *   --------------------------------+----------------------------------------------------
 *   within the limit                | applied
 *   beyond it                       | of the first clusters with which it fits; the rest is held: LedgerFull
 *   beyond it without any           | held: LedgerFull
 */
export const withinLimit = (plan: Plan, desired: Desired, ledger: Ledger, limit = LEDGER_LIMIT): Plan => {
  const fresh = plan.applies.filter(({ recorded }) => recorded === undefined)
  if (fresh.length === 0) return plan
  const bySubject = [...Map.groupBy(fresh, ({ wanted }) => wanted.subject)].sort(([a], [b]) => (a < b ? -1 : 1))
  const firstOf = (count: number) => bySubject.slice(0, count).flatMap(([, steps]) => steps)
  const fits = (count: number) => sizeOf(withAll(ledger, desired, firstOf(count))) <= limit
  if (fits(bySubject.length)) return plan
  // The size grows with each cluster, so that the most that fit can be searched for by halves.
  let [most, tooMany] = [0, bySubject.length]
  while (tooMany - most > 1) {
    const middle = (most + tooMany) >> 1
    if (fits(middle)) most = middle
    else tooMany = middle
  }
  const fitting = new Set(firstOf(most))
  const left = fresh.filter((step) => !fitting.has(step))
  const why = `the record of this vCenter is full (${limit} bytes): ${left.length} new objects are not applied; render fewer objects or give some to another operator`
  const held = left.map(
    ({ wanted }): Hold => ({ _tag: "Hold", object: id(wanted.manifest), reason: "LedgerFull", why })
  )
  return {
    ...plan,
    applies: plan.applies.filter((step) => step.recorded !== undefined || fitting.has(step)),
    held: [...plan.held, ...held].sort((a, b) => (a.object < b.object ? -1 : 1))
  }
}

const withAll = (ledger: Ledger, desired: Desired, steps: ReadonlyArray<Apply>): Ledger => {
  const added = steps.map(({ wanted: { manifest, template, subject } }) => {
    const { body: _, ...identity } = manifest
    return { ...identity, template, subject, digest: DIGEST, uid: UID, unwanted: 0 }
  })
  const entries = new Map([...ledger.entries, ...entriesOf(added)])
  return nextLedger(ledger, desired, { entries, pruned: 0, now: 0 })
}
