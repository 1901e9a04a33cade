import { dirname } from "node:path"
import { Context, Effect, FileSystem, Layer, Option, Ref, Schema, Semaphore } from "effect"
import { type KnownFacts, type KnownVCenter, write } from "../domain/FactsFile.ts"
import { Journal } from "./Journal.ts"
import { print } from "./Yaml.ts"

/** The file for the facts cannot be written; the message says which and why. */
export class FactsFilesError extends Schema.TaggedError<FactsFilesError>()("FactsFilesError", {
  reason: Schema.Literals(["NotWritable"]),
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
}

/** What one vCenter's objects are rendered from; without `known` the vCenter is no longer looked at. */
export interface Seen extends Omit<KnownFacts, "vcenters"> {
  readonly vcenter: string
  readonly known: KnownVCenter | undefined
}

const HEAD = `# What the operator rendered from, for: node src/main.ts render FILE… --facts THIS
# No value of a Secret is in it: placeholders stand in their place.
`

/** Keeps the facts that the operator sees in a file, for authors of templates. */
export class FactsFiles extends Context.Service<
  FactsFiles,
  {
    /** Writes the file anew when something in it has changed. That it cannot be written is told, and stops nothing. */
    readonly see: (seen: Seen) => Effect.Effect<void>
  }
>()("vcenter-operator/services/FactsFiles") {
  /** @param file none: nothing is written */
  static readonly layer = (file: Option.Option<string>) =>
    Layer.effect(
      FactsFiles,
      Option.match(file, {
        onNone: () => Effect.succeed(FactsFiles.of({ see: () => Effect.void })),
        onSome: writing
      })
    )
}

const writing = Effect.fnUntraced(function* (file: string) {
  const files = yield* FileSystem.FileSystem
  const journal = yield* Journal
  // Told at the start: a run that cannot do what it was asked for need not begin.
  yield* Effect.mapError(
    files.access(dirname(file), { writable: true }),
    ({ message }) => new FactsFilesError({ reason: "NotWritable", detail: `--save-facts ${file}: ${message}` })
  )
  const known = yield* Ref.make<ReadonlyMap<string, KnownVCenter>>(new Map())
  const written = yield* Ref.make("")
  const turns = yield* Semaphore.make(1)

  const see = Effect.fnUntraced(function* ({ vcenter, known: now, ...rest }: Seen) {
    const vcenters = yield* Ref.updateAndGet(known, (before) =>
      now === undefined
        ? new Map([...before].filter(([name]) => name !== vcenter))
        : new Map([...before, [vcenter, now] as const])
    )
    const text = HEAD + print(write({ ...rest, vcenters }))
    if (text === (yield* Ref.get(written))) return
    // Whoever reads it meanwhile finds the old file or the new one, never a half.
    yield* files.writeFileString(`${file}.tmp`, text).pipe(
      Effect.andThen(files.rename(`${file}.tmp`, file)),
      Effect.andThen(Ref.set(written, text)),
      Effect.catch(({ message }) => journal.tell({ _tag: "Warning", message: `--save-facts ${file}: ${message}` }))
    )
  })

  return FactsFiles.of({ see: (seen) => turns.withPermit(see(seen)) })
})
