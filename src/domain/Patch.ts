import type { Json } from "./Manifest.ts"

/** One change of a JSON patch (RFC 6902); paths are JSON pointers (RFC 6901). */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string }

/** Changes to one version of an object. */
export interface Patch {
  /** `metadata.resourceVersion` that the changes were made for: the server refuses any other. */
  readonly resourceVersion: string
  readonly operations: ReadonlyArray<PatchOperation>
}
