import { Effect, Equal, Option, Ref, Result, Schedule, Stream } from "effect"
import { DNS_SERVICE_SELECTOR, type Endpoint, endpoint } from "../domain/DnsService.ts"
import { forTransfer, type Settings } from "../domain/Settings.ts"
import { compareSerials, type VCenterHost, vcenters } from "../domain/Zone.ts"
import { Dns, type NameServer } from "../services/Dns.ts"
import { Journal } from "../services/Journal.ts"
import { Kube } from "../services/Kube.ts"
import { ZONE_POLL } from "./schedules.ts"

/** The vCenters of the newest complete, verified zone, by FQDN. */
export interface Zone {
  readonly serial: number
  readonly vcenters: ReadonlyMap<string, VCenterHost>
}

/** TSIG key name and algorithm as the predecessor's name servers have them. */
const TSIG = { name: "tsig-key", algorithm: "hmac-sha256" } as const

/**
 * The zone, whenever its serial has changed. What goes wrong is told and tried again at the next poll; the last good
 * zone stays in force, because nothing new is emitted. New settings of the name server transfer it anew.
 *
 * @param confirm run at every poll that has found the newest zone still to be the whole one
 */
export const discover = (
  domain: string,
  settings: Stream.Stream<Settings>,
  confirm: Effect.Effect<void> = Effect.void
): Stream.Stream<Zone, never, Dns | Kube | Journal> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const known = yield* Ref.make<ReadonlySet<string>>(new Set())
      const lastFailure = yield* Ref.make("")
      return settings.pipe(
        Stream.changesWith(sameServer),
        Stream.switchMap((current) => polls(domain, current, lastFailure, confirm)),
        Stream.tap((zone) => tellZone(zone, known))
      )
    })
  )

const sameServer = (a: Settings, b: Settings): boolean => Equal.equals(forTransfer(a), forTransfer(b))

const polls = (domain: string, settings: Settings, lastFailure: Ref.Ref<string>, confirm: Effect.Effect<void>) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const dns = yield* Dns
      const journal = yield* Journal
      const last = yield* Ref.make(Option.none<number>())

      const poll = Effect.gen(function* () {
        const server = yield* nameServer(settings)
        const serial = yield* dns.serial(server, domain)
        const before = yield* Ref.get(last)
        if (Option.isSome(before) && before.value === serial) return Option.none<Zone>()
        if (Option.isSome(before) && compareSerials(before.value, serial) === "older") {
          yield* journal.tell({
            _tag: "Warning",
            message: `the serial of ${domain} went back from ${before.value} to ${serial}; the zone is transferred all the same`
          })
        }
        const transfer = yield* dns.transfer(server, domain)
        yield* Ref.set(last, Option.some(transfer.serial))
        return Option.some<Zone>({ serial: transfer.serial, vcenters: vcenters(domain, transfer.records) })
      })

      const told = poll.pipe(
        Effect.tap(() => Effect.andThen(Ref.set(lastFailure, ""), confirm)),
        Effect.catch((error) =>
          // The same failure every ten seconds is told once.
          Ref.getAndSet(lastFailure, error.message).pipe(
            Effect.flatMap((before) =>
              before === error.message ? Effect.void : journal.tell({ _tag: "DiscoverFailed", message: error.message })
            ),
            Effect.as(Option.none<Zone>())
          )
        )
      )
      return Stream.fromEffectSchedule(told, Schedule.spaced(ZONE_POLL)).pipe(
        Stream.filterMap((zone) => (Option.isSome(zone) ? Result.succeed(zone.value) : Result.failVoid))
      )
    })
  )

/** The settings' name server, or the one behind the DNS Service. */
const nameServer = Effect.fnUntraced(function* (settings: Settings) {
  const key = settings.tsigKey === undefined ? undefined : { ...TSIG, secret: settings.tsigKey }
  const at = ({ address, port }: Endpoint): NameServer => ({ address, port, key })
  if (settings.dnsIp !== undefined) return at({ address: settings.dnsIp, port: settings.dnsPort ?? 53 })
  const kube = yield* Kube
  const services = yield* kube.list({
    apiVersion: "v1",
    kind: "Service",
    namespace: settings.namespace,
    labelSelector: DNS_SERVICE_SELECTOR
  })
  const found = yield* Effect.fromResult(
    Result.mapError(endpoint(services.items, kube.origin.inCluster), (message) => ({ message }))
  )
  return at({ address: found.address, port: settings.dnsPort ?? found.port })
})

const tellZone = Effect.fnUntraced(function* (zone: Zone, known: Ref.Ref<ReadonlySet<string>>) {
  const journal = yield* Journal
  const now = new Set(zone.vcenters.keys())
  const before = yield* Ref.getAndSet(known, now)
  yield* journal.tell({
    _tag: "Discovered",
    serial: zone.serial,
    vcenters: [...now],
    added: [...now.difference(before)],
    gone: [...before.difference(now)]
  })
})
