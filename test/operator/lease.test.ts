import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import * as LeaseSpec from "../../src/domain/LeaseSpec.ts"
import type { ObjectKey } from "../../src/services/Kube.ts"
import { NAMESPACE } from "./fixtures.ts"
import { addCluster, all, inWorld, type Operator, pass, settled, until } from "./harness.ts"
import { applied, object, recorded, writes } from "./looks.ts"

const LEASE: ObjectKey = {
  apiVersion: LeaseSpec.API_VERSION,
  kind: LeaseSpec.KIND,
  namespace: NAMESPACE,
  name: LeaseSpec.NAME
}

/** In seconds: how long a Lease holds, and how often it is renewed and asked for. */
const [DURATION, RENEWED, ASKED] = [15, 3, 1]

const OTHER = { pod: "operator-1" }

const holder = Effect.map(object(LEASE), ({ spec }) => LeaseSpec.read(spec).holderIdentity)

/** Writes that have reached the server, Leases apart. */
const written = ({ life }: Operator): number => life.writes ?? 0

const kill = ({ life }: Operator) =>
  Effect.sync(() => {
    life.dead = true
  })

/** The Lease cannot be renewed, though everything else can be written. */
const refuse = Cluster.use(({ failNext }) =>
  failNext({ verb: "patch", kind: "Lease", reason: "ServerError", times: 1000 })
)

describe("operator, one of two processes", () => {
  it.effect("waits while the other one holds the Lease, writes nothing, and says who it is", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        const second = yield* start(OTHER)
        yield* pass(120)
        addCluster(a, "productionbb093")
        yield* settled(first, "vc-a-0")
        assert.deepStrictEqual(
          all(second, "Standby").map(({ holder }) => holder),
          ["operator-0"]
        )
        assert.lengthOf(second.told, 1)
        assert.strictEqual(second.life.sent, undefined)
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
      })
    )
  )

  it.effect("goes on 15 seconds after the other one has renewed the Lease for the last time, and no earlier", () =>
    inWorld(({ a, start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        const second = yield* start(OTHER)
        yield* pass(20)
        addCluster(a, "productionbb093")
        yield* kill(first)
        const seconds = yield* until("the other one leads", () => all(second, "Leading").length === 1)
        assert.isAtLeast(seconds, DURATION - RENEWED)
        assert.isAtMost(seconds, DURATION + ASKED)
        yield* until("it writes", () => written(second) > 0)
        yield* pass(10)
        assert.include(yield* applied, "Deployment/agent-bb93")
      })
    )
  )

  it.effect("goes on at once when the other one has ended in good order", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        const second = yield* start(OTHER)
        yield* pass(5)
        yield* first.stop
        assert.strictEqual(yield* holder, "")
        assert.isAtMost(yield* until("the other one leads", () => all(second, "Leading").length === 1), ASKED)
        assert.strictEqual(yield* holder, "operator-1")
      })
    )
  )

  it.effect("writes nothing in --dry-run and needs no Lease for it", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        yield* settled(yield* start())
        const dry = yield* start({ ...OTHER, dryRun: true })
        yield* settled(dry)
        assert.deepStrictEqual(all(dry, "Standby"), [])
        assert.strictEqual(written(dry), 0)
      })
    )
  )

  it.effect("says with --once who holds the Lease, when it does not get it in time", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        yield* settled(yield* start())
        const second = yield* start({ ...OTHER, once: true, timeout: Duration.seconds(20) })
        yield* until("it ends", () => second.exit() !== undefined)
        assert.include(second.complained.join("\n"), "within 20s: operator-0 holds the Lease")
        assert.strictEqual(second.life.sent, undefined)
      })
    )
  )
})

