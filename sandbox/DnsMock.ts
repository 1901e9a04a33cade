import { Effect, type Layer, Stream } from "effect"
import { Dns } from "../src/services/Dns.ts"
import { incomplete } from "../src/services/dns/Failure.ts"
import type { Sent } from "./dns/Reply.ts"
import { type Levers, type Options, zone } from "./NameServer.ts"

/** A name server without sockets, with the levers of `NameServer`. */
export interface DnsMock extends Levers {
  /** `Dns` for the operator: whatever address it asks, this zone answers. Time is the Clock's. */
  readonly layer: Layer.Layer<Dns>
}

/** Dies when the key cannot be used. */
export const make = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<DnsMock> {
  const { respond, levers } = yield* zone(options)
  return {
    ...levers,
    layer: Dns.layerOver((_address, _port, query) => Stream.suspend(() => answered(respond(query))))
  }
})

/** The messages, and then what becomes of the connection; an open one is the client's to close. */
const answered = ({ messages, ending }: Sent) => {
  const ends = { stay: Stream.never, close: Stream.empty, reset: Stream.fail(incomplete("the connection broke")) }
  return Stream.concat(Stream.fromIterable(messages), ends[ending])
}
