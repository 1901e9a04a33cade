import { scrypt } from "node:crypto"
import { Cache, Context, Effect, Layer, Redacted } from "effect"
import { derive, SCRYPT, salt } from "../domain/LongPassword.ts"

/** How many (user, seed) pairs are remembered: templates may derive for users of their own. */
export const KEPT_KEYS = 64

/** How many derived passwords are remembered, and so kept out of the output. */
export const KEPT_PASSWORDS = 8192

/** Whose key it is: compared by value, the seed included. */
export interface Owner {
  readonly username: string
  readonly seed: Redacted.Redacted
}

/** 64 bytes, from which the password of every site of one owner is derived. */
export type Key = Redacted.Redacted<Uint8Array>

/** scrypt on Node's thread pool. It can only fail for lack of memory, which is a defect. */
export const keyOf = ({ username, seed }: Owner): Effect.Effect<Key> =>
  Effect.callback((resume) => {
    const { N, r, p, length } = SCRYPT
    // It needs 128·N·r bytes and a little more, just above Node's default limit.
    scrypt(Redacted.value(seed), salt(username), length, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      resume(error === null ? Effect.succeed(Redacted.make(new Uint8Array(key))) : Effect.die(error))
    )
  })

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
>()("vcenter-operator/services/Passwords") {
  /**
   * Remembers the most recently used keys and passwords; after a rotation newer ones push the old ones out.
   *
   * @param slowHalf owner → key
   */
  static readonly layerWith = (slowHalf: (owner: Owner) => Effect.Effect<Key>): Layer.Layer<Passwords> =>
    Layer.effect(
      Passwords,
      Effect.gen(function* () {
        const keys = yield* Cache.make({ lookup: slowHalf, capacity: KEPT_KEYS })
        const passwords = yield* Cache.make({
          lookup: ({ owner, site }: { readonly owner: Owner; readonly site: string }) =>
            Effect.map(Cache.get(keys, owner), (key) =>
              Redacted.make(derive(Redacted.value(key), site, { type: "long", counter: 1 }))
            ),
          capacity: KEPT_PASSWORDS
        })
        return Passwords.of({
          derive: (username, seed, site) => Cache.get(passwords, { owner: { username, seed }, site }),
          known: Effect.map(Cache.values(passwords), (values) => [...values])
        })
      })
    )

  static readonly layer = Passwords.layerWith(keyOf)
}
