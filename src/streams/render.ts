import { Effect, Predicate, Result } from "effect"
import { approves, waitingStorage } from "../domain/Approval.ts"
import type { Cells } from "../domain/Cells.ts"
import type { Facts } from "../domain/ClusterFacts.ts"
import { assemble, type Failure, type Rendering } from "../domain/Desired.ts"
import type { Inventory } from "../domain/Inventory.ts"
import { choicesIn, type Ledger, type RecordedSubject, type RecordedTemplate } from "../domain/Ledger.ts"
import { type Lost, lostStorage } from "../domain/LostStorage.ts"
import { digest } from "../domain/Manifest.ts"
import { manifests } from "../domain/manifests.ts"
import { namesakes } from "../domain/namesakes.ts"
import { mark, type Owner } from "../domain/Owner.ts"
import { ownedBy } from "../domain/OwnerReference.ts"
import { contexts, type RenderContext } from "../domain/RenderContext.ts"
import type { Settings } from "../domain/Settings.ts"
import { complete, isComplete, partial, type Snapshot } from "../domain/Snapshot.ts"
import { asProof, key, mayUseCells, path, SCOPES, type Template } from "../domain/Template.ts"
import { DigestKey } from "../services/DigestKey.ts"
import { Kinds } from "../services/Kinds.ts"
import { Passwords } from "../services/Passwords.ts"
import { Renderer } from "../services/Renderer.ts"
import type { Templates } from "./sources.ts"

/** How many renderings of one vCenter are asked for at a time: the renderer takes them together. */
const RENDERINGS = 64

/** Everything that one vCenter's objects are rendered from. */
export interface RenderFacts {
  readonly owner: Owner
  readonly facts: Facts
  readonly settings: Settings
  readonly templates: Snapshot<Templates>
  readonly cells: Snapshot<Cells>
  readonly inventory: Snapshot<Inventory>
  /** Holds the choices of earlier runs. */
  readonly ledger: Ledger
  /** Which templates to render for which subjects; all when left out. Every template can be included all the same. */
  readonly wants?: (template: Template, context: RenderContext) => boolean
  /** An undefined value that is printed or iterated is a failure. */
  readonly strict?: boolean
  /** What stands in `spec.approve`: the loss of storage may be approved. */
  readonly approve?: string | undefined
}

/**
 * Every template for every cluster or datacenter of its scope. A template that fails for one of them is that one's
 * failure; the others go on. Nothing is rendered from facts that are not whole.
 */
export const render = Effect.fn("render")(function* (input: RenderFacts) {
  const { cells, facts, inventory, ledger, owner, settings, templates, wants = () => true } = input
  const passwords = yield* Passwords
  const digestKey = yield* DigestKey
  const password = yield* passwords.derive(settings.username, settings.seed, owner.vcenter)
  const library = new Map(templates.value.templates.map((template) => [path(template), template]))
  const subjects = new Map<string, RecordedSubject>()
  const recordedFor = new Set([...ledger.entries.values()].map(({ subject }) => subject))
  const held = new Map<string, string>()
  const lost = new Map<string, Lost>()
  const failures: Array<Failure> = [...templates.value.failures]
  const found: Array<RenderContext> = []
  const notes: Array<string> = []
  // What is held of one that was made anew, or what it has lost, holds what is recorded for the old one.
  const before = namesakes(ledger, inventory.value)
  const choices = choicesIn(new Map([...before, ...ledger.subjects]))
  const recordedAs = (ref: string) => (recordedFor.has(ref) ? ledger.subjects.get(ref) : before.get(ref))
  const refsOf = (ref: string) => [ref, before.get(ref)?.ref].filter((each) => each !== undefined)
  for (const scope of SCOPES) {
    const from = {
      fqdn: owner.vcenter,
      inventory: inventory.value,
      settings,
      facts,
      cells: cells.value,
      password,
      choices
    }
    found.push(...contexts(from, scope))
  }
  const wanted: Array<readonly [Template, RenderContext]> = []
  for (const context of found) {
    const { ref, scope } = context.subject
    const ofScope = templates.value.templates.filter((template) => template.scope === scope)
    const asked = ofScope.filter((template) => wants(template, context))
    if (asked.length === 0 && ofScope.length > 0) continue
    subjects.set(ref, context.subject)
    notes.push(...(context.notes ?? []))
    if (context.incomplete !== undefined) {
      for (const each of refsOf(ref)) held.set(each, context.incomplete)
      continue
    }
    const loss = lostStorage(recordedAs(ref), context)
    if (loss !== undefined) for (const each of refsOf(ref)) lost.set(each, loss)
    wanted.push(...asked.map((template) => [template, context] as const))
  }
  const losses = waitingStorage({ namespace: facts.ownNamespace, vcenter: owner.vcenter }, lost.values())
  const granted = approves(input.approve, ledger, losses) ? losses : undefined
  if (granted !== undefined) lost.clear()
  const results = yield* Effect.forEach(
    wanted.filter(([, { subject }]) => !lost.has(subject.ref)),
    // What follows the rendering is done in this thread: sessions and watches go on in between.
    ([template, context]) =>
      Effect.tap(Effect.result(renderOne(input, library, template, context, digestKey)), () => Effect.yieldNow),
    { concurrency: RENDERINGS }
  )
  const renderings = results.flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))
  failures.push(...results.flatMap((result) => (Result.isFailure(result) ? result.failure : [])))
  const desired = assemble({
    instanceUuid: inventory.value.instanceUuid,
    digestKey: digest("digest key", digestKey),
    renderings,
    failures,
    notes,
    held,
    lost,
    ...(granted === undefined ? {} : { approval: granted.digest }),
    subjects,
    datacenters: new Set(inventory.value.datacenters.map(({ ref }) => ref)),
    templates: new Map(
      templates.value.templates.map((template) => [key(template), recordedTemplate(template, digestKey)])
    )
  })
  const readings: ReadonlyArray<Snapshot<unknown>> = [inventory, asProof(templates, ledger.entries.size), cells]
  const reasons = readings.flatMap((reading) => (isComplete(reading) ? [] : [reading.reason]))
  return reasons.length === 0 ? complete(desired) : partial(desired, reasons.join("; "))
})

