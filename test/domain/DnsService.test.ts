import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { DNS_SERVICE_SELECTOR, type Endpoint, endpoint } from "../../src/domain/DnsService.ts"

const UDP = { name: "dns", port: 53, protocol: "UDP", targetPort: 5354 }
const TCP = { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 5355 }

const service = (spec: Record<string, unknown>, ingress?: ReadonlyArray<unknown>) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "designate-mdns", namespace: "monsoon3", labels: { component: "mdns" } },
  spec: { ports: [UDP, TCP], ...spec },
  status: { loadBalancer: ingress === undefined ? {} : { ingress } }
})
const at = (address: string, port: number): Endpoint => ({ address, port })
const HEADLESS = "designate-mdns.monsoon3.svc"

describe("endpoint", () => {
  it.each<[row: string, inCluster: boolean, service: unknown, expected: Endpoint | RegExp]>([
    ["in the cluster: cluster IP and port", true, service({ clusterIP: "10.0.0.10" }), at("10.0.0.10", 53)],
    [
      "in the cluster, with external IPs: still the cluster IP",
      true,
      service({ clusterIP: "10.0.0.10", externalIPs: ["192.0.2.1"] }),
      at("10.0.0.10", 53)
    ],
    ["in the cluster, headless: its name and target port", true, service({ clusterIP: "None" }), at(HEADLESS, 5355)],
    ["in the cluster, without any cluster IP", true, service({}), at(HEADLESS, 5355)],
    [
      "in the cluster, headless, the target port named: the port",
      true,
      service({ clusterIP: "None", ports: [{ ...TCP, targetPort: "dns-tcp" }] }),
      at(HEADLESS, 53)
    ],
    [
      "outside: the first external IP",
      false,
      service({ clusterIP: "10.0.0.10", externalIPs: ["192.0.2.1", "192.0.2.2"] }, [{ ip: "198.51.100.1" }]),
      at("192.0.2.1", 53)
    ],
    [
      "outside, without external IPs: the first load balancer IP",
      false,
      service({ clusterIP: "10.0.0.10", externalIPs: [] }, [{ hostname: "lb" }, { ip: "198.51.100.1" }]),
      at("198.51.100.1", 53)
    ],
    [
      "outside, headless: as any other",
      false,
      service({ clusterIP: "None", externalIPs: ["192.0.2.1"] }),
      at("192.0.2.1", 53)
    ],
    [
      "outside, without either: which setting helps",
      false,
      service({ clusterIP: "10.0.0.10" }),
      /^the DNS Service designate-mdns has no external IP: set dns_ip in the Secret$/
    ],
    [
      "without ports: which settings help",
      true,
      service({ clusterIP: "10.0.0.10", ports: [] }),
      /^the DNS Service designate-mdns has no port: set dns_ip and dns_port$/
    ],
    [
      "one of UDP alone: its port",
      true,
      service({ clusterIP: "10.0.0.10", ports: [{ ...UDP, port: 5300 }] }),
      at("10.0.0.10", 5300)
    ],
    ["something that is no Service", true, { metadata: {} }, /^the DNS Service cannot be read: ./]
  ])("of %s", (_, inCluster, given, expected) => {
    const found = endpoint([given], inCluster)
    if (expected instanceof RegExp)
      assert.match(
        Result.getOrElse(Result.flip(found), () => "found"),
        expected
      )
    else assert.deepStrictEqual(found, Result.succeed(expected))
  })

  it("takes the port of TCP, in whatever order the ports stand: zone transfers go over TCP", () => {
    const ports = [TCP, { ...UDP, port: 5300 }]
    for (const order of [ports, ports.toReversed()]) {
      assert.deepStrictEqual(
        endpoint([service({ clusterIP: "10.0.0.10", ports: order })], true),
        Result.succeed(at("10.0.0.10", 53))
      )
    }
  })

  it("says which labels it looked for when there is no Service", () => {
    assert.deepStrictEqual(
      endpoint([], true),
      Result.fail(`no Service with the labels ${DNS_SERVICE_SELECTOR}: deploy it, or set dns_ip in the Secret`)
    )
  })
})