describe("operator, with its Lease", () => {
  it.effect("goes on at once when it is the same pod, started again", () =>
    inWorld(({ start }) =>
      Effect.gen(function* () {
        const first = yield* start()
        yield* settled(first)
        yield* kill(first)
        const second = yield* start()
        assert.isAtMost(yield* until("it begins", () => all(second, "Started").length === 1), 1)
        assert.deepStrictEqual(all(second, "Standby"), [])
      })
    )
  )

  it.effect("writes nothing more ten seconds after the last renewal, and goes on when it has it again", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* refuse
        yield* until("the Lease is lost", () => all(operator, "LeaseLost").length === 1, 11)
        assert.match(all(operator, "LeaseLost")[0]?.message ?? "", /^it could not be renewed for 10 s: .*ordered by/)
        yield* cluster.clearLog
        addCluster(a, "productionbb093")
        yield* pass(60)
        assert.deepStrictEqual(yield* writes, [])
        yield* cluster.heal
        yield* settled(operator, "vc-a-0")
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
      })
    )
  )

  it.effect("cuts what is under way when it loses the Lease, and keeps it recorded as possible", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        addCluster(a, "productionbb093")
        yield* cluster.latency("1 second")
        yield* until(
          "it applies",
          Effect.map(writes, (all) => all.includes("apply Secret/login-bb93"))
        )
        yield* refuse
        yield* cluster.latency("1 hour")
        yield* until("the Lease is lost", () => all(operator, "LeaseLost").length === 1, 11)
        yield* cluster.latency(0)
        yield* cluster.clearLog
        yield* pass(60)
        assert.deepStrictEqual(yield* writes, [])
        assert.include(yield* recorded("vc-a-0"), "Secret/login-bb93")
        yield* cluster.heal
        yield* settled(operator)
        assert.include(yield* applied, "Deployment/agent-bb93")
      })
    )
  )

  it.effect("stops at once when another one has taken it, and comes back when that one is silent for 15 seconds", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.edit(LEASE, (live) => ({ ...live, spec: { ...Object(live.spec), holderIdentity: "a-third" } }))
        yield* until("the Lease is lost", () => all(operator, "LeaseLost").length === 1, RENEWED + 2 * ASKED)
        assert.strictEqual(all(operator, "LeaseLost")[0]?.message, "a-third holds it")
        const before = written(operator)
        addCluster(a, "productionbb093")
        yield* pass(DURATION - RENEWED)
        assert.strictEqual(written(operator), before)
        assert.isAtMost(yield* until("it leads again", () => all(operator, "Leading").length === 1), RENEWED + ASKED)
        yield* pass(10)
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
      })
    )
  )

  it.effect("makes it anew when somebody deletes it", () =>
    inWorld(({ cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.remove(LEASE)
        yield* pass(RENEWED + 2 * ASKED)
        assert.strictEqual(yield* holder, "operator-0")
        assert.deepStrictEqual(all(operator, "LeaseLost"), [])
      })
    )
  )

  it.effect("waits with its writes while its clock has jumped, until the Lease is renewed", () =>
    inWorld(({ a, clock, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        const second = yield* start(OTHER)
        yield* pass(5)
        yield* cluster.clearLog
        yield* refuse
        clock.aheadMillis += Duration.toMillis("1 day")
        addCluster(a, "productionbb093")
        yield* pass(5)
        assert.deepStrictEqual(yield* writes, [])
        yield* cluster.heal
        yield* settled(operator, "vc-a-0")
        assert.deepStrictEqual([...all(operator, "LeaseLost"), ...all(second, "Leading")], [])
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
      })
    )
  )

  it.effect("is without it after the API has been away, and begins anew", () =>
    inWorld(({ a, cluster, start }) =>
      Effect.gen(function* () {
        const operator = yield* start()
        yield* settled(operator)
        yield* cluster.disconnect
        yield* pass(20)
        assert.lengthOf(all(operator, "LeaseLost"), 1)
        assert.strictEqual(a.openSessions, 0)
        addCluster(a, "productionbb093")
        yield* cluster.connect
        yield* settled(operator, "vc-a-0", "vc-b-0")
        assert.include(yield* recorded("vc-a-0"), "Deployment/agent-bb93")
      })
    )
  )
})
