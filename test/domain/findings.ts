import type { Failure } from "../../src/domain/Desired.ts"
import type { Withheld } from "../../src/domain/Guards.ts"
import type { Outcome } from "../../src/domain/Outcome.ts"
import { plan } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import type { Findings, Run } from "../../src/domain/Status.ts"
import { apply, BB1, type DesiredParts, desired, entry, ledger, manifest, NOVA, prune } from "./fixtures.ts"

/** What a look found: everything well, or something changed about it. */

export const RECORDED = ledger([entry("a")])
const QUIET: Run = {
  plan: plan(complete(desired()), ledger([])),
  verdict: { allowed: [], withheld: [] },
  failures: [],
  outcomes: [],
  waiting: []
}
export const WELL: Findings = {
  discovered: true,
  connection: { _tag: "Connected", version: "8.0.3 build-24022510", clusters: 2 },
  ledger: RECORDED,
  stopped: undefined,
  run: QUIET
}
export const run = (over: Partial<Run>): Findings => ({ ...WELL, run: { ...QUIET, ...over } })
export const OFFLINE: Findings = {
  ...WELL,
  connection: { _tag: "Disconnected", reason: "LoginRejected", message: "name or password is wrong" },
  run: undefined
}

export const failure: Failure = {
  template: NOVA,
  subject: BB1,
  subjectName: "productionbb001",
  line: 3,
  message: "no end"
}
export const refused: Outcome = {
  _tag: "ApplyFailed",
  object: manifest("a"),
  step: apply("a"),
  answered: true,
  transient: false,
  message: "spec.replicas: invalid"
}
export const late: Outcome = { _tag: "NotAttempted", object: manifest("b"), message: "the operator is stopping" }
const withheld = (guard: string, name = "a"): Withheld => ({
  prune: prune(name),
  guard,
  message: `because of ${guard}`,
  liftable: guard === "Share"
})
export const withholding = (...guards: ReadonlyArray<string>): Partial<Run> => ({
  verdict: { allowed: [], withheld: guards.map((guard) => withheld(guard)) }
})
export const keeping = (wants: DesiredParts): Partial<Run> => ({
  plan: plan(complete(desired(wants)), RECORDED)
})
