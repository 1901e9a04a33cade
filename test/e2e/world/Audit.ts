import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import { Effect, Schema } from "effect"

/** The API server writes down who asked for which change, before it answers. */
export const POLICY = JSON.stringify({
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived", "ResponseStarted"],
  rules: [
    // The body of a delete says whether it is a dry run, and nothing else of interest.
    { level: "Request", verbs: ["delete", "deletecollection"] },
    { level: "Metadata", verbs: ["create", "update", "patch"] }
  ]
})

const Event = Schema.Struct({
  verb: Schema.String,
  requestURI: Schema.String,
  stageTimestamp: Schema.String,
  userAgent: Schema.optionalKey(Schema.String),
  user: Schema.Struct({ username: Schema.String }),
  objectRef: Schema.optionalKey(
    Schema.Struct({
      resource: Schema.optionalKey(Schema.String),
      subresource: Schema.optionalKey(Schema.String),
      namespace: Schema.optionalKey(Schema.String),
      name: Schema.optionalKey(Schema.String)
    })
  ),
  requestObject: Schema.optionalKey(Schema.Struct({ dryRun: Schema.optionalKey(Schema.Array(Schema.String)) })),
  responseStatus: Schema.optionalKey(Schema.Struct({ code: Schema.optionalKey(Schema.Int) }))
})
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Event))

/** A request that asked the API server to change something. */
export interface Write {
  readonly user: string
  readonly verb: string
  /** `deployments monsoon3/nova-compute-bb1`, with the subresource after a slash: `vcenter-states/status`. */
  readonly what: string
  /** HTTP status of the answer. */
  readonly code: number
  readonly dryRun: boolean
  /** When it was answered, in milliseconds since the epoch. */
  readonly at: number
}

const writeOf = (line: string): Write => {
  const { verb, requestURI, stageTimestamp, user, objectRef = {}, requestObject, responseStatus } = decode(line)
  const { resource = "", subresource, namespace, name = "" } = objectRef
  return {
    user: user.username,
    verb,
    what: `${resource}${subresource === undefined ? "" : `/${subresource}`} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
    code: responseStatus?.code ?? 0,
    dryRun: /[?&]dryRun=/.test(requestURI) || requestObject?.dryRun !== undefined,
    at: Date.parse(stageTimestamp)
  }
}

/** A place in the audit log: what is asked for later is what came after it. */
export type Mark = number

/** The log from a mark on. Leases are left out: they are renewed all the time. */
export const writesSince = (file: string, mark: Mark): Effect.Effect<ReadonlyArray<Write>> =>
  Effect.sync(() =>
    readFrom(file, mark)
      .split("\n")
      .filter((line) => line !== "")
      .map(writeOf)
      .filter(({ what }) => !what.startsWith("leases"))
  )

export const mark = (file: string): Effect.Effect<Mark> =>
  Effect.sync(() => {
    const descriptor = openSync(file, "r")
    const { size } = fstatSync(descriptor)
    closeSync(descriptor)
    return size
  })

const readFrom = (file: string, from: number): string => {
  const descriptor = openSync(file, "r")
  const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - from))
  readSync(descriptor, bytes, 0, bytes.length, from)
  closeSync(descriptor)
  const text = bytes.toString()
  // What follows the last line break is still being written.
  return text.slice(0, text.lastIndexOf("\n") + 1)
}
