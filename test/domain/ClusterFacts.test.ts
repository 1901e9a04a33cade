import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { decide, type Facts, type Sources } from "../../src/domain/ClusterFacts.ts"

const nothing: Sources = { env: {}, origin: { inCluster: false }, namespaceFile: undefined, resolvConf: undefined }

const kubeconfig: Sources = {
  ...nothing,
  origin: { inCluster: false, kubeconfig: "/home/ops/.kube/config", clusterName: "kubectl-sync:1234:qa-de-2:1.25.6" }
}

const pod: Sources = {
  ...nothing,
  origin: { inCluster: true },
  namespaceFile: "vcenter-operator\n",
  resolvConf:
    "# made by kubelet\nsearch ignored.example.com\nnameserver 10.0.0.10\nsearch a.svc.cluster.local cluster.local\tcc.eu-de-1.cloud.sap \noptions ndots:5\n"
}

describe("ClusterFacts", () => {
  it.each<[from: string, sources: Sources, facts: Partial<Facts>]>([
    ["REGION before the kubeconfig", { ...kubeconfig, env: { REGION: "eu-nl-1" } }, { region: "eu-nl-1" }],
    ["REGION before resolv.conf", { ...pod, env: { REGION: "eu-nl-1" } }, { region: "eu-nl-1" }],
    ["the context's cluster name", kubeconfig, { region: "qa-de-2", inCluster: false }],
    [
      "the first match in the cluster name",
      { ...kubeconfig, origin: { inCluster: false, clusterName: "ap-jp-1-and-eu-de-2" } },
      { region: "ap-jp-1" }
    ],
    ["the second label of the last search domain", pod, { region: "eu-de-1", inCluster: true }],
    ["SERVICE_DOMAIN before the kubeconfig", { ...kubeconfig, env: { SERVICE_DOMAIN: "x.org" } }, { domain: "x.org" }],
    ["SERVICE_DOMAIN before resolv.conf", { ...pod, env: { SERVICE_DOMAIN: "x.org." } }, { domain: "x.org" }],
    ["SERVICE_DOMAIN, which leaves the region", { ...pod, env: { SERVICE_DOMAIN: "x.org" } }, { region: "eu-de-1" }],
    ["the region of the kubeconfig", kubeconfig, { domain: "cc.qa-de-2.cloud.sap" }],
    ["the region given", { ...kubeconfig, env: { REGION: "eu-nl-1" } }, { domain: "cc.eu-nl-1.cloud.sap" }],
    ["the last search domain", pod, { domain: "cc.eu-de-1.cloud.sap" }],
    ["POD_NAMESPACE first", { ...pod, env: { POD_NAMESPACE: "mine" } }, { ownNamespace: "mine" }],
    ["the service account's file second", pod, { ownNamespace: "vcenter-operator" }],
    [
      "the context's namespace third",
      { ...kubeconfig, origin: { ...kubeconfig.origin, contextNamespace: "theirs" } },
      { ownNamespace: "theirs" }
    ],
    ["monsoon3 last", kubeconfig, { ownNamespace: "monsoon3" }],
    [
      "the next place when a variable is empty",
      { ...pod, env: { REGION: "", SERVICE_DOMAIN: " ", POD_NAMESPACE: "" } },
      { region: "eu-de-1", domain: "cc.eu-de-1.cloud.sap", ownNamespace: "vcenter-operator" }
    ]
  ])("takes a fact from %s", (_, sources, facts) => {
    const found = Result.getOrThrow(decide(sources))
    assert.deepStrictEqual({ ...found, ...facts }, found)
  })

  const searching = (resolvConf: string | undefined): Sources => ({ ...pod, resolvConf })
  it.each<[what: string, sources: Sources, names: ReadonlyArray<string>]>([
    ["no kubeconfig context", nothing, ["REGION", "SERVICE_DOMAIN", "names no cluster"]],
    [
      "a cluster name without a region",
      { ...kubeconfig, origin: { ...kubeconfig.origin, clusterName: "kind-kind" } },
      ["REGION", "SERVICE_DOMAIN", "/home/ops/.kube/config", '"kind-kind"']
    ],
    ["no resolv.conf", searching(undefined), ["REGION", "SERVICE_DOMAIN", "/etc/resolv.conf, which cannot be read"]],
    ["no search domain", searching("nameserver 10.0.0.10\n"), ["/etc/resolv.conf, which has no search domain"]],
    ["an empty second label", searching("search cc..cloud.sap"), ['"cc..cloud.sap" has no second label']],
    ["an empty search line", searching("search \n"), ["/etc/resolv.conf, which has no search domain"]],
    ["the cluster's own domain", searching("search a.svc.cluster.local cluster.local"), ['"cluster.local"']]
  ])("says every place it looked at when there is %s", (_, sources, names) => {
    const failed = Result.getOrThrow(Result.flip(decide(sources)))
    for (const name of names) assert.include(failed, name)
  })

  it("asks only for what is missing", () => {
    const failed = Result.getOrThrow(Result.flip(decide({ ...pod, resolvConf: "search local" })))
    assert.include(failed, 'last search domain "local" has no second label')
    assert.notInclude(failed, "SERVICE_DOMAIN")
    const own = { ...pod, resolvConf: "search cluster.local", env: { SERVICE_DOMAIN: "cc.eu-de-1.cloud.sap" } }
    assert.notInclude(Result.getOrThrow(Result.flip(decide(own))), "SERVICE_DOMAIN")
  })

  it.prop("never gives an empty fact", [Schema.String, Schema.String, Schema.Boolean], ([text, other, inCluster]) => {
    const decided = decide({
      env: { REGION: other },
      origin: { inCluster, clusterName: text, contextNamespace: other },
      namespaceFile: text,
      resolvConf: `search ${text}`
    })
    if (Result.isSuccess(decided)) {
      const { region, domain, ownNamespace } = decided.success
      assert.isTrue([region, domain, ownNamespace].every((fact) => fact.trim() === fact && fact !== ""))
    }
  })
})
