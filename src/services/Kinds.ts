import { Context, Effect, Layer } from "effect"
import { isNamespaced } from "../domain/BuiltInKinds.ts"
import { Kube, type KubeError } from "./Kube.ts"

/** Which kinds there are, and whether they live in a namespace. */
export class Kinds extends Context.Service<
  Kinds,
  {
    /** Undefined when the kind is not served. */
    readonly isNamespaced: (apiVersion: string, kind: string) => Effect.Effect<boolean | undefined, KubeError>
  }
>()("vcenter-operator/services/Kinds") {
  /** As the API server says. */
  static readonly layer = Layer.effect(
    Kinds,
    Effect.map(Kube, (kube) =>
      Kinds.of({
        isNamespaced: (apiVersion, kind) =>
          Effect.catchIf(
            kube.isNamespaced(apiVersion, kind),
            ({ reason }) => reason === "Unserved",
            () => Effect.succeed(undefined)
          )
      })
    )
  )

  /** Without a cluster: what Kubernetes serves by itself, and any other group's kind as one that lives in a namespace. */
  static readonly builtIn = Layer.succeed(
    Kinds,
    Kinds.of({ isNamespaced: (apiVersion, kind) => Effect.succeed(isNamespaced(apiVersion, kind)) })
  )
}
