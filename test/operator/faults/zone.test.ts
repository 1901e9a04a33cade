import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Fault } from "../../../sandbox/dns/Fault.ts"
import { all, type World } from "../harness.ts"
import { and, faultTable, type Row, says } from "./faultTable.ts"

/** Takes the turn of a query without spoiling it. */
const NONE: Fault = { clockAhead: 0 }

/** Every query from now on is answered so; of a poll the first asks for the serial, the second transfers. */
const spoiled = (serial: Fault, transfer: Fault) => (world: World) =>
  Effect.gen(function* () {
    // The zone has changed, or there would be no transfer to spoil: nothing is left in it.
    yield* world.zone.set([])
    for (let poll = 0; poll < 30; poll++) {
      yield* world.zone.failNext(serial)
      if (serial === NONE) yield* world.zone.failNext(transfer)
    }
  })

const lost = (fault: string, serial: Fault, transfer: Fault = NONE): Row => ({
  fault,
  strikes: spoiled(serial, transfer),
  shows: and(
    (_, operator) => Effect.sync(() => assert.isNotEmpty(all(operator, "DiscoverFailed"))),
    says("vc-a-0", "Discovered", "InZone"),
    says("vc-a-0", "Ready", "Reconciled")
  )
})

const gone = (fault: string, strikes: Row["strikes"]): Row => ({
  fault,
  strikes,
  shows: says("vc-a-0", "Discovered", "NotInZone")
})

faultTable("the zone", [
  gone("the zone is empty", ({ zone }) => zone.set([])),
  gone("a vCenter is missing in the zone", ({ zone }) => zone.removeHost("vc-a-0")),
  gone("a vCenter has another name in the zone", ({ zone }) =>
    zone.removeHost("vc-a-0").pipe(Effect.andThen(zone.addHost("vcenter-a-0", "192.0.2.10")))
  ),
  gone("the zone is empty and the operator is started again", (world, operator) =>
    world.zone.set([]).pipe(Effect.andThen(operator.stop), Effect.andThen(world.start()))
  ),
  lost("the transfer is truncated", NONE, "truncate"),
  lost("the transfer is reset", NONE, "reset"),
  lost("the transfer stalls", NONE, "stall"),
  lost("the transfer says that it is truncated", NONE, "truncatedBit"),
  lost("the transfer is unsigned", NONE, "unsigned"),
  lost("the end of the transfer is unsigned", NONE, "unsignedLast"),
  lost("the transfer is forged", NONE, "forged"),
  lost("the end of the transfer is forged", NONE, "forgedLast"),
  lost("the transfer is of yesterday", NONE, "stale"),
  lost("the transfer holds no record", NONE, "empty"),
  lost("the transfer lost its first SOA", NONE, "soaNotFirst"),
  lost("the transfer ends with another SOA", NONE, "otherClosingSoa"),
  lost("the name server fails in the middle of the transfer", NONE, "servfailInTheMiddle"),
  lost("the transfer is refused", NONE, { rcode: 5 }),
  lost("the serial is refused, unsigned", { unsignedRcode: 9 }),
  lost("the answer to the serial is empty", "empty"),
  lost("the answer to the serial is unsigned", "unsigned"),
  lost("the answer to the serial is forged", "forged"),
  lost("the answer to the serial is stale", "stale"),
  lost("the name server is mute", "mute"),
  lost("the name server's clock is wrong", { clockAhead: 3600 }),
  {
    fault: "the address of a vCenter in the zone is another one's",
    strikes: ({ zone, vcenters, a, b }) =>
      zone
        .removeHost("vc-a-0")
        .pipe(
          Effect.andThen(zone.addHost("vc-a-0", "192.0.2.11")),
          Effect.andThen(Effect.sync(() => vcenters.set([...vcenters.keys()][0] ?? "", b))),
          Effect.andThen(Effect.sync(() => a.endSessions()))
        ),
    shows: says("vc-a-0", "PruneWithheld", "AnotherVCenter")
  }
])
