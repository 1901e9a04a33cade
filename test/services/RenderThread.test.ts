import { setImmediate } from "node:timers/promises"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted, Result } from "effect"
import { path } from "../../src/domain/Template.ts"
import type { Value } from "../../src/domain/Value.ts"
import type { Answer, Task } from "../../src/services/jinja/Task.ts"
import { Thread } from "../../src/services/jinja/Thread.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { Renderer } from "../../src/services/Renderer.ts"
import { context, template } from "./rendering.ts"

/** No counted limit stops it: each call makes two more. */
const ENDLESS = "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(150) }}"
/** No list of it is too long, and no text. */
const GREEDY =
  "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l, 'ab' * 2000000 ~ i] %}{% endfor %}"

// A secret of these tests only.
const SEED = Redacted.make("seed of the test")

const passwords = Layer.succeed(
  Passwords,
  Passwords.of({
    derive: (username, _, site) => Effect.succeed(Redacted.make(`<${username}@${site}>`)),
    known: Effect.succeed([])
  })
)

const asked = (source: string, values: Readonly<Record<string, Value>> = {}) => {
  const main = template("main", source)
  return { template: main, library: new Map([[path(main), main]]), context: context(values), seed: SEED }
}

const text = (source: string, values?: Readonly<Record<string, Value>>) =>
  Renderer.use((renderer) => renderer.render(asked(source, values)))

layer(Renderer.layer.pipe(Layer.provide(passwords)))("the rendering thread", (it) => {
  it.effect("gets the values with their kinds, and gives back the text", () =>
    Effect.gen(function* () {
      const values = {
        list: [1, { float: 1 }, 0.5, true, null, "x"],
        dict: new Map<string, Value>([
          ["b", 1],
          ["10", 2]
        ]),
        cells: new Set(["cell1"]),
        big: 12345678901234567890n
      }
      assert.strictEqual(
        yield* text("{{ list }} {{ dict }} {{ cells }} {{ big }}", values),
        "[1, 1.0, 0.5, True, None, 'x'] {'b': 1, '10': 2} {'cell1'} 12345678901234567890"
      )
    })
  )

  it.effect("gives back documents, in their order", () =>
    Effect.gen(function* () {
      const renderer = yield* Renderer
      assert.deepStrictEqual(yield* renderer.documents(asked("a: {{ name }}\n---\n- 1\n- 0644\n")), [
        { a: "bb91" },
        [1, 420]
      ])
    })
  )

  it.effect("gets passwords from outside, and is never told what they are derived from", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* text("{{ 'a'|derive_password('h') }}"), "<a@h>")
    })
  )

  it.effect("answers each of many with what belongs to it", () =>
    Effect.gen(function* () {
      const numbers = Array.from({ length: 200 }, (_, at) => at)
      const texts = yield* Effect.forEach(numbers, (n) => text(`${n % 7}: {{ n }}`, { n }), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        texts,
        numbers.map((n) => `${n % 7}: ${n}`)
      )
    })
  )

  const failing: ReadonlyArray<readonly [what: string, source: string, kind: string]> = [
    ["a loop of a billion rounds", "{% for i in range(10**9) %}{% endfor %}", "limit"],
    ["a text of a billion characters", "{{ 'a' * 10**9 }}", "limit"],
    ["a list of a billion items", "{{ [0] * 10**9 }}", "limit"],
    ["a number of a billion bits", "{{ 2 ** (10**9) }}", "limit"],
    ["a hundred thousand brackets", `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`, "limit"],
    ["twenty thousand conditions", "{% if 1 %}".repeat(20_000) + "{% endif %}".repeat(20_000), "limit"],
    ["a macro that calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "limit"],
    ["more than fits into its memory", GREEDY, "limit"],
    ["more than fits into its time", ENDLESS, "limit"],
    ["a document of a thousand levels", `${"[".repeat(1000)}${"]".repeat(1000)}`, "limit"],
    ["a document of aliases of aliases", aliases(), "yaml"],
    ["no YAML at all", "a: {", "yaml"]
  ]
  for (const [what, source, kind] of failing) {
    it.effect(`ends ${what} in an error of that template, and renders the next`, () =>
      Effect.gen(function* () {
        const renderer = yield* Renderer
        const [failed, next] = yield* Effect.all(
          [Effect.flip(renderer.documents(asked(source))), Effect.result(text("{{ name }}"))],
          { concurrency: 2 }
        )
        assert.deepStrictEqual([failed.kind, failed.template], [kind, "vcenter_cluster/monsoon3/main.yaml.j2"])
        assert.deepStrictEqual(next, Result.succeed("bb91"))
      })
    )
  }

  it.effect("holds up nothing here, whatever it does", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const slow = yield* Effect.forkChild(
        Effect.andThen(
          Effect.flip(text(ENDLESS)),
          Effect.sync(() => order.push("ended"))
        ),
        { startImmediately: true }
      )
      for (let turn = 0; turn < 20; turn++) yield* Effect.promise(() => setImmediate())
      order.push("turned")
      yield* Fiber.join(slow)
      assert.deepStrictEqual(order, ["turned", "ended"])
    })
  )

  it.effect("goes on with the others when somebody waits no longer", () =>
    Effect.gen(function* () {
      const slow = yield* Effect.forkChild(text(ENDLESS), { startImmediately: true })
      const next = yield* Effect.forkChild(text("{{ name }}"), { startImmediately: true })
      yield* Effect.promise(() => setImmediate())
      yield* Fiber.interrupt(slow)
      assert.strictEqual(yield* Fiber.join(next), "bb91")
    })
  )
})

