import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { VCenter } from "../../src/services/VCenter.ts"
import type { VCenterReason } from "../../src/services/vim/VimError.ts"
import { follow, lines, type Simulated, simulate } from "./SimulatedVCenter.ts"

type Reason = typeof VCenterReason.Type

const open = ({ target }: Simulated) => VCenter.use((vcenter) => vcenter.open(target))

/** A session whose first inventory is read. */
const followed = Effect.fnUntraced(function* () {
  const simulated = yield* simulate()
  const session = yield* open(simulated)
  const { next } = yield* follow(session)
  return { ...simulated, session, first: yield* next, next }
})

const reasonOf = <E extends { readonly _tag: string }, A, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => ("reason" in error ? error.reason : error._tag))

layer(VCenter.layer, { excludeTestServices: true })("VCenter", (it) => {
  describe("when a call is refused", () => {
    it.effect.each<{ method: string; fault: string; reason: Reason }>([
      { method: "Login", fault: "InvalidLogin", reason: "LoginRejected" },
      { method: "Login", fault: "PasswordExpired", reason: "LoginRejected" },
      { method: "Login", fault: "NotAuthenticated", reason: "SessionLost" },
      { method: "Login", fault: "NoPermission", reason: "Fault" },
      { method: "RetrieveServiceContent", fault: "HostConnectFault", reason: "Fault" }
    ])("opens no session: $method answers $fault", ({ method, fault, reason }) =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        simulated.model.failNext(method, fault)
        const error = yield* Effect.flip(open(simulated))
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.vcenter, simulated.target.fqdn)
        assert.include(error.message, `${method} failed with ${fault}`)
        assert.strictEqual(simulated.model.openSessions, 0)
      })
    )

    it.effect.each<{ method: string; fault: string; reason: Reason }>([
      { method: "CreatePropertyCollector", fault: "NotAuthenticated", reason: "SessionLost" },
      { method: "CreateContainerView", fault: "NoPermission", reason: "Fault" },
      { method: "CreateContainerView", fault: "ManagedObjectNotFound", reason: "CollectorLost" },
      { method: "CreateFilter", fault: "InvalidProperty", reason: "Fault" },
      { method: "WaitForUpdatesEx", fault: "NotAuthenticated", reason: "SessionLost" },
      { method: "WaitForUpdatesEx", fault: "InvalidCollectorVersion", reason: "CollectorLost" },
      { method: "WaitForUpdatesEx", fault: "ManagedObjectNotFound", reason: "CollectorLost" },
      { method: "WaitForUpdatesEx", fault: "RequestCanceled", reason: "CollectorLost" },
      { method: "WaitForUpdatesEx", fault: "RuntimeFault", reason: "Fault" }
    ])("shows no inventory: $method answers $fault", ({ method, fault, reason }) =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const session = yield* open(simulated)
        simulated.model.failNext(method, fault)
        const { next } = yield* follow(session)
        assert.strictEqual(yield* reasonOf(next), reason)
      })
    )

    it.effect.each([
      { fault: "ManagedObjectNotFound", presence: "Unknown" },
      { fault: "NoPermission", presence: "Unknown" },
      { fault: "InvalidProperty", presence: "Unknown" }
    ])("proves nothing about an object: $fault that does not name it", ({ fault, presence }) =>
      Effect.gen(function* () {
        const { model, session } = yield* followed()
        model.failNext("RetrievePropertiesEx", fault)
        const answer = yield* session.presence("ClusterComputeResource", model.find("productionbb001"))
        assert.strictEqual(answer._tag, presence)
      })
    )
  })

  describe("when the session ends", () => {
    it.effect("says so at once, in the midst of a wait", () =>
      Effect.gen(function* () {
        const { model, next } = yield* followed()
        model.endSessions()
        assert.strictEqual(yield* reasonOf(next), "SessionLost")
      })
    )

    it.effect("sees it where vCenter faults, and where it answers NotAuthenticated in place of values", () =>
      Effect.gen(function* () {
        const { model, session } = yield* followed()
        model.endSessions()
        const asked = session.presence("Datacenter", model.find("QA-DE-1a"))
        assert.strictEqual(yield* reasonOf(asked), "SessionLost")
        model.unauthenticated = "missingSet"
        assert.strictEqual(yield* reasonOf(asked), "SessionLost")
      })
    )
  })

  describe("when the collector is lost", () => {
    it.effect.each([
      { lever: "invalidateVersions", fault: "InvalidCollectorVersion" },
      { lever: "forgetCollectors", fault: "ManagedObjectNotFound" }
    ] as const)("reads everything anew in the same session, Partial meanwhile: $fault", ({ lever, fault }) =>
      Effect.gen(function* () {
        const { model, first, next } = yield* followed()
        model[lever]()
        const meanwhile = yield* next
        assert.isTrue(meanwhile._tag === "Partial" && meanwhile.reason.includes(fault), JSON.stringify(meanwhile))
        assert.deepStrictEqual(meanwhile.value, first.value)
        assert.deepStrictEqual(yield* next, first)
        model.remove("productionbb001")
        assert.deepStrictEqual(lines(yield* next), ["Complete", ...lines(first).slice(2)])
        assert.strictEqual(model.logins, 1)
      })
    )

    it.effect("sees what has changed while it was lost", () =>
      Effect.gen(function* () {
        const { model, first, next } = yield* followed()
        model.batch(() => {
          model.invalidateVersions()
          model.remove("productionbb002")
        })
        assert.strictEqual((yield* next)._tag, "Partial")
        assert.deepStrictEqual(lines(yield* next), lines(first).slice(0, 2))
      })
    )

    it.effect("gives up when it is lost again before everything was read", () =>
      Effect.gen(function* () {
        const { model, next } = yield* followed()
        model.refuse("WaitForUpdatesEx", "InvalidCollectorVersion")
        model.invalidateVersions()
        assert.strictEqual((yield* next)._tag, "Partial")
        assert.strictEqual(yield* reasonOf(next), "CollectorLost")
      })
    )
  })

  describe("on a server without collectors for everybody", () => {
    it.effect("uses the session's, and loses no change between two readers", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const { model } = simulated
        model.refuse("CreatePropertyCollector", "NotSupported")
        const session = yield* open(simulated)
        const [one] = yield* Effect.scoped(reads(session, 1))
        assert.strictEqual(one?._tag, "Complete")
        // The first reader's wait goes on in the server; without CancelWaitForUpdates it would swallow this.
        const { next } = yield* follow(session)
        assert.deepStrictEqual(yield* next, one)
        model.remove("productionbb001")
        assert.strictEqual((yield* next).value.clusters.length, 1)
        assert.strictEqual(model.calls.get("CancelWaitForUpdates"), 1)
        assert.strictEqual(model.calls.get("DestroyPropertyFilter"), 1)
      })
    )
  })

  describe("when there is no answer", () => {
    it.effect("says Unreachable when connections are cut, in the midst of a wait too, and when none is taken", () =>
      Effect.gen(function* () {
        const { next, ...simulated } = yield* followed()
        simulated.model.disconnect()
        assert.strictEqual(yield* reasonOf(next), "Unreachable")
        assert.strictEqual(yield* reasonOf(open(simulated)), "Unreachable")
        simulated.model.reconnect()
        yield* open(simulated)
        const lost = { ...simulated.target, address: "127.0.0.1", port: 1 }
        assert.strictEqual(yield* reasonOf(VCenter.use((vcenter) => vcenter.open(lost))), "Unreachable")
      })
    )

    it.effect("says Unreachable when the name does not resolve", () =>
      Effect.gen(function* () {
        const { target } = yield* simulate()
        const { address: _, ...nameless } = target
        const error = yield* Effect.flip(VCenter.use((vcenter) => vcenter.open({ ...nameless, fqdn: "vc.invalid" })))
        assert.strictEqual(error.reason, "Unreachable")
        assert.include(error.message, "vc.invalid")
      })
    )
  })
})

const reads = Effect.fnUntraced(function* (session: Parameters<typeof follow>[0], count: number) {
  const { next } = yield* follow(session)
  return yield* Effect.replicateEffect(next, count)
})
