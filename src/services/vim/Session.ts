import { Duration, Effect, Exit, Fiber, Option, Redacted, type Scope, type Stream } from "effect"
import type { Inventory, Presence } from "../../domain/Inventory.ts"
import type { Snapshot } from "../../domain/Snapshot.ts"
import { Nothing, nameIn, type Reference, RetrieveResult, reference, ServiceContent } from "./Answers.ts"
import { inventories } from "./inventories.ts"
import { ask, type Vim } from "./Vim.ts"
import { clip, sessionLost, VimError } from "./VimError.ts"

/** What is needed to log in. */
export interface Credentials {
  readonly username: string
  readonly password: Redacted.Redacted
}

/** A session before it is known whose. */
export interface Session {
  readonly instanceUuid: string
  readonly version: string
  readonly inventories: Stream.Stream<Snapshot<Inventory>, VimError>
  readonly presence: (type: string, ref: string) => Effect.Effect<Presence, VimError>
}

/** Logging out happens on the way out: nothing waits longer for it. */
const LOGOUT_DEADLINE = Duration.seconds(3)

/** How long an interrupted login may still take, so that the session it opens can be closed. */
const LOGIN_GRACE = Duration.seconds(2)

const SERVICE_INSTANCE = reference("ServiceInstance", "ServiceInstance")

/** Logs in, once; logs out with the scope. */
export const open: (vim: Vim, credentials: Credentials) => Effect.Effect<Session, VimError, Scope.Scope> =
  Effect.fnUntraced(function* (vim, credentials) {
    const content = yield* serviceContent(vim)
    yield* session(vim, content.sessionManager, credentials)
    const { instanceUuid, version, build } =
      content.about.instanceUuid === undefined ? (yield* serviceContent(vim)).about : content.about
    if (instanceUuid === undefined || instanceUuid === "") {
      return yield* new VimError({ reason: "BadAnswer", detail: "the vCenter does not give its instanceUuid" })
    }
    return {
      instanceUuid,
      version: build === undefined ? clip(version) : clip(`${version} build ${build}`),
      inventories: inventories(vim, content, instanceUuid),
      presence: (type, ref) => presence(vim, content.propertyCollector, type, ref)
    }
  })

const serviceContent = (vim: Vim): Effect.Effect<ServiceContent, VimError> =>
  ask(vim, "RetrieveServiceContent", { _this: SERVICE_INSTANCE }, ServiceContent)

/**
 * A session that was opened is closed, whatever happens: a login under way when the interruption comes is given a
 * little time, because the session it may have opened has no name yet.
 */
const session = Effect.fnUntraced(function* (vim: Vim, manager: Reference, credentials: Credentials) {
  const logout = Effect.suspend(() => ask(vim, "Logout", { _this: manager }, Nothing, LOGOUT_DEADLINE)).pipe(
    // A lost session is what logging out is for.
    Effect.catchIf(
      ({ reason }) => reason === "SessionLost",
      () => Effect.void
    ),
    Effect.catch(({ detail }) =>
      Effect.logWarning("logout failed: the session stays until vCenter ends it").pipe(
        Effect.annotateLogs({ vcenter: vim.fqdn, detail })
      )
    )
  )
  const login = ask(
    vim,
    "Login",
    { _this: manager, userName: credentials.username, password: Redacted.value(credentials.password) },
    Nothing
  )
  yield* Effect.uninterruptibleMask(
    Effect.fnUntraced(function* (restore) {
      const fiber = yield* Effect.forkDetach(login)
      yield* Effect.onInterrupt(restore(Fiber.join(fiber)), () => closeLate(fiber, logout))
      yield* Effect.addFinalizer(() => logout)
    })
  )
})

const closeLate = Effect.fnUntraced(function* (login: Fiber.Fiber<unknown, VimError>, logout: Effect.Effect<void>) {
  const exit = yield* Effect.timeoutOption(Fiber.await(login), LOGIN_GRACE)
  yield* Fiber.interrupt(login)
  if (Option.isSome(exit) && Exit.isSuccess(exit.value)) yield* logout
})

/**
 * Asks for the name of one object.
 *
 *   answer                                     | presence
 *   -------------------------------------------+------------------------------
 *   ManagedObjectNotFound, about this object   | Gone
 *   its name                                   | Present
 *   NotAuthenticated, as fault or in its place | fails: SessionLost
 *   NoPermission and every other fault         | Unknown
 *   anything else                              | Unknown
 */
const presence = (vim: Vim, collector: Reference, type: string, ref: string): Effect.Effect<Presence, VimError> =>
  lookUp(vim, collector, type, ref).pipe(
    Effect.catch((error): Effect.Effect<Presence, VimError> => {
      const { fault, reason, detail } = error
      if (fault === undefined || reason === "SessionLost") return Effect.fail(error)
      const gone = fault.name === "ManagedObjectNotFound" && fault.object === ref
      return Effect.succeed(gone ? { _tag: "Gone" } : { _tag: "Unknown", reason: detail })
    })
  )

const lookUp = Effect.fnUntraced(function* (
  vim: Vim,
  collector: Reference,
  type: string,
  ref: string
): Effect.fn.Return<Presence, VimError> {
  const specSet = [{ propSet: [{ type, pathSet: ["name"] }], objectSet: [{ obj: reference(type, ref), skip: false }] }]
  const answer = yield* ask(vim, "RetrievePropertiesEx", { _this: collector, specSet, options: {} }, RetrieveResult)
  if (answer?.token !== undefined) {
    // A token that nobody continues or cancels stays in the server's memory; it may be "0".
    yield* ask(vim, "CancelRetrievePropertiesEx", { _this: collector, token: answer.token }, Nothing)
  }
  const { name, faults } = nameIn(answer, ref)
  if (faults.includes("NotAuthenticated")) return yield* sessionLost()
  if (name !== undefined) return { _tag: "Present", name }
  const [fault] = faults
  return { _tag: "Unknown", reason: fault === undefined ? "the answer does not mention it" : `its name: ${fault}` }
})
