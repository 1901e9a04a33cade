import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { createServer, Socket } from "node:net"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as NameServer from "../../sandbox/NameServer.ts"
import { Dns } from "../../src/services/Dns.ts"
import { exchange, frame, MOST_OCTETS } from "../../src/services/dns/Exchange.ts"

const ZONE = "example.com"
const HOST = "127.0.0.1"
// A secret for these tests only.
const KEY = {
  name: "tsig-key",
  algorithm: "hmac-sha256",
  secret: Redacted.make("YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDEyMzQ1Njc=")
} as const
const RECORDS = Array.from({ length: 14 }, (_, index) => ({ name: `h${index}.${ZONE}`, type: "A", data: "192.0.2.1" }))
const QUERY = Buffer.from("a query")

const start = NameServer.start({ zone: ZONE, key: KEY, records: RECORDS, recordsPerMessage: 2 })

/** A TCP server that does with each connection as it is told; gives its port. */
const listen = (serve: (socket: Socket) => void) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
      const sockets = new Set<Socket>()
      const server = createServer((socket) => {
        sockets.add(socket.on("error", () => socket.destroy()))
        serve(socket)
      })
      const close = () => {
        for (const socket of sockets) socket.destroy()
        server.close()
      }
      server.listen(0, HOST, () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ port, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

/** What client sockets write, write by write: on one machine the other end may see two writes as one. */
const writes = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => {
      const seen: Array<unknown> = []
      const watch = (message: unknown) => {
        if (typeof message !== "object" || message === null || !("socket" in message)) return
        const { socket } = message
        if (!(socket instanceof Socket)) return
        const write = socket._write.bind(socket)
        socket._write = (chunk, encoding, done) => {
          seen.push(chunk)
          write(chunk, encoding, done)
        }
      }
      subscribe("net.client.socket", watch)
      return { seen, watch }
    }),
    ({ watch }) => Effect.sync(() => unsubscribe("net.client.socket", watch))
  ),
  ({ seen }) => seen
)

/** What is under way on sockets takes real time; the clock of the test stands still meanwhile. */
const until = <E, R>(condition: Effect.Effect<boolean, E, R>) =>
  TestClock.withLive(Effect.repeat(Effect.andThen(Effect.sleep(5), condition), { until: (is) => is }))

const closes = (server: NameServer.NameServer) => until(Effect.map(server.connections, (open) => open === 0))
const asked = (server: NameServer.NameServer) => until(Effect.map(server.queries, ({ soa, axfr }) => soa + axfr === 1))

layer(Dns.layer)("a connection", (it) => {
  it.effect("is closed after an answer", () =>
    Effect.gen(function* () {
      const server = yield* start
      yield* Dns.use((dns) => dns.serial(server, ZONE))
      yield* closes(server)
      yield* Dns.use((dns) => dns.transfer(server, ZONE))
      yield* closes(server)
    })
  )

  it.effect("is closed when its reader is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* start
      yield* server.failNext("mute")
      const fiber = yield* Effect.forkChild(Dns.use((dns) => dns.transfer(server, ZONE)))
      yield* asked(server)
      assert.strictEqual(yield* server.connections, 1)
      yield* Fiber.interrupt(fiber)
      yield* closes(server)
    })
  )

  it.effect.each([
    ["serial", "SOA", 5],
    ["transfer", "AXFR", 60]
  ] as const)(
    "has a deadline: a mute server fails a %s, and the message names the TSIG key",
    ([method, type, seconds]) =>
      Effect.gen(function* () {
        const server = yield* start
        yield* server.failNext("mute")
        const fiber = yield* Effect.forkChild(
          Effect.flip(Dns.use((dns): Effect.Effect<unknown, unknown> => dns[method](server, ZONE)))
        )
        yield* asked(server)
        yield* TestClock.adjust((seconds - 1) * 1000)
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust(1000)
        assert.deepInclude(yield* Fiber.join(fiber), {
          reason: "Timeout",
          detail: `no answer to ${type} within ${seconds} s: out of reach, too slow, or designate stays silent when the TSIG key is wrong: check tsig_key`
        })
        yield* closes(server)
      })
  )

  it.effect("has a deadline for the whole transfer, however much has come", () =>
    Effect.gen(function* () {
      const server = yield* start
      yield* server.failNext("stall")
      const fiber = yield* Effect.forkChild(Effect.flip(Dns.use((dns) => dns.transfer(server, ZONE))))
      yield* asked(server)
      // Ten turns of the event loop, which is the server's as well: what it has sent has come.
      yield* TestClock.withLive(Effect.repeat(Effect.sleep(5), { times: 10 }))
      yield* TestClock.adjust("60 seconds")
      const { reason, detail } = yield* Fiber.join(fiber)
      assert.deepStrictEqual([reason, detail], ["Timeout", "AXFR was not complete within 60 s: 4 messages came"])
      yield* closes(server)
    })
  )

  it.effect("that nobody accepts is a server out of reach", () =>
    Effect.gen(function* () {
      const { port, close } = yield* listen(() => {})
      close()
      const error = yield* Effect.flip(Dns.use((dns) => dns.serial({ address: HOST, port, key: KEY }, ZONE)))
      assert.strictEqual(error.reason, "Unreachable")
      assert.strictEqual(error.message, `${HOST}:${port}: no connection: ECONNREFUSED`)
    })
  )
})

describe("exchange", () => {
  it.effect("sends length and query in one write", () =>
    Effect.gen(function* () {
      const { port } = yield* listen((socket) => socket.on("data", () => socket.end()))
      const written = yield* writes
      yield* Stream.runDrain(exchange(HOST, port, QUERY))
      assert.deepStrictEqual(written, [frame(QUERY)])
    })
  )

  it.effect("puts messages together however they are cut", () =>
    Effect.gen(function* () {
      const messages = [Buffer.from("one"), Buffer.alloc(0), Buffer.alloc(300, 7)]
      const { port } = yield* listen((socket) => {
        socket.setNoDelay(true)
        const octets = [...Buffer.concat(messages.map(frame))]
        const next = () => {
          const octet = octets.shift()
          if (octet === undefined) socket.end()
          else socket.write(Buffer.of(octet), () => setImmediate(next))
        }
        next()
      })
      assert.deepStrictEqual(yield* Stream.runCollect(exchange(HOST, port, QUERY)), messages)
    })
  )

  it.effect("leaves out a message that breaks off", () =>
    Effect.gen(function* () {
      const { port } = yield* listen((socket) => socket.end(Buffer.concat([frame(QUERY), frame(QUERY).subarray(0, 5)])))
      assert.deepStrictEqual(yield* Stream.runCollect(exchange(HOST, port, QUERY)), [QUERY])
    })
  )

  it.effect("stops at 64 MiB", () =>
    Effect.gen(function* () {
      const message = frame(Buffer.alloc(65_535))
      const { port } = yield* listen((socket) => {
        const pour = () => {
          while (!socket.destroyed && socket.write(message));
        }
        socket.on("drain", pour)
        pour()
      })
      const octets: { came: number } = { came: 0 }
      const failure = yield* exchange(HOST, port, QUERY).pipe(
        Stream.runForEach(({ length }) =>
          Effect.sync(() => {
            octets.came += length
          })
        ),
        Effect.flip
      )
      assert.deepStrictEqual(failure, { reason: "Incomplete", detail: "the answer is larger than 64 MiB" })
      assert.isAtMost(octets.came, MOST_OCTETS)
    })
  )
})
