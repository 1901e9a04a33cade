import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Agent, request } from "node:https"
import { text } from "node:stream/consumers"
import { Deferred, Effect, Exit, type Scope } from "effect"

/** A request of the operator that may change something. */
export interface Write {
  readonly method: string
  readonly path: string
  readonly body: string
  /** Whether it was passed on: from then on it takes effect, whoever lives. */
  sent: boolean
  /** Status of the answer, when there was one. */
  status: number | undefined
}

/** At which write the operator dies, from 1, and whether that write still takes effect. */
export interface Death {
  readonly write: number
  readonly side: "before" | "after"
}

/** What stands between one operator and the API server. */
export interface Proxy {
  readonly url: string
  /** In the order in which they came. */
  readonly writes: ReadonlyArray<Write>
  /** Kills when the time has come. */
  readonly arm: (death: Death, kill: () => void) => void
  /** Resolves with the number of other writes that were under way. */
  readonly died: Effect.Effect<number>
  /** Nothing of it is on its way to the server any more. */
  readonly drained: Effect.Effect<boolean>
}

export interface Behind {
  readonly port: number
  /** File of the authority of the server's certificate. */
  readonly ca: string
  readonly token: string
  /** The only namespace that there is for this operator: others run at the same time. */
  readonly namespace: string
}

/** Leases are renewed by the clock, Events are forgotten by it: neither is a step. */
const UNCOUNTED = /\/(?:leases|events)(?:\/|$)/

const counts = (method: string, path: string, body: string): boolean =>
  method !== "GET" && !UNCOUNTED.test(path.split("?")[0] ?? "") && !/[?&]dryRun=/.test(path) && !/"dryRun":/.test(body)

/** Lists and watches of all namespaces are those of one. */
const within = (namespace: string, path: string): string =>
  path.replace(
    /^(\/api\/v1|\/apis\/[^/?]+\/[^/?]+)\/(?!namespaces\b|customresourcedefinitions\b)([a-z-]+)(?=\?|$)/,
    `$1/namespaces/${namespace}/$2`
  )

/** Passes everything on to the API server until the scope ends. */
export const start = Effect.fnUntraced(function* ({
  port,
  ca,
  token,
  namespace
}: Behind): Effect.fn.Return<Proxy, never, Scope.Scope> {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(ca) })
  const writes: Array<Write> = []
  const died = yield* Deferred.make<number>()
  let armed: { readonly death: Death; readonly kill: () => void } | undefined
  let dead = false

  const die = (kill: () => void, last: Write) => {
    dead = true
    kill()
    const underWay = writes.filter((write) => write !== last && write.sent && write.status === undefined).length
    Deferred.doneUnsafe(died, Exit.succeed(underWay))
  }

  const pass = async (asked: IncomingMessage, answer: ServerResponse) => {
    const { method = "GET", url = "/", headers } = asked
    const body = method === "GET" ? "" : await text(asked)
    if (dead) return
    const write: Write | undefined = counts(method, url, body)
      ? { method, path: url, body, sent: false, status: undefined }
      : undefined
    if (write !== undefined) writes.push(write)
    const mine = armed !== undefined && write !== undefined && writes.length === armed.death.write ? armed : undefined
    if (write !== undefined && mine?.death.side === "before") return die(mine.kill, write)
    if (write !== undefined) write.sent = true
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        agent,
        method,
        path: within(namespace, url),
        headers: {
          accept: headers.accept,
          authorization: `Bearer ${token}`,
          ...(body === "" ? {} : { "content-type": headers["content-type"], "content-length": Buffer.byteLength(body) })
        }
      },
      (answered) => {
        if (write === undefined) {
          answer.writeHead(answered.statusCode ?? 500, answered.headers)
          answered.pipe(answer)
          return
        }
        text(answered).then((content) => {
          write.status = answered.statusCode ?? 0
          if (mine !== undefined) return die(mine.kill, write)
          if (dead) return
          answer.writeHead(write.status, { "content-type": answered.headers["content-type"] ?? "application/json" })
          answer.end(content)
        }, fail)
      }
    )
    const fail = () => answer.destroy()
    sent.once("error", fail)
    // What reads ends with its reader; what writes takes effect.
    answer.once("close", () => write === undefined && sent.destroy())
    sent.end(body)
  }

  const server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()))
  const listening = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
        agent.destroy()
      })
  )
  return {
    url: `http://127.0.0.1:${listening}`,
    writes,
    arm: (death, kill) => {
      armed = { death, kill }
    },
    died: Deferred.await(died),
    drained: Effect.sync(() => writes.every(({ sent, status }) => !sent || status !== undefined))
  }
})
