import { Result } from "effect"

/** Where the operator runs, found once at the start. */
export interface Facts {
  /** For example `qa-de-1`. */
  readonly region: string
  /** The DNS zone that names the vCenters, without a closing dot. */
  readonly domain: string
  /** Where the operator's Secret, Lease and VCenterStates are. */
  readonly ownNamespace: string
  readonly inCluster: boolean
}

/** Everything that the facts are taken from; what is absent could not be found. */
export interface Sources {
  readonly env: {
    readonly SERVICE_DOMAIN?: string | undefined
    readonly REGION?: string | undefined
    readonly POD_NAMESPACE?: string | undefined
  }
  /** Where the credentials of the Kubernetes API came from. */
  readonly origin: {
    readonly inCluster: boolean
    readonly kubeconfig?: string
    readonly clusterName?: string
    readonly contextNamespace?: string
  }
  /** Text of the service account's namespace file. */
  readonly namespaceFile: string | undefined
  /** Text of resolv.conf. */
  readonly resolvConf: string | undefined
}

export const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
export const RESOLV_CONF = "/etc/resolv.conf"
export const DEFAULT_NAMESPACE = "monsoon3"

/**
 * The facts, or one text that says what is missing and every place that was looked at.
 *
 *   fact      | first of these that is there
 *   ----------+-----------------------------------------------------------------------------------
 *   region    | REGION
 *             | with a kubeconfig: first `[a-z]+-[a-z]+-\d` in the cluster name of its context
 *             | in the cluster: second label of the last search domain of resolv.conf
 *   domain    | SERVICE_DOMAIN
 *             | with a kubeconfig: `cc.<region>.cloud.sap`
 *             | in the cluster: the last search domain of resolv.conf
 *   namespace | POD_NAMESPACE, the service account's file, the context's namespace, monsoon3
 *
 * An empty variable is not set. A search domain under `cluster.local` is the cluster's own and names no region.
 */
export const decide = ({ env, origin, namespaceFile, resolvConf }: Sources): Result.Result<Facts, string> => {
  const search = origin.inCluster ? searchDomain(resolvConf) : undefined
  const region = given(env.REGION) ?? (origin.inCluster ? given(search?.split(".")[1]) : regionIn(origin.clusterName))
  const domain =
    domainName(env.SERVICE_DOMAIN) ??
    (origin.inCluster ? search : region === undefined ? undefined : `cc.${region}.cloud.sap`)
  if (region !== undefined && domain !== undefined) {
    const ownNamespace =
      given(env.POD_NAMESPACE) ?? given(namespaceFile) ?? given(origin.contextNamespace) ?? DEFAULT_NAMESPACE
    return Result.succeed({ region, domain, ownNamespace, inCluster: origin.inCluster })
  }
  const place = origin.inCluster ? inClusterPlace(resolvConf) : kubeconfigPlace(origin)
  const missing = [
    region === undefined ? "the region (looked at: environment variable REGION, which is not set; " : "",
    domain === undefined
      ? "the domain of the vCenters (looked at: environment variable SERVICE_DOMAIN, which is not set; "
      : ""
  ].filter((text) => text !== "")
  return Result.fail(`cannot find ${missing.map((text) => `${text}${place})`).join(" and ")}: set the variable`)
}

const given = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim()
  return trimmed === "" ? undefined : trimmed
}

const domainName = (text: string | undefined): string | undefined => given(given(text)?.replace(/\.+$/, ""))

const regionIn = (clusterName: string | undefined): string | undefined =>
  /[a-z]+-[a-z]+-\d/.exec(clusterName ?? "")?.[0]

// The last `search` line counts (resolv.conf(5)).
const lastSearchDomain = (resolvConf: string | undefined): string | undefined => {
  const lines = (resolvConf ?? "").split("\n").flatMap((line) => /^search\s+(.*\S)\s*$/.exec(line)?.[1] ?? [])
  return domainName(lines.at(-1)?.split(/\s+/).at(-1))
}

const searchDomain = (resolvConf: string | undefined): string | undefined => {
  const domain = lastSearchDomain(resolvConf)
  return domain === undefined || isClusterOwn(domain) ? undefined : domain
}

const isClusterOwn = (domain: string): boolean => domain === "cluster.local" || domain.endsWith(".cluster.local")

const inClusterPlace = (resolvConf: string | undefined): string => {
  if (resolvConf === undefined) return `${RESOLV_CONF}, which cannot be read`
  const domain = lastSearchDomain(resolvConf)
  if (domain === undefined) return `${RESOLV_CONF}, which has no search domain`
  const why = isClusterOwn(domain) ? "is the cluster's own" : "has no second label"
  return `${RESOLV_CONF}, whose last search domain "${domain}" ${why}`
}

const kubeconfigPlace = ({ kubeconfig, clusterName }: Sources["origin"]): string => {
  const file = kubeconfig === undefined ? "the kubeconfig" : `the kubeconfig ${kubeconfig}`
  return clusterName === undefined
    ? `${file}, whose current context names no cluster`
    : `${file}, whose current context's cluster "${clusterName}" holds no name like qa-de-1`
}
