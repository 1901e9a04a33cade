import { Failure } from "./Failure.ts"
import type { Token, TokenSource } from "./Nunjucks.ts"
import { type Position, positionOf } from "./Position.ts"
import type { Val } from "./values/Thing.ts"

export type TokenType =
  | "data"
  | "block-start"
  | "block-end"
  | "variable-start"
  | "variable-end"
  // nunjucks' name for what Python calls a name.
  | "symbol"
  | "string"
  | "number"
  | "operator"

/** A token of a template, as nunjucks' parser moves over them. */
export interface JinjaToken extends Token {
  readonly type: TokenType
  readonly at: Position
  /** What a string or number stands for. */
  readonly literal?: Val
}

/** All tokens of one template, with the look ahead that Jinja2's grammar needs and nunjucks' cursor does not have. */
export class Tokens implements TokenSource<JinjaToken> {
  readonly #tokens: ReadonlyArray<JinjaToken>
  #next = 0

  constructor(tokens: ReadonlyArray<JinjaToken>) {
    this.#tokens = tokens
  }

  nextToken(): JinjaToken | null {
    return this.#tokens[this.#next++] ?? null
  }

  /** The token that `nextToken` would give, left where it is. */
  ahead(): JinjaToken | null {
    return this.#tokens[this.#next] ?? null
  }

  /** The last token: where a template ends too early. */
  lastPosition(): Position {
    return this.#tokens.at(-1)?.at ?? positionOf(1, 1)
  }
}

/** A token as people read it. */
export const describe = (token: JinjaToken | null): string => {
  if (token === null) return "the end of the template"
  switch (token.type) {
    case "block-end":
      return "the end of the statement block"
    case "variable-end":
      return "the end of the print statement"
    case "string":
      return "a string"
    case "number":
      return "a number"
    default:
      return `'${token.value.slice(0, 40)}'`
  }
}

export const syntaxError = (detail: string, at: Position): Failure => new Failure("syntax", detail, at)
