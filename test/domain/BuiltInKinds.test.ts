import { assert, describe, it } from "@effect/vitest"
import { isNamespaced } from "../../src/domain/BuiltInKinds.ts"

describe("what is known of kinds without a cluster", () => {
  it.each<[row: string, apiVersion: string, kind: string, expected: boolean | undefined]>([
    ["a kind of Kubernetes that lives in a namespace", "v1", "ConfigMap", true],
    ["another one, in a group", "apps/v1", "Deployment", true],
    ["an older version of it", "policy/v1beta1", "PodDisruptionBudget", true],
    ["a kind outside a namespace", "v1", "Namespace", false],
    ["another one, in a group", "rbac.authorization.k8s.io/v1", "ClusterRole", false],
    ["a kind in the wrong group is not served", "v1", "Deployment", undefined],
    ["a misspelt kind is not served", "apps/v1", "Deploymnt", undefined],
    ["a group that is not Kubernetes' own: as most custom resources", "example.com/v1", "Thing", true],
    ["a group with Kubernetes' ending that it does not serve itself", "gateway.networking.k8s.io/v1", "Gateway", true]
  ])("%s", (_, apiVersion, kind, expected) => {
    assert.strictEqual(isNamespaced(apiVersion, kind), expected)
  })
})
