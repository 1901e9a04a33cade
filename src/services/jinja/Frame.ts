import type { Symbols } from "./Symbols.ts"

/** Where in a template the compiler is: passed along by nunjucks' compiler as the second argument of every method. */
export interface Frame {
  readonly symbols: Symbols
  /** At the top of a template, conditions included: what is set here is seen by included and imported templates. */
  readonly toplevel: boolean
  /** At the top of a template and not in a condition: an `extends` here is always executed. */
  readonly rootlevel: boolean
  /** Output is left out once the template has extended another one. */
  readonly checksExtends: boolean
  /** Inside of a loop or a block, whose own names are not in the context. */
  readonly ownNames: boolean
  /** In a macro, a block that is captured, or a recursive loop: what is printed is collected first. */
  readonly buffered: boolean
  /** In a condition: an unknown filter is an error only when it is reached. */
  readonly soft: boolean
}

export const rootFrame = (symbols: Symbols, checksExtends: boolean): Frame => ({
  symbols,
  toplevel: true,
  rootlevel: true,
  checksExtends,
  ownNames: false,
  buffered: false,
  soft: false
})

/** The frame of a block: not a child of the template around it, whose names it sees only through the context. */
export const blockFrame = (symbols: Symbols): Frame => ({
  symbols,
  toplevel: false,
  rootlevel: false,
  checksExtends: false,
  ownNames: true,
  buffered: false,
  soft: false
})

export const innerFrame = (frame: Frame): Frame => ({
  symbols: frame.symbols.inner(),
  toplevel: false,
  rootlevel: false,
  checksExtends: frame.checksExtends,
  ownNames: false,
  buffered: frame.buffered,
  soft: false
})

/** The same scope, inside of a condition. */
export const softFrame = (frame: Frame): Frame => ({ ...frame, rootlevel: false, soft: true })
