import { Context, type Effect, type Redacted } from "effect"

/**
 * Passwords derived by the master-password algorithm (type `long`, counter 1). The slow half (scrypt) is computed once
 * per user and seed, off the event loop.
 */
export class Passwords extends Context.Service<
  Passwords,
  {
    readonly derive: (username: string, seed: Redacted.Redacted, site: string) => Effect.Effect<Redacted.Redacted>
    /** Every password derived so far: what the output must not show. */
    readonly known: Effect.Effect<ReadonlyArray<Redacted.Redacted>>
  }
>()("vcenter-operator/services/Passwords") {}
