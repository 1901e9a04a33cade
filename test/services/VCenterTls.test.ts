import tls from "node:tls"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { authority, type Certificate, selfSigned } from "../../sandbox/vcenter/Certificates.ts"
import { start } from "../../sandbox/vcenter/VCenterServer.ts"
import type { Tls } from "../../src/domain/Target.ts"
import { VCenter } from "../../src/services/VCenter.ts"
import { FQDN, PASSWORD, small, USERNAME } from "./SimulatedVCenter.ts"

/** Opens a session with a vCenter that has this certificate: its version, or why there is none. */
const opened = Effect.fnUntraced(function* (certificate: Certificate, tls: Tls) {
  const model = small()
  const { address, port } = yield* start({ model, certificate, username: USERNAME, password: PASSWORD })
  const outcome = yield* VCenter.use((vcenter) =>
    vcenter.open({ fqdn: FQDN, address, port, username: USERNAME, password: Redacted.make(PASSWORD), tls })
  ).pipe(
    Effect.map(() => "open"),
    Effect.catch(({ reason, message }) => {
      assert.strictEqual(model.callCount, 0, "nothing is said to a vCenter that is not trusted")
      assert.include(message, "vcenter_ca")
      return Effect.succeed(`${reason}: ${message}`)
    })
  )
  return outcome
})

const verify = (ca?: string): Tls => (ca === undefined ? { _tag: "Verify" } : { _tag: "Verify", ca })

layer(VCenter.layer, { excludeTestServices: true })("VCenter", (it) => {
  describe("over TLS", () => {
    it.effect("trusts the authorities of the process when none is given", () =>
      Effect.gen(function* () {
        const { ca, issue } = yield* authority
        // In the way of NODE_EXTRA_CA_CERTS; first in this file, because they are read once.
        tls.setDefaultCACertificates([...tls.getCACertificates("default"), ca])
        assert.strictEqual(yield* opened(yield* issue(FQDN), verify()), "open")
      })
    )

    it.effect("trusts a certificate of the given authority, for the name, whatever the address", () =>
      Effect.gen(function* () {
        const { ca, issue } = yield* authority
        assert.strictEqual(yield* opened(yield* issue(FQDN), verify(ca)), "open")
      })
    )

    it.effect(
      "trusts a certificate that is given itself: one that signs itself, and one that an authority signed",
      () =>
        Effect.gen(function* () {
          const own = yield* selfSigned(FQDN)
          assert.strictEqual(yield* opened(own, verify(own.cert)), "open")
          const leaf = yield* Effect.flatMap(authority, ({ issue }) => issue(FQDN))
          assert.strictEqual(yield* opened(leaf, verify(leaf.cert)), "open")
        })
    )

    it.effect("trusts one of several authorities", () =>
      Effect.gen(function* () {
        const [one, two] = [yield* authority, yield* authority]
        assert.strictEqual(yield* opened(yield* two.issue(FQDN), verify(`${one.ca}\n${two.ca}`)), "open")
      })
    )

    it.effect("trusts neither an unknown authority, nor another server's certificate, nor what is no certificate", () =>
      Effect.gen(function* () {
        const { issue } = yield* authority
        const other = yield* Effect.flatMap(authority, ({ ca }) => Effect.succeed(ca))
        const certificate = yield* issue(FQDN)
        for (const ca of [undefined, other, (yield* issue(FQDN)).cert, "no certificate"]) {
          assert.match(yield* opened(certificate, verify(ca)), /^Untrusted: .*(verify|issuer)/)
        }
        assert.match(yield* opened(yield* selfSigned(FQDN), verify()), /^Untrusted: .*self-signed/)
      })
    )

    it.effect("trusts no certificate for another name, though it comes from the authority or is given itself", () =>
      Effect.gen(function* () {
        const { ca, issue } = yield* authority
        const other = yield* issue("vc-b-0.cc.qa-de-1.cloud.sap")
        assert.match(yield* opened(other, verify(ca)), /^Untrusted: .*vc-a-0\.cc\.qa-de-1\.cloud\.sap/)
        assert.match(yield* opened(other, verify(other.cert)), /^Untrusted/)
      })
    )

    it.effect("trusts no certificate that has expired", () =>
      Effect.gen(function* () {
        const { ca, issue } = yield* authority
        assert.match(yield* opened(yield* issue(FQDN, { expired: true }), verify(ca)), /^Untrusted: .*expired/)
      })
    )

    it.effect("asks nothing of a certificate when told to be insecure", () =>
      Effect.gen(function* () {
        const expired = yield* Effect.flatMap(authority, ({ issue }) => issue("other.example", { expired: true }))
        assert.strictEqual(yield* opened(expired, { _tag: "Insecure" }), "open")
      })
    )
  })
})
