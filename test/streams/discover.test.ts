import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Queue, Redacted, Ref, Stream } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import type { Happening } from "../../src/domain/Happening.ts"
import type { Settings } from "../../src/domain/Settings.ts"
import type { ZoneRecord } from "../../src/domain/Zone.ts"
import { Dns, DnsError, type NameServer } from "../../src/services/Dns.ts"
import { Journal } from "../../src/services/Journal.ts"
import { discover, type Zone } from "../../src/streams/discover.ts"
import { settingsOf, TEST_KEY } from "../domain/settingsOf.ts"
import { due, pass } from "./time.ts"

const DOMAIN = "cc.qa-de-1.cloud.sap"
const host = (name: string): ZoneRecord => ({ name: `${name}.${DOMAIN}`, type: "A", data: "192.0.2.1" })

/** A name server in memory. The one on a socket needs real time; what is under test here is time itself. */
interface Zoned {
  readonly serial: number
  readonly records: ReadonlyArray<ZoneRecord>
  /** What every question fails with, if anything. */
  readonly failure?: string
}

const world = Effect.gen(function* () {
  const zone = yield* Ref.make<Zoned>({ serial: 7, records: [host("vc-a-0")] })
  const asked: Array<string> = []
  const servers: Array<NameServer> = []
  const answer = <A>(what: string, server: NameServer, read: (zoned: Zoned) => A) =>
    Effect.gen(function* () {
      asked.push(what)
      servers.push(server)
      const zoned = yield* Ref.get(zone)
      if (zoned.failure === undefined) return read(zoned)
      return yield* new DnsError({
        reason: "Timeout",
        server: `${server.address}:${server.port}`,
        detail: zoned.failure
      })
    })
  const dns = Layer.succeed(Dns, {
    serial: (server) => answer("serial", server, ({ serial }) => serial),
    transfer: (server) => answer("transfer", server, ({ serial, records }) => ({ serial, records }))
  })
  const settings = yield* Queue.unbounded<Settings>()
  const zones: Array<Zone> = []
  const services = yield* Layer.build(
    Layer.mergeAll(
      dns,
      Cluster.layerKube({ readOnly: true, origin: { inCluster: true } }).pipe(Layer.provideMerge(Cluster.layer)),
      Journal.layer
    )
  )
  yield* discover(DOMAIN, Stream.fromQueue(settings)).pipe(
    Stream.runForEach((found) => Effect.sync(() => void zones.push(found))),
    Effect.provide(services),
    Effect.forkChild({ startImmediately: true })
  )
  const journal = yield* Effect.provide(Journal, services)
  return {
    asked,
    servers,
    cluster: yield* Effect.provide(Cluster, services),
    set: (zoned: Partial<Zoned>) => Ref.update(zone, (before) => ({ ...before, ...zoned })),
    heal: Ref.update(zone, ({ failure: _, ...rest }): Zoned => rest),
    use: (given: Settings) => Effect.andThen(Queue.offer(settings, given), due),
    /** The zones that came since the last time, as `serial: names`. */
    zones: () => zones.splice(0).map(({ serial, vcenters }) => `${serial}: ${[...vcenters.keys()].map(short)}`),
    told: Effect.map(journal.rest, (all) => all.map(brief))
  }
})

const short = (fqdn: string) => fqdn.replace(`.${DOMAIN}`, "")
const brief = (happening: Happening): string => {
  switch (happening._tag) {
    case "Discovered":
      return `Discovered ${happening.serial} + ${happening.added.map(short)} - ${happening.gone.map(short)}`
    case "DiscoverFailed":
    case "Warning":
      return `${happening._tag} ${happening.message}`
    default:
      return happening._tag
  }
}

