import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as VCenterMock from "../../sandbox/vcenter/VCenterMock.ts"
import type { VCenterModel } from "../../sandbox/vcenter/VCenterModel.ts"
import type { Target } from "../../src/domain/Target.ts"
import { VCenter } from "../../src/services/VCenter.ts"
import { FQDN, follow, PASSWORD, simulate, small, USERNAME } from "./SimulatedVCenter.ts"

const TARGET: Target = {
  fqdn: FQDN,
  port: 443,
  username: USERNAME,
  password: Redacted.make(PASSWORD),
  tls: { _tag: "Verify" }
}

const open = (target: Target = TARGET) => VCenter.use((vcenter) => vcenter.open(target))

/** Everything that happens, and how many readings it gives. */
const SCRIPT: ReadonlyArray<{ what: string; readings: number; pull: (model: VCenterModel) => void }> = [
  { what: "two more clusters", readings: 1, pull: (m) => m.batch(() => ["a", "b"].map((n) => m.addCluster(n))) },
  { what: "a datacenter in a folder", readings: 1, pull: (m) => m.addDatacenter("QA-DE-1b", m.addFolder("emea")) },
  { what: "a cluster moves there", readings: 1, pull: (m) => m.move("a", "QA-DE-1b") },
  { what: "a datastore", readings: 1, pull: (m) => m.mount("a", "eph_a") },
  { what: "a network", readings: 1, pull: (m) => m.attach("a", "br-a") },
  { what: "names with markup", readings: 1, pull: (m) => m.rename("br-a", ` <br-a> & "co" `) },
  { what: "an empty name", readings: 1, pull: (m) => m.rename("eph_a", "") },
  { what: "a property that is hidden", readings: 1, pull: (m) => m.hideProperty("productionbb001", "datastore") },
  { what: "the same, shown", readings: 1, pull: (m) => m.showProperty("productionbb001", "datastore") },
  { what: "a cluster that is hidden", readings: 1, pull: (m) => m.hide("productionbb001") },
  { what: "the same, shown", readings: 1, pull: (m) => m.show("productionbb001") },
  { what: "a lost version", readings: 2, pull: (m) => m.invalidateVersions() },
  { what: "a lost collector", readings: 2, pull: (m) => m.forgetCollectors() },
  {
    what: "a small page",
    readings: 1,
    pull: (m) => m.batch(() => [1, 2, 3].map(() => Object.assign(m, { pageSize: 1 }).addCluster("c")))
  },
  { what: "a datacenter that goes with all it holds", readings: 1, pull: (m) => m.remove("QA-DE-1a") }
]

