/** One piece of the safety, taken out: a text that its file holds exactly once, and what stands there instead. */
export interface Mutation {
  readonly removes: string
  readonly file: string
  readonly text: string
  readonly instead: string
  /** Tests that must notice, as vitest takes them. */
  readonly tests: ReadonlyArray<string>
}

const faults = (...names: ReadonlyArray<string>) => names.map((name) => `test/operator/faults/${name}.test.ts`)
const ZONE = faults("zone")
const INVENTORY = faults("inventory")
const TEMPLATES = faults("templates")
const REQUESTS = faults("requests")
const RECORD = faults("record")
const WRITERS = [...faults("writers"), "test/operator/anotherWriter.test.ts"]
const GONE = ["test/domain/Gone.test.ts", "test/operator/gone.test.ts"]
const CRASHES = ["test/operator/interleavings.test.ts", "test/operator/crash.test.ts"]

/** A guard leaves the array of guards. */
const guard = (name: string, tests: ReadonlyArray<string>): Mutation => ({
  removes: `the guard ${name}`,
  file: "src/domain/Guards.ts",
  text: `\n  ${name}`,
  instead: `\n  // ${name}`,
  tests
})

const plan = (removes: string, text: string, instead: string): Mutation => ({
  removes,
  file: "src/domain/Plan.ts",
  text,
  instead,
  tests: ["test/domain/Plan.test.ts", ...INVENTORY, ...TEMPLATES]
})

const run = (removes: string, text: string, instead: string, tests = CRASHES): Mutation => ({
  removes,
  file: "src/streams/run.ts",
  text,
  instead,
  tests
})

const applier = (removes: string, text: string, instead: string): Mutation => ({
  removes,
  file: "src/services/Applier.ts",
  text,
  instead,
  tests: ["test/services/ApplierPrune.test.ts", ...RECORD]
})

const lease = (removes: string, text: string, instead: string, file = "src/services/Lease.ts"): Mutation => ({
  removes,
  file,
  text,
  instead,
  tests: ["test/domain/LeaseSpec.test.ts", "test/operator/lease.test.ts"]
})

const approval = (removes: string, text: string, instead: string): Mutation => ({
  removes,
  file: "src/domain/Approval.ts",
  text,
  instead,
  tests: ["test/domain/Approval.test.ts", "test/operator/approval.test.ts"]
})

