import { Result, Schema } from "effect"

/** Labels of the Service behind which the name server is found. */
export const DNS_SERVICE_SELECTOR = "component=mdns,type=backend"

/** Where the name server listens. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

const Service = Schema.Struct({
  metadata: Schema.Struct({ name: Schema.String, namespace: Schema.String }),
  spec: Schema.Struct({
    clusterIP: Schema.optionalKey(Schema.String),
    externalIPs: Schema.optionalKey(Schema.Array(Schema.String)),
    ports: Schema.Array(
      Schema.Struct({
        port: Schema.Int,
        protocol: Schema.optionalKey(Schema.String),
        targetPort: Schema.optionalKey(Schema.Union([Schema.Int, Schema.String]))
      })
    )
  }),
  status: Schema.optionalKey(
    Schema.Struct({
      loadBalancer: Schema.optionalKey(
        Schema.Struct({
          ingress: Schema.optionalKey(Schema.Array(Schema.Struct({ ip: Schema.optionalKey(Schema.String) })))
        })
      )
    })
  )
})
type Service = typeof Service.Type

const decodeService = Schema.decodeUnknownResult(Service)

/**
 * The name server's endpoint, from the Service that carries its labels. Zone transfers go over TCP.
 *
 *   operator runs      | Service  | address                     | port
 *   -------------------+----------+-----------------------------+----------------------------
 *   in the cluster     | normal   | cluster IP                  | port
 *   in the cluster     | headless | its name in cluster DNS     | target port (port if named)
 *   outside            | any      | first external IP, then     | port
 *                      |          | first load balancer IP      |
 */
export const endpoint = (services: ReadonlyArray<unknown>, inCluster: boolean): Result.Result<Endpoint, string> => {
  const [first] = services
  if (first === undefined) {
    return Result.fail(`no Service with the labels ${DNS_SERVICE_SELECTOR}: deploy it, or set dns_ip in the Secret`)
  }
  const decoded = decodeService(first)
  if (Result.isFailure(decoded)) return Result.fail(`the DNS Service cannot be read: ${decoded.failure.message}`)
  const service = decoded.success
  const port = service.spec.ports.find(({ protocol }) => protocol === "TCP") ?? service.spec.ports[0]
  if (port === undefined)
    return Result.fail(`the DNS Service ${service.metadata.name} has no port: set dns_ip and dns_port`)
  return inCluster ? Result.succeed(inside(service, port)) : outside(service, port.port)
}

const inside = ({ metadata, spec }: Service, port: Service["spec"]["ports"][number]): Endpoint =>
  spec.clusterIP === undefined || spec.clusterIP === "None"
    ? {
        address: `${metadata.name}.${metadata.namespace}.svc`,
        port: typeof port.targetPort === "number" ? port.targetPort : port.port
      }
    : { address: spec.clusterIP, port: port.port }

const outside = ({ metadata, spec, status }: Service, port: number): Result.Result<Endpoint, string> => {
  const address =
    spec.externalIPs?.[0] ?? status?.loadBalancer?.ingress?.flatMap(({ ip }) => (ip === undefined ? [] : [ip]))[0]
  return address === undefined
    ? Result.fail(`the DNS Service ${metadata.name} has no external IP: set dns_ip in the Secret`)
    : Result.succeed({ address, port })
}
