import {
  Cause,
  Clock,
  ConfigProvider,
  Console,
  Duration,
  Effect,
  Exit,
  Fiber,
  FileSystem,
  Layer,
  Logger,
  Option,
  Redacted
} from "effect"
import { TestClock } from "effect/testing"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import * as DnsMock from "../../sandbox/DnsMock.ts"
import * as VCenterMock from "../../sandbox/vcenter/VCenterMock.ts"
import { VCenterModel } from "../../sandbox/vcenter/VCenterModel.ts"
import type { Happening } from "../../src/domain/Happening.ts"
import { Kube } from "../../src/services/Kube.ts"
import { Passwords } from "../../src/services/Passwords.ts"
import { type Mode, program } from "../../src/streams/program.ts"
import { wire } from "../../src/wire.ts"
import { sameThread } from "../services/sameThread.ts"
import { NAMESPACE, SECRET, secret, TEMPLATES, TSIG, ZONE } from "./fixtures.ts"
import { type Life, mortal } from "./mortal.ts"

/** A noon in the year of the sandbox: at the epoch itself, "never" would be just now. */
const NOON = Date.UTC(2026, 10, 22, 12)

/** Everything outside the operator, with its levers, and a way to start operators in it. */
export interface World {
  readonly cluster: Cluster["Service"]
  readonly zone: DnsMock.DnsMock
  readonly a: VCenterModel
  readonly b: VCenterModel
  readonly vcenters: Map<string, VCenterModel>
  /** How far the operator's clock is ahead: it jumps, and what sleeps sleeps on. */
  readonly clock: { aheadMillis: number }
  readonly start: (given?: Partial<Given>, life?: Life, files?: Map<string, string>) => Effect.Effect<Operator>
}

/** How an operator is started. */
interface Given extends Mode {
  /** Its name, by which it holds the Lease; the same one is the same pod, started again. */
  readonly pod: string
}

/** One running operator. */
export interface Operator {
  /** What it has printed so far, the newest last. */
  readonly told: ReadonlyArray<Happening>
  /** The same as text, secrets taken out, and what it wrote to the standard error. */
  readonly printed: ReadonlyArray<string>
  readonly complained: ReadonlyArray<string>
  readonly life: Life
  /** How it ended, when it has. */
  readonly exit: () => Exit.Exit<unknown, unknown> | undefined
  /** Asks it to end, as SIGTERM does, and gives the seconds it took; fails after thirty. */
  readonly stop: Effect.Effect<number>
}

/** vc-a-0 with two production clusters and a storage cluster, vc-b-0 with one; the templates of `fixtures`. */
export const world = Effect.gen(function* (): Effect.fn.Return<World, never, Cluster> {
  yield* TestClock.setTime(NOON)
  const cluster = yield* Cluster
  const a = vcenter("11111111-1111-4111-8111-111111111111", "QA-DE-1a", ["productionbb091", "productionbb092"])
  const b = vcenter("22222222-2222-4222-8222-222222222222", "QA-DE-1b", ["productionbb201"])
  const vcenters = new Map([
    [`vc-a-0.${ZONE}`, a],
    [`vc-b-0.${ZONE}`, b]
  ])
  const zone = yield* DnsMock.make({
    zone: ZONE,
    // A transfer of several messages can break off in between.
    recordsPerMessage: 1,
    key: { name: "tsig-key", algorithm: "hmac-sha256", secret: Redacted.make(TSIG) }
  })
  yield* zone.addHost("vc-a-0", "192.0.2.10")
  yield* zone.addHost("vc-b-0", "192.0.2.11")
  yield* cluster.seed([...TEMPLATES, secret(SECRET)])
  yield* cluster.clearLog
  const outside = Layer.mergeAll(zone.layer, VCenterMock.layer(vcenters), renderer)

  const clock = { aheadMillis: 0 }
  const jumping = jumpy(yield* Clock.Clock, clock)

  const start = Effect.fnUntraced(function* (
    given: Partial<Given> = {},
    life: Life = { dead: false },
    files?: Map<string, string>
  ) {
    const { dryRun = false, once = false, timeout = Duration.minutes(5), pod = "operator-0" } = given
    const told: Array<Happening> = []
    const printed: Array<string> = []
    const complained: Array<string> = []
    const console: Console.Console = Object.assign(Object.create(globalThis.console), {
      log: (line: string) => {
        printed.push(line)
        const { event, ...rest } = JSON.parse(line)
        told.push({ _tag: event, ...rest })
      },
      error: (line: string) => complained.push(line)
    })
    const kube = Layer.succeed(Kube, mortal(cluster.kube({ readOnly: dryRun }), life))
    const options = {
      dryRun,
      once,
      timeout,
      output: "ndjson",
      saveFacts: Option.fromUndefinedOr(files && FACTS_FILE)
    } as const
    const running = program(options).pipe(
      Effect.provide(wire(options, kube, outside)),
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ ...ENVIRONMENT, POD_NAME: pod }))),
      Effect.provide(FileSystem.layerNoop(files === undefined ? {} : within(files))),
      Effect.provide(Logger.layer([])),
      Effect.provideService(Console.Console, console),
      Effect.provideService(Clock.Clock, jumping)
    )
    const fiber = yield* Effect.forkDetach(running)
    yield* turns
    const stop = Effect.gen(function* () {
      yield* Effect.forkDetach(Fiber.interrupt(fiber), { startImmediately: true })
      for (let tenths = 0; tenths < 300; tenths++) {
        yield* turns
        if (fiber.pollUnsafe() !== undefined) return tenths / 10
        yield* TestClock.adjust("100 millis")
      }
      return yield* Effect.die(new Error("the operator did not end within 30 seconds"))
    })
    return { told, printed, complained, life, exit: () => fiber.pollUnsafe(), stop } satisfies Operator
  })
  return { cluster, zone, a, b, vcenters, clock, start }
})

