import { Parser } from "./Nunjucks.ts"
import type { Position } from "./Position.ts"
import { describe, type JinjaToken, syntaxError, type Tokens, type TokenType } from "./Tokens.ts"

/** nunjucks' parser as a cursor over the tokens of a template, with what Jinja2's grammar needs in addition. */
export class Cursor extends Parser<JinjaToken> {
  declare readonly tokens: Tokens

  override error(message: string, at = this.position()): Error {
    return syntaxError(message, at)
  }

  override fail(message: string, at?: Position): never {
    throw this.error(message, at)
  }

  /** Where the next token stands. */
  position(): Position {
    return this.peekToken()?.at ?? this.tokens.lastPosition()
  }

  is(type: TokenType, value?: string): boolean {
    const token = this.peekToken()
    return token?.type === type && (value === undefined || token.value === value)
  }

  isOperator(value: string): boolean {
    return this.is("operator", value)
  }

  /** Whether the token after the next one is this. */
  follows(type: TokenType, value: string): boolean {
    this.peekToken()
    const token = this.tokens.ahead()
    return token?.type === type && token.value === value
  }

  skipOperator(value: string): boolean {
    return this.skipValue("operator", value)
  }

  need(type: TokenType, value?: string): JinjaToken {
    const token = this.peekToken()
    if (token === null || !this.is(type, value)) {
      return this.fail(`expected ${value === undefined ? NAMES[type] : `'${value}'`}, got ${describe(token)}`)
    }
    this.nextToken()
    return token
  }

  /** What the table has for the operator that comes next, which is then passed. */
  operatorOf<A>(table: ReadonlyMap<string, A>): A | undefined {
    const token = this.peekToken()
    const found = token?.type === "operator" ? table.get(token.value) : undefined
    if (found !== undefined) this.nextToken()
    return found
  }
}

const NAMES: Readonly<Record<TokenType, string>> = {
  data: "text",
  "block-start": "a statement",
  "block-end": "the end of the statement block",
  "variable-start": "a print statement",
  "variable-end": "the end of the print statement",
  symbol: "a name",
  string: "a string",
  number: "a number",
  operator: "an operator"
}
