import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { Effect, Schema } from "effect"
import { NAMESPACE } from "../../test/e2e/world/install.ts"
import type { Operator } from "../../test/e2e/world/Operator.ts"
import { World } from "../../test/e2e/world.ts"

const ROOT = resolve(import.meta.dirname, "../..")
const NODE = join(ROOT, "node_modules/.bin/node")

const Containers = Schema.fromJsonString(
  Schema.Array(
    Schema.Struct({
      env: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.optionalKey(Schema.String) }))
    })
  )
)
const decode = Schema.decodeUnknownEffect(Containers)

/**
 * The environment that the image and the Deployment give to the process, with a compile cache as the image has it:
 * memory is measured as it is deployed.
 */
export const deployedEnv = Effect.gen(function* () {
  const { kubernetes } = yield* World
  const text = yield* kubernetes.kubectl([
    ...["get", "--namespace", NAMESPACE, "deployment", "vcenter-operator"],
    ...["-o", "jsonpath={.spec.template.spec.containers}"]
  ])
  const [container] = yield* decode(text)
  const deployed = (container?.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))
  const image = [...readFileSync(join(ROOT, "Dockerfile"), "utf8").matchAll(/^ENV (\w+)=(\S+)$/gm)].map(
    ([, name, value]) => [name, value]
  )
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "bench-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  )
  const cache = { NODE_COMPILE_CACHE: folder }
  const env: Record<string, string> = { ...Object.fromEntries([...image, ...deployed]), ...cache }
  // As the image does once when it is built.
  execFileSync(NODE, [join(ROOT, "src/main.ts"), "--version"], { env: { ...process.env, ...cache } })
  return env
})

/** Resident memory of an operator in MiB: now, or at its highest. */
export const resident = ({ pid }: Operator, field: "VmRSS" | "VmHWM"): number => {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))
  return Number(line?.[1] ?? Number.NaN) / 1024
}
