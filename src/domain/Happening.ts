import type { JsonObject } from "./Manifest.ts"

/**
 * Something worth telling a person: what the operator prints, one line of text or JSON each, and what `--once` waits
 * for. Messages hold no secret that the operator does not know; the printer redacts those it knows.
 */
export type Happening =
  | {
      readonly _tag: "Started"
      readonly region: string
      readonly domain: string
      readonly ownNamespace: string
      readonly dryRun: boolean
    }
  /** Another process writes: this one waits for the Lease. */
  | { readonly _tag: "Standby"; readonly holder: string }
  /** It has waited, and holds the Lease now. */
  | { readonly _tag: "Leading" }
  /** It writes no more, and competes for the Lease anew. */
  | { readonly _tag: "LeaseLost"; readonly message: string }
  /** The settings are in force; `notices` name what is dangerous. */
  | { readonly _tag: "SettingsRead"; readonly namespace: string; readonly notices: ReadonlyArray<string> }
  | { readonly _tag: "SettingsRejected"; readonly problems: ReadonlyArray<string> }
  /** A record was missing, and was rebuilt from the marks of what lives. */
  | {
      readonly _tag: "Rebuilt"
      readonly vcenter: string
      readonly objects: number
      /** `apiVersion Kind` of what the operator may not list. */
      readonly forbidden: ReadonlyArray<string>
      /** The same of what could not be listed, with the reason. */
      readonly failed: ReadonlyArray<string>
    }
  /** A complete zone transfer. */
  | {
      readonly _tag: "Discovered"
      readonly serial: number
      readonly vcenters: ReadonlyArray<string>
      readonly added: ReadonlyArray<string>
      readonly gone: ReadonlyArray<string>
    }
  | { readonly _tag: "DiscoverFailed"; readonly message: string }
  | {
      readonly _tag: "Connected"
      readonly vcenter: string
      readonly version: string
      readonly clusters: ReadonlyArray<string>
    }
  | {
      readonly _tag: "InventoryChanged"
      readonly vcenter: string
      readonly added: ReadonlyArray<string>
      readonly gone: ReadonlyArray<string>
    }
  | {
      readonly _tag: "Disconnected"
      readonly vcenter: string
      readonly reason: string
      readonly message: string
      readonly retryInSeconds: number
    }
  /** A list or watch failed; what was read last stays in force, and nothing is pruned by it. */
  | { readonly _tag: "WatchFailed"; readonly what: string; readonly message: string }
  | {
      readonly _tag: "TemplateFailed"
      readonly vcenter: string
      readonly template: string
      /** Name of the cluster or datacenter. */
      readonly subject?: string
      readonly kind?: string
      /** Path of the template in which it happened, when it is another one. */
      readonly within?: string
      readonly line?: number
      readonly column?: number
      /** The line of the template's text, with a caret below the column. */
      readonly excerpt?: string
      readonly message: string
    }
  /** `--dry-run` only: what would be applied. */
  | { readonly _tag: "Manifest"; readonly vcenter: string; readonly template: string; readonly body: JsonObject }
  | {
      readonly _tag: "Planned"
      readonly vcenter: string
      readonly counts: {
        readonly apply: number
        readonly prune: number
        readonly withheld: number
        readonly unchanged: number
        readonly kept: number
      }
      readonly steps: ReadonlyArray<string>
    }
  | {
      readonly _tag: "Outcome"
      readonly vcenter: string
      readonly object: string
      readonly outcome: string
      /** Only tried: nothing was written. */
      readonly dryRun?: true
      readonly message?: string
    }
  | {
      readonly _tag: "Withheld"
      readonly vcenter: string
      readonly guard: string
      readonly objects: ReadonlyArray<string>
      readonly message: string
    }
  /** One look at a vCenter is over; `failures` is empty when everything is as it should be. */
  | {
      readonly _tag: "Reconciled"
      readonly vcenter: string
      readonly objects: number
      readonly withheld: number
      readonly failures: ReadonlyArray<string>
    }
  | { readonly _tag: "Warning"; readonly message: string; readonly vcenter?: string }
