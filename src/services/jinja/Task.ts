import type { Json } from "../../domain/Manifest.ts"
import type { Value } from "../../domain/Value.ts"
import type { FailureKind } from "./Failure.ts"
import type { Source } from "./Programs.ts"

/** One rendering, as plain values that may be sent to another thread. */
export interface Task {
  /** Path of the template to render. */
  readonly path: string
  readonly template: Source
  /** Every template by its path. */
  readonly library: ReadonlyMap<string, Source>
  readonly context: Given
  /** Derived so far, by `passwordKey`. */
  readonly passwords: ReadonlyMap<string, string>
  /** An undefined value that is printed or iterated is an error. */
  readonly strict: boolean
  /** The text itself, or the YAML documents in it. */
  readonly wants: "text" | "documents"
}

/** The names of a context. Known by its identity: it must never change. */
export interface Given {
  readonly values: ReadonlyMap<string, Value>
  /** Names that cannot be known now, with the reason. */
  readonly unavailable: ReadonlyMap<string, string>
}

/** A password that a template asked for and that has not been derived. */
export interface Lacking {
  readonly username: string
  readonly host: string
}

export const passwordKey = ({ username, host }: Lacking): string => `${username}\n${host}`

/** Why a task failed; `template` is where it happened, which is not always the template asked for. */
export interface Problem {
  readonly kind: FailureKind
  readonly detail: string
  readonly template: string
  readonly line?: number
  readonly column?: number
}

/** What became of a task. One that lacks passwords is to be done again with them. */
export type Answer =
  | { readonly _tag: "Text"; readonly text: string }
  | { readonly _tag: "Documents"; readonly documents: ReadonlyArray<Json> }
  | { readonly _tag: "Lacking"; readonly passwords: ReadonlyArray<Lacking> }
  | { readonly _tag: "Failed"; readonly problem: Problem }