describe("discover", () => {
  it.effect("waits for settings", () =>
    Effect.gen(function* () {
      const { asked } = yield* world
      yield* pass(60)
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect(
    "transfers the zone at once, then asks for its serial every ten seconds, and transfers when it is new",
    () =>
      Effect.gen(function* () {
        const { asked, set, told, use, zones } = yield* world
        yield* use(settingsOf())
        assert.deepStrictEqual(zones(), ["7: vc-a-0"])
        yield* pass(60)
        assert.deepStrictEqual(zones(), [])
        assert.deepStrictEqual(asked, [
          "serial",
          "transfer",
          "serial",
          "serial",
          "serial",
          "serial",
          "serial",
          "serial"
        ])
        yield* set({ serial: 8, records: [host("vc-b-0")] })
        yield* pass(10)
        assert.deepStrictEqual(zones(), ["8: vc-b-0"])
        assert.deepStrictEqual(yield* told, ["Discovered 7 + vc-a-0 - ", "Discovered 8 + vc-b-0 - vc-a-0"])
      })
  )

  it.effect("takes an empty zone that is complete for what it is", () =>
    Effect.gen(function* () {
      const { set, use, zones } = yield* world
      yield* use(settingsOf())
      yield* set({ serial: 8, records: [] })
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["7: vc-a-0", "8: "])
    })
  )

  it.effect("emits nothing when the name server fails, tells it once, and goes on asking", () =>
    Effect.gen(function* () {
      const { heal, set, told, use, zones } = yield* world
      yield* use(settingsOf())
      yield* set({ serial: 8, records: [], failure: "no answer" })
      yield* pass(600)
      assert.deepStrictEqual(zones(), ["7: vc-a-0"])
      yield* set({ failure: "refused" })
      yield* pass(600)
      yield* set({ records: [host("vc-a-0"), host("vc-b-0")] })
      yield* heal
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["8: vc-a-0,vc-b-0"])
      assert.deepStrictEqual(yield* told, [
        "Discovered 7 + vc-a-0 - ",
        "DiscoverFailed 10.0.0.53:53: no answer",
        "DiscoverFailed 10.0.0.53:53: refused",
        "Discovered 8 + vc-b-0 - "
      ])
    })
  )

  it.effect("tells the same failure again when it comes back after a success", () =>
    Effect.gen(function* () {
      const { heal, set, told, use } = yield* world
      yield* set({ failure: "no answer" })
      yield* use(settingsOf())
      yield* heal
      yield* pass(10)
      yield* set({ failure: "no answer" })
      yield* pass(10)
      const failed = "DiscoverFailed 10.0.0.53:53: no answer"
      assert.deepStrictEqual(yield* told, [failed, "Discovered 7 + vc-a-0 - ", failed])
    })
  )

  it.effect("transfers a zone whose serial went back, and says so", () =>
    Effect.gen(function* () {
      const { set, told, use, zones } = yield* world
      yield* use(settingsOf())
      yield* set({ serial: 3, records: [host("vc-b-0")] })
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["7: vc-a-0", "3: vc-b-0"])
      assert.include(
        yield* told,
        `Warning the serial of ${DOMAIN} went back from 7 to 3; the zone is transferred all the same`
      )
    })
  )

  it.effect("asks the new name server at once, and leaves the zone alone, when other settings change", () =>
    Effect.gen(function* () {
      const { asked, servers, use, zones } = yield* world
      yield* use(settingsOf())
      yield* use(settingsOf({ prune_delay: "1m" }))
      assert.strictEqual(asked.length, 2)
      yield* use(settingsOf({ dns_ip: "10.0.0.54", dns_port: "5353" }))
      assert.deepStrictEqual(zones(), ["7: vc-a-0", "7: vc-a-0"])
      assert.deepStrictEqual(servers.at(-1), {
        address: "10.0.0.54",
        port: 5353,
        key: { name: "tsig-key", algorithm: "hmac-sha256", secret: Redacted.make(TEST_KEY) }
      })
      const before = asked.length
      yield* pass(10)
      assert.strictEqual(asked.length, before + 1)
    })
  )

  it.effect("asks without a key only when the settings have none", () =>
    Effect.gen(function* () {
      const { servers, use } = yield* world
      yield* use(settingsOf({ tsig_key: "", dangerous_unsigned_dns: "true" }))
      assert.deepStrictEqual(servers[0], { address: "10.0.0.53", port: 53, key: undefined })
    })
  )

  it.effect("finds the name server by its Service when the settings name none, and anew at each poll", () =>
    Effect.gen(function* () {
      const { cluster, servers, told, use, zones } = yield* world
      yield* use(settingsOf({ dns_ip: "" }))
      assert.deepStrictEqual(yield* told, [
        "DiscoverFailed no Service with the labels component=mdns,type=backend: deploy it, or set dns_ip in the Secret"
      ])
      yield* cluster.seed([
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "mdns", namespace: "monsoon3", labels: { component: "mdns", type: "backend" } },
          spec: { clusterIP: "10.1.2.3", ports: [{ port: 5354, protocol: "TCP" }] }
        }
      ])
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["7: vc-a-0"])
      assert.deepStrictEqual([servers[0]?.address, servers[0]?.port], ["10.1.2.3", 5354])
    })
  )
})
