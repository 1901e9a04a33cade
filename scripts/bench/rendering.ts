/**
 * How many of the recorded real templates are rendered a second, in the rendering thread, and how many by Jinja2 in the
 * same minute. Writes its table into docs/measurements.md. Python's packages go to ~/.cache/vcenter-operator/jinja2.
 *
 *   node scripts/bench/rendering.ts
 */
import { execFile } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { availableParallelism, homedir, loadavg } from "node:os"
import { join, resolve } from "node:path"
import { promisify } from "node:util"
import { NodeRuntime } from "@effect/platform-node"
import { Clock, Console, DateTime, Effect, Layer, Redacted } from "effect"
import { path, type Template } from "../../src/domain/Template.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { Renderer, type RenderInput } from "../../src/services/Renderer.ts"
import { casesOf, derived, plain } from "../../test/services/conformance.ts"
import { percentile, publish, type Row, table } from "./report.ts"

const FILE = resolve(import.meta.dirname, "../../test/services/data/jinja-real.json")
const VENV = join(homedir(), ".cache/vcenter-operator/jinja2")
const ROUNDS = 5
const SECONDS = 2
/** How many renderings four vCenters ask for at a time; a region has more. */
const TOGETHER = 256
/** How often everything is asked for in one go: as much as a region renders when its templates change. */
const REPEATED = 50

const run = promisify(execFile)

const python = Effect.promise(async () => {
  const binary = join(VENV, "bin/python")
  if (!existsSync(binary)) {
    await run("python3", ["-m", "venv", VENV])
    await run(join(VENV, "bin/pip"), ["install", "--quiet", "jinja2==3.1.6"])
  }
  return binary
})

const jinja2 = Effect.fnUntraced(function* (binary: string) {
  const { stdout } = yield* Effect.promise(() =>
    run(binary, [join(import.meta.dirname, "jinja_rate.py"), FILE, String(SECONDS)])
  )
  const [rate = "", cpu = "", ...versions] = stdout.trim().split(" ")
  return { rate: Number(rate), cpu: Number(cpu), versions }
})

/** What the recording has, as templates and contexts. */
const inputs = casesOf(readFileSync(FILE, "utf8")).flatMap(
  ({ id, src, opts = {}, templates = {}, ctx = {}, expect }) => {
    if (!("out" in expect)) return []
    const templateOf = (name: string, source: string, options: Template["options"]): Template => ({
      ...{ namespace: "monsoon3", name, uid: name, generation: 1, scope: "cluster" },
      options,
      source
    })
    const library = new Map(
      Object.entries(templates).map(([name, each]) =>
        typeof each === "string"
          ? [name, templateOf(name, each, {})]
          : [name, templateOf(name, each.src, each.opts ?? {})]
      )
    )
    const subject = { scope: "cluster", name: "c", ref: "domain-c1", datacenter: "datacenter-1" } as const
    const input: RenderInput = {
      template: templateOf(id ?? "", src, opts),
      library,
      context: { subject, values: new Map(Object.entries(ctx).map(([k, v]) => [k, plain(v)])), unavailable: new Map() },
      seed: Redacted.make(String(ctx.master_password ?? ""))
    }
    return [{ input, out: expect.out }]
  }
)

/** Renderings a second, so many of them at a time, and what one costs in microseconds of both threads. */
const rate = Effect.fnUntraced(function* (concurrency: number, what: "render" | "documents") {
  const renderer = yield* Renderer
  const all = Array.from({ length: concurrency === 1 ? 1 : REPEATED }, () => inputs).flat()
  const once = Effect.forEach(all, ({ input }) => Effect.ignore(renderer[what](input)), {
    concurrency,
    discard: true
  })
  const start = yield* Clock.currentTimeMillis
  const before = process.cpuUsage()
  let now = start
  let count = 0
  while (now < start + SECONDS * 1000) {
    yield* once
    count += all.length
    now = yield* Clock.currentTimeMillis
  }
  const { user, system } = process.cpuUsage(before)
  return { rate: (count / (now - start)) * 1000, cpu: (user + system) / count }
})

const made = new Map<string, Redacted.Redacted>()

/** Kept once they are derived, as the operator keeps them. */
const passwords = Layer.succeed(
  Passwords,
  Passwords.of({
    derive: (username, seed, site) =>
      Effect.sync(() => {
        const key = [username, site, Redacted.value(seed)].join("\0")
        const password = made.get(key) ?? Redacted.make(derived(username, site, Redacted.value(seed)))
        made.set(key, password)
        return password
      }),
    known: Effect.succeed([])
  })
)

const bench = Effect.gen(function* () {
  const renderer = yield* Renderer
  for (const { input, out } of inputs) {
    if ((yield* renderer.render(input)) !== out) return yield* Effect.die(new Error(`${path(input.template)} differs`))
  }
  const binary = yield* python
  yield* rate(TOGETHER, "render")
  const rounds: Array<Record<"together" | "alone" | "documents" | "jinja2" | "cpu" | "jinja2Cpu", number>> = []
  let versions: ReadonlyArray<string> = []
  for (let round = 1; round <= ROUNDS; round++) {
    yield* Console.error(`bench: rendering, round ${round} of ${ROUNDS}`)
    const other = yield* jinja2(binary)
    versions = other.versions
    const together = yield* rate(TOGETHER, "render")
    rounds.push({
      jinja2: other.rate,
      jinja2Cpu: other.cpu,
      together: together.rate,
      cpu: together.cpu,
      alone: (yield* rate(1, "render")).rate,
      documents: (yield* rate(TOGETHER, "documents")).rate
    })
  }
  const median = (of: (round: (typeof rounds)[number]) => number) =>
    percentile(
      rounds.map(of).sort((a, b) => a - b),
      0.5
    )
  const rows: ReadonlyArray<Row> = [
    {
      what: `Jinja2 ${versions[0]} on Python ${versions[1]}`,
      measured: `${median((r) => r.jinja2).toFixed(0)}/s`,
      wanted: "–"
    },
    {
      what: `the rendering thread, ${TOGETHER} at a time`,
      measured: `${median((r) => r.together).toFixed(0)}/s`,
      wanted: "–"
    },
    { what: "… times Jinja2", measured: median((r) => r.together / r.jinja2).toFixed(2), wanted: "≥ 1.5" },
    {
      what: "microseconds of processors for one: Jinja2, both threads here",
      measured: `${median((r) => r.jinja2Cpu).toFixed(1)}, ${median((r) => r.cpu).toFixed(1)}`,
      wanted: "–"
    },
    { what: "one at a time", measured: `${median((r) => r.alone).toFixed(0)}/s`, wanted: "–" },
    { what: "… times Jinja2", measured: median((r) => r.alone / r.jinja2).toFixed(2), wanted: "–" },
    { what: "read as YAML as well", measured: `${median((r) => r.documents).toFixed(0)}/s`, wanted: "–" }
  ]
  const text = table(rows)
  yield* Console.log(text)
  const date = DateTime.formatIsoDateUtc(yield* DateTime.now)
  const head = `One run on ${date}, medians of ${ROUNDS} rounds of ${SECONDS} s: the ${inputs.length} recorded renderings of real nova templates, everything compiled before. Node ${process.versions.node}, ${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(0)}.`
  yield* Effect.sync(() => publish("rendering", `${head}\n\n${text}`))
})

NodeRuntime.runMain(Effect.scoped(Effect.provide(bench, Renderer.layer.pipe(Layer.provide(passwords)))))