/** Everything that keeps the operator from deleting or changing by mistake, one at a time. */
export const MUTATIONS: ReadonlyArray<Mutation> = [
  guard("paused", ["test/domain/Guards.test.ts"]),
  guard("partial", ["test/domain/Guards.test.ts"]),
  guard("templateFailed", TEMPLATES),
  guard("delay", INVENTORY),
  guard("wantedElsewhere", ["test/domain/Guards.test.ts"]),
  guard("stranger", ["test/domain/Guards.test.ts"]),
  guard("unconfirmed", INVENTORY),
  guard("rebuilt", ["test/operator/rebuild.test.ts"]),
  approval("an approval is for one set", "approve === set.digest", 'approve !== ""'),
  approval("an approval is good once", " && ledger.approval !== approve", ""),
  approval("an approval is for these UIDs", 'uid: entry.uid ?? ""', 'uid: ""'),
  {
    ...approval("an approval never lifts a partial reading", "guard.liftable && facts.approved", "facts.approved"),
    file: "src/domain/Guards.ts",
    tests: ["test/domain/GuardsLimits.test.ts"]
  },
  {
    removes: "only observed time counts towards the grace",
    file: "src/domain/Gone.ts",
    text: "Math.min(Math.max(look.now - before.lookedAt, 0), look.gap)",
    instead: "Math.max(look.now - before.lookedAt, 0)",
    tests: GONE
  },
  {
    removes: "a zone that nobody confirms proves nothing",
    file: "src/domain/Gone.ts",
    text: "look.now - confirmedAt <= look.gap",
    instead: "look.now > 0",
    tests: GONE
  },
  {
    removes: "what is of unknown origin is kept in doubt",
    file: "src/domain/Plan.ts",
    text: "if (isUnattributed(entry)) {",
    instead: "if (entry === undefined) {",
    tests: ["test/domain/rebuild.test.ts"]
  },
  guard("retained", ["test/domain/Guards.test.ts"]),
  guard("gone", ["test/domain/Guards.test.ts"]),
  guard("everything", INVENTORY),
  guard("share", [...INVENTORY, "test/operator/guards.test.ts"]),
  guard("mayBeElsewhere", ["test/operator/elsewhere.test.ts"]),
  guard("unheard", ["test/operator/elsewhere.test.ts"]),
  plan("Complete: a partial reading proves an absence", "else if (isComplete(desired))", "else if (desired)"),
  plan("Complete: partial facts change an object", "if (isComplete(rendered))", "if (rendered)"),
  plan(
    "what a failed template rendered is kept",
    "if (failure !== undefined) return keep",
    "if (failure === null) return keep"
  ),
  plan(
    "what an incomplete cluster has is kept",
    "if (held !== undefined) return keep",
    "if (held === null) return keep"
  ),
  plan("what lost its storage is kept", "if (lost !== undefined) return keep", "if (lost === null) return keep"),
  plan("an empty rendering of an unchanged template is kept", "if (!same ||", "if (same ||"),
  run("the union is recorded first", "if (pending !== ledger.entries) {", "if (pending === undefined) {"),
  run(
    "what is to be deleted is recorded first",
    "doubted(settle(ledger.entries, pending, outcomes), verdict.allowed)",
    "settle(ledger.entries, pending, outcomes)"
  ),
  run(
    "nothing is deleted before every apply succeeded",
    'if (outcomes.some((outcome) => isFailure(outcome) || outcome._tag === "NotAttempted")) {',
    "if (outcomes === undefined) {",
    REQUESTS
  ),
  run("a paused vCenter is not written", "if (input.paused)", "if (input.paused === undefined)", [
    "test/operator/failures.test.ts",
    "test/operator/anotherWriter.test.ts"
  ]),
  {
    removes: "a change in doubt loses its digest",
    file: "src/domain/Outcome.ts",
    text: "return recorded.digest === undefined ? [] : [withoutDigest(recorded)]",
    instead: "return []",
    tests: CRASHES
  },
  {
    removes: "what comes back loses its UID",
    file: "src/domain/Outcome.ts",
    text: "|| (!exists && recorded.uid !== undefined)",
    instead: "",
    tests: ["test/domain/Outcome.test.ts", ...CRASHES]
  },
  applier(
    "the recorded UID is compared",
    "if (entry.uid !== undefined && entry.uid !== live.uid) {",
    "if (entry.uid === null) {"
  ),
  applier(
    "the UID is a precondition of the delete",
    "{ uid: live.uid, ...precondition, dryRun }",
    "{ ...precondition, dryRun }"
  ),
  applier(
    "the version is a precondition of the delete",
    "{ uid: live.uid, ...precondition, dryRun }",
    "{ uid: live.uid, dryRun }"
  ),
  applier(
    "the mark is looked at before a delete",
    'if (whose._tag !== "Mine") return',
    "if (whose._tag === undefined) return"
  ),
  applier(
    "a stripped mark is no leave to forget",
    'if (whose._tag === "Nobody" && entry.uid === live.uid) return',
    "if (whose._tag === undefined) return"
  ),
  run("another writer stops the vCenter", "if (halted !== undefined) return", "if (halted === null) return", WRITERS),
  {
    removes: "an object that was made again without a mark is another writer's",
    file: "src/domain/AnotherWriter.ts",
    text: 'if (live.uid !== entry.uid && unwanted !== "no") return undefined',
    instead: "if (live.uid !== entry.uid) return undefined",
    tests: WRITERS
  },
  {
    removes: "another writer met while deleting ends the deletes",
    file: "src/streams/pruneAll.ts",
    text: 'if (outcome._tag === "AnotherWriter") yield* Ref.set(met, true)',
    instead: "",
    tests: ["test/streams/pruneAll.test.ts"]
  },
  {
    removes: "what another writer has written is in doubt",
    file: "src/domain/Outcome.ts",
    text: '      case "AnotherWriter":\n',
    instead: "",
    tests: ["test/operator/anotherWriter.test.ts"]
  },
  {
    removes: "what is taken back keeps nothing of the other writer",
    file: "src/services/remark.ts",
    text: "return dryRun ? marked : yield* inherit(live)",
    instead: "return dryRun || live ? marked : yield* inherit(live)",
    tests: ["test/services/remark.test.ts"]
  },
  {
    removes: "another's mark is looked at before an apply",
    file: "src/domain/Takeover.ts",
    text: 'case "Another":',
    instead: 'case "Another":\n      return { _tag: "Apply" }',
    tests: ["test/domain/Takeover.test.ts"]
  },
  {
    removes: "a vCenter is asked for what vanished (hidden clusters)",
    file: "src/domain/Evidence.ts",
    text: "return answer.name === subject.name",
    instead: "return answer.name === undefined",
    tests: INVENTORY
  },
  {
    removes: "no answer is no absence",
    file: "src/domain/Evidence.ts",
    text: 'case "Unknown":',
    instead: 'case "Unknown":\n      return undefined',
    tests: INVENTORY
  },
  {
    removes: "only observed time counts",
    file: "src/domain/Unwanted.ts",
    text: "Math.min(Math.max(look.now - before.lookedAt, 0), look.gap)",
    instead: "Math.max(look.now - before.lookedAt, 0)",
    tests: RECORD
  },
  {
    removes: "a list that fails is partial",
    file: "src/streams/follow.ts",
    text: "Queue.offer(queue, partial(",
    instead: "Queue.offer(queue, complete(new Map()) ?? partial(",
    tests: TEMPLATES
  },
  {
    removes: "a list that has expired is partial",
    file: "src/streams/follow.ts",
    text: 'Effect.tapError((error) => (error.reason === "Gone" ? lost(error) : Effect.void))',
    instead: "Effect.tapError(() => Effect.void)",
    tests: ["test/streams/follow.test.ts"]
  },
  {
    removes: "a zone that cannot be read is no empty one",
    file: "src/streams/discover.ts",
    text: "Effect.as(Option.none<Zone>())",
    instead: "Effect.as(Option.some<Zone>({ serial: 0, vcenters: new Map() }))",
    tests: ZONE
  },
  {
    removes: "a ledger of another version is not read",
    file: "src/domain/VCenterState.ts",
    text: "if (version.success.version < OLDEST_VERSION || version.success.version > LEDGER_VERSION) {",
    instead: "if (version.success.version < 0) {",
    tests: RECORD
  },
  {
    removes: "a page of the inventory is not all of it",
    file: "src/services/vim/inventories.ts",
    text: "if (!page.truncated) return",
    instead: "if (page) return",
    tests: INVENTORY
  },
  {
    removes: "a record that is missing is rebuilt",
    file: "src/streams/recall.ts",
    text: "if (!recorded.isMissing && read.unlisted === undefined)",
    instead: "if (recorded !== undefined)",
    tests: ["test/operator/rebuild.test.ts"]
  },
  {
    removes: "nothing is written before the marks were searched",
    file: "src/streams/recall.ts",
    text: "Effect.mapError(({ message }) => fail(message))",
    instead: "Effect.orElseSucceed(() => [])",
    tests: ["test/operator/rebuild.test.ts"]
  },
  lease("the Lease", "Layer.effect(Lease, make)", "Lease.layer(true)"),
  lease(
    "the Lease: waiting until it expires",
    "unchanged >= (lease.leaseDurationSeconds",
    "true || unchanged >= (lease.leaseDurationSeconds",
    "src/domain/LeaseSpec.ts"
  ),
  lease("the Lease: the end of what is under way", "Effect.fail(cut(request, why))", "Effect.never"),
  lease("the Lease: the deadline of a renewal", "const RENEW_DEADLINE = 10_000", "const RENEW_DEADLINE = 60_000"),
  lease("the Lease: waiting in doubt", "Math.max(steady, wall) < RENEW_DEADLINE", "true")
]
