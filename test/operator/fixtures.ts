import type { JsonObject } from "../../src/domain/Manifest.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import { API_VERSION, KIND } from "../../src/domain/VCenterState.ts"
import type { KubeObject, ObjectKey } from "../../src/services/Kube.ts"

export const ZONE = "cc.qa-de-1.cloud.sap"
export const NAMESPACE = "monsoon3"
/** Secrets of these tests only: they open nothing. */
export const SEED = "test-only seed, no secret"
export const TSIG = Buffer.from("test-only tsig key, no secret").toString("base64")
export const EXTRA = "test-only extra, no secret"

/** What the operator's Secret holds. */
export const SECRET: Readonly<Record<string, string>> = {
  namespace: NAMESPACE,
  username: "test-only-user",
  password: SEED,
  tsig_key: TSIG,
  dns_ip: "192.0.2.53",
  prune_delay: "10s",
  rabbit_password: EXTRA
}

export const secret = (values: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "vcenter-operator", namespace: NAMESPACE },
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]))
})

export const template = (name: string, scope: string, text: string): KubeObject => ({
  apiVersion: API_VERSION,
  kind: TEMPLATE_KIND,
  metadata: { name, namespace: NAMESPACE },
  options: { scope },
  template: text
})

export const configMap = (name: string, data: Readonly<Record<string, string>>): string =>
  [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    `  name: ${name}`,
    "data:",
    ...Object.entries(data).map(([key, value]) => `  ${key}: "${value}"`),
    ""
  ].join("\n")

const AGENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: agent-{{ name }}
spec:
  selector: {matchLabels: {name: "agent-{{ name }}"}}
  template:
    metadata: {labels: {name: "agent-{{ name }}"}}
    spec: {containers: [{name: agent, image: "example/agent:1.0"}]}
`

const LOGIN = `apiVersion: v1
kind: Secret
metadata:
  name: login-{{ name }}
stringData:
  password: "{{ password }}"
`

/** Three objects for each production cluster, one for each datacenter. */
export const TEMPLATES: ReadonlyArray<KubeObject> = [
  template(
    "config",
    "cluster",
    configMap("config-{{ name }}", { host: "{{ host }}", password: "{{ password }}", rabbit: "{{ rabbit_password }}" })
  ),
  template("login", "cluster", LOGIN),
  template("agent", "cluster", AGENT),
  template("zone", "datacenter", configMap("zone-{{ availability_zone }}", { vcenter: "{{ vcenter_name }}" }))
]

export const key = (kind: string, name: string): ObjectKey => ({
  apiVersion: kind === "Deployment" ? "apps/v1" : kind.startsWith("VCenter") ? API_VERSION : "v1",
  kind,
  namespace: NAMESPACE,
  name
})

export const stateKey = (name: string): ObjectKey => key(KIND, `${name}.${ZONE}`)

/** Other values in the operator's Secret. */
export const secretKey = key("Secret", "vcenter-operator")

export const withTemplate = (text: string) => (object: KubeObject) => ({ ...object, template: text })
export const withSpec = (spec: JsonObject) => (object: KubeObject) => ({ ...object, spec })
