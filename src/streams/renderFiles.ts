import { Console, Effect, FileSystem, Result, Runtime, Schema, Stdio, Stream } from "effect"
import { claimsOf, contestOthers } from "../domain/Claims.ts"
import type { Desired, Wanted } from "../domain/Desired.ts"
import { type KnownFacts, read as readFacts } from "../domain/FactsFile.ts"
import { empty } from "../domain/Ledger.ts"
import { label } from "../domain/Manifest.ts"
import { SETTINGS_SECRET } from "../domain/OwnObjects.ts"
import { type Problem, problemsOf, texts, toJson } from "../domain/Problem.ts"
import type { RenderContext } from "../domain/RenderContext.ts"
import { complete } from "../domain/Snapshot.ts"
import { SAMPLE_FACTS } from "../domain/sampleFacts.ts"
import { key, type Scope, type Template } from "../domain/Template.ts"
import { templatesIn, together } from "../domain/templatesIn.ts"
import { parse, print } from "../services/Yaml.ts"
import { render } from "./render.ts"

/** What to render, and how to show it. */
export interface Request {
  /** Files with VCenterTemplates. */
  readonly files: ReadonlyArray<string>
  /** The facts file; undefined: a sample vCenter. */
  readonly facts: string | undefined
  readonly scope: Scope | undefined
  /** Of a template, a cluster, a datacenter or a vCenter: nothing else is rendered. */
  readonly only: string | undefined
  /** Show problems only. */
  readonly check: boolean
  readonly output: "yaml" | "ndjson"
}

/** Not everything could be rendered. */
export class NotRendered extends Schema.TaggedError<NotRendered>()("NotRendered", { problems: Schema.Int }) {
  override get message(): string {
    return `${this.problems} problems`
  }

  /** They have been shown: the runtime need not log it again. */
  override readonly [Runtime.errorReported] = false
}

/**
 * Renders templates from files as the operator does, with facts from a file: no cluster, no vCenter, no network.
 * Manifests go to the standard output, problems to the standard error; with `check` there are no manifests, and the
 * problems go to the standard output. What `check` counts as a problem and the operator does not, is a warning else.
 */
export const renderFiles = Effect.fnUntraced(function* (request: Request) {
  const { facts: factsFile, files, output } = request
  const known = yield* factsOf(factsFile)
  const contents = Result.isSuccess(known)
    ? yield* Effect.forEach(files, (file) => contentsOf(file, known.success.facts.ownNamespace))
    : []
  const { found, problems: twice } = together(contents.flatMap((each) => each.found))
  const templates = found.map(({ template }) => template)
  const problems: Array<Problem> = [
    ...(Result.isSuccess(known) ? [] : known.failure),
    ...contents.flatMap((each) => each.problems),
    ...twice
  ]
  const notices = contents.flatMap((each) => each.notices)
  const doubts: Array<Problem> = []
  if (Result.isSuccess(known)) {
    const rendered = yield* renderAll(known.success, templates, request)
    for (const [vcenter, desired] of rendered.lenient) problems.push(...problemsOf(vcenter, desired, found))
    doubts.push(...doubtsOf(rendered, found))
    notices.push(...[...rendered.lenient.values()].flatMap(({ notes = [] }) => notes))
    if (problems.length === 0) problems.push(...nothingIn(request, templates, rendered.lenient))
    if (!request.check) yield* showManifests(rendered.lenient, output)
  }
  // The cause before what comes of it.
  if (request.check) problems.unshift(...doubts)
  yield* Effect.forEach(notices, (notice) => Console.error(`note: ${notice}`), { discard: true })
  if (!request.check) yield* Effect.forEach(texts(doubts), (text) => Console.error(`warning: ${text}`))
  const show = request.check ? Console.log : Console.error
  const lines = output === "ndjson" ? problems.map((problem) => JSON.stringify(toJson(problem))) : texts(problems)
  yield* Effect.forEach(lines, (line) => show(output === "ndjson" ? line : `error: ${line}`), { discard: true })
  if (problems.length === 0 && request.check) yield* Console.error("no problem")
  if (problems.length > 0) return yield* new NotRendered({ problems: problems.length })
})

type Rendered = ReadonlyMap<string, Desired>

/** As the operator does it, and once more with every use of an undefined value as a failure. */
const renderAll = Effect.fnUntraced(function* (
  known: KnownFacts,
  templates: ReadonlyArray<Template>,
  request: Request
) {
  const once = Effect.fnUntraced(function* (strict: boolean) {
    const all = new Map<string, Desired>()
    for (const [vcenter, { choices, inventory }] of known.vcenters) {
      const subjects = new Map(
        [...choices].map(([ref, bridge]) => [
          ref,
          { ref, name: ref, scope: "cluster", datacenter: "", bridge } as const
        ])
      )
      const { value } = yield* render({
        owner: { operator: `${known.facts.ownNamespace}/${SETTINGS_SECRET}`, vcenter },
        facts: known.facts,
        settings: known.settings,
        templates: complete({ templates, failures: [] }),
        cells: complete(known.cells),
        inventory: complete(inventory),
        ledger: { ...empty, subjects },
        wants: (template, context) => isWanted(request, vcenter, template, context),
        strict
      })
      all.set(vcenter, value)
    }
    const claims = claimsOf(all)
    return new Map([...all].map(([vcenter, desired]) => [vcenter, contestOthers(desired, vcenter, claims)]))
  })
  return { lenient: yield* once(false), strict: yield* once(true) }
})

