import { readFileSync } from "node:fs"
import type https from "node:https"
import { Effect, Redacted, Result, Schema, type Scope } from "effect"
import { type Client, createClientAsync, type IHttpClient, type SoapMethod } from "soap"
import type { Target } from "../../domain/Target.ts"
import { agentFor } from "./agentFor.ts"
import { Cookies } from "./Cookies.ts"
import { faultIn } from "./Fault.ts"
import * as Http from "./Http.ts"
import type { Method, Vim } from "./Vim.ts"
import { clip, reasonOf, VimError } from "./VimError.ts"

const WSDL = readFileSync(new URL("./vim25.wsdl", import.meta.url), "utf8")

/**
 * The soap package over the project's own connections: its own client follows redirects, obeys proxy variables and
 * resolves for answers that are no SOAP. Nothing is sent before the first call; the connections end with the scope.
 */
export const connect: (target: Target) => Effect.Effect<Vim, VimError, Scope.Scope> = Effect.fnUntraced(
  function* (target) {
    const agent = yield* Effect.acquireRelease(
      Effect.sync(() => agentFor(target.fqdn, target.tls)),
      (agent) => Effect.sync(() => agent.destroy())
    )
    const cookies = new Cookies()
    const client = yield* Effect.promise(() =>
      createClientAsync(
        WSDL,
        { preserveWhitespace: true, httpClient: httpClient(target, agent, cookies) },
        `https://${target.fqdn}:${target.port}/sdk`
      )
    )

    const call = (method: Method, args: object): Effect.Effect<unknown, VimError> =>
      Effect.callback((resume, signal) => {
        if (method === "Login") cookies.drop()
        const invoke: SoapMethod = client[method]
        const options: CallOptions = { method, signal }
        invoke(
          args,
          (error: unknown, result: unknown) => {
            forget(client)
            resume(
              Effect.fromResult(
                error === null || error === undefined ? returnValue(method, result) : failure(method, error)
              )
            )
          },
          options
        )
      })

    const scrubbed = ({ reason, detail, fault }: VimError): VimError =>
      new VimError({
        reason,
        detail: clip(scrub(detail, [Redacted.value(target.password), ...cookies.secrets]), 500),
        ...(fault === undefined ? {} : { fault })
      })

    return { fqdn: target.fqdn, call: (method, args) => Effect.mapError(call(method, args), scrubbed) }
  }
)

interface CallOptions {
  readonly method: Method
  readonly signal: AbortSignal
}

const httpClient = ({ fqdn, address, port }: Target, agent: https.Agent, cookies: Cookies): IHttpClient => ({
  request: (_url, body: string, done, headers, options) => {
    const { method, signal } = decodeOptions(options)
    Http.post({
      agent,
      host: address ?? fqdn,
      port,
      headers: { ...decodeHeaders(headers), ...cookies.header, Host: port === 443 ? fqdn : `${fqdn}:${port}` },
      body,
      signal
    })
      .then((answer) => {
        if (RISKY.test(answer.body))
          throw new VimError({ reason: "BadAnswer", detail: "the answer refers to itself, which vSphere never does" })
        if (method === "Login" && answer.status === 200) cookies.keep(answer.headers["set-cookie"] ?? [])
        done(null, answer, answer.body)
      })
      .catch((error: unknown) => done(error))
    // The package calls back; it never looks at this.
    return new Promise<never>(() => {})
  }
})

// The package follows `id` and `href` into an object with a prototype: `id="__proto__"` would reach every object.
const RISKY = /<[^<>]*\s(?:id|href)\s*=/

const decodeOptions = Schema.decodeUnknownSync(
  Schema.Struct({ method: Schema.String, signal: Schema.instanceOf(AbortSignal) })
)
const decodeHeaders = Schema.decodeUnknownSync(Schema.Record(Schema.String, Schema.String))

/** The package keeps the last request, which may be a login, and the last answer, which may be megabytes. */
const forget = (client: Client): void => {
  client.lastRequest = ""
  client.lastMessage = ""
  client.lastResponse = undefined
}

// `null` is an empty response element; an empty Body arrives as the envelope itself, and another element as undefined.
const Response = Schema.NullOr(Schema.Struct({ returnval: Schema.optionalKey(Schema.Unknown) }))
const decodeResponse = Schema.decodeUnknownResult(Response, { onExcessProperty: "error" })

const returnValue = (method: Method, result: unknown): Result.Result<unknown, VimError> =>
  Result.mapBoth(decodeResponse(result), {
    onFailure: () => new VimError({ reason: "BadAnswer", detail: `the answer to ${method} is no ${method}Response` }),
    onSuccess: (response) => response?.returnval
  })

const failure = (method: Method, error: unknown): Result.Result<never, VimError> => {
  if (error instanceof VimError) return Result.fail(error)
  const fault = faultIn(error)
  if (fault === undefined) {
    return Result.fail(new VimError({ reason: "BadAnswer", detail: `the answer to ${method} is no SOAP` }))
  }
  const reason = reasonOf(fault.name)
  return Result.fail(
    new VimError({
      reason,
      detail: `${method} failed with ${fault.name}${explanation(method, reason, fault.text)}`,
      fault
    })
  )
}

const explanation = (method: Method, reason: VimError["reason"], text: string): string => {
  if (reason === "LoginRejected")
    return ": check the keys username and password of the Secret, and whether the account is locked"
  // Whatever a server says about a login may say the password.
  return method === "Login" || text === "" ? "" : `: ${text}`
}

/** Before anything is cut off: half a secret is none that could be found. */
const scrub = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets
    .filter((secret) => secret !== "")
    .flatMap((secret) => [secret, escaped(secret)])
    .reduce((rest, secret) => rest.replaceAll(secret, "<redacted>"), text)

/** As it stands in a request. */
const escaped = (secret: string): string =>
  secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;")
