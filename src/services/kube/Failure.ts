import { Option, Result, Schema } from "effect"
import type { Json } from "../../domain/Manifest.ts"
import type { KubeReason } from "../Kube.ts"
import { parse } from "./Json.ts"
import { withoutValues } from "./withoutValues.ts"

/** Why a request failed, before it is known what was asked. */
export interface Failure {
  readonly reason: typeof KubeReason.Type
  readonly detail: string
  /** Seconds. */
  readonly retryAfter?: number
}

/** `meta.k8s.io/v1` Status, as far as it matters here. */
const Status = Schema.Struct({
  kind: Schema.Literal("Status"),
  message: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(
    Schema.Struct({
      name: Schema.optionalKey(Schema.String),
      retryAfterSeconds: Schema.optionalKey(Schema.Number)
    })
  )
})
const decodeStatus = Schema.decodeUnknownOption(Status)

/** How an apply fails whose object does not fit the kind's schema: a bare error, so the server makes it a 500. */
const UNTYPEABLE = /^failed to (create typed patch object|convert new object)\b/

/**
 * Why the server refused, by status code and body (API conventions, "Response Status Kind").
 *
 *   code     | body                                  | reason
 *   ---------+---------------------------------------+-----------------------------------------------
 *   401, 403 | any                                   | Forbidden
 *   404      | a Status that names the missing one   | NotFound
 *   404      | any other                             | Unserved: the path itself is unknown
 *   408, 504 | any                                   | Timeout
 *   409      | any                                   | Conflict
 *   410      | any                                   | Gone
 *   429      | any                                   | TooManyRequests
 *   500      | an apply that does not fit the schema | Rejected: it never will
 *   5xx      | any other                             | ServerError
 *   others   | any                                   | Rejected
 *
 * @param retryAfter the header of that name
 */
export const failureOf = (code: number, retryAfter: string | undefined, body: string): Failure =>
  failureOfStatus(code, Result.getOrUndefined(parse(body)), retryAfter)

/** The same for a Status that was read already, as in a watch. */
export const failureOfStatus = (code: number, body: Json | undefined, retryAfter?: string): Failure => {
  const status = Option.getOrUndefined(decodeStatus(body))
  const message = status?.message ?? ""
  const named = (status?.details?.name ?? "") !== ""
  const seconds = secondsOf(retryAfter) ?? status?.details?.retryAfterSeconds
  return {
    reason: reasonOf(code, named, UNTYPEABLE.test(message)),
    detail: message === "" ? `HTTP ${code}` : withoutValues(message),
    ...(seconds === undefined ? {} : { retryAfter: seconds })
  }
}

const reasonOf = (code: number, named: boolean, untypeable: boolean): Failure["reason"] => {
  switch (code) {
    case 401:
    case 403:
      return "Forbidden"
    case 404:
      return named ? "NotFound" : "Unserved"
    case 408:
    case 504:
      return "Timeout"
    case 409:
      return "Conflict"
    case 410:
      return "Gone"
    case 429:
      return "TooManyRequests"
    default:
      return code >= 500 && !untypeable ? "ServerError" : "Rejected"
  }
}

const secondsOf = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : undefined
