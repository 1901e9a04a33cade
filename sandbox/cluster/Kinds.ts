/** How the server serves a kind. */
export interface Kind {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Whether `metadata.generation` counts the changes of the specification. */
  readonly generation: boolean
  /** Whether status is a subresource: ignored by every other write. */
  readonly status: boolean
  /** Whether the server was built with it; else a custom resource. */
  readonly builtIn: boolean
}

type Trait = "cluster" | "generation" | "status"

const builtIn = (apiVersion: string, rows: ReadonlyArray<readonly [string, string, ...ReadonlyArray<Trait>]>) =>
  rows.map(([kind, plural, ...traits]) => ({
    apiVersion,
    kind,
    plural,
    namespaced: !traits.includes("cluster"),
    generation: traits.includes("generation"),
    status: traits.includes("status"),
    builtIn: true
  }))

/** A custom resource with a status subresource unless told otherwise. */
export const custom = (
  apiVersion: string,
  kind: string,
  plural: string,
  options: { readonly status?: boolean; readonly namespaced?: boolean } = {}
): Kind => ({
  apiVersion,
  kind,
  plural,
  namespaced: options.namespaced ?? true,
  generation: true,
  status: options.status ?? true,
  builtIn: false
})

/** What a cluster serves on which the operator's definitions are installed (Kubernetes 1.36). */
export const KINDS: ReadonlyArray<Kind> = [
  ...builtIn("v1", [
    ["ConfigMap", "configmaps"],
    ["Endpoints", "endpoints"],
    ["Event", "events"],
    ["LimitRange", "limitranges"],
    ["Namespace", "namespaces", "cluster", "status"],
    ["Node", "nodes", "cluster", "status"],
    ["PersistentVolume", "persistentvolumes", "cluster", "status"],
    ["PersistentVolumeClaim", "persistentvolumeclaims", "status"],
    ["Pod", "pods", "generation", "status"],
    ["ResourceQuota", "resourcequotas", "status"],
    ["Secret", "secrets"],
    ["Service", "services", "status"],
    ["ServiceAccount", "serviceaccounts"]
  ]),
  ...builtIn("apps/v1", [
    ["DaemonSet", "daemonsets", "generation", "status"],
    ["Deployment", "deployments", "generation", "status"],
    ["ReplicaSet", "replicasets", "generation", "status"],
    ["StatefulSet", "statefulsets", "generation", "status"]
  ]),
  ...builtIn("autoscaling/v2", [["HorizontalPodAutoscaler", "horizontalpodautoscalers", "status"]]),
  ...builtIn("batch/v1", [
    ["CronJob", "cronjobs", "generation", "status"],
    ["Job", "jobs", "generation", "status"]
  ]),
  ...builtIn("coordination.k8s.io/v1", [["Lease", "leases"]]),
  ...builtIn("events.k8s.io/v1", [["Event", "events"]]),
  ...builtIn("networking.k8s.io/v1", [
    ["Ingress", "ingresses", "generation", "status"],
    ["NetworkPolicy", "networkpolicies", "generation"]
  ]),
  ...builtIn("policy/v1", [["PodDisruptionBudget", "poddisruptionbudgets", "generation", "status"]]),
  ...builtIn("rbac.authorization.k8s.io/v1", [
    ["ClusterRole", "clusterroles", "cluster"],
    ["ClusterRoleBinding", "clusterrolebindings", "cluster"],
    ["Role", "roles"],
    ["RoleBinding", "rolebindings"]
  ]),
  ...builtIn("scheduling.k8s.io/v1", [["PriorityClass", "priorityclasses", "cluster", "generation"]]),
  ...builtIn("storage.k8s.io/v1", [["StorageClass", "storageclasses", "cluster"]]),
  ...builtIn("apiextensions.k8s.io/v1", [
    ["CustomResourceDefinition", "customresourcedefinitions", "cluster", "generation", "status"]
  ]),
  custom("vcenter-operator.stable.sap.cc/v1", "VCenterTemplate", "vcenter-templates"),
  custom("vcenter-operator.stable.sap.cc/v1", "VCenterState", "vcenter-states")
]
