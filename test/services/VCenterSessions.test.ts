import { assert, describe, layer } from "@effect/vitest"
import { Effect, Exit, Fiber, Redacted, Schedule } from "effect"
import { VCenter } from "../../src/services/VCenter.ts"
import { reference } from "../../src/services/vim/Answers.ts"
import * as Soap from "../../src/services/vim/Soap.ts"
import { follow, type Simulated, simulate } from "./SimulatedVCenter.ts"

const open = ({ target }: Pick<Simulated, "target">) => VCenter.use((vcenter) => vcenter.open(target))

const until = (condition: () => boolean) =>
  Effect.sync(condition).pipe(
    Effect.repeat({ until: (is) => is, schedule: Schedule.spaced("5 millis") }),
    Effect.timeout("5 seconds")
  )

layer(VCenter.layer, { excludeTestServices: true })("VCenter", (it) => {
  describe("a session", () => {
    it.effect("is closed with its scope, and its connections with it", () =>
      Effect.gen(function* () {
        const { model, server, target } = yield* simulate()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = yield* open({ target })
            const { next } = yield* follow(session)
            yield* next
            assert.strictEqual(model.openSessions, 1)
          })
        )
        assert.deepStrictEqual([model.openSessions, model.logins, model.logouts], [0, 1, 1])
        yield* until(() => server.connections() === 0)
      })
    )

    it.effect("needs no more connections than a wait and a question", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const session = yield* open(simulated)
        const { next } = yield* follow(session)
        yield* next
        const ref = simulated.model.find("QA-DE-1a")
        yield* Effect.replicateEffect(session.presence("Datacenter", ref), 10)
        assert.isAtMost(simulated.server.connections(), 2)
        const many = Effect.replicateEffect(session.presence("Datacenter", ref), 30, { concurrency: "unbounded" })
        assert.lengthOf(yield* many, 30)
        assert.isAtMost(simulated.server.connections(), 4)
      })
    )

    it.effect("is closed when a later step fails", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        model.refuse("CreateContainerView", "NoPermission")
        const attempt = Effect.flatMap(open({ target }), follow)
        const exit = yield* Effect.exit(Effect.scoped(Effect.flatMap(attempt, ({ next }) => next)))
        assert.isTrue(Exit.isFailure(exit))
        assert.deepStrictEqual([model.openSessions, model.logins, model.logouts], [0, 1, 1])
      })
    )

    it.effect("is closed when the vCenter does not say who it is", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        model.instanceUuid = ""
        const error = yield* Effect.flip(Effect.scoped(open({ target })))
        assert.strictEqual(error.reason, "BadAnswer")
        assert.deepStrictEqual([model.openSessions, model.logouts], [0, 1])
      })
    )

    it.effect("is closed on interruption, in the midst of a wait", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        const fiber = yield* Effect.forkChild(
          Effect.scoped(
            Effect.gen(function* () {
              const { next } = yield* follow(yield* open({ target }))
              yield* next
              return yield* Effect.never
            })
          )
        )
        yield* until(() => (model.calls.get("WaitForUpdatesEx") ?? 0) === 2)
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual([model.openSessions, model.logouts], [0, 1])
      })
    )

    it.effect("is closed when the interruption comes within the login", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        model.hang("Login")
        const fiber = yield* Effect.forkChild(Effect.scoped(open({ target })))
        yield* until(() => model.calls.get("Login") === 1)
        const interruption = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
        yield* Effect.sleep("50 millis")
        model.resume()
        yield* Fiber.join(interruption)
        assert.deepStrictEqual([model.logins, model.openSessions, model.logouts], [1, 0, 1])
      })
    )

    it.effect("does not hold up the end when neither the login nor the logout is answered", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        const scoped = Effect.scoped(Effect.flatMap(open({ target }), () => Effect.never))
        const fiber = yield* Effect.forkChild(scoped)
        yield* until(() => model.openSessions === 1)
        model.hang()
        const second = yield* Effect.forkChild(scoped)
        yield* until(() => model.calls.get("RetrieveServiceContent") === 2)
        yield* Effect.timeout(Fiber.interruptAll([fiber, second]), "6 seconds")
      })
    )

    it.effect("that the vCenter has ended needs no logout, and that is no complaint", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        yield* Effect.scoped(Effect.map(open({ target }), () => model.endSessions()))
        assert.deepStrictEqual([model.calls.get("Logout"), model.logouts], [1, 0])
      })
    )

    it.effect("leaves nothing behind after 20 reconnects, whatever ended each", () =>
      Effect.gen(function* () {
        const { model, server, target } = yield* simulate()
        const use = Effect.gen(function* () {
          const { next } = yield* follow(yield* open({ target }))
          yield* next
          return yield* next
        })
        const waiting = until(() => (model.calls.get("WaitForUpdatesEx") ?? 0) === 2)
        const ends = [
          { when: waiting, end: () => Effect.sync(() => model.endSessions()) },
          { when: waiting, end: () => Effect.sync(() => model.remove(model.addCluster("productionbb009"))) },
          { when: waiting, end: (fiber: Fiber.Fiber<unknown, unknown>) => Fiber.interrupt(fiber) },
          { when: Effect.sync(() => model.failNext("CreateFilter", "RuntimeFault")), end: () => Effect.void }
        ]
        for (const { when, end } of [...ends, ...ends, ...ends, ...ends, ...ends]) {
          model.resetCalls()
          const fiber = yield* Effect.forkChild(Effect.exit(Effect.scoped(use)))
          yield* when
          yield* end(fiber)
          yield* Effect.timeout(Fiber.await(fiber), "5 seconds")
          assert.strictEqual(model.openSessions, 0)
        }
        assert.strictEqual(model.logins, 20)
        assert.strictEqual(model.logouts, 15)
        yield* until(() => server.connections() === 0)
      })
    )
  })

  describe("a login", () => {
    it.effect("is tried once", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        const wrong = { ...target, password: Redacted.make("test-only-wrong") }
        const error = yield* Effect.flip(open({ target: wrong }))
        assert.strictEqual(error.reason, "LoginRejected")
        assert.deepStrictEqual(
          [model.rejectedLogins, model.calls.get("Login"), model.calls.get("Logout")],
          [1, 1, undefined]
        )
      })
    )

    it.effect("comes without the cookie of a live session, which vCenter takes for a wrong password", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        const vim = yield* Soap.connect(target)
        const login = vim.call("Login", {
          _this: reference("SessionManager", "SessionManager"),
          userName: target.username,
          password: Redacted.value(target.password)
        })
        yield* login
        yield* login
        assert.deepStrictEqual([model.logins, model.rejectedLogins], [2, 0])
      })
    )

    it.effect("takes a password with everything that XML escapes", () =>
      Effect.gen(function* () {
        const { model, target } = yield* simulate()
        const password = `test-only <&>'"]]> ä 漢 \t end `
        model.credentials = { username: "o'neil & co", password }
        yield* open({ target: { ...target, username: "o'neil & co", password: Redacted.make(password) } })
        assert.strictEqual(model.logins, 1)
      })
    )
  })
})
