import { createServer, type Server } from "node:net"
import { Effect } from "effect"

const listen: Effect.Effect<Server> = Effect.callback((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
})

const close = (server: Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
  })

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Ports of the loopback interface on which nobody listens now: taken together, so that they differ. */
export const freePorts = (count: number): Effect.Effect<ReadonlyArray<number>> =>
  Effect.gen(function* () {
    const servers = yield* Effect.replicateEffect(listen, count)
    const ports = servers.map(portOf)
    yield* Effect.forEach(servers, close)
    return ports
  })
