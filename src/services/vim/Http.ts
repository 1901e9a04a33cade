import type { IncomingMessage } from "node:http"
import https from "node:https"
import zlib from "node:zlib"
import { clip, VimError } from "./VimError.ts"

/** One request to the vCenter's endpoint. */
export interface Request {
  readonly agent: https.Agent
  /** Where the connection goes; the TLS server name is the agent's. */
  readonly host: string
  readonly port: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

/** Bytes of one answer, unpacked. A page of 100 clusters with 2,000 networks each takes 20 MB. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/**
 * POST to `/sdk`: no redirects, no proxies. Rejects with a `VimError`: `Untrusted`, `Unreachable`, or `BadAnswer` for
 * every status but 200 and 500 (a SOAP fault), for anything but XML, and for more than `MAX_ANSWER_BYTES`.
 */
export const post = (request: Request): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { agent, host, port, headers, body, signal } = request
    const outgoing = https.request(
      {
        agent,
        host,
        port,
        signal,
        method: "POST",
        path: "/sdk",
        headers: {
          ...headers,
          // What an administrator sees in vCenter's list of sessions.
          "User-Agent": "vcenter-operator",
          "Accept-Encoding": "gzip",
          "Content-Length": Buffer.byteLength(body)
        }
      },
      (incoming) => {
        const objection = objectionTo(incoming)
        if (objection !== undefined) {
          reject(bad(objection))
          outgoing.destroy()
          return
        }
        read(incoming).then(
          (text) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
          (error: Error) => {
            reject(readError(error))
            outgoing.destroy()
          }
        )
      }
    )
    outgoing.on("error", (error) => reject(connectionError(error)))
    outgoing.end(body)
  })

const bad = (detail: string): VimError => new VimError({ reason: "BadAnswer", detail })

const objectionTo = ({ statusCode, headers }: IncomingMessage): string | undefined => {
  if (statusCode !== 200 && statusCode !== 500) return `HTTP status ${statusCode}, where 200 was expected`
  const type = headers["content-type"] ?? ""
  if (!/^(text|application)\/(soap\+)?xml\b/i.test(type)) {
    return `HTTP status ${statusCode} with content of type ${/^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(type)?.[0] ?? "unknown"}, where XML was expected`
  }
  const encoding = headers["content-encoding"]
  return encoding === undefined || encoding === "gzip" ? undefined : "an unknown content encoding"
}

const read = async (incoming: IncomingMessage): Promise<string> => {
  const gzipped = incoming.headers["content-encoding"] === "gzip"
  const plain = gzipped ? incoming.pipe(zlib.createGunzip()) : incoming
  if (gzipped) incoming.once("error", (error) => plain.destroy(error))
  const chunks: Array<Buffer> = []
  let bytes = 0
  for await (const chunk of plain) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw bad(`the answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const readError = (error: Error & { readonly code?: string }): VimError => {
  if (error instanceof VimError) return error
  if (error.code?.startsWith("Z_") === true) return bad("the answer's compression is broken")
  return new VimError({
    reason: "Unreachable",
    detail: `the connection was cut within an answer (${clip(error.message)})`
  })
}

/** Certificate errors carry OpenSSL's codes; Node has no common class for them. */
const UNTRUSTED =
  /^(UNABLE_TO_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/

const connectionError = (error: Error & { readonly code?: string }): VimError => {
  if (!UNTRUSTED.test(error.code ?? "")) return new VimError({ reason: "Unreachable", detail: clip(error.message) })
  return new VimError({
    reason: "Untrusted",
    detail: `the certificate is not trusted (${clip(error.message)}): give its authority, or the certificate itself, in the key vcenter_ca of the Secret`
  })
}
