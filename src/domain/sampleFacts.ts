import type { JsonObject } from "./Manifest.ts"

/**
 * The facts that `render` uses when it is given none, in the form of a facts file: one vCenter with two production
 * clusters and one for storage. `examples/facts.yaml` says the same.
 */
export const SAMPLE_FACTS: JsonObject = {
  operator: { region: "qa-de-1", domain: "cc.qa-de-1.cloud.sap", ownNamespace: "monsoon3", inCluster: true },
  settings: {
    namespace: "monsoon3",
    username: "PLACEHOLDER-username",
    password: "PLACEHOLDER-password",
    pbm_enabled: "false"
  },
  cells: ["cell1", "cell2"],
  vcenters: [
    {
      host: "vc-a-0.cc.qa-de-1.cloud.sap",
      clusters: [
        {
          name: "productionbb091",
          datacenter: "QA-DE-1a",
          datastores: ["eph_bb091_0_hga", "eph_bb091_1_hgb"],
          networks: ["management", "br-vlan91"]
        },
        { name: "productionbb092", datacenter: "QA-DE-1a", datastores: ["eph_bb092_0"], networks: ["br-vlan92"] },
        { name: "storagebb7", datacenter: "QA-DE-1a", datastores: ["vmfs_vc_a_0_ssd"], networks: [] }
      ]
    }
  ]
}
