import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { install, NAMESPACE } from "./world/install.ts"
import { TSIG_KEY } from "./world/NameServer.ts"
import { announce, World, ZONE } from "./world.ts"

const options = { excludeTestServices: true, timeout: "25 minutes" } as const

const bb = (name: string) => ({ name, datastores: [`eph_${name}_1`, `vmfs_${name}_1`], networks: ["br-physnet1"] })
const vcenter = {
  label: "vc-a-0",
  datacenter: "QA-DE-1a",
  networks: ["br-physnet1", "pg-1"],
  clusters: [bb("productionbb1"), bb("productionbb2")]
}

const RIGHTS: ReadonlyArray<readonly ["yes" | "no", string, string, string]> = [
  ["yes", "watch", "secrets/vcenter-operator", NAMESPACE],
  ["yes", "get", "secrets/vcenter-operator-digest-key", NAMESPACE],
  ["no", "watch", "secrets", NAMESPACE],
  ["no", "get", "secrets/vcenter-operator", "default"],
  ["yes", "patch", "secrets", NAMESPACE],
  ["yes", "delete", "deployments.apps", NAMESPACE],
  ["no", "delete", "deployments.apps", "default"],
  ["no", "deletecollection", "deployments.apps", NAMESPACE],
  ["no", "create", "rolebindings.rbac.authorization.k8s.io", NAMESPACE],
  ["yes", "list", "vcenter-templates.vcenter-operator.stable.sap.cc", "default"],
  ["no", "update", "vcenter-templates.vcenter-operator.stable.sap.cc", "default"],
  ["yes", "create", "vcenter-states.vcenter-operator.stable.sap.cc", NAMESPACE],
  ["no", "update", "vcenter-states.vcenter-operator.stable.sap.cc", NAMESPACE],
  ["no", "delete", "vcenter-states.vcenter-operator.stable.sap.cc", NAMESPACE],
  ["yes", "watch", "configmaps", "default"],
  ["no", "get", "configmaps", "default"],
  ["no", "delete", "namespaces", NAMESPACE]
]

layer(World.layer("world"), options)("the world of the end-to-end tests", (it) => {
  it.effect("has an API server that serves what kubectl asks for", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      assert.match(yield* kubernetes.kubectl(["version"]), /Server Version: v1\.36/)
      const namespaces = yield* kubernetes.api.list("/api/v1/namespaces")
      assert.include(
        namespaces.map(({ metadata }) => metadata.name),
        "kube-system"
      )
    })
  )

  it.effect("tells from the audit log who wrote what, and who only tried", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const mark = yield* kubernetes.mark
      yield* kubernetes.kubectl(["create", "configmap", "written"])
      yield* kubernetes.kubectl(["create", "configmap", "tried", "--dry-run=server"])
      yield* kubernetes.kubectl(["get", "configmaps"])
      yield* kubernetes.kubectl(["delete", "configmap", "written", "--dry-run=server"])
      const writes = (yield* kubernetes.writesSince(mark)).filter(({ user }) => user === "admin")
      assert.deepStrictEqual(
        writes.map(({ verb, what, code, dryRun }) => ({ verb, what, code, dryRun })),
        [
          { verb: "create", what: "configmaps default/written", code: 201, dryRun: false },
          { verb: "create", what: "configmaps default/tried", code: 201, dryRun: true },
          { verb: "delete", what: "configmaps default/written", code: 200, dryRun: true }
        ]
      )
    })
  )

  it.effect("has a name server that transfers its zone to who signs, and to nobody else", () =>
    Effect.gen(function* () {
      const { nameServer } = yield* World
      const before = yield* nameServer.serial
      yield* nameServer.edit((hosts) => new Map([...hosts, ["vc-z-9", "192.0.2.9"]]))
      assert.strictEqual(yield* nameServer.serial, before + 1)
      assert.match(
        yield* nameServer.transfer(TSIG_KEY),
        /vc-z-9\.cc\.qa-de-1\.cloud\.sap\.\s+60\s+IN\s+A\s+192\.0\.2\.9/
      )
      const other = Buffer.from("another secret").toString("base64")
      assert.notInclude(
        yield* Effect.catchDefect(nameServer.transfer(other), (defect) => Effect.succeed(String(defect))),
        "vc-z-9"
      )
    })
  )

  it.effect("has vCenters that can be changed, counted and taken away", () =>
    Effect.gen(function* () {
      const { addVCenter, nameServer, vcenterPort } = yield* World
      const made = yield* addVCenter(vcenter)
      yield* announce(nameServer, made)
      assert.include(yield* nameServer.transfer(TSIG_KEY), `vc-a-0.${ZONE}.`)
      const url = `https://${made.spec.address}:${vcenterPort}/about`
      yield* made.addCluster(bb("productionbb3"))
      yield* made.rename("ClusterComputeResource", "productionbb1", "retired1")
      yield* made.removeCluster("productionbb2")
      yield* made.hideCluster("productionbb3")
      yield* made.rename("Datastore", "vmfs_productionbb3_1", "vmfs_other")
      assert.deepStrictEqual(yield* made.calls, { total: 0, byMethod: {}, sessions: 0 })
      yield* made.down
      const refused = yield* Effect.flip(Effect.tryPromise(() => fetch(url)))
      assert.match(String(refused.cause), /fetch failed/)
      yield* made.up
      yield* made.setInstance("00000000-0000-0000-0000-000000000000")
    })
  )

  it.effect("gives the operator's account the rights of deploy/ and no others", () =>
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      yield* install()
      const account = `system:serviceaccount:${NAMESPACE}:vcenter-operator`
      for (const [answer, verb, what, namespace] of RIGHTS) {
        const question = ["auth", "can-i", verb, what, "--namespace", namespace, "--as", account]
        // A "no" is told by the exit code, too.
        const told = yield* Effect.catchDefect(kubernetes.kubectl(question), (defect) => Effect.succeed(String(defect)))
        assert.match(told, new RegExp(`^${answer}$`, "m"), `${verb} ${what} in ${namespace}`)
      }
    })
  )
})
