const KINDS = {
  ConfigMap: ["apiVersion: v1", "kind: ConfigMap", "metadata:", "  name: bench-NAME-{{ name }}", "data:"]
    .concat(["  agent.conf: |", "    [DEFAULT]", "    host = {{ host }}", "    cluster = {{ cluster_name }}"])
    .concat(["    datastores = {{ datastore_regex }}", "    zone = {{ availability_zone }}"]),
  Secret: ["apiVersion: v1", "kind: Secret", "metadata:", "  name: bench-NAME-{{ name }}", "stringData:"].concat([
    "  password: {{ password | ini_quote }}"
  ]),
  Deployment: ["apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: bench-NAME-{{ name }}", "spec:"]
    .concat(["  replicas: 1", "  selector: {matchLabels: {name: 'bench-NAME-{{ name }}'}}", "  template:"])
    .concat(["    metadata: {labels: {name: 'bench-NAME-{{ name }}'}}", "    spec:", "      containers:"])
    .concat(["        - name: agent", "          image: example/agent:1.0", "          env:"])
    .concat(["            - {name: HOST, value: '{{ host }}'}", "          volumeMounts:"])
    .concat(["            - {name: config, mountPath: /etc/agent}", "      volumes:"])
    .concat(["        - {name: config, configMap: {name: 'bench-NAME-{{ name }}'}}"])
}

const NAMES = ["a", "b"]

export const OBJECTS_PER_CLUSTER = NAMES.length * Object.keys(KINDS).length

/** The templates of the benchmark: objects of the size that an agent has. */
export const templates = JSON.stringify({
  apiVersion: "v1",
  kind: "List",
  items: NAMES.flatMap((name) =>
    Object.entries(KINDS).map(([kind, lines]) => ({
      apiVersion: "vcenter-operator.stable.sap.cc/v1",
      kind: "VCenterTemplate",
      metadata: { name: `bench-${name}-${kind.toLowerCase()}` },
      options: { scope: "cluster" },
      template: `${lines.join("\n").replaceAll("NAME", name)}\n`
    }))
  )
})
