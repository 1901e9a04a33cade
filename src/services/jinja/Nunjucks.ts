import nunjucks from "nunjucks"

// What the published types leave out, and what this project builds upon.
declare module "nunjucks" {
  interface Token {
    readonly type: string
    readonly value: string
  }

  interface TokenSource<T extends Token> {
    nextToken(): T | null
  }

  namespace parser {
    /** A cursor over tokens, with one token of push-back, and the walk over blocks. */
    class Parser<T extends Token = Token> {
      constructor(tokens: TokenSource<T>)
      readonly tokens: TokenSource<T>
      breakOnBlocks: ReadonlyArray<string> | null
      nextToken(): T | null
      peekToken(): T | null
      pushToken(token: T | null): void
      skip(type: string): boolean
      skipValue(type: string, value: string): boolean
      skipSymbol(value: string): boolean
      error(message: string, at?: number): Error
      fail(message: string, at?: number): never
    }
  }

  namespace compiler {
    interface Node {
      readonly typename: string
    }

    /** A writer of JavaScript: a method `compile<typename>` for each kind of node. */
    class Compiler<F> {
      constructor(templateName: string | null)
      buffer: string | null
      _emit(code: string): void
      _emitLine(code: string): void
      _tmpid(): string
      _pushBuffer(): string
      _popBuffer(): void
      compile(node: Node, frame: F): void
      fail(message: string, at?: number): never
      getCode(): string
    }
  }
}

export type Token = nunjucks.Token
export type TokenSource<T extends Token> = nunjucks.TokenSource<T>
export type Template = nunjucks.Template

export const { Parser } = nunjucks.parser
export const { Compiler } = nunjucks.compiler

/** What nunjucks hands to a compiled template. */
interface Bindings<A> {
  readonly lookup: (name: string) => A
}

/**
 * A template of nunjucks around code of our own (`{ type: "code" }`), which is what nunjucks' precompiled templates are.
 * The environment belongs to this template alone and has nothing of ours in it.
 */
export const precompiled = <A>(root: (input: A) => string): ((input: A) => string) => {
  const obj = {
    root: (_environment: unknown, context: Bindings<A>, _frame: unknown, _runtime: unknown, done: Done) =>
      done(null, root(context.lookup("input")))
  }
  const environment = new nunjucks.Environment([], { autoescape: false })
  const template: Template = Reflect.construct(nunjucks.Template, [{ type: "code", obj }, environment])
  return (input) => template.render({ input })
}

type Done = (error: null, text: string) => void
