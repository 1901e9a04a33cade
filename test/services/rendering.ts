import { Effect, Layer, Redacted, Ref, Result } from "effect"
import type { JsonObject } from "../../src/domain/Manifest.ts"
import type { RenderContext } from "../../src/domain/RenderContext.ts"
import { path, type Template } from "../../src/domain/Template.ts"
import type { Value } from "../../src/domain/Value.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { Renderer } from "../../src/services/Renderer.ts"
import { sameThread } from "./sameThread.ts"

/** A template of scope cluster. */
export const template = (name: string, source: string, options: JsonObject = {}): Template => ({
  namespace: "monsoon3",
  name,
  uid: name,
  generation: 1,
  scope: "cluster",
  options,
  source
})

/** A context with a few of the names that every one has. */
export const context = (
  values: Readonly<Record<string, Value>> = {},
  unavailable: Readonly<Record<string, string>> = {}
): RenderContext => ({
  subject: { scope: "cluster", name: "productionbb091", ref: "domain-c1", datacenter: "datacenter-1" },
  values: new Map(Object.entries({ name: "bb91", username: "operator", host: "vc-a-0.example.com", ...values })),
  unavailable: new Map(Object.entries(unavailable))
})

// A secret of these tests only.
const SEED = Redacted.make("seed of the test")

/** Passwords that show what they were derived for, counted. */
const passwords = (count: Ref.Ref<number>) =>
  Layer.succeed(
    Passwords,
    Passwords.of({
      derive: (username, seed, site) =>
        Effect.as(
          Ref.update(count, (n) => n + 1),
          Redacted.make(`<${username}@${site} by ${Redacted.value(seed).length}>`)
        ),
      known: Effect.succeed([])
    })
  )

/** What a template is rendered with, besides its text. */
export interface Given {
  readonly options?: JsonObject
  readonly context?: RenderContext
  readonly others?: ReadonlyArray<Template>
}

/** Renders a text; with how many passwords were derived for it. */
export const rendering = Effect.fnUntraced(function* (source: string, given: Given = {}) {
  const count = yield* Ref.make(0)
  const main = template("main", source, given.options)
  const library = new Map([main, ...(given.others ?? [])].map((each) => [path(each), each]))
  const result = yield* Renderer.use((renderer) =>
    renderer.render({ template: main, library, context: given.context ?? context(), seed: SEED })
  ).pipe(Effect.result, Effect.provide(sameThread.pipe(Layer.provide(passwords(count)))))
  return { result, derived: yield* Ref.get(count) }
})

/** The text that it renders. */
export const text = (source: string, given?: Given) =>
  Effect.map(rendering(source, given), ({ result }) => Result.getOrThrow(result))

/** Why it does not render. */
export const failure = (source: string, given?: Given) =>
  Effect.flatMap(rendering(source, given), ({ result }) => Effect.flip(Effect.fromResult(result)))