/** One template for one subject: text, documents, manifests, marks. Its problems come together. */
const renderOne = Effect.fnUntraced(function* (
  { cells, facts, owner, settings, strict = false, templates }: RenderFacts,
  library: ReadonlyMap<string, Template>,
  template: Template,
  context: RenderContext,
  digestKey: Uint8Array
) {
  const renderer = yield* Renderer
  const failed = (message: string): Failure => ({
    template: key(template),
    subject: context.subject.ref,
    subjectName: context.subject.name,
    message
  })
  const documents = yield* renderer.documents({ template, library, context, seed: settings.seed, strict }).pipe(
    Effect.mapError(({ kind, line, column, excerpt, detail, template: within }) => [
      {
        ...failed(detail),
        kind,
        ...(within === path(template) ? {} : { within }),
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
        ...(excerpt === undefined ? {} : { excerpt })
      }
    ])
  )
  const kinds = yield* servedKinds(documents).pipe(Effect.mapError((error) => [failed(error.message)]))
  const found = manifests({
    documents,
    template,
    settings,
    ownNamespace: facts.ownNamespace,
    isNamespaced: (apiVersion, kind) => kinds.get(`${apiVersion} ${kind}`)
  })
  if (found.problems.length > 0) return yield* Effect.fail(found.problems.map(({ message }) => failed(message)))
  const readings: ReadonlyArray<Snapshot<unknown>> = mayUseCells(template, templates.value.templates)
    ? [templates, cells]
    : [templates]
  const doubts = readings.flatMap((reading) => (isComplete(reading) ? [] : [reading.reason]))
  return {
    template: key(template),
    subject: context.subject.ref,
    wanted: found.manifests.map((manifest) => {
      const marked = mark(settings.ownerReferences ? ownedBy(manifest, template) : manifest, owner)
      return {
        manifest: marked,
        digest: digest(marked.body, digestKey),
        template: key(template),
        subject: context.subject.ref,
        ...(doubts.length === 0 ? {} : { partial: doubts.join("; ") })
      }
    })
  } satisfies Rendering
})

/** Whether the kinds of these documents live in a namespace; a kind that is not served is undefined. */
const servedKinds = Effect.fnUntraced(function* (documents: ReadonlyArray<unknown>) {
  const kinds = yield* Kinds
  const served = new Map<string, boolean | undefined>()
  for (const { apiVersion, kind } of documents.flatMap(kindOf)) {
    const name = `${apiVersion} ${kind}`
    if (!served.has(name)) served.set(name, yield* kinds.isNamespaced(apiVersion, kind))
  }
  return served
})

const kindOf = (document: unknown): ReadonlyArray<{ readonly apiVersion: string; readonly kind: string }> =>
  Predicate.isObject(document) &&
  Predicate.hasProperty(document, "apiVersion") &&
  Predicate.hasProperty(document, "kind") &&
  Predicate.isString(document.apiVersion) &&
  Predicate.isString(document.kind)
    ? [{ apiVersion: document.apiVersion, kind: document.kind }]
    : []

const recordedTemplate = (template: Template, digestKey: Uint8Array): RecordedTemplate => ({
  name: key(template),
  scope: template.scope,
  digest: digest({ source: template.source, options: template.options }, digestKey)
})
