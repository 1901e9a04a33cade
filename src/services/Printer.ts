import { Clock, Console, Context, Effect, Layer } from "effect"
import type { Happening } from "../domain/Happening.ts"
import { type Line, lines, type Tone } from "../domain/Line.ts"
import { Redactor } from "./Redactor.ts"
import { print as printYaml } from "./Yaml.ts"

/** For people, or for machines: one JSON object a line. */
export type Output = "pretty" | "ndjson"

const COLOURS: Readonly<Record<Tone, string>> = {
  plain: "",
  good: "\u001b[32m",
  change: "\u001b[36m",
  gone: "\u001b[35m",
  warn: "\u001b[33m",
  bad: "\u001b[31m",
  dim: "\u001b[2m"
}
const RESET = "\u001b[0m"
const WHO_WIDTH = 11

/** Shows happenings on the standard output, secrets taken out. */
export class Printer extends Context.Service<
  Printer,
  { readonly print: (happening: Happening) => Effect.Effect<void> }
>()("vcenter-operator/services/Printer") {
  static readonly layer = (output: Output, colours: boolean) =>
    Layer.effect(
      Printer,
      Effect.gen(function* () {
        const redactor = yield* Redactor
        const started = yield* Clock.currentTimeMillis

        const hide = (happening: Happening) =>
          happening._tag === "Manifest"
            ? Effect.map(redactor.manifest(happening.body), (body) => ({ ...happening, body }))
            : Effect.succeed(happening)

        const pretty = Effect.fnUntraced(function* (happening: Happening) {
          const elapsed = ((yield* Clock.currentTimeMillis) - started) / 1000
          for (const line of lines(yield* hide(happening), printYaml)) {
            yield* Console.log(yield* redactor.text(format(line, elapsed, colours)))
          }
        })

        const ndjson = Effect.fnUntraced(function* (happening: Happening) {
          const { _tag, ...fields } = yield* hide(happening)
          const time = new Date(yield* Clock.currentTimeMillis).toISOString()
          yield* Console.log(yield* redactor.text(JSON.stringify({ time, event: _tag, ...fields })))
        })

        return Printer.of({ print: output === "pretty" ? pretty : ndjson })
      })
    )
}

const format = ({ tone, who, text }: Line, elapsed: number, colours: boolean): string => {
  const time = who === "" ? " ".repeat(8) : `${elapsed.toFixed(1).padStart(6)}s `
  const head = `${time}${who.padEnd(WHO_WIDTH)} `
  return colours && COLOURS[tone] !== "" ? `${head}${COLOURS[tone]}${text}${RESET}` : head + text
}
