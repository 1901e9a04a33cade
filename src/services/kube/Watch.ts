import { Effect, Result, Stream } from "effect"
import type { Json, JsonObject } from "../../domain/Manifest.ts"
import { KubeError, type WatchEvent } from "../Kube.ts"
import { type Failure, failureOfStatus } from "./Failure.ts"
import { isKubeObject, isObject, metadataOf, parse, stringOf } from "./Json.ts"

/** The events of a watch's answer: one JSON document a line. */
export const events = (
  bytes: Stream.Stream<Uint8Array, KubeError>,
  label: string
): Stream.Stream<WatchEvent, KubeError> =>
  bytes.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.filter((line) => line.trim() !== ""),
    Stream.mapEffect((line) =>
      Effect.fromResult(read(line)).pipe(Effect.mapError((failure) => new KubeError({ request: label, ...failure })))
    )
  )

/**
 * One event (`meta.k8s.io/v1` WatchEvent).
 *
 *   type            | object               | event
 *   ----------------+----------------------+---------------------------------------------------
 *   ADDED, MODIFIED | an object            | Upserted
 *   DELETED         | its last state       | Deleted
 *   BOOKMARK        | a resourceVersion    | Bookmark
 *   ERROR           | a Status             | failure by its code; 410 is Gone
 *   any other       |                      | failure ServerError: nothing may be passed over
 *   no JSON         |                      | failure Unreachable: cut in the middle of a line
 */
const read = (line: string): Result.Result<WatchEvent, Failure> => {
  const parsed = parse(line)
  if (Result.isFailure(parsed)) {
    return Result.fail({ reason: "Unreachable", detail: "the connection was cut in the middle of an event" })
  }
  const event: JsonObject = isObject(parsed.success) ? parsed.success : {}
  const { type, object } = event
  switch (type) {
    case "ADDED":
    case "MODIFIED":
      if (isKubeObject(object)) return Result.succeed({ _tag: "Upserted", object })
      break
    case "DELETED":
      if (isKubeObject(object)) return Result.succeed({ _tag: "Deleted", object })
      break
    case "BOOKMARK": {
      const resourceVersion = stringOf(metadataOf(object).resourceVersion)
      if (resourceVersion !== undefined) return Result.succeed({ _tag: "Bookmark", resourceVersion })
      break
    }
    case "ERROR":
      return Result.fail(failureOfStatus(codeOf(object), object))
  }
  return Result.fail({ reason: "ServerError", detail: "an event of the watch cannot be read" })
}

const codeOf = (status: Json | undefined): number =>
  isObject(status) && typeof status.code === "number" ? status.code : 500
