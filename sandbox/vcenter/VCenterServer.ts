import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import https from "node:https"
import type { Socket } from "node:net"
import { text } from "node:stream/consumers"
import { gzipSync } from "node:zlib"
import { Effect, FiberSet, type Scope } from "effect"
import type { Certificate } from "./Certificates.ts"
import type { Fault } from "./Fault.ts"
import { answer, type Reply } from "./Methods.ts"
import type { VCenterModel } from "./VCenterModel.ts"
import { child, type Element, element, parse, print } from "./Xml.ts"

/** An HTTP answer given instead of the vCenter's. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** vCenter writes `xsi:type` and quotes its cookie; govmomi's simulator does neither. */
export type Dialect = "vCenter" | "govmomi"

type Interception = (request: string, headers: IncomingHttpHeaders) => RawAnswer | undefined

/** A vCenter on a socket. */
export interface Running {
  readonly address: string
  readonly port: number
  /** Answers one request with this: the first for which the function, which sees its text and headers, has an answer. */
  readonly answerNext: (answer: Interception) => void
  /** Connections open now. */
  readonly connections: () => number
}

const COOKIE = "vmware_soap_session"

/** Serves a model over SOAP and TLS, at `/sdk`, until the scope ends. A port left out is chosen by the system. */
export const start = Effect.fnUntraced(function* (options: {
  readonly model: VCenterModel
  readonly address?: string
  readonly port?: number
  readonly certificate: Certificate
  readonly username: string
  readonly password: string
  /** How types and cookies are written; vCenter's way when left out. */
  readonly dialect?: Dialect
}): Effect.fn.Return<Running, never, Scope.Scope> {
  const { model, address = "127.0.0.1", certificate, username, password, dialect = "vCenter" } = options
  model.credentials = { username, password }
  const run = yield* FiberSet.makeRuntime()
  const raw: Array<Interception> = []
  const sockets = new Set<Socket>()

  const server = https.createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => {
    // A call goes on when its client has given up, as in vCenter: what it does, it does.
    run(respond(model, dialect, request, response, raw))
  })
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })
  const listen = (port: number) =>
    Effect.callback<number>((resume) => {
      server.once("error", (error) => resume(Effect.die(error)))
      server.listen(port, address, () => {
        const bound = server.address()
        resume(Effect.succeed(typeof bound === "object" && bound !== null ? bound.port : port))
      })
    })
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const port = yield* Effect.acquireRelease(listen(options.port ?? 0), () => Effect.sync(close))
  const stop = model.onConnection((connected) => (connected ? void server.listen(port, address) : close()))
  yield* Effect.addFinalizer(() => Effect.sync(stop))
  return { address, port, answerNext: (next) => raw.push(next), connections: () => sockets.size }
})

const respond = Effect.fnUntraced(function* (
  model: VCenterModel,
  dialect: Dialect,
  request: IncomingMessage,
  response: ServerResponse,
  raw: Array<Interception>
) {
  const received = yield* Effect.orElseSucceed(
    Effect.tryPromise(() => text(request)),
    () => ""
  )
  const intercepted = raw[0]?.(received, request.headers)
  if (intercepted !== undefined) raw.shift()
  const { status, headers, body } = intercepted ?? (yield* soapAnswer(model, dialect, request, received))
  response.writeHead(status, headers).end(body)
})

const soapAnswer = Effect.fnUntraced(function* (
  model: VCenterModel,
  dialect: Dialect,
  request: IncomingMessage,
  received: string
) {
  if (request.method !== "POST" || request.url !== "/sdk") return page(404, "text/plain", "Not Found")
  const body = bodyOf(received)
  if (body === undefined) return page(400, "text/plain", "Bad Request")
  const cookie = new RegExp(`${COOKIE}=([^;]*)`).exec(request.headers.cookie ?? "")?.[1]
  const session = dialect === "govmomi" ? cookie : /^"(.*)"$/.exec(cookie ?? "")?.[1]
  const {
    status,
    element: content,
    opened
  } = yield* answer(model, { body, session }).pipe(
    Effect.match({
      onFailure: (fault) => ({ status: 500, element: faultElement(fault), opened: undefined }),
      onSuccess: ({ returnval, opened }: Reply) => ({
        status: 200,
        element: element(`${body.name}Response`, returnval === undefined ? [] : [returnval], { xmlns: "urn:vim25" }),
        opened
      })
    })
  )
  const plain = page(status, "text/xml; charset=utf-8", spoken(envelope(content), dialect))
  const answered = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "")
    ? { ...plain, headers: { ...plain.headers, "Content-Encoding": "gzip" }, body: gzipSync(plain.body) }
    : plain
  if (opened === undefined) return answered
  const value = dialect === "govmomi" ? opened : `"${opened}"`
  return {
    ...answered,
    headers: { ...answered.headers, "Set-Cookie": `${COOKIE}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax` }
  }
})

const page = (status: number, type: string, body: string): RawAnswer => ({
  status,
  headers: { "Content-Type": type },
  body
})

const bodyOf = (received: string): Element | undefined => {
  try {
    return child(parse(received), "Body")?.children[0]
  } catch {
    return undefined
  }
}

const faultElement = ({ name, text, detail }: Fault): Element =>
  element("soapenv:Fault", [
    element("faultcode", "ServerFaultCode"),
    element("faultstring", text),
    element("detail", [element(`${name}Fault`, detail, { xmlns: "urn:vim25", "xsi:type": name })])
  ])

const spoken = (message: string, dialect: Dialect): string =>
  dialect === "vCenter"
    ? message
    : message.replaceAll(
        " xsi:type=",
        ' xmlns:_XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" _XMLSchema-instance:type='
      )

/** A SOAP 1.1 message. */
const envelope = (content: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${print(
    element("soapenv:Envelope", [element("soapenv:Body", [content])], {
      "xmlns:soapenc": "http://schemas.xmlsoap.org/soap/encoding/",
      "xmlns:soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
      "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
      "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"
    })
  )}`
