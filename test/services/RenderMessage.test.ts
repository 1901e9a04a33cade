import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Ref } from "effect"
import { path } from "../../src/domain/Template.ts"
import { Inbox, Outbox } from "../../src/services/jinja/Message.ts"
import { Programs } from "../../src/services/jinja/Programs.ts"
import { perform } from "../../src/services/jinja/perform.ts"
import type { Task } from "../../src/services/jinja/Task.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { Renderer } from "../../src/services/Renderer.ts"
import { context, template } from "./rendering.ts"

const library = new Map([["other", { source: "other", options: {} }]])
const given = (n: number) => ({ values: new Map([["n", n]]), unavailable: new Map([["gone", "a reason"]]) })

const task = (source: string, of = given(1)): Task => ({
  path: source,
  template: { source, options: { trim_blocks: true } },
  library,
  context: of,
  passwords: new Map([["a\nh", "p"]]),
  strict: true,
  wants: "text"
})

describe("a message to the rendering thread", () => {
  it("arrives as the tasks that were sent, though it is a copy", () => {
    const tasks = [task("a"), task("b", given(2))]
    assert.deepStrictEqual(new Inbox().tasks(structuredClone(new Outbox().message(tasks))), tasks)
  })

  it("has what was sent before as numbers alone", () => {
    const [outbox, inbox] = [new Outbox(), new Inbox()]
    const tasks = [task("a"), task("b")]
    inbox.tasks(structuredClone(outbox.message(tasks)))
    const again = outbox.message(tasks)
    assert.deepStrictEqual([again.templates, again.libraries, again.contexts], [[], [], []])
    assert.deepStrictEqual(inbox.tasks(structuredClone(again)), tasks)
  })

  it("starts afresh before the other side keeps too much", () => {
    const [outbox, inbox] = [new Outbox(), new Inbox()]
    let fresh = 0
    for (let n = 0; n < 2000; n++) {
      const sent = [task("a", given(n)), task(`b${n % 3}`, given(-n))]
      const message = structuredClone(outbox.message(sent))
      fresh += message.afresh ? 1 : 0
      assert.deepStrictEqual(inbox.tasks(message), sent)
    }
    assert.strictEqual(fresh, 7)
  })
})

describe("a template that asked for passwords", () => {
  it.effect("is given them with its next rendering, for the same vCenter and by the seed of then", () =>
    Effect.gen(function* () {
      const performed = yield* Ref.make(0)
      const programs = new Programs()
      const passwords = Layer.succeed(
        Passwords,
        Passwords.of({
          derive: (username, seed, site) =>
            Effect.succeed(Redacted.make(`<${username}@${site} by ${Redacted.value(seed)}>`)),
          known: Effect.succeed([])
        })
      )
      const counted = Renderer.layerOver((task) =>
        Effect.andThen(
          Ref.update(performed, (n) => n + 1),
          Effect.sync(() => perform(task, programs))
        )
      ).pipe(Layer.provide(passwords))
      const main = template("main", "{{ 'svc'|derive_password }}")
      const of = (host: string, seed: string) => ({
        template: main,
        library: new Map([[path(main), main]]),
        context: context({ host }),
        seed: Redacted.make(seed)
      })
      const texts = yield* Renderer.use((renderer) =>
        Effect.forEach([of("a", "1"), of("a", "2"), of("b", "2"), of("a", "2")], renderer.render)
      ).pipe(Effect.provide(counted))
      assert.deepStrictEqual(texts, ["<svc@a by 1>", "<svc@a by 2>", "<svc@b by 2>", "<svc@a by 2>"])
      assert.strictEqual(yield* Ref.get(performed), 6)
    })
  )
})