const task = (source: string): Task => ({
  path: "main",
  template: { source, options: {} },
  library: new Map(),
  context: { values: new Map([["name", "bb91"]]), unavailable: new Map() },
  passwords: new Map(),
  strict: false,
  wants: "text"
})

const answered = (thread: Thread, given: Task) =>
  Effect.callback<Answer>((resume) => {
    thread.submit(
      given,
      (answer) => resume(Effect.succeed(answer)),
      (error) => resume(Effect.die(error))
    )
  })

const threadWith = (limits: { readonly deadline: number; readonly idle: number }) =>
  Effect.acquireRelease(
    Effect.sync(() => new Thread({ memory: 128, ...limits })),
    (thread) => Effect.promise(() => thread.end())
  )

const detailOf = (answer: Answer): string => (answer._tag === "Failed" ? answer.problem.detail : answer._tag)

describe("a template that has to be ended by force", () => {
  it.effect("is not tried any more after the third time, and the others are", () =>
    Effect.gen(function* () {
      const thread = yield* threadWith({ deadline: 300, idle: 30_000 })
      const endless = task(ENDLESS)
      const answers = yield* Effect.forEach(Array.from({ length: 50 }), () => answered(thread, endless), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        answers.map((answer) => detailOf(answer).includes("is tried again in a minute")),
        answers.map((_, at) => at > 2)
      )
      assert.deepStrictEqual(yield* answered(thread, task("{{ name }}")), { _tag: "Text", text: "bb91" })
      // Another text is another template.
      assert.include(detailOf(yield* answered(thread, task(`${ENDLESS} `))), "takes longer than 300 ms")
    })
  )

  it.effect("costs those behind it nothing but the wait", () =>
    Effect.gen(function* () {
      const thread = yield* threadWith({ deadline: 300, idle: 30_000 })
      const sources = ["{{ name }}", GREEDY, "{{ name }}2", ENDLESS, "{{ name }}3"]
      const answers = yield* Effect.forEach(sources, (source) => answered(thread, task(source)), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        answers.map((answer) => (answer._tag === "Text" ? answer.text : answer._tag)),
        ["bb91", "Failed", "bb912", "Failed", "bb913"]
      )
    })
  )
})

it.effect("a rendering thread without work ends, and is there again for the next template", () =>
  Effect.gen(function* () {
    const thread = yield* threadWith({ deadline: 2000, idle: 1 })
    for (let round = 0; round < 3; round++) {
      assert.deepStrictEqual(yield* answered(thread, task(`{{ name }} ${round}`)), {
        _tag: "Text",
        text: `bb91 ${round}`
      })
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 20)))
    }
  })
)

function aliases(): string {
  const rows = Array.from({ length: 8 }, (_, at) => {
    const item = at === 0 ? "x" : `*a${at - 1}`
    return `a${at}: &a${at} [${Array.from({ length: 9 }, () => item).join(", ")}]`
  })
  return rows.join("\n")
}
