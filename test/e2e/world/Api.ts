import { readFileSync } from "node:fs"
import { Agent, request } from "node:https"
import { Effect, Schema } from "effect"

/** What the tests read of an object of any kind. */
export const Live = Schema.Struct({
  metadata: Schema.Struct({
    name: Schema.String,
    namespace: Schema.optionalKey(Schema.String),
    uid: Schema.String,
    resourceVersion: Schema.String,
    generation: Schema.optionalKey(Schema.Int),
    labels: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    ownerReferences: Schema.optionalKey(Schema.Array(Schema.Struct({ kind: Schema.String, uid: Schema.String }))),
    annotations: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    managedFields: Schema.optionalKey(Schema.Array(Schema.Struct({ manager: Schema.String, operation: Schema.String })))
  }),
  data: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  spec: Schema.optionalKey(Schema.Unknown),
  status: Schema.optionalKey(Schema.Unknown)
})
export type Live = typeof Live.Type

const decodeList = Schema.decodeUnknownEffect(Schema.Struct({ items: Schema.Array(Live) }))

/** An answer of the API server, its body as text. */
export interface Answer {
  readonly status: number
  readonly body: string
}

export interface Ask {
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly body?: string
  /** `User-Agent`: the server's name for a writer that gives no other. */
  readonly agent?: string
}

/** The API server as its administrator sees it, without any Kubernetes library between. */
export interface Api {
  readonly ask: (ask: Ask) => Effect.Effect<Answer, Error>
  /** Every object of a collection, by its path. */
  readonly list: (path: string) => Effect.Effect<ReadonlyArray<Live>>
}

/** Who asks: a client certificate in files, or a token. */
export type Credentials = { readonly cert: string; readonly key: string } | { readonly token: string }

/**
 * @param ca file of the authority that signed the server's certificate
 * @param connections how many requests may be under way; each connection is kept
 */
export const connect = (port: number, ca: string, credentials: Credentials, connections = 8): Effect.Effect<Api> =>
  Effect.sync(() => {
    const certificate =
      "token" in credentials ? {} : { cert: readFileSync(credentials.cert), key: readFileSync(credentials.key) }
    const authorization = "token" in credentials ? { authorization: `Bearer ${credentials.token}` } : {}
    const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: readFileSync(ca), ...certificate })

    const ask = ({ method, path, type, body, agent: name }: Ask): Effect.Effect<Answer, Error> =>
      Effect.callback((resume) => {
        const headers = {
          accept: "application/json",
          ...authorization,
          ...(name === undefined ? {} : { "user-agent": name }),
          ...(body === undefined
            ? {}
            : { "content-type": type ?? "application/json", "content-length": Buffer.byteLength(body) })
        }
        const sent = request({ host: "127.0.0.1", port, agent, method, path, headers }, (answer) => {
          const chunks: Array<Buffer> = []
          answer.on("data", (chunk: Buffer) => chunks.push(chunk))
          answer.on("error", (error) => resume(Effect.fail(error)))
          answer.on("end", () =>
            resume(Effect.succeed({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
          )
        })
        sent.on("error", (error) => resume(Effect.fail(error)))
        sent.end(body)
        return Effect.sync(() => sent.destroy())
      })

    const list = Effect.fnUntraced(function* (path: string) {
      const { status, body } = yield* ask({ method: "GET", path })
      // A kind whose CRD is not installed has no objects.
      if (status === 404) return []
      if (status !== 200) return yield* Effect.die(new Error(`GET ${path} answered ${status}: ${body.slice(0, 500)}`))
      return (yield* decodeList(JSON.parse(body))).items
    }, Effect.orDie)

    return { ask, list }
  })
