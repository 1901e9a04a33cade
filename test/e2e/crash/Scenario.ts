import type { Effect } from "effect"
import { VCenterModel } from "../../../sandbox/vcenter/VCenterModel.ts"
import type { JsonObject } from "../../../src/domain/Manifest.ts"
import type { Approving } from "./approving.ts"

/** A VCenterTemplate: what it is rendered for, and its text. */
export interface Text {
  readonly scope: "cluster" | "datacenter"
  readonly text: string
}

/** What a scenario may change while the operator is down. */
export interface Changes {
  readonly a: VCenterModel
  readonly b: VCenterModel
  /** Replaces a template, makes it, or removes it. */
  readonly template: (name: string, text: Text | undefined) => Effect.Effect<void>
  /** The names of the vCenters that the zone holds: both when it is not called. */
  readonly zone: (...labels: ReadonlyArray<"vc-a-0" | "vc-b-0">) => Effect.Effect<void>
  /** Server-side apply, forced, as somebody else. */
  readonly applyAs: (manager: string, object: JsonObject) => Effect.Effect<void>
  /** Approves what will wait of a vCenter, as a person does, by its digest. */
  readonly approve: (label: "vc-a-0" | "vc-b-0", what: Approving) => Effect.Effect<void>
}

/** One row: at most eight objects. */
export interface Scenario {
  /** Completes "… when it dies at any write while …". */
  readonly what: string
  /** Nothing has ever been applied: the first start is the one that dies. */
  readonly fresh?: boolean
  readonly settings?: Readonly<Record<string, string>>
  readonly templates: Readonly<Record<string, Text>>
  /** Clusters of vc-a-0; vc-b-0 is in the zone only when it has some. */
  readonly a: ReadonlyArray<string>
  readonly b?: ReadonlyArray<string>
  /** Objects that an undisturbed run deletes, none when it is left out. */
  readonly deletes?: number
  /** Milliseconds without a write after which an undisturbed run has come to its end. */
  readonly quiet?: number
  readonly happens: (changes: Changes) => Effect.Effect<unknown>
}

export const addCluster = (model: VCenterModel, name: string): void => {
  const bb = name.replace(/^\D+/, "")
  model.addCluster(name, { datastores: [`eph_bb${bb}_0`], networks: [`br-vlan${bb}`] })
}

/** The same references every time: what is recorded of it stays true. */
export const model = (which: "a" | "b", clusters: ReadonlyArray<string>): VCenterModel => {
  const uuid = which === "a" ? "1" : "2"
  const made = new VCenterModel(`${uuid.repeat(8)}-1111-4111-8111-111111111111`)
  made.addDatacenter(`QA-DE-1${which}`)
  for (const name of clusters) addCluster(made, name)
  return made
}
