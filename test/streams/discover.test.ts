import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Queue, Redacted, Stream } from "effect"
import { Cluster } from "../../sandbox/cluster/Cluster.ts"
import * as DnsMock from "../../sandbox/DnsMock.ts"
import type { Fault } from "../../sandbox/dns/Fault.ts"
import type { Happening } from "../../src/domain/Happening.ts"
import type { Settings } from "../../src/domain/Settings.ts"
import type { ZoneRecord } from "../../src/domain/Zone.ts"
import { Dns, type NameServer, type TsigKey } from "../../src/services/Dns.ts"
import { Journal } from "../../src/services/Journal.ts"
import { discover, type Zone } from "../../src/streams/discover.ts"
import { settingsOf, TEST_KEY } from "../domain/settingsOf.ts"
import { due, pass } from "./time.ts"

const DOMAIN = "cc.qa-de-1.cloud.sap"
const KEY: TsigKey = { name: "tsig-key", algorithm: "hmac-sha256", secret: Redacted.make(TEST_KEY) }

const host = (name: string): ZoneRecord => ({ name: `${name}.${DOMAIN}`, type: "A", data: "192.0.2.1" })

/** Writes down which server is asked. */
const overheard = (servers: Array<NameServer>) =>
  Layer.effect(
    Dns,
    Effect.map(Dns, (dns) => ({
      serial: (server, zone) => Effect.suspend(() => Effect.andThen(note(servers, server), dns.serial(server, zone))),
      transfer: dns.transfer
    }))
  )
const note = (servers: Array<NameServer>, server: NameServer) => Effect.sync(() => void servers.push(server))

