import { Effect } from "effect"
import type { JsonObject } from "../../../src/domain/Manifest.ts"
import { A } from "./ControlPlane.ts"
import { addCluster, type Scenario, type Text } from "./Scenario.ts"

const configMap = (name: string, data: Readonly<Record<string, string>>): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data })

const config = (version: string): Text => ({
  scope: "cluster",
  text: configMap("config-{= name =}", { host: "{= host =}", version }).replaceAll("{=", "{{").replaceAll("=}", "}}")
})

const agent = (version: string): Text => ({
  scope: "cluster",
  text: `apiVersion: apps/v1
kind: Deployment
metadata: {name: "agent-{{ name }}"}
spec:
  selector: {matchLabels: {name: "agent-{{ name }}"}}
  template:
    metadata: {labels: {name: "agent-{{ name }}"}}
    spec: {containers: [{name: agent, image: "example/agent:${version}"}]}
`
})

const scaler = (version: "v1" | "v2"): Text => ({
  scope: "cluster",
  text: `apiVersion: autoscaling/${version}
kind: HorizontalPodAutoscaler
metadata: {name: "scaler-{{ name }}"}
spec:
  maxReplicas: 3
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: "agent-{{ name }}"}
`
})

const TWO = ["productionbb091", "productionbb092"]
const BOTH = { config: config("1"), agent: agent("1") }

const made = (name: string, data: Readonly<Record<string, string>>): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data
})

/** Each with at most eight objects, and with what happens while the operator is down. */
export const SCENARIOS: ReadonlyArray<Scenario> = [
  {
    what: "a vCenter has left the zone for good, and a person approves the delete of what it leaves",
    settings: { vcenter_gone: "prune", vcenter_gone_grace: "0s" },
    // It takes longest, and so comes first: that nothing is left is shown with the next status, ten seconds after the deletes.
    quiet: 12_000,
    templates: BOTH,
    a: ["productionbb091"],
    b: ["productionbb201"],
    deletes: 2,
    happens: ({ approve, zone }) =>
      Effect.andThen(zone("vc-a-0"), approve("vc-b-0", { reason: "Delete", objects: /bb201$/ }))
  },
  {
    what: "everything is applied for the first time",
    fresh: true,
    templates: BOTH,
    a: TWO,
    happens: () => Effect.void
  },
  {
    what: "a template changes",
    templates: BOTH,
    a: TWO,
    happens: ({ template }) => template("config", config("2"))
  },
  {
    what: "the API version of a template moves",
    templates: { scaler: scaler("v1") },
    a: TWO,
    happens: ({ template }) => template("scaler", scaler("v2"))
  },
  {
    what: "a cluster comes and another goes",
    templates: BOTH,
    a: TWO,
    deletes: 2,
    happens: ({ a }) =>
      Effect.sync(() => {
        addCluster(a, "productionbb093")
        a.remove("productionbb092")
      })
  },
  {
    what: "a template is removed",
    templates: BOTH,
    a: TWO,
    deletes: 2,
    happens: ({ template }) => template("config", undefined)
  },
  {
    what: "a template fails and another changes",
    templates: BOTH,
    a: TWO,
    happens: ({ a, template }) =>
      Effect.andThen(
        template("config", { scope: "cluster", text: "{{ nobody.knows }}" }),
        template("agent", agent("2"))
      ).pipe(Effect.andThen(Effect.sync(() => a.remove("productionbb092"))))
  },
  {
    what: "a vCenter leaves the zone and another changes",
    templates: { config: config("1") },
    a: TWO,
    b: ["productionbb201"],
    happens: ({ b, zone }) =>
      Effect.andThen(
        zone("vc-b-0"),
        Effect.sync(() => addCluster(b, "productionbb202"))
      )
  },
  {
    what: "objects of somebody else are in the way",
    templates: { config: config("1") },
    a: ["productionbb091"],
    happens: ({ a, applyAs }) =>
      Effect.andThen(
        applyAs("kubectl", made("config-bb92", { is: "somebody's" })),
        Effect.sync(() => {
          addCluster(a, "productionbb092")
          addCluster(a, "productionbb093")
        })
      )
  },
  {
    what: "two vCenters are applied for the first time",
    fresh: true,
    templates: { config: config("1") },
    a: ["productionbb091"],
    b: ["productionbb201"],
    happens: () => Effect.void
  },
  {
    what: "the predecessor's objects are taken over",
    fresh: true,
    templates: { config: config("1") },
    a: TWO,
    happens: ({ applyAs }) =>
      Effect.andThen(
        applyAs("vcenter-operator", made("config-bb91", { host: A, version: "1" })),
        applyAs("OpenAPI-Generator", made("config-bb92", { host: A, version: "1", old: "setting" }))
      )
  },
  {
    what: "a cluster moves to another vCenter",
    // The other one is asked first: without a delay what moves is deleted and made again.
    settings: { prune_delay: "2s" },
    templates: { config: config("1") },
    a: TWO,
    b: ["productionbb201"],
    happens: ({ a, b }) =>
      Effect.sync(() => {
        a.remove("productionbb092")
        addCluster(b, "productionbb092")
      })
  },
  {
    what: "a person approves a delete above the limits",
    settings: { allow_prune_share: "30", allow_prune_min: "0" },
    templates: BOTH,
    a: [...TWO, "productionbb093"],
    deletes: 4,
    happens: ({ a, approve }) =>
      Effect.andThen(
        Effect.sync(() => {
          a.remove("productionbb092")
          a.remove("productionbb093")
        }),
        approve("vc-a-0", { reason: "Delete", objects: /bb9[23]$/ })
      )
  },
  {
    what: "a person takes back what the predecessor has written beside it",
    templates: BOTH,
    a: TWO,
    happens: ({ applyAs, approve, template }) =>
      Effect.andThen(
        applyAs("vcenter-operator", made("config-bb91", { host: A, version: "0" })),
        template("config", config("2"))
      ).pipe(Effect.andThen(approve("vc-a-0", { reason: "AnotherWriter", objects: /config-bb91$/ })))
  },
  {
    what: "two templates come to render the same objects, and another changes",
    templates: BOTH,
    a: TWO,
    happens: ({ template }) => Effect.andThen(template("twin", config("2")), template("agent", agent("2")))
  },
  {
    what: "everything changes at once",
    templates: BOTH,
    a: TWO,
    deletes: 3,
    happens: ({ a, template }) =>
      Effect.andThen(template("config", undefined), template("agent", agent("2"))).pipe(
        Effect.andThen(
          Effect.sync(() => {
            addCluster(a, "productionbb093")
            a.remove("productionbb091")
          })
        )
      )
  }
]
