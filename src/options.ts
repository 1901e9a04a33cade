import { type Duration, Effect, type Option } from "effect"
import { CliError, Flag } from "effect/cli"
import { EXPECTED, parse } from "./domain/Interval.ts"

/** The command line, as `--help` shows it. Global flags (`--log-level`, `--version` …) come with the library. */
export const flags = {
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Show what would be applied and deleted, try it on the server, and write nothing"),
    Flag.withDefault(false)
  ),
  once: Flag.Boolean("once").pipe(
    Flag.withDescription("End when every vCenter is reconciled or has failed its first attempt; exit 1 if one has"),
    Flag.withDefault(false)
  ),
  timeout: Flag.String("timeout").pipe(
    Flag.withDescription("How long --once may take (90s, 5m, 1h)"),
    Flag.withDefault("5m"),
    Flag.mapEffect((text) => {
      const timeout = parse(text)
      return timeout === undefined
        ? Effect.fail(new CliError.InvalidValue({ option: "timeout", value: text, expected: EXPECTED, kind: "flag" }))
        : Effect.succeed(timeout)
    })
  ),
  saveFacts: Flag.String("save-facts").pipe(
    Flag.withDescription("Keep what templates are rendered from in this file, for render --facts; no secret is in it"),
    Flag.optional
  ),
  output: Flag.Literals("output", ["pretty", "ndjson"]).pipe(
    Flag.withDescription("For people, or one JSON object a line"),
    Flag.withDefault("pretty")
  )
}

export type Options = {
  readonly dryRun: boolean
  readonly once: boolean
  readonly timeout: Duration.Duration
  readonly saveFacts: Option.Option<string>
  readonly output: "pretty" | "ndjson"
}
