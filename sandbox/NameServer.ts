import { createServer, isIP, type Server, type Socket } from "node:net"
import { Clock, Effect, Result, type Scope } from "effect"
import { canonical, type ZoneRecord } from "../src/domain/Zone.ts"
import type { TsigKey } from "../src/services/Dns.ts"
import { frame, unframe } from "../src/services/dns/Exchange.ts"
import * as Tsig from "../src/services/dns/Tsig.ts"
import type { Fault } from "./dns/Fault.ts"
import { answer, readQuery, type Sent } from "./dns/Reply.ts"

const HOST = "127.0.0.1"
const RECORDS_PER_MESSAGE = 100

export interface Options {
  readonly zone: string
  /** `undefined`: serves anybody, unsigned. */
  readonly key: TsigKey | undefined
  /** 0, the default: one that is free. */
  readonly port?: number
  readonly records?: ReadonlyArray<ZoneRecord>
  /** How many records go into a message of a transfer; 100 by default. */
  readonly recordsPerMessage?: number
}

/** What changes a zone and spoils its name server's answers: the same over sockets and without. */
export interface Levers {
  /** Replaces the records of the zone; the serial grows by one. */
  readonly set: (records: ReadonlyArray<ZoneRecord>) => Effect.Effect<void>
  /** Adds an address, or a CNAME where it is none, under a name within the zone; the serial grows by one. */
  readonly addHost: (name: string, address: string) => Effect.Effect<void>
  /** Takes away every record of a name; the serial grows by one. */
  readonly removeHost: (name: string) => Effect.Effect<void>
  /** Sets the serial alone. */
  readonly serial: (serial: number) => Effect.Effect<void>
  /** Puts a fault in line: each query takes one. */
  readonly failNext: (fault: Fault) => Effect.Effect<void>
  /** Queries so far, whatever became of them. */
  readonly queries: Effect.Effect<{ readonly soa: number; readonly axfr: number }>
}

/** A name server for one zone on 127.0.0.1: SOA and AXFR over TCP, with TSIG. It has the shape of `Dns`' NameServer. */
export interface NameServer extends Levers {
  readonly address: string
  readonly port: number
  readonly key: TsigKey | undefined
  /** Connections that are open now. */
  readonly connections: Effect.Effect<number>
}

/** Starts a name server and stops it with the scope. Dies when the key cannot be used or the port is taken. */
export const start = Effect.fn("NameServer.start")(function* (
  options: Options
): Effect.fn.Return<NameServer, never, Scope.Scope> {
  const sockets = new Set<Socket>()
  const { respond, levers } = yield* zone(options)
  const port = yield* listen(
    createServer((socket) => serve(socket, sockets, respond)),
    sockets,
    options.port ?? 0
  )
  return { ...levers, address: HOST, port, key: options.key, connections: Effect.sync(() => sockets.size) }
})

/** What a name server knows and answers, without a wire. Dies when the key cannot be used. */
export const zone = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<{ readonly respond: (wire: Buffer) => Sent; readonly levers: Levers }> {
  const clock = yield* Clock.Clock
  const key = yield* tsigKey(options.key)
  const zone = canonical(options.zone)
  const recordsPerMessage = options.recordsPerMessage ?? RECORDS_PER_MESSAGE
  const faults: Array<Fault> = []
  const queries = { soa: 0, axfr: 0 }
  let records = options.records ?? []
  let serial = 1

  const respond = (wire: Buffer): Sent => {
    const { type } = readQuery(wire)
    if (type === "SOA") queries.soa++
    if (type === "AXFR") queries.axfr++
    const fault = faults.shift()
    const ahead = typeof fault === "object" && "clockAhead" in fault ? fault.clockAhead : 0
    const seconds = Math.floor(clock.currentTimeMillisUnsafe() / 1000) + ahead
    return answer(wire, { zone, serial, records, recordsPerMessage, key }, fault, seconds)
  }

  const set = (next: ReadonlyArray<ZoneRecord>) =>
    Effect.sync(() => {
      records = next
      serial = (serial + 1) >>> 0
    })
  const inZone = (name: string) =>
    `.${canonical(name)}`.endsWith(`.${zone}`) ? canonical(name) : `${canonical(name)}.${zone}`

  const levers: Levers = {
    set,
    addHost: (name, address) =>
      Effect.suspend(() => set([...records, { name: inZone(name), type: typeOf(address), data: address }])),
    removeHost: (name) =>
      Effect.suspend(() => set(records.filter((record) => canonical(record.name) !== inZone(name)))),
    serial: (next) =>
      Effect.sync(() => {
        serial = next
      }),
    failNext: (fault) => Effect.sync(() => void faults.push(fault)),
    queries: Effect.sync(() => ({ ...queries }))
  }
  return { respond, levers }
})

const serve = (socket: Socket, sockets: Set<Socket>, respond: (wire: Buffer) => Sent): void => {
  let left: Buffer = Buffer.alloc(0)
  sockets.add(socket)
  socket.on("close", () => sockets.delete(socket))
  // A client that goes away is no matter to a server.
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const [rest, queries] = unframe(left, chunk)
    left = rest
    for (const { messages, ending } of queries.map(respond)) {
      for (const message of messages) socket.write(frame(message))
      if (ending === "close") socket.end()
      // A reset throws away what is still in the buffer: what was written leaves first.
      if (ending === "reset") socket.write("", () => socket.resetAndDestroy())
    }
  })
}

const listen = (
  server: Server,
  sockets: ReadonlySet<Socket>,
  port: number
): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.once("error", (error) => resume(Effect.die(error)))
      server.listen(port, HOST, () => {
        const address = server.address()
        resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die(address))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resume(Effect.void))
      })
  )

const tsigKey = (key: TsigKey | undefined): Effect.Effect<Tsig.Key | undefined> => {
  if (key === undefined) return Effect.succeed(undefined)
  return Result.match(Tsig.key(key.name, key.algorithm, key.secret), {
    onFailure: (what) => Effect.die(new Error(`the ${what} of the TSIG key cannot be used`)),
    onSuccess: (ready) => Effect.succeed(ready)
  })
}

const typeOf = (address: string): string => {
  const family = isIP(address)
  if (family === 0) return "CNAME"
  return family === 4 ? "A" : "AAAA"
}
