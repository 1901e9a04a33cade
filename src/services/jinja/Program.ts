import type { Context } from "./Context.ts"
import { limitExceeded } from "./Failure.ts"
import { FILTERS } from "./Filters.ts"
import { syntaxOf, tokenize } from "./Lexer.ts"
import { precompiled } from "./Nunjucks.ts"
import type { Options } from "./Options.ts"
import { RUNTIME } from "./Runtime.ts"
import { TemplateCompiler } from "./TemplateCompiler.ts"
import { TemplateParser } from "./TemplateParser.ts"
import { TESTS } from "./Tests.ts"
import { Tokens } from "./Tokens.ts"

/** The code of a template or of a block: its text, in a context. The path is where errors are said to be. */
export type Piece = (context: Context, path: string) => string

/** A compiled template. It holds nothing of any rendering. */
export interface Program {
  readonly options: Options
  readonly root: Piece
  readonly blocks: ReadonlyMap<string, Piece>
  /** The text of the whole template: its root, run by nunjucks. */
  readonly render: (context: Context) => string
}

/**
 * Compiles a template.
 *
 * The code is made of fixed parts, numbers and JSON strings; nothing of the template is code. It runs in strict mode
 * and is given the runtime, its literals and a context.
 */
export const compile = (source: string, options: Options): Program => {
  try {
    const tree = new TemplateParser(new Tokens(tokenize(source, syntaxOf(options))), options.extensions).parseTemplate()
    const compiler = new TemplateCompiler({ filters: FILTERS, tests: TESTS })
    compiler.compileRoot(tree)
    const factory = new Function("rt", "k", `"use strict";${compiler.getCode()}`)
    const code: Pick<Program, "root" | "blocks"> = factory(RUNTIME, compiler.constants)
    return { options, ...code, render: precompiled((context: Context) => code.root(context, context.path)) }
  } catch (error) {
    if (error instanceof RangeError) throw limitExceeded("the template is nested too deeply")
    throw error
  }
}
