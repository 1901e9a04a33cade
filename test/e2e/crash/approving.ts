import { Option, Result, Schema } from "effect"
import { waitingDeletes, waitingMarks } from "../../../src/domain/Approval.ts"
import type { Entry } from "../../../src/domain/Ledger.ts"
import { readLedger } from "../../../src/domain/VCenterState.ts"

const decodeHolder = Schema.decodeUnknownOption(Schema.Struct({ ledger: Schema.Unknown }))

/** What of a vCenter a person approves: by `Kind/name`. */
export interface Approving {
  readonly reason: "Delete" | "AnotherWriter"
  readonly objects: RegExp
}

/**
 * What a person would read under `status.approvals` and write into `spec.approve`, before the operator that shows it has
 * run: the digest of these recorded objects.
 */
export const digestOf = (
  state: { readonly namespace: string; readonly vcenter: string },
  status: unknown,
  { reason, objects }: Approving
): string => {
  const held = Option.getOrUndefined(decodeHolder(status))
  const { entries } = Result.getOrThrow(readLedger(held?.ledger))
  const chosen = [...entries.values()].filter(({ kind, name }) => objects.test(`${kind}/${name}`))
  const set =
    reason === "Delete" ? waitingDeletes(state, { allowed: [], withheld: chosen.map(withheld) }) : taken(state, chosen)
  if (set === undefined) throw new Error(`nothing recorded of ${state.vcenter} is called ${objects}`)
  return set.digest
}

const withheld = (entry: Entry) =>
  ({
    prune: { _tag: "Prune", entry, cause: "subject gone", facts: "Complete" },
    guard: "Share",
    message: "",
    liftable: true
  }) as const

const taken = (state: Parameters<typeof waitingMarks>[0], entries: ReadonlyArray<Entry>) =>
  waitingMarks(
    state,
    entries.map((object) => ({ _tag: "AnotherWriter", object, uid: object.uid ?? "", message: "" }))
  )
