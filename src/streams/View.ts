import type { Effect } from "effect"
import type { Waiting } from "../domain/Approval.ts"
import type { Cells } from "../domain/Cells.ts"
import type { Facts } from "../domain/ClusterFacts.ts"
import type { Gone } from "../domain/Gone.ts"
import type { Settings } from "../domain/Settings.ts"
import type { Snapshot } from "../domain/Snapshot.ts"
import type { TemplateReport } from "../domain/TemplateStatus.ts"
import type { Unwanted } from "../domain/Unwanted.ts"
import type { Spec } from "../domain/VCenterState.ts"
import type { Recorded } from "../services/Ledgers.ts"
import type { Zone } from "./discover.ts"
import type { Reading } from "./inventory.ts"
import type { Neighbours } from "./neighbours.ts"
import type { Templates } from "./sources.ts"
import type { StatusTurn } from "./statusPace.ts"

/** The newest of everything that one vCenter's objects depend on. */
export interface View {
  readonly settings: Settings
  readonly zone: Zone
  readonly templates: Snapshot<Templates>
  readonly cells: Snapshot<Cells>
  /** What people wish for this vCenter; nothing until the watch has seen its VCenterState. */
  readonly wish: Spec | undefined
  /** How often the watch has seen its VCenterState removed. */
  readonly removed: number
  readonly reading: Reading
}

/** What is remembered from one look to the next. The ledger counts; this only saves requests and repetition. */
export interface Memory {
  readonly recorded: Recorded
  readonly removed: number
  readonly unwanted: Unwanted
  readonly gone: Gone
  /** What was told last. */
  readonly told: string
  /** Digests of the manifests shown by a dry run, by identity. */
  readonly shown: ReadonlyMap<string, string>
  /** Digests of the sets that an Event was written for. */
  readonly announced: ReadonlyArray<string>
  /** Take-overs that a person has approved. */
  readonly takeOvers: Waiting | undefined
}

/** What reconciling one vCenter shares with the others. */
export interface Shared {
  readonly facts: Facts
  readonly neighbours: Neighbours
  /** When the name server has confirmed the newest zone, in milliseconds since the epoch. */
  readonly zoneConfirmed: Effect.Effect<number | undefined>
  /** Milliseconds since the epoch, no faster than time passes: by it the last hour's deletes are counted. */
  readonly passedTime: Effect.Effect<number>
  /** Whether the newest VCenterState that is known of this vCenter says so, also while a look goes on. */
  readonly isPaused: (vcenter: string) => Effect.Effect<boolean>
  /** Shows what would be applied. */
  readonly dryRun: boolean
  /** What became of each template here, for the status of the templates. */
  readonly report: (vcenter: string, report: TemplateReport) => Effect.Effect<void>
  readonly statusTurns: StatusTurn
}
