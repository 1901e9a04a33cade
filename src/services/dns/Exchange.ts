import { connect, type Socket } from "node:net"
import { Cause, Effect, Queue, Stream } from "effect"
import { type Failure, incomplete } from "./Failure.ts"

/** What one answer may take before it is a danger to the process; a zone of 40,000 records takes 5 MB. */
export const MOST_OCTETS = 64 * 2 ** 20

/**
 * The messages that answer a query over TCP (RFC 1035, 4.2.2), as they come, until the server closes. The connection is
 * opened when the stream is run and always closed with it. Fails with Unreachable, or Incomplete when the connection
 * breaks or more than `MOST_OCTETS` come. There is no deadline in here.
 */
export const exchange = (address: string, port: number, query: Buffer): Stream.Stream<Buffer, Failure> =>
  Stream.callback<Buffer, Failure>((queue) =>
    Effect.acquireRelease(
      Effect.sync(() => open(address, port, query, queue)),
      (socket) => Effect.sync(() => socket.destroy())
    )
  ).pipe(Stream.mapAccum(() => Buffer.alloc(0), unframe))

const open = (
  address: string,
  port: number,
  query: Buffer,
  queue: Queue.Queue<Buffer, Failure | Cause.Done>
): Socket => {
  const fail = (failure: Failure) => Queue.failCauseUnsafe(queue, Cause.fail(failure))
  const socket = connect({ host: address, port, noDelay: true })
  let [isConnected, octets] = [false, 0]
  socket.on("connect", () => {
    isConnected = true
    // One write: designate waits half a second for the rest of a query and then gives up.
    socket.write(frame(query))
  })
  socket.on("data", (chunk) => {
    octets += chunk.length
    if (octets <= MOST_OCTETS) return Queue.offerUnsafe(queue, chunk)
    socket.destroy()
    return fail(incomplete(`the answer is larger than ${MOST_OCTETS / 2 ** 20} MiB`))
  })
  socket.on("error", (error) => {
    const detail = "code" in error ? `${error.code}` : error.message
    fail(
      isConnected
        ? incomplete(`the connection broke: ${detail}`)
        : { reason: "Unreachable", detail: `no connection: ${detail}` }
    )
  })
  socket.on("close", () => Queue.endUnsafe(queue))
  return socket
}

/** A message with its length before it. */
export const frame = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** The whole messages in what has come so far, and the octets that are left. */
export const unframe = (left: Buffer, chunk: Buffer): readonly [Buffer, ReadonlyArray<Buffer>] => {
  const octets = left.length === 0 ? chunk : Buffer.concat([left, chunk])
  const messages: Array<Buffer> = []
  let at = 0
  while (at + 2 <= octets.length) {
    const end = at + 2 + octets.readUInt16BE(at)
    if (end > octets.length) break
    messages.push(octets.subarray(at + 2, end))
    at = end
  }
  return [octets.subarray(at), messages]
}
