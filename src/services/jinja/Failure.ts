import { columnOf, lineOf, type Position } from "./Position.ts"

/** Why a template cannot be rendered; see `RenderKind`. */
export type FailureKind = "syntax" | "undefined" | "type" | "limit" | "yaml"

/**
 * What ends a rendering. The detail never holds a value of the context: names and types say enough, and values may be
 * passwords.
 */
export class Failure extends Error {
  readonly kind: FailureKind
  readonly detail: string
  /** Path of the template, and the line and column in it (1-based), once known. */
  template: string | undefined
  line: number | undefined
  column: number | undefined

  constructor(kind: FailureKind, detail: string, at?: Position) {
    super(detail)
    this.kind = kind
    this.detail = detail
    if (at !== undefined) this.place(at)
  }

  /** Says where it happened, unless that is known. */
  place(at: Position): void {
    this.line ??= lineOf(at)
    this.column ??= columnOf(at)
  }
}

/** A template that another one names and that does not exist. */
export class TemplateMissing extends Failure {
  constructor(path: string) {
    super("undefined", `${nameOf(path)} does not exist`)
  }
}

// What is no path of a template may be any value, even a password.
const nameOf = (path: string): string =>
  path.endsWith(".j2")
    ? `template "${path.slice(0, 200)}"`
    : "the template (a path like vcenter_cluster/<namespace>/<name>.yaml.j2 is expected)"

export const typeError = (detail: string): Failure => new Failure("type", detail)

/** Something that Jinja2 can do and this renderer does not: said, because silence would change the output. */
export class Unsupported extends Failure {
  constructor(what: string) {
    super("type", `${what} is not supported`)
  }
}

export const unsupported = (what: string): Unsupported => new Unsupported(what)

export const limitExceeded = (what: string): Failure => new Failure("limit", what)
