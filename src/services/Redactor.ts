import { Context, Effect, Layer, Redacted, Ref } from "effect"
import type { JsonObject } from "../domain/Manifest.ts"
import { redact, redactManifest } from "../domain/Redaction.ts"
import { Passwords } from "./Passwords.ts"

/** Knows every secret that the operator has met, and takes them out of what is shown. */
export class Redactor extends Context.Service<
  Redactor,
  {
    /** Secrets are never forgotten: an old one may still be valid somewhere. */
    readonly learn: (secrets: ReadonlyArray<Redacted.Redacted>) => Effect.Effect<void>
    readonly text: (text: string) => Effect.Effect<string>
    /** A Kubernetes object: the whole content of a Secret, and secrets anywhere else. */
    readonly manifest: (body: JsonObject) => Effect.Effect<JsonObject>
  }
>()("vcenter-operator/services/Redactor") {
  static readonly layer = Layer.effect(
    Redactor,
    Effect.gen(function* () {
      const passwords = yield* Passwords
      const learned = yield* Ref.make<ReadonlySet<string>>(new Set())
      let last: ReadonlyArray<string> = []
      /** The same list as long as it says the same: its spellings are worked out once. */
      const known = Effect.gen(function* () {
        const derived = yield* passwords.known
        const now = [...(yield* Ref.get(learned)), ...derived.map(Redacted.value)]
        if (now.length !== last.length || now.some((secret, index) => secret !== last[index])) last = now
        return last
      })
      return Redactor.of({
        learn: (secrets) => Ref.update(learned, (before) => before.union(new Set(secrets.map(Redacted.value)))),
        text: (text) => Effect.map(known, (secrets) => redact(text, secrets)),
        manifest: (body) => Effect.map(known, (secrets) => redactManifest(body, secrets))
      })
    })
  )
}
