import { Effect, Option, Ref, Result, Semaphore, Stream, SubscriptionRef } from "effect"
import { canonical } from "../domain/Manifest.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import { key, TEMPLATE_KIND } from "../domain/Template.ts"
import { type TemplateReport, templateStatusOf } from "../domain/TemplateStatus.ts"
import { API_VERSION } from "../domain/VCenterState.ts"
import { Journal } from "../services/Journal.ts"
import { Kube, type KubeError } from "../services/Kube.ts"
import { level } from "./level.ts"
import { LOOK_AGAIN, TEMPLATE_STATUS_PAUSE } from "./schedules.ts"
import type { Templates } from "./sources.ts"
import type { StatusTurn } from "./statusPace.ts"

type Reports = ReadonlyMap<string, TemplateReport>

/** What a status is written to. The generation is unknown when the template could not even be read. */
interface Shown {
  readonly namespace: string
  readonly name: string
  readonly generation: number | undefined
}

const shownOf = ({ templates, failures }: Templates): ReadonlyArray<Shown> => [
  ...templates,
  ...failures.flatMap(({ template }) => {
    const [namespace = "", name = ""] = template.split("/")
    return name === "" ? [] : [{ namespace, name, generation: undefined }]
  })
]

/**
 * Shows in each VCenterTemplate's status what it rendered, over all vCenters.
 *
 * Nothing is written before every vCenter has been looked at once: a sum over some of them would be wrong, and would
 * make a restart write. A status that cannot be written is told and stops nothing.
 */
export const templateStatus = Effect.fnUntraced(function* (dryRun: boolean, turns: StatusTurn) {
  const kube = yield* Kube
  const journal = yield* Journal
  const reports = yield* SubscriptionRef.make<Reports>(new Map())
  const newest = yield* Ref.make(Option.none<readonly [ReadonlySet<string>, Snapshot<Templates>]>())
  const written = yield* Ref.make<ReadonlyMap<string, string>>(new Map())
  const unsupported = yield* Ref.make(false)
  const one = yield* Semaphore.make(1)

  const report = (vcenter: string, found: TemplateReport) =>
    SubscriptionRef.update(reports, (before) => new Map([...before, [vcenter, found]]))

  const tellUnsupported = Effect.gen(function* () {
    if (yield* Ref.getAndSet(unsupported, true)) return
    yield* journal.tell({
      _tag: "Warning",
      message: "VCenterTemplates have no status here: install crds/vcentertemplate.yaml to see what each one renders"
    })
  })

  const writeOne = Effect.fnUntraced(function* (shown: Shown, all: Reports) {
    const found = yield* kube.get({
      apiVersion: API_VERSION,
      kind: TEMPLATE_KIND,
      namespace: shown.namespace,
      name: shown.name
    })
    if (Option.isNone(found)) return
    const live = found.value
    const { generation } = live.metadata
    // A newer generation has not been rendered yet: its own report follows.
    if (typeof generation === "number" && shown.generation !== undefined && generation !== shown.generation) return
    const status = templateStatusOf(key(shown), typeof generation === "number" ? generation : undefined, all)
    if (canonical(live.status ?? null) === canonical(status)) return
    yield* Effect.flatMap(turns, Effect.sleep)
    const answer = yield* kube.replaceStatus({ ...live, status })
    if (answer.status === undefined) yield* tellUnsupported
  })

  const failed = (shown: Shown, error: KubeError) => {
    // The template was there a moment ago, but its status is not served.
    if (error.reason === "Unserved") return tellUnsupported
    // It has been deleted meanwhile.
    if (error.reason === "NotFound") return Effect.void
    return journal.tell({ _tag: "Warning", message: `status of VCenterTemplate ${key(shown)}: ${error.message}` })
  }

  /** @returns whether every status could be written */
  const round = Effect.fnUntraced(function* (all: Reports, templates: Templates) {
    let complete = true
    for (const shown of shownOf(templates)) {
      if (yield* Ref.get(unsupported)) return true
      const text = canonical(templateStatusOf(key(shown), shown.generation, all))
      if ((yield* Ref.get(written)).get(key(shown)) === text) continue
      const done = yield* Effect.result(writeOne(shown, all))
      if (Result.isSuccess(done)) yield* Ref.update(written, (before) => new Map([...before, [key(shown), text]]))
      else yield* failed(shown, done.failure)
      complete = complete && (Result.isSuccess(done) || done.failure.reason === "NotFound")
    }
    return complete
  })

  /** Writes what has been reported so far, as soon as every vCenter has reported. */
  const write = Effect.gen(function* () {
    const known = yield* Ref.get(newest)
    if (Option.isNone(known) || dryRun) return true
    const [vcenters, templates] = known.value
    const all = yield* SubscriptionRef.get(reports)
    return isWhole([all, vcenters, templates]) ? yield* round(all, templates.value) : true
  }).pipe(one.withPermit)

  /** Follows the reports and writes, for ever. */
  const follow = (vcenters: Stream.Stream<ReadonlySet<string>>, templates: Stream.Stream<Snapshot<Templates>>) =>
    level(
      Stream.zipLatestAll(SubscriptionRef.changes(reports), vcenters, templates).pipe(
        // Kept as it comes: `--once` ends with the last report, and must not wait for the next round.
        Stream.tap(([, vcenters, templates]) => Ref.set(newest, Option.some([vcenters, templates] as const))),
        Stream.filter(isWhole)
      ),
      () =>
        write.pipe(
          Effect.tap(() => Effect.sleep(TEMPLATE_STATUS_PAUSE)),
          Effect.map((complete) => (complete ? Option.none() : Option.some(LOOK_AGAIN))),
          // A status that is lost is written by the next start: the end need not wait for it.
          Effect.interruptible
        )
    )

  return { report, follow, write }
})

const isWhole = ([all, vcenters, templates]: readonly [Reports, ReadonlySet<string>, Snapshot<Templates>]): boolean =>
  isComplete(templates) && [...vcenters].every((vcenter) => all.has(vcenter))

export type TemplateStatuses = Effect.Success<ReturnType<typeof templateStatus>>
