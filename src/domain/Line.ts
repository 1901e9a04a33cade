import { counted } from "./Count.ts"
import type { Happening } from "./Happening.ts"

/** How a line feels; the printer gives it a colour. */
export type Tone = "plain" | "good" | "change" | "gone" | "warn" | "bad" | "dim"

/** One printed line: the step or vCenter it belongs to, and what there is to say. */
export interface Line {
  readonly tone: Tone
  readonly who: string
  readonly text: string
}

const line = (tone: Tone, who: string, text: string): Line => ({ tone, who, text })

const short = (fqdn: string): string => fqdn.split(".")[0] ?? fqdn

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`

const listed = (names: ReadonlyArray<string>): string => (names.length === 0 ? "none" : names.join(", "))

const TONES: Readonly<Record<string, Tone>> = {
  created: "good",
  configured: "change",
  pruned: "gone",
  "handed over": "change",
  ignored: "dim",
  "not attempted": "warn"
}

const MARKS: Readonly<Record<string, string>> = { created: "+", configured: "~", pruned: "-", "handed over": ">" }

/**
 * What a person reads of a happening: none or more lines. `print` gives manifests as YAML.
 */
export const lines = (happening: Happening, print: (manifest: unknown) => string): ReadonlyArray<Line> => {
  switch (happening._tag) {
    case "Started":
      return [
        line(
          "plain",
          "operator",
          `region ${happening.region}, domain ${happening.domain}, namespace ${happening.ownNamespace}${happening.dryRun ? " — dry run: nothing is written" : ""}`
        )
      ]
    case "Standby":
      return [line("warn", "operator", `${happening.holder} holds the Lease: waiting, nothing is written`)]
    case "Leading":
      return [line("good", "operator", "holds the Lease now")]
    case "LeaseLost":
      return [
        line("bad", "operator", `the Lease is lost: ${happening.message}; nothing is written until it is held again`)
      ]
    case "Rebuilt":
      return [
        line(
          "warn",
          happening.vcenter,
          `no record of it: rebuilt from the marks of ${counted(happening.objects, "object")}${happening.forbidden.length === 0 ? "" : `; may not be listed: ${happening.forbidden.join(", ")}`}`
        ),
        ...happening.failed.map((failed) => line("bad", happening.vcenter, `could not be listed: ${failed}`))
      ]
    case "SettingsRead":
      return [
        line("plain", "settings", `objects go to namespace ${happening.namespace}`),
        ...happening.notices.map((notice) => line("warn", "settings", notice))
      ]
    case "SettingsRejected":
      return happening.problems.map((problem) => line("bad", "settings", problem))
    case "Discovered":
      return [
        line("plain", "discover", `zone serial ${happening.serial}: ${count(happening.vcenters.length, "vCenter")}`),
        ...happening.added.map((vcenter) => line("good", "discover", `+ ${vcenter}`)),
        ...happening.gone.map((vcenter) => line("warn", "discover", `- ${vcenter}: its objects are retained`))
      ]
    case "DiscoverFailed":
      return [line("bad", "discover", `${happening.message} (the last good zone stays in force)`)]
    case "Connected":
      return [
        line("good", short(happening.vcenter), `connected to ${happening.version}: ${listed(happening.clusters)}`)
      ]
    case "InventoryChanged":
      return [
        ...happening.added.map((cluster) => line("good", short(happening.vcenter), `inventory: + ${cluster}`)),
        ...happening.gone.map((cluster) => line("gone", short(happening.vcenter), `inventory: - ${cluster}`))
      ]
    case "Disconnected":
      return [
        line(
          "bad",
          short(happening.vcenter),
          `${happening.reason}: ${happening.message}; again in ${happening.retryInSeconds} s, nothing is deleted meanwhile`
        )
      ]
    case "WatchFailed":
      return [line("bad", "kubernetes", `${happening.message}; what was read last stays in force`)]
    case "TemplateFailed":
      return [
        line("bad", short(happening.vcenter), `template ${happening.message}`),
        ...(happening.excerpt ?? "")
          .split("\n")
          .filter((text) => text !== "")
          .map((text) => line("dim", "", text))
      ]
    case "Manifest":
      return [
        line("dim", short(happening.vcenter), `# ${happening.template}`),
        ...print(happening.body)
          .trimEnd()
          .split("\n")
          .map((text) => line("plain", "", text))
      ]
    case "Planned": {
      const { apply, prune, withheld, unchanged, kept } = happening.counts
      return [
        line(
          "plain",
          short(happening.vcenter),
          `plan: ${apply} to apply, ${prune} to delete, ${withheld} withheld, ${kept} kept, ${unchanged} unchanged`
        ),
        ...happening.steps.map((step) => line("dim", "", step))
      ]
    }
    case "Outcome":
      return [
        line(
          TONES[happening.outcome] ?? "bad",
          short(happening.vcenter),
          `${MARKS[happening.outcome] ?? "!"} ${happening.object} ${happening.dryRun === true ? "would be " : ""}${happening.outcome}${happening.message === undefined ? "" : `: ${happening.message}`}`
        )
      ]
    case "Withheld":
      return [
        line(
          "warn",
          short(happening.vcenter),
          `${count(happening.objects.length, "delete")} withheld (${happening.guard}): ${happening.message}`
        )
      ]
    case "Reconciled": {
      const { failures, objects, withheld } = happening
      const state = failures.length === 0 ? "all as wanted" : count(failures.length, "failure")
      return [
        line(
          failures.length === 0 ? "good" : "warn",
          short(happening.vcenter),
          `${count(objects, "object")}, ${state}${withheld === 0 ? "" : `, ${count(withheld, "delete")} withheld`}`
        )
      ]
    }
    case "Warning":
      return [line("warn", happening.vcenter === undefined ? "operator" : short(happening.vcenter), happening.message)]
  }
}
