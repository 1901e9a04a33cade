import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, normalize } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const ROOT = join(import.meta.dirname, "..")
const LONGEST = 300
const LONGEST_MAIN = 60

/** Modules of Effect that hold values and no effects: all that the domain may know of it. */
const DATA = new Set([
  "Array",
  "DateTime",
  "Duration",
  "Equal",
  "Hash",
  "Number",
  "Option",
  "Order",
  "Predicate",
  "Record",
  "Redacted",
  "Result",
  "Schema",
  "String",
  "Struct"
])
const DOMAIN_NODE = new Set(["node:crypto", "node:net"])
const VAGUE = /^(index|utils?|common|types?|helpers?|misc|shared|lib)\./i

interface Import {
  readonly from: string
  /** As written: `effect`, `node:crypto`, or a path within the repository for a relative one. */
  readonly to: string
  /** What is imported by name, as it is called where it comes from. */
  readonly names: ReadonlyArray<string>
  /** Erased before it runs. */
  readonly typeOnly: boolean
}

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file))
    .sort()

const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8")

const STATEMENT =
  /^(?:import|export)\s+(type\s)?([^;"']*?)\s*from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm

const importsOf = (file: string): ReadonlyArray<Import> =>
  [...textOf(file).matchAll(STATEMENT)].map(([, type, clause = "", ...specifiers]) => {
    const specifier = specifiers.find((each) => each !== undefined) ?? ""
    return {
      from: file,
      to: specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier,
      names: (/\{([^}]*)\}/.exec(clause)?.[1] ?? "")
        .split(",")
        .map((name) => (name.replace(/^\s*type\s/, "").split(/\sas\s/)[0] ?? "").trim())
        .filter((name) => name !== ""),
      typeOnly: type !== undefined
    }
  })

const SRC = filesIn("src")
const SANDBOX = filesIn("sandbox")
const EVERYTHING = [...SRC, ...SANDBOX, ...filesIn("scripts"), ...filesIn("test")]
const imports = SRC.flatMap(importsOf)

const isLibrary = ({ to }: Import) => !/^(?:node:|src\/|sandbox\/|scripts\/|test\/|package\.json$)/.test(to)
const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** Files by the library that they import. */
const importers = (all: ReadonlyArray<Import>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...Map.groupBy(all.filter(isLibrary), ({ to }) => packageOf(to))].map(([name, group]) => [
      name,
      new Set(group.map(({ from }) => from))
    ])
  )

/** `main`, `streams`, `services` or `domain`. */
const layerOf = (file: string): string => /^src\/(\w+)\//.exec(file)?.[1] ?? "main"
/** The folder of one service's insides: `src/services/vim`. */
const insideOf = (file: string): string | undefined => /^src\/services\/\w+(?=\/)/.exec(file)?.[0]

/** What each layer may know. */
const KNOWN: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["main", ["main", "streams", "services", "domain"]],
  ["streams", ["streams", "services", "domain"]],
  ["services", ["services", "domain"]],
  ["domain", ["domain"]]
])

const shown = (all: ReadonlyArray<Import>) => all.map(({ from, to }) => `${from} imports ${to}`)

describe("the architecture", () => {
  it("is read from the sources: the test sees what is there", () => {
    assert.isAbove(SRC.length, 60)
    assert.isAbove(imports.length, 300)
    assert.isTrue(imports.some(({ from, to }) => from === "src/main.ts" && to === "src/wire.ts"))
    assert.deepStrictEqual(new Set(SRC.map(layerOf)), new Set(KNOWN.keys()))
  })

  it("points one way: main, streams, services, domain", () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith("src/") && KNOWN.get(layerOf(from))?.includes(layerOf(to)) !== true
    )
    assert.deepStrictEqual(shown(wrong), [])
  })

  it("leaves sandbox, scripts and tests outside the operator", () => {
    assert.deepStrictEqual(shown(imports.filter(({ to }) => /^(?:sandbox|scripts|test)\//.test(to))), [])
  })

  it("hides the insides of a service from all but that service and the wiring", () => {
    const entering = imports.filter(({ from, to }) => insideOf(to) !== undefined && insideOf(from) !== insideOf(to))
    const strangers = entering.filter(({ from }) => layerOf(from) === "streams" || insideOf(from) !== undefined)
    assert.deepStrictEqual(shown(strangers), [])
    const owners = Map.groupBy(
      entering.filter(({ from }) => layerOf(from) === "services"),
      ({ to }) => insideOf(to)
    )
    for (const [folder, group] of owners) {
      assert.lengthOf([...new Set(group.map(({ from }) => from))], 1, `${folder} belongs to one service`)
    }
  })

  it("names no library of the outside twice: each has one importing file", () => {
    for (const [name, files] of importers(imports)) {
      if (name !== "effect") assert.lengthOf([...files], 1, `${name}: ${[...files].join(", ")}`)
    }
  })

  it("does so in the sandbox as well", () => {
    for (const [name, files] of importers(SANDBOX.flatMap(importsOf))) {
      if (name !== "effect") assert.isAtMost(files.size, 1, `${name}: ${[...files].join(", ")}`)
    }
  })

  it("ships no dependency that nobody imports, and imports none that is not shipped", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
    assert.deepStrictEqual([...importers(imports).keys()].sort(), Object.keys(dependencies).sort())
  })

  it("keeps the domain to values: no effects, no clients, no clock", () => {
    const domain = imports.filter(({ from }) => layerOf(from) === "domain")
    const libraries = domain.filter(isLibrary)
    assert.deepStrictEqual(shown(libraries.filter(({ to }) => to !== "effect")), [])
    assert.deepStrictEqual(shown(domain.filter(({ to }) => to.startsWith("node:") && !DOMAIN_NODE.has(to))), [])
    const effects = libraries.flatMap(({ from, names }) =>
      names.filter((name) => !DATA.has(name)).map((name) => `${from} imports ${name}`)
    )
    assert.deepStrictEqual(effects, [])
  })

  it("asks no clock but Effect's, which tests can set", () => {
    const wrong = SRC.filter((file) => /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/.test(textOf(file)))
    assert.deepStrictEqual(wrong, [])
  })

  it("has no circle of imports at run time, but within one service's insides", () => {
    const together = ({ from, to }: Import) => insideOf(to) !== undefined && insideOf(from) === insideOf(to)
    const edges = Map.groupBy(
      imports.filter((each) => each.to.startsWith("src/") && !each.typeOnly && !together(each)),
      ({ from }) => from
    )
    const done = new Set<string>()
    const visit = (file: string, path: ReadonlyArray<string>): void => {
      if (path.includes(file)) assert.fail([...path.slice(path.indexOf(file)), file].join(" → "))
      if (done.has(file)) return
      for (const { to } of edges.get(file) ?? []) visit(to, [...path, file])
      done.add(file)
    }
    for (const file of SRC) visit(file, [])
  })

  it("has no file that is too long to be read at once", () => {
    const lines = (file: string) => textOf(file).split("\n").length - 1
    assert.deepStrictEqual(
      EVERYTHING.filter((file) => lines(file) > LONGEST),
      []
    )
    assert.isBelow(lines("src/main.ts"), LONGEST_MAIN)
  })

  it("has no barrel and no name that says nothing", () => {
    assert.deepStrictEqual(
      EVERYTHING.filter((file) => VAGUE.test(basename(file)) || /\/(?:utils?|common|types|helpers?)\//.test(file)),
      []
    )
    const reexports = SRC.filter((file) =>
      /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s+)?from\s/m.test(textOf(file))
    )
    assert.deepStrictEqual(reexports, [])
  })
})