const isWanted = (
  { only, scope }: Request,
  vcenter: string,
  template: Template,
  { subject, values }: RenderContext
): boolean =>
  (scope === undefined || template.scope === scope) &&
  (only === undefined ||
    [template.name, key(template), subject.name, values.get("name"), vcenter, values.get("vcenter_name")].includes(
      only
    ))

/** What fails only when it is taken strictly: an undefined value that is used, and renders as nothing. */
const doubtsOf = (
  { lenient, strict }: { readonly lenient: Rendered; readonly strict: Rendered },
  found: Parameters<typeof problemsOf>[2]
): ReadonlyArray<Problem> =>
  [...strict].flatMap(([vcenter, desired]) => {
    const told = new Set((lenient.get(vcenter)?.failures ?? []).map((failure) => JSON.stringify(failure)))
    const failures = desired.failures.filter(
      (failure) => failure.kind === "undefined" && !told.has(JSON.stringify(failure))
    )
    return problemsOf(vcenter, { ...desired, failures, contested: new Map(), held: new Map() }, found)
  })

const spoken = (file: string): string => (file === "-" ? "the standard input" : file)

/** No error is no success when nothing was rendered at all. */
const nothingIn = (
  { files, only, scope }: Request,
  templates: ReadonlyArray<Template>,
  rendered: Rendered
): ReadonlyArray<Problem> => {
  if (templates.length === 0)
    return [{ kind: "file", message: `no VCenterTemplate in ${files.map(spoken).join(", ")}` }]
  if ([...rendered.values()].some(({ emptyRenders, wanted }) => wanted.size + emptyRenders.size > 0)) return []
  const asked = [
    scope === undefined ? "" : `of scope ${scope}`,
    only === undefined ? "" : `called ${only} (a template, a cluster, a datacenter or a vCenter)`
  ].filter((text) => text !== "")
  return [
    { kind: "facts", message: `nothing to render: the files and the facts have nothing ${asked.join(" ")}`.trim() }
  ]
}

const factsOf = Effect.fnUntraced(function* (file: string | undefined) {
  if (file === undefined)
    return Result.mapError(readFacts(SAMPLE_FACTS), (messages) => factsProblems("sample", messages))
  const documents = yield* documentsOf(file)
  if (Result.isFailure(documents)) return Result.fail([documents.failure])
  const [document, ...others] = documents.success.filter((each) => each !== null)
  if (others.length > 0) return Result.fail(factsProblems(file, ["more than one document: expected the facts alone"]))
  return Result.mapError(readFacts(document), (messages) => factsProblems(file, messages))
})

const factsProblems = (file: string, messages: ReadonlyArray<string>): ReadonlyArray<Problem> =>
  messages.map((message) => ({ kind: "file", file, message }))

const contentsOf = Effect.fnUntraced(function* (file: string, ownNamespace: string) {
  const documents = yield* documentsOf(file)
  return Result.isSuccess(documents)
    ? templatesIn(file, documents.success, ownNamespace)
    : { found: [], problems: [documents.failure], notices: [] }
})

const documentsOf = Effect.fnUntraced(function* (file: string) {
  const files = yield* FileSystem.FileSystem
  const { stdin } = yield* Stdio.Stdio
  const piped = stdin.pipe(Stream.decodeText(), Stream.mkString)
  const text = yield* Effect.result(file === "-" ? piped : files.readFileString(file))
  const failed = (message: string): Problem => ({ kind: "file", file, message })
  if (Result.isFailure(text)) {
    const { _tag } = text.failure.reason
    return Result.fail(failed(_tag === "NotFound" ? "there is no such file" : `cannot be read (${_tag})`))
  }
  return Result.mapError(parse(text.success), ({ detail, line }) => failed(`line ${line} is no YAML: ${detail}`))
})

const showManifests = Effect.fnUntraced(function* (rendered: Rendered, output: Request["output"]) {
  for (const [vcenter, { subjects, wanted }] of rendered) {
    for (const each of wanted.values()) {
      const name = subjects.get(each.subject)?.name ?? each.subject
      yield* Console.log(output === "ndjson" ? JSON.stringify(each.manifest.body) : documentOf(each, name, vcenter))
    }
  }
})

const documentOf = ({ manifest, template }: Wanted, subject: string, vcenter: string): string =>
  `---\n# ${label(manifest)}: ${template} for ${subject} of ${vcenter}\n${print(manifest.body).trimEnd()}`
