import { Console, Effect, Exit, FileSystem, Layer, PlatformError, Stdio } from "effect"
import { DigestKey } from "../../src/services/DigestKey.ts"
import { Kinds } from "../../src/services/Kinds.ts"
import { type Request, renderFiles } from "../../src/streams/renderFiles.ts"
import { quickPasswords } from "../operator/harness.ts"
import { sameThread } from "../services/sameThread.ts"

const OFFLINE = Layer.mergeAll(
  sameThread.pipe(Layer.provideMerge(quickPasswords)),
  Kinds.builtIn,
  Layer.succeed(DigestKey, new Uint8Array(32))
)

export interface Shown {
  readonly out: string
  readonly err: string
  readonly failed: boolean
}

/** What `render` shows of files, `t.yaml` unless others are asked for. */
export const shown = Effect.fnUntraced(function* (
  files: Readonly<Record<string, string>>,
  over: Partial<Request> = {}
) {
  const out: Array<string> = []
  const err: Array<string> = []
  const console: Console.Console = Object.assign(Object.create(globalThis.console), {
    log: (line: string) => out.push(line),
    error: (line: string) => err.push(line)
  })
  const readFileString = (path: string) => {
    const text = files[path]
    return text === undefined
      ? Effect.fail(PlatformError.systemError({ _tag: "NotFound", module: "FileSystem", method: "readFileString" }))
      : Effect.succeed(text)
  }
  const request: Request = {
    files: ["t.yaml"],
    facts: undefined,
    scope: undefined,
    only: undefined,
    check: false,
    output: "yaml",
    ...over
  }
  const exit = yield* Effect.exit(renderFiles(request)).pipe(
    Effect.provide(OFFLINE),
    Effect.provide(FileSystem.layerNoop({ readFileString })),
    Effect.provide(Stdio.layerTest({})),
    Effect.provideService(Console.Console, console)
  )
  return { out: out.join("\n"), err: err.join("\n"), failed: Exit.isFailure(exit) } satisfies Shown
})

/** A template, in a file. */
export const template = (name: string, text: string, scope = "cluster") =>
  JSON.stringify({
    apiVersion: "vcenter-operator.stable.sap.cc/v1",
    kind: "VCenterTemplate",
    metadata: { name },
    options: { scope },
    template: text
  })

/** What it renders. */
export const map = (name: string, data = "{}") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "${name}"}\ndata: ${data}\n`

/** Two vCenters with a cluster of the same name, and one with two that are called the same in templates. */
export const FACTS = JSON.stringify({
  operator: { region: "qa-de-1" },
  settings: { namespace: "monsoon3", username: "u" },
  vcenters: ["a", "b"].map((letter) => ({
    host: `vc-${letter}-0.cc.qa-de-1.cloud.sap`,
    clusters: ["productionbb091", ...(letter === "a" ? ["productionbb91"] : [])].map((name) => ({
      name,
      datacenter: "QA-DE-1a",
      datastores: ["eph_1"],
      networks: []
    }))
  }))
})
