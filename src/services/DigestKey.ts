import { randomBytes } from "node:crypto"
import { Context, Duration, Effect, Layer, Option, Predicate, Schedule } from "effect"
import { DIGEST_KEY_SECRET } from "../domain/OwnObjects.ts"
import { ClusterFacts } from "./ClusterFacts.ts"
import { Kube, type KubeError, type KubeObject } from "./Kube.ts"

const KEY = "key"
const BYTES = 32

/**
 * The random key of the digests in the ledger, made at the first start. Without it a digest in a readable status could
 * be compared with guesses of a Secret's content. Losing it costs one apply of every object, never a delete.
 */
export class DigestKey extends Context.Service<DigestKey, Uint8Array>()("vcenter-operator/services/DigestKey") {
  /** @param dryRun makes a key that is forgotten at the end when there is none yet: nothing is written */
  static readonly layer = (dryRun: boolean) =>
    Layer.effect(
      DigestKey,
      Effect.gen(function* () {
        const kube = yield* Kube
        const { ownNamespace: namespace } = yield* ClusterFacts
        const read = kube
          .get({ apiVersion: "v1", kind: "Secret", namespace, name: DIGEST_KEY_SECRET })
          .pipe(Effect.map(Option.flatMap(keyOf)), Effect.retry(patience))
        const found = yield* read
        if (Option.isSome(found)) return found.value
        const made = new Uint8Array(randomBytes(BYTES))
        if (dryRun) return made
        return yield* kube.create(secret(namespace, made)).pipe(
          Effect.as(made),
          // Another process may have been first: its key counts.
          Effect.catchIf(
            (error) => error.reason === "Conflict",
            () => Effect.flatMap(read, (key) => (Option.isSome(key) ? Effect.succeed(key.value) : Effect.die(unusable)))
          )
        )
      })
    )
}

/**
 * It is the first that is asked of the API server, which may be starting, too. For a minute it is worth waiting; then
 * the process ends, which whoever runs it sees.
 */
const patience = Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("5 seconds")]).pipe(
  Schedule.setInputType<KubeError>(),
  Schedule.while(({ input }) => input.isTransient),
  Schedule.upTo({ duration: "1 minute" }),
  Schedule.tap(({ input, duration }) => Effect.logWarning(`${input.message}; next try in ${Duration.format(duration)}`))
)

const unusable = new Error(
  `Secret ${DIGEST_KEY_SECRET} exists but its "${KEY}" is not ${BYTES} bytes: delete the Secret`
)

const keyOf = (object: KubeObject): Option.Option<Uint8Array> => {
  const data = object.data
  const text = Predicate.isObject(data) && !Array.isArray(data) ? (data as Record<string, unknown>)[KEY] : undefined
  if (typeof text !== "string") return Option.none()
  const bytes = Buffer.from(text, "base64")
  return bytes.length === BYTES ? Option.some(new Uint8Array(bytes)) : Option.none()
}

const secret = (namespace: string, key: Uint8Array): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: DIGEST_KEY_SECRET, namespace },
  type: "Opaque",
  data: { [KEY]: Buffer.from(key).toString("base64") }
})