const jumpy = (steady: Clock.Clock, jump: { readonly aheadMillis: number }): Clock.Clock => {
  const currentTimeMillisUnsafe = () => steady.currentTimeMillisUnsafe() + jump.aheadMillis
  const currentTimeNanosUnsafe = () => steady.currentTimeNanosUnsafe() + BigInt(jump.aheadMillis) * 1_000_000n
  return {
    currentTimeMillisUnsafe,
    currentTimeMillis: Effect.sync(currentTimeMillisUnsafe),
    currentTimeNanosUnsafe,
    currentTimeNanos: Effect.sync(currentTimeNanosUnsafe),
    monotonicTimeNanosUnsafe: () => steady.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: steady.monotonicTimeNanos,
    sleep: (duration) => steady.sleep(duration)
  }
}

/** Where the facts are saved when `start` is given files. */
export const FACTS_FILE = "/saved/facts.yaml"

/** A directory that holds these files. */
const within = (files: Map<string, string>): Partial<FileSystem.FileSystem> => ({
  access: () => Effect.void,
  writeFileString: (path, text) => Effect.sync(() => files.set(path, text)),
  rename: (from, to) => Effect.sync(() => files.set(to, files.get(from) ?? "").delete(from))
})

const ENVIRONMENT = { REGION: "qa-de-1", POD_NAMESPACE: NAMESPACE, SERVICE_DOMAIN: ZONE }

/** Each test has a cluster of its own. */
export const inWorld = <A, E>(test: (world: World) => Effect.Effect<A, E, Cluster>) =>
  Effect.flatMap(world, test).pipe(Effect.provide(Cluster.layer))

export const vcenter = (uuid: string, datacenter: string, clusters: ReadonlyArray<string>): VCenterModel => {
  const model = new VCenterModel(uuid)
  model.addDatacenter(datacenter)
  for (const cluster of clusters) addCluster(model, cluster)
  return model
}

export const addCluster = (model: VCenterModel, name: string): string => {
  const bb = name.replace(/^\D+/, "")
  return model.addCluster(name, { datastores: [`eph_bb${bb}_0`], networks: ["management", `br-vlan${bb}`] })
}

/** scrypt takes real time, which virtual time does not wait for. */
export const quickPasswords = Passwords.layerWith(({ username, seed }) =>
  Effect.succeed(Redacted.make(new TextEncoder().encode(`${username}\n${Redacted.value(seed)}`.padEnd(64))))
)

/** A thread takes real time as well. */
const renderer = sameThread.pipe(Layer.provideMerge(quickPasswords))

/** What is ready to run, runs. */
const turns = Effect.gen(function* () {
  for (let n = 0; n < 5; n++) yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
})

/** Lets seconds pass, in quarters at first and then one by one: deadlines are computed as time goes. */
export const pass = Effect.fnUntraced(function* (seconds: number) {
  yield* turns
  for (let passed = 0; passed < seconds; ) {
    const step = passed < QUARTERED ? 0.25 : 1
    yield* TestClock.adjust(step * 1000)
    yield* turns
    passed += step
  }
})

/** Seconds that are let pass in quarters. */
const QUARTERED = 10

/** Lets time pass until it is so; gives the seconds. A minute is the most. */
export const until = <R = never>(what: string, isSo: Effect.Effect<boolean, never, R> | (() => boolean), most = 60) =>
  Effect.gen(function* () {
    const check = Effect.isEffect(isSo) ? isSo : Effect.sync(isSo)
    for (let seconds = 0; seconds < most; seconds += 0.25) {
      yield* turns
      if (yield* check) return seconds
      yield* TestClock.adjust("250 millis")
    }
    return yield* Effect.die(new Error(`not within ${most} seconds: ${what}`))
  })

/** The happenings of one tag, in order. */
export const all = <T extends Happening["_tag"]>(
  { told }: Operator,
  tag: T
): ReadonlyArray<Extract<Happening, { readonly _tag: T }>> =>
  told.filter((happening): happening is Extract<Happening, { readonly _tag: T }> => happening._tag === tag)

/** Waits until every vCenter given has been reconciled once more than it was. */
export const settled = (operator: Operator, ...vcenters: ReadonlyArray<string>) => {
  const names = vcenters.length === 0 ? ["vc-a-0", "vc-b-0"] : vcenters
  const counts = () =>
    names.map((name) => all(operator, "Reconciled").filter(({ vcenter }) => vcenter.startsWith(`${name}.`)).length)
  const before = counts()
  return Effect.andThen(
    until(`${names.join(" and ")} reconciled`, () => counts().every((count, index) => count > (before[index] ?? 0))),
    // Statuses are written after it, those of templates every two seconds.
    pass(3)
  )
}

export const succeeded = (exit: Exit.Exit<unknown, unknown> | undefined): boolean =>
  exit !== undefined && (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause))
