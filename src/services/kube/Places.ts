import { Result } from "effect"

/** Where Kubernetes mounts the credentials of a pod's service account. */
export const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"

/** Where the credentials for the API server come from. */
export type Source =
  | { readonly _tag: "Files"; readonly files: readonly [string, ...ReadonlyArray<string>] }
  | { readonly _tag: "InCluster"; readonly server: string }

export interface Places {
  /** `KUBECONFIG`: paths with `:` between them. */
  readonly kubeconfig: string | undefined
  readonly home: string | undefined
  /** `KUBERNETES_SERVICE_HOST` and `_PORT`, which every pod has. */
  readonly serviceHost: string | undefined
  readonly servicePort: string | undefined
  readonly serviceAccount: string
}

/** The files that decide, of which the caller says whether they exist. */
export const candidates = (places: Places): ReadonlyArray<string> => [
  ...named(places),
  ...defaultFile(places),
  tokenFile(places)
]

/**
 * Which credentials to use. A `KUBECONFIG` that names no existing file is an error: whoever sets it means that
 * cluster, and no other one may be written to instead.
 *
 *   KUBECONFIG | a file of it | ~/.kube/config | token and service host | credentials
 *   -----------+--------------+----------------+------------------------+---------------------
 *   set        | exists       | any            | any                    | the files that exist
 *   set        | none exists  | any            | any                    | error
 *   unset      |              | exists         | any                    | that file
 *   unset      |              | missing        | both                   | in-cluster
 *   unset      |              | missing        | not both               | error
 *
 * @returns the source, or every place that was looked at
 */
export const choose = (places: Places, exists: (file: string) => boolean): Result.Result<Source, string> => {
  const asked = named(places)
  const [first, ...rest] = asked.length > 0 ? asked.filter(exists) : defaultFile(places).filter(exists)
  if (first !== undefined) return Result.succeed({ _tag: "Files", files: [first, ...rest] })
  if (asked.length > 0) {
    return Result.fail(`no credentials for Kubernetes: KUBECONFIG names ${asked.join(", ")}, which does not exist`)
  }
  const { serviceHost, servicePort } = places
  if (serviceHost !== undefined && servicePort !== undefined && exists(tokenFile(places))) {
    const host = serviceHost.includes(":") ? `[${serviceHost}]` : serviceHost
    return Result.succeed({ _tag: "InCluster", server: `https://${host}:${servicePort}` })
  }
  const [file] = defaultFile(places)
  return Result.fail(
    [
      "no credentials for Kubernetes. Looked at: KUBECONFIG (not set)",
      file === undefined ? "~/.kube/config (HOME is not set)" : `${file} (${exists(file) ? "exists" : "no such file"})`,
      `KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT (${serviceHost !== undefined && servicePort !== undefined ? "set" : "not set: not in a cluster"})`,
      `${tokenFile(places)} (${exists(tokenFile(places)) ? "exists" : "no such file"})`
    ].join("; ")
  )
}

export const tokenFile = ({ serviceAccount }: Pick<Places, "serviceAccount">): string => `${serviceAccount}/token`

const named = ({ kubeconfig }: Places): ReadonlyArray<string> =>
  (kubeconfig ?? "").split(":").filter((file) => file !== "")

const defaultFile = ({ home }: Places): ReadonlyArray<string> =>
  home === undefined || home === "" ? [] : [`${home}/.kube/config`]
