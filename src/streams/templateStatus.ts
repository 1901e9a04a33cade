import { Effect, Option, Ref, Stream, SubscriptionRef } from "effect"
import { canonical, type Json } from "../domain/Manifest.ts"
import { isComplete, type Snapshot } from "../domain/Snapshot.ts"
import { key, TEMPLATE_KIND, type Template } from "../domain/Template.ts"
import { type TemplateReport, templateStatusOf } from "../domain/TemplateStatus.ts"
import { API_VERSION } from "../domain/VCenterState.ts"
import { Journal } from "../services/Journal.ts"
import { Kube, type KubeError } from "../services/Kube.ts"
import { TEMPLATE_STATUS_PAUSE } from "./schedules.ts"
import type { Templates } from "./sources.ts"

type Reports = ReadonlyMap<string, TemplateReport>

/**
 * Shows in each VCenterTemplate's status what it rendered, over all vCenters.
 *
 * Nothing is written before every vCenter has been looked at once: a sum over some of them would be wrong, and would
 * make a restart write. A status that cannot be written is told and stops nothing.
 */
export const templateStatus = Effect.fnUntraced(function* (dryRun: boolean) {
  const reports = yield* SubscriptionRef.make<Reports>(new Map())
  const written = yield* Ref.make<ReadonlyMap<string, string>>(new Map())
  const unsupported = yield* Ref.make(false)

  const report = (vcenter: string, found: TemplateReport) =>
    SubscriptionRef.update(reports, (before) => new Map([...before, [vcenter, found]]))

  const writeOne = Effect.fnUntraced(function* (template: Template, status: Json) {
    const kube = yield* Kube
    const found = yield* kube.get({
      apiVersion: API_VERSION,
      kind: TEMPLATE_KIND,
      namespace: template.namespace,
      name: template.name
    })
    if (Option.isNone(found)) return
    const live = found.value
    // A newer generation has not been rendered yet: its own report follows.
    if (live.metadata.generation !== template.generation || canonical(live.status ?? null) === canonical(status)) return
    const answer = yield* kube.replaceStatus({ ...live, status })
    if (answer.status === undefined) yield* tellUnsupported
  })

  const tellUnsupported = Effect.gen(function* () {
    if (yield* Ref.getAndSet(unsupported, true)) return
    const journal = yield* Journal
    yield* journal.tell({
      _tag: "Warning",
      message: "VCenterTemplates have no status here: install crds/vcentertemplate.yaml to see what each one renders"
    })
  })

  const failed = Effect.fnUntraced(function* (template: Template, error: KubeError) {
    if (error.reason === "NotFound") return yield* tellUnsupported
    const journal = yield* Journal
    yield* journal.tell({ _tag: "Warning", message: `status of VCenterTemplate ${key(template)}: ${error.message}` })
  })

  const round = Effect.fnUntraced(function* (all: Reports, { templates }: Templates) {
    for (const template of templates) {
      if (yield* Ref.get(unsupported)) return
      const status = templateStatusOf(template, all)
      const text = `${template.generation} ${canonical(status)}`
      if ((yield* Ref.get(written)).get(key(template)) === text) continue
      const done = yield* writeOne(template, status).pipe(
        Effect.as(true),
        Effect.catch((error) => Effect.as(failed(template, error), false))
      )
      if (done) yield* Ref.update(written, (before) => new Map([...before, [key(template), text]]))
    }
  })

  const write = (vcenters: Stream.Stream<ReadonlySet<string>>, templates: Stream.Stream<Snapshot<Templates>>) =>
    Stream.zipLatestAll(SubscriptionRef.changes(reports), vcenters, templates).pipe(
      Stream.buffer({ capacity: 1, strategy: "sliding" }),
      Stream.filter(([all, known, reading]) => isComplete(reading) && [...known].every((vcenter) => all.has(vcenter))),
      Stream.runForEach(([all, , reading]) =>
        Effect.andThen(round(all, reading.value), Effect.sleep(TEMPLATE_STATUS_PAUSE))
      )
    )

  return {
    report,
    write: (...sources: Parameters<typeof write>) => (dryRun ? Effect.void : write(...sources))
  }
})
