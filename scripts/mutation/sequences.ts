import type { Mutation } from "./mutations.ts"

/** Pieces of the safety that only a sequence of events needs, none of them a fault by itself. */
export const SEQUENCES: ReadonlyArray<Mutation> = [
  {
    removes: "what is being deleted is not taken for applied",
    file: "src/domain/Takeover.ts",
    text: 'return isWritten && isBeingDeleted(live.metadata) ? { _tag: "Ending" } : admission',
    instead: "return isWritten && isBeingDeleted({}) ? admission : admission",
    tests: ["test/domain/Takeover.test.ts", "test/operator/finalizers.test.ts"]
  },
  {
    removes: "a pause stops a run that has begun",
    file: "src/services/unlessPaused.ts",
    text: "Effect.flatMap(isPaused, (paused) =>",
    instead: "Effect.flatMap(Effect.as(isPaused, false), (paused) =>",
    tests: ["test/operator/approval.test.ts"]
  },
  {
    removes: "a take-over is approved for the UID that was shown",
    file: "src/domain/Approval.ts",
    text: "now.get(key) === uid ||",
    instead: "now.has(key) || uid === undefined ||",
    tests: ["test/domain/Approval.test.ts", "test/operator/approvals.test.ts"]
  },
  {
    removes: "digests of another key cannot be compared",
    file: "src/domain/Plan.ts",
    text: "(!hasSameKey(facts, ledger) ||",
    instead: "((!hasSameKey(facts, ledger) && false) ||",
    tests: ["test/operator/approvals.test.ts"]
  },
  {
    removes: "one that is made anew is the same cluster",
    file: "src/streams/render.ts",
    text: "const before = namesakes(ledger, inventory.value)",
    instead: "const before: ReturnType<typeof namesakes> = new Map()",
    tests: ["test/operator/anew.test.ts"]
  },
  {
    removes: "a removed record goes on from what is remembered",
    file: "src/streams/recall.ts",
    text: "recorded.isMissing && known !== undefined ? doubting(known) : read",
    instead: "known === undefined ? doubting(read) : read",
    tests: ["test/operator/removed.test.ts"]
  }
]
