import type { GuardFacts } from "../../src/domain/Guards.ts"
import type { Prune } from "../../src/domain/Plan.ts"
import { prune } from "./fixtures.ts"

/** Nothing speaks against a delete. */
export const CLEAR: GuardFacts = {
  paused: false,
  partial: undefined,
  failedScopes: new Map(),
  scopesOf: () => ["cluster"],
  unwantedFor: () => 300,
  pruneDelay: 300,
  wantedElsewhere: () => undefined,
  unheard: undefined,
  mayBeElsewhere: () => undefined,
  unconfirmed: () => undefined,
  stranger: undefined,
  discovered: true,
  approved: () => false,
  goneGrace: 3600,
  recorded: 100,
  lastHour: { pruned: 0, recorded: 100 },
  allowShare: 30,
  allowMin: 5
}

export const many = (count: number): ReadonlyArray<Prune> =>
  Array.from({ length: count }, (_, index) => prune(`p${index}`))
