import type { Scope } from "./Template.ts"
import type { Value } from "./Value.ts"

/** The cluster or datacenter that one rendering is for. */
export interface Subject {
  readonly scope: Scope
  /** vSphere name: `productionbb091`, `storagebb7`, `QA-DE-1a`. */
  readonly name: string
  /** Managed object id: the evidence asked for before its objects are pruned. */
  readonly ref: string
  /** Managed object id of the datacenter; for scope datacenter the same as `ref`. */
  readonly datacenter: string
}

/** What one subject gives a template to work with. */
export interface RenderContext {
  readonly subject: Subject
  readonly values: ReadonlyMap<string, Value>
  /** Names that exist but cannot be known now, with the reason: a template that touches one fails, no other does. */
  readonly unavailable: ReadonlyMap<string, string>
  /** Why the facts are not whole: the subject's objects are kept as they are. Absent when they are whole. */
  readonly incomplete?: string
}