/** The zone of one vCenter `vc-a-0`, and discovery at work; settings are given one by one. */
const world = Effect.fnUntraced(function* (signed = true) {
  const server = yield* DnsMock.make({
    zone: DOMAIN,
    key: signed ? KEY : undefined,
    records: [host("vc-a-0")],
    recordsPerMessage: 1
  })
  const servers: Array<NameServer> = []
  const settings = yield* Queue.unbounded<Settings>()
  const zones: Array<Zone> = []
  const services = yield* Layer.build(
    Layer.mergeAll(
      overheard(servers).pipe(Layer.provide(server.layer)),
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
    server,
    servers,
    cluster: yield* Effect.provide(Cluster, services),
    /** The next queries go wrong, as many as this. */
    fail: (fault: Fault, times: number) =>
      Effect.forEach(Array.from({ length: times }), () => server.failNext(fault), { discard: true }),
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
      const { server } = yield* world()
      yield* pass(60)
      assert.deepStrictEqual(yield* server.queries, { soa: 0, axfr: 0 })
    })
  )

  it.effect("transfers the zone at once, then asks for its serial every ten seconds, and transfers what is new", () =>
    Effect.gen(function* () {
      const { server, told, use, zones } = yield* world()
      yield* use(settingsOf())
      assert.deepStrictEqual(zones(), ["1: vc-a-0"])
      yield* pass(60)
      assert.deepStrictEqual(zones(), [])
      assert.deepStrictEqual(yield* server.queries, { soa: 7, axfr: 1 })
      yield* server.set([host("vc-b-0")])
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["2: vc-b-0"])
      assert.deepStrictEqual(yield* told, ["Discovered 1 + vc-a-0 - ", "Discovered 2 + vc-b-0 - vc-a-0"])
    })
  )

  it.effect("takes an empty zone that is complete for what it is", () =>
    Effect.gen(function* () {
      const { server, use, zones } = yield* world()
      yield* use(settingsOf())
      yield* server.set([])
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["1: vc-a-0", "2: "])
    })
  )

  it.effect("emits nothing while the name server fails, tells each failure once, and goes on asking", () =>
    Effect.gen(function* () {
      const { fail, server, told, use, zones } = yield* world()
      yield* use(settingsOf())
      yield* server.set([])
      yield* fail("drop", 60)
      yield* fail({ rcode: 5 }, 60)
      yield* pass(1200)
      assert.deepStrictEqual(zones(), ["1: vc-a-0"])
      yield* server.set([host("vc-a-0"), host("vc-b-0")])
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["3: vc-a-0,vc-b-0"])
      const [first, drop, refused, last, ...others] = yield* told
      assert.strictEqual(first, "Discovered 1 + vc-a-0 - ")
      assert.match(drop ?? "", /^DiscoverFailed 10\.0\.0\.53:53: .*closed/)
      assert.match(refused ?? "", /^DiscoverFailed 10\.0\.0\.53:53: .*REFUSED/)
      assert.deepStrictEqual([last, others], ["Discovered 3 + vc-b-0 - ", []])
    })
  )

  it.effect.each<Fault>(["truncate", "forged", "unsigned"])("takes no transfer that is %s for a zone", (fault) =>
    Effect.gen(function* () {
      const { server, use, zones } = yield* world()
      yield* use(settingsOf())
      yield* server.set([host("vc-b-0"), host("vc-c-0")])
      for (let poll = 0; poll < 3; poll++) {
        yield* server.failNext({ unsignedMiddle: 0 })
        yield* server.failNext(fault)
        yield* pass(10)
      }
      assert.deepStrictEqual([zones(), yield* server.queries], [["1: vc-a-0"], { soa: 4, axfr: 4 }])
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["2: vc-b-0,vc-c-0"])
    })
  )

  it.effect("tells the same failure again when it comes back after a success", () =>
    Effect.gen(function* () {
      const { fail, told, use } = yield* world()
      yield* fail("drop", 1)
      yield* use(settingsOf())
      yield* pass(10)
      yield* fail("drop", 1)
      yield* pass(10)
      const [one, discovered, other] = yield* told
      assert.strictEqual(discovered, "Discovered 1 + vc-a-0 - ")
      assert.match(one ?? "", /^DiscoverFailed/)
      assert.strictEqual(other, one)
    })
  )

  it.effect("transfers a zone whose serial went back, and says so", () =>
    Effect.gen(function* () {
      const { server, told, use, zones } = yield* world()
      yield* server.serial(7)
      yield* use(settingsOf())
      yield* server.set([host("vc-b-0")])
      yield* server.serial(3)
      yield* pass(10)
      assert.deepStrictEqual(zones(), ["7: vc-a-0", "3: vc-b-0"])
      assert.include(
        yield* told,
        `Warning the serial of ${DOMAIN} went back from 7 to 3; the zone is transferred all the same`
      )
    })
  )

  it.effect("asks a new name server at once, and leaves the zone alone when other settings change", () =>
    Effect.gen(function* () {
      const { server, servers, use, zones } = yield* world()
      yield* use(settingsOf())
      yield* use(settingsOf({ prune_delay: "1m" }))
      assert.deepStrictEqual(yield* server.queries, { soa: 1, axfr: 1 })
      yield* use(settingsOf({ dns_ip: "10.0.0.54", dns_port: "5353" }))
      assert.deepStrictEqual(zones(), ["1: vc-a-0", "1: vc-a-0"])
      assert.deepStrictEqual(servers.at(-1), { address: "10.0.0.54", port: 5353, key: KEY })
      yield* pass(10)
      assert.deepStrictEqual(yield* server.queries, { soa: 3, axfr: 2 })
    })
  )

  it.effect("asks without a key only when the settings have none", () =>
    Effect.gen(function* () {
      const { servers, use, zones } = yield* world(false)
      yield* use(settingsOf())
      assert.deepStrictEqual(zones(), [])
      yield* use(settingsOf({ tsig_key: "", dangerous_unsigned_dns: "true" }))
      assert.deepStrictEqual(zones(), ["1: vc-a-0"])
      assert.deepStrictEqual(
        servers.map(({ key }) => key),
        [KEY, undefined]
      )
    })
  )

  it.effect("finds the name server by its Service when the settings name none, and anew at each poll", () =>
    Effect.gen(function* () {
      const { cluster, servers, told, use, zones } = yield* world()
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
      assert.deepStrictEqual(zones(), ["1: vc-a-0"])
      assert.deepStrictEqual([servers[0]?.address, servers[0]?.port], ["10.1.2.3", 5354])
    })
  )
})
