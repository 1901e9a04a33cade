import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer, PlatformError } from "effect"
import { ClusterFacts } from "../../src/services/ClusterFacts.ts"
import { Kube, type KubeOrigin } from "../../src/services/Kube.ts"

const filesystem = (files: Readonly<Record<string, string>>) =>
  FileSystem.layerNoop({
    readFileString: (path) => {
      const text = files[path]
      return text === undefined
        ? Effect.fail(
            PlatformError.systemError({
              _tag: "NotFound",
              module: "FileSystem",
              method: "readFileString",
              description: path
            })
          )
        : Effect.succeed(text)
    }
  })

const facts = (origin: KubeOrigin, env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) =>
  Effect.provide(
    ClusterFacts,
    ClusterFacts.layer.pipe(
      Layer.provide([
        Layer.mock(Kube, { origin }),
        filesystem(files),
        ConfigProvider.layer(ConfigProvider.fromUnknown(env))
      ])
    )
  )

describe("ClusterFacts", () => {
  it.effect("reads the pod's files in the cluster", () =>
    Effect.gen(function* () {
      const found = yield* facts(
        { inCluster: true },
        {},
        {
          "/var/run/secrets/kubernetes.io/serviceaccount/namespace": "operators",
          "/etc/resolv.conf": "search cluster.local cc.eu-de-1.cloud.sap\n"
        }
      )
      assert.deepStrictEqual(found, {
        region: "eu-de-1",
        domain: "cc.eu-de-1.cloud.sap",
        ownNamespace: "operators",
        inCluster: true
      })
    })
  )

  it.effect("needs no file with a kubeconfig", () =>
    Effect.gen(function* () {
      const found = yield* facts({ inCluster: false, clusterName: "qa-de-2", contextNamespace: "mine" }, {}, {})
      assert.deepStrictEqual(found, {
        region: "qa-de-2",
        domain: "cc.qa-de-2.cloud.sap",
        ownNamespace: "mine",
        inCluster: false
      })
    })
  )

  it.effect("lets the environment decide first", () =>
    Effect.gen(function* () {
      const env = { REGION: "eu-nl-1", SERVICE_DOMAIN: "example.org", POD_NAMESPACE: "here" }
      const found = yield* facts({ inCluster: true }, env, {})
      assert.deepStrictEqual(found, { region: "eu-nl-1", domain: "example.org", ownNamespace: "here", inCluster: true })
    })
  )

  it.effect("fails with every place it looked at", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(facts({ inCluster: true }, {}, {}))
      assert.match(error.message, /REGION.*\/etc\/resolv\.conf.*SERVICE_DOMAIN.*\/etc\/resolv\.conf/)
    })
  )
})
