import { groupOf } from "./Manifest.ts"

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/** What Kubernetes serves by itself: the kinds of each group that live in a namespace, and those that do not. */
const GROUPS: ReadonlyMap<string, readonly [namespaced: ReadonlySet<string>, others: ReadonlySet<string>]> = new Map([
  [
    "",
    [
      words(
        "Binding ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount"
      ),
      words("ComponentStatus Namespace Node PersistentVolume")
    ]
  ],
  ["apps", [words("ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"), new Set()]],
  ["autoscaling", [words("HorizontalPodAutoscaler"), new Set()]],
  ["batch", [words("CronJob Job"), new Set()]],
  ["coordination.k8s.io", [words("Lease LeaseCandidate"), new Set()]],
  ["discovery.k8s.io", [words("EndpointSlice"), new Set()]],
  ["events.k8s.io", [words("Event"), new Set()]],
  ["networking.k8s.io", [words("Ingress NetworkPolicy"), words("IngressClass IPAddress ServiceCIDR")]],
  ["policy", [words("PodDisruptionBudget"), new Set()]],
  ["rbac.authorization.k8s.io", [words("Role RoleBinding"), words("ClusterRole ClusterRoleBinding")]],
  ["scheduling.k8s.io", [new Set(), words("PriorityClass")]],
  [
    "storage.k8s.io",
    [words("CSIStorageCapacity"), words("CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass")]
  ],
  ["apiextensions.k8s.io", [new Set(), words("CustomResourceDefinition")]],
  ["apiregistration.k8s.io", [new Set(), words("APIService")]],
  [
    "admissionregistration.k8s.io",
    [
      new Set(),
      words(
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration"
      )
    ]
  ],
  ["certificates.k8s.io", [new Set(), words("CertificateSigningRequest ClusterTrustBundle")]],
  ["node.k8s.io", [new Set(), words("RuntimeClass")]],
  ["flowcontrol.apiserver.k8s.io", [new Set(), words("FlowSchema PriorityLevelConfiguration")]]
])

/**
 * Whether a kind lives in a namespace, as far as that is known without a cluster. The version does not count.
 *
 *   group                     | kind          | answer
 *   --------------------------+---------------+--------------------------------------------
 *   one of Kubernetes' own    | one of its    | as Kubernetes serves it
 *   one of Kubernetes' own    | another       | undefined: not served (`v1 Deployment`)
 *   any other                 | any           | true: most custom resources do
 */
export const isNamespaced = (apiVersion: string, kind: string): boolean | undefined => {
  const group = GROUPS.get(groupOf(apiVersion))
  if (group === undefined) return true
  const [namespaced, others] = group
  if (namespaced.has(kind)) return true
  return others.has(kind) ? false : undefined
}