describe("VCenterMock", () => {
  it.live("emits what the real conversation over a socket emits, through the same script", () =>
    Effect.gen(function* () {
      const socket = yield* simulate(small())
      const memory = small()
      const real = yield* Effect.provide(Effect.flatMap(open(socket.target), follow), VCenter.layer)
      const mocked = yield* Effect.provide(Effect.flatMap(open(), follow), VCenterMock.layer(new Map([[FQDN, memory]])))
      assert.deepStrictEqual(yield* mocked.next, yield* real.next)
      for (const { what, readings, pull } of SCRIPT) {
        pull(socket.model)
        pull(memory)
        for (let n = 0; n < readings; n++) assert.deepStrictEqual(yield* mocked.next, yield* real.next, what)
      }
      const counted = ({ calls }: VCenterModel) => [...calls].filter(([method]) => method !== "WaitForUpdatesEx")
      assert.deepStrictEqual(counted(memory), counted(socket.model))
      socket.model.endSessions()
      memory.endSessions()
      const [one, two] = [yield* Effect.flip(mocked.next), yield* Effect.flip(real.next)]
      assert.deepStrictEqual(one, two)
    }).pipe(Effect.scoped)
  )

  const mocked = (models: Readonly<Record<string, VCenterModel>> = { [FQDN]: small() }) =>
    VCenterMock.layer(new Map(Object.entries(models)))

  it.effect("is idle with one call in two minutes: at most three in one are allowed", () => {
    const model = small()
    return Effect.gen(function* () {
      const session = yield* open()
      yield* Effect.forkScoped(Stream.runDrain(session.inventories), { startImmediately: true })
      yield* advance("1 second")
      model.resetCalls()
      yield* advance("10 minutes")
      assert.deepStrictEqual([...model.calls], [["WaitForUpdatesEx", 5]])
    }).pipe(Effect.provide(mocked({ [FQDN]: model })))
  })

  it.effect("asks a server that answers every wait at once no more than three times a minute", () => {
    const model = small()
    let waits = 0
    const hasty = VCenter.layerOver((target) =>
      Effect.map(VCenterMock.connect(new Map([[FQDN, model]]))(target), (vim) => ({
        fqdn: vim.fqdn,
        call: (method, args) =>
          method === "WaitForUpdatesEx" && waits++ > 0 ? Effect.succeed(undefined) : vim.call(method, args)
      }))
    )
    return Effect.gen(function* () {
      const session = yield* open()
      yield* Effect.forkScoped(Stream.runDrain(session.inventories), { startImmediately: true })
      yield* advance("1 second")
      waits = 1
      yield* advance("10 minutes")
      assert.isAtMost(waits - 1, 30)
    }).pipe(Effect.provide(hasty))
  })

  it.effect.each([
    { method: "RetrieveServiceContent", seconds: 30 },
    { method: "Login", seconds: 30 },
    { method: "CreateFilter", seconds: 30 },
    { method: "WaitForUpdatesEx", seconds: 150 }
  ])("waits for $method no longer than $seconds seconds", ({ method, seconds }) => {
    const model = small()
    return Effect.gen(function* () {
      model.hang(method)
      const reading = Effect.flatMap(open(), ({ inventories }) => Stream.runHead(inventories))
      const fiber = yield* Effect.forkChild(Effect.exit(Effect.scoped(reading)), { startImmediately: true })
      yield* advance(Duration.seconds(seconds - 1))
      assert.isUndefined(fiber.pollUnsafe())
      yield* advance("2 seconds")
      const exit = yield* Fiber.join(fiber)
      assert.match(String(Exit.isFailure(exit) ? exit.cause : ""), new RegExp(`no answer to ${method}`))
    }).pipe(Effect.provide(mocked({ [FQDN]: model })))
  })

  it.effect("delays every call by the Clock", () => {
    const model = small()
    model.delayMillis = 4000
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(open(), { startImmediately: true })
      yield* advance("7 seconds")
      assert.strictEqual(model.logins, 0)
      yield* advance("2 seconds")
      yield* Fiber.join(fiber)
      assert.strictEqual(model.logins, 1)
      // The logout, at the end of the test, would wait for a clock that stands still.
      model.delayMillis = 0
    }).pipe(Effect.provide(mocked({ [FQDN]: model })))
  })

  it.effect("says Unreachable where there is no vCenter, and where it is disconnected", () => {
    const model = small()
    return Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(open({ ...TARGET, fqdn: "vc-z-0.example" }))).reason, "Unreachable")
      model.disconnect()
      assert.strictEqual((yield* Effect.flip(open())).reason, "Unreachable")
      model.reconnect()
      yield* open()
    }).pipe(Effect.provide(mocked({ [FQDN]: model })))
  })

  it.effect("checks who logs in, and counts sessions", () => {
    const model = small()
    model.credentials = { username: USERNAME, password: "test-only-other" }
    return Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(open())).reason, "LoginRejected")
      model.credentials = { username: USERNAME, password: PASSWORD }
      yield* Effect.scoped(open())
      assert.deepStrictEqual([model.rejectedLogins, model.logins, model.logouts, model.openSessions], [1, 1, 1, 0])
    }).pipe(Effect.provide(mocked({ [FQDN]: model })))
  })
})

/** In small steps: deadlines are set as time goes on. */
const advance = Effect.fnUntraced(function* (duration: Duration.Input) {
  for (let left = Duration.toMillis(duration); left > 0; left -= 500) yield* TestClock.adjust(Math.min(left, 500))
})
