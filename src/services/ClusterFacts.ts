import { Config, Context, Effect, FileSystem, Layer, Option, Result, Schema } from "effect"
import { decide, type Facts, NAMESPACE_FILE, RESOLV_CONF } from "../domain/ClusterFacts.ts"
import { Kube } from "./Kube.ts"

/** Where the operator runs cannot be found; the message names every place that was looked at. */
export class ClusterFactsError extends Schema.TaggedError<ClusterFactsError>()("ClusterFactsError", {
  reason: Schema.Literals(["NotFound"]),
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
}

/** Region, domain and own namespace, found once at the start from environment, kubeconfig and files. */
export class ClusterFacts extends Context.Service<ClusterFacts, Facts>()("vcenter-operator/services/ClusterFacts") {
  static readonly layer = Layer.effect(
    ClusterFacts,
    Effect.gen(function* () {
      const { origin } = yield* Kube
      const decided = decide({
        env: {
          SERVICE_DOMAIN: yield* variable("SERVICE_DOMAIN"),
          REGION: yield* variable("REGION"),
          POD_NAMESPACE: yield* variable("POD_NAMESPACE")
        },
        origin,
        namespaceFile: yield* file(NAMESPACE_FILE),
        resolvConf: yield* file(RESOLV_CONF)
      })
      if (Result.isFailure(decided)) {
        return yield* new ClusterFactsError({ reason: "NotFound", detail: decided.failure })
      }
      return decided.success
    })
  )
}

const variable = (name: string) => Effect.map(Config.option(Config.String(name)), Option.getOrUndefined)

// A file that is not there, or that may not be read, is a place where nothing was found.
const file = (path: string) =>
  FileSystem.FileSystem.use((files) => files.readFileString(path)).pipe(
    Effect.option,
    Effect.map(Option.getOrUndefined)
  )
