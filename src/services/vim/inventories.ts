import { Clock, Duration, Effect, Equal, Option, Stream } from "effect"
import type { Inventory } from "../../domain/Inventory.ts"
import { partial, type Snapshot } from "../../domain/Snapshot.ts"
import { Nothing, type Page, pageOf, Reference, type ServiceContent, UpdateSet } from "./Answers.ts"
import * as Collected from "./Collected.ts"
import { filterSpec, VIEWED } from "./Filter.ts"
import { ask, type Method, type Vim } from "./Vim.ts"
import { sessionLost, type VimError } from "./VimError.ts"

/** Seconds for which the server may hold a wait without a change: each end of one proves that the session is alive. */
export const MAX_WAIT_SECONDS = 120

/** A wait without an answer for this long is lost. */
export const WAIT_DEADLINE = Duration.seconds(MAX_WAIT_SECONDS + 30)

/** A server that answers a wait at once though nothing has changed is asked again no sooner than this. */
const IDLE_PACE = Duration.seconds(20)

interface Following {
  readonly collector: Reference
  readonly version: string
  readonly collected: Collected.Collected
}

interface State {
  /** Left out: to be set up anew. */
  readonly following?: Following
  readonly shown?: Snapshot<Inventory>
}

/**
 * Follows the inventory of one session, one reader at a time: what an earlier reader left on the server is taken down
 * by the next one, and by the logout. When the server has lost the collector, the last inventory is shown as Partial
 * until everything was read anew; when that fails, too, the stream fails.
 */
export const inventories = (
  vim: Vim,
  content: ServiceContent,
  instanceUuid: string
): Stream.Stream<Snapshot<Inventory>, VimError> => {
  const origin = { instanceUuid, root: content.rootFolder.$value }
  const left: Array<readonly [Method, Reference]> = []
  const step = (
    state: State
  ): Effect.Effect<readonly [ReadonlyArray<Snapshot<Inventory>>, Option.Option<State>], VimError> =>
    (state.following === undefined ? setUp(vim, content, left) : Effect.succeed(state.following)).pipe(
      Effect.flatMap((following) => round(vim, following)),
      Effect.map((following) => show({ ...state, following }, Collected.snapshot(following.collected, origin))),
      Effect.catch((error) => {
        const { following, shown } = state
        // Lost before everything was read: reading anew in this session leads nowhere.
        if (error.reason !== "CollectorLost" || following === undefined || shown === undefined)
          return Effect.fail(error)
        return Effect.succeed(show({}, partial(shown.value, `everything is read anew: ${error.detail}`)))
      })
    )
  return Stream.paginate({}, step)
}

const show = (
  { shown, ...rest }: State,
  snapshot: Snapshot<Inventory>
): readonly [ReadonlyArray<Snapshot<Inventory>>, Option.Option<State>] => [
  Equal.equals(shown, snapshot) ? [] : [snapshot],
  Option.some({ ...rest, shown: snapshot })
]

/** Waits for changes and takes in all their pages. */
const round = Effect.fnUntraced(function* (vim: Vim, { collector, ...start }: Following) {
  let { version, collected } = start
  while (true) {
    const asked = yield* Clock.currentTimeMillis
    const page = yield* wait(vim, collector, version)
    if (page?.faults.has("NotAuthenticated") === true) return yield* sessionLost()
    if (page === undefined || (page.updates.length === 0 && version !== "")) {
      const spent = (yield* Clock.currentTimeMillis) - asked
      yield* Effect.sleep(Duration.subtract(IDLE_PACE, Duration.millis(spent)))
    }
    if (page === undefined) continue
    collected = Collected.apply(collected, page.updates)
    version = page.version
    if (!page.truncated) return { collector, version, collected }
  }
})

const wait = (vim: Vim, collector: Reference, version: string): Effect.Effect<Page | undefined, VimError> =>
  ask(
    vim,
    "WaitForUpdatesEx",
    { _this: collector, version, options: { maxWaitSeconds: MAX_WAIT_SECONDS } },
    UpdateSet,
    WAIT_DEADLINE
  ).pipe(Effect.map(pageOf))

/** One view and one filter, on a collector of our own: versions and waits of others do not meet ours there. */
const setUp = Effect.fnUntraced(function* (
  vim: Vim,
  content: ServiceContent,
  left: Array<readonly [Method, Reference]>
): Effect.fn.Return<Following, VimError> {
  yield* takeDown(vim, left)
  const own = yield* ownCollector(vim, content.propertyCollector)
  const collector = own ?? content.propertyCollector
  if (own !== undefined) left.push(["DestroyPropertyCollector", own])
  const view = yield* ask(
    vim,
    "CreateContainerView",
    { _this: content.viewManager, container: content.rootFolder, type: VIEWED, recursive: true },
    Reference
  )
  left.push(["DestroyView", view])
  const filter = yield* ask(
    vim,
    "CreateFilter",
    { _this: collector, spec: filterSpec(view, content.rootFolder), partialUpdates: false },
    Reference
  )
  if (own === undefined) left.push(["DestroyPropertyFilter", filter])
  // A wait that nobody waits for any more goes on in the server and swallows the next change.
  left.push(["CancelWaitForUpdates", collector])
  return { collector, version: "", collected: Collected.empty }
})

const ownCollector = (vim: Vim, collector: Reference): Effect.Effect<Reference | undefined, VimError> =>
  ask(vim, "CreatePropertyCollector", { _this: collector }, Reference).pipe(
    Effect.catchIf(
      ({ reason }) => reason === "Fault",
      ({ detail }) =>
        Effect.logDebug("no property collector of our own: the session's is used").pipe(
          Effect.annotateLogs({ vcenter: vim.fqdn, detail }),
          Effect.as(undefined)
        )
    )
  )

/** What is gone already, with its session or its collector, need not be taken down. */
const takeDown = Effect.fnUntraced(function* (vim: Vim, left: Array<readonly [Method, Reference]>) {
  for (let next = left.at(-1); next !== undefined; next = left.at(-1)) {
    const [method, _this] = next
    yield* ask(vim, method, { _this }, Nothing).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "CollectorLost",
        () => Effect.void
      )
    )
    left.pop()
  }
})
