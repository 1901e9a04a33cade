import type { JsonObject } from "./Manifest.ts"

/** What a template is rendered for: each production cluster, each storage cluster, or each availability zone. */
export type Scope = "cluster" | "storage" | "datacenter"

/** A `VCenterTemplate`, decoded. */
export interface Template {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly scope: Scope
  /** `jinja2_options` as written: delimiters and other options of this template alone. */
  readonly options: JsonObject
  readonly source: string
}

/** `namespace/name`: how status, ledger and log name a template. */
export const key = (self: { readonly namespace: string; readonly name: string }): string =>
  `${self.namespace}/${self.name}`

/** The path by which the `render` filter and error messages name a template, as in the predecessor. */
export const path = (self: Template): string => `vcenter_${self.scope}/${self.namespace}/${self.name}.yaml.j2`
