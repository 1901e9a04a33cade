import type { Position } from "./Position.ts"
import type { Arithmetic } from "./python/Numbers.ts"
import type { Val } from "./values/Thing.ts"

/** A template as a tree. `typename` is what nunjucks' compiler dispatches by: `Add` goes to `compileAdd`. */
interface Base<T extends string> {
  readonly typename: T
  /** Where an error in it is said to be: the name or operator that does something. */
  readonly at: Position
}

// ---- expressions

export interface Literal extends Base<"Literal"> {
  readonly value: Val
}
export interface Name extends Base<"Name"> {
  readonly name: string
}
export interface Sequence extends Base<"List" | "TupleOf" | "Concat"> {
  readonly items: ReadonlyArray<Expr>
}
export interface DictOf extends Base<"DictOf"> {
  readonly pairs: ReadonlyArray<readonly [key: Expr, value: Expr]>
}
export interface Unary extends Base<"Not" | "Neg" | "Pos"> {
  readonly target: Expr
}
export interface Logical extends Base<"And" | "Or"> {
  readonly left: Expr
  readonly right: Expr
}
export interface Binary extends Base<"Binary"> {
  readonly operator: Arithmetic
  readonly left: Expr
  readonly right: Expr
}
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in"
export interface Compare extends Base<"Compare"> {
  readonly first: Expr
  readonly others: ReadonlyArray<readonly [CompareOperator, Expr]>
}
export interface Attribute extends Base<"Attribute"> {
  readonly target: Expr
  readonly name: string
}
export interface Item extends Base<"Item"> {
  readonly target: Expr
  readonly key: Expr
}
export interface Slice extends Base<"Slice"> {
  readonly target: Expr
  readonly start: Expr | null
  readonly stop: Expr | null
  readonly step: Expr | null
}
export interface Arguments {
  readonly positional: ReadonlyArray<Expr>
  readonly named: ReadonlyArray<readonly [name: string, value: Expr]>
  /** `*these` */
  readonly star: Expr | null
  /** `**these` */
  readonly doubleStar: Expr | null
}
export interface Call extends Base<"Call"> {
  readonly target: Expr
  readonly args: Arguments
}
export interface Filter extends Base<"Filter"> {
  /** Null in a `filter` or `set` block: the block's text. */
  readonly target: Expr | null
  readonly name: string
  readonly args: Arguments
}
export interface Test extends Base<"Test"> {
  readonly target: Expr
  readonly name: string
  readonly args: Arguments
}
export interface Conditional extends Base<"Conditional"> {
  readonly test: Expr
  readonly value: Expr
  readonly otherwise: Expr | null
}

export type Expr =
  | Literal
  | Name
  | Sequence
  | DictOf
  | Unary
  | Logical
  | Binary
  | Compare
  | Attribute
  | Item
  | Slice
  | Call
  | Filter
  | Test
  | Conditional

// ---- what is assigned to

export interface NameTarget extends Base<"NameTarget"> {
  readonly name: string
}
export interface TupleTarget extends Base<"TupleTarget"> {
  readonly items: ReadonlyArray<Target>
}
/** `namespace.attribute`, in `set` only. */
export interface AttributeTarget extends Base<"AttributeTarget"> {
  readonly name: string
  readonly attribute: string
}
export type Target = NameTarget | TupleTarget | AttributeTarget

// ---- statements

export interface Data extends Base<"Data"> {
  readonly text: string
}
export interface Output extends Base<"Output"> {
  readonly items: ReadonlyArray<Data | Expr>
}
export interface If extends Base<"If"> {
  readonly test: Expr
  readonly body: Body
  readonly elifs: ReadonlyArray<If>
  readonly otherwise: Body
}
export interface For extends Base<"For"> {
  readonly target: Target
  readonly iterable: Expr
  readonly test: Expr | null
  readonly recursive: boolean
  readonly body: Body
  readonly otherwise: Body
}
export interface Set extends Base<"Set"> {
  readonly target: Target
  readonly value: Expr
}
export interface SetBlock extends Base<"SetBlock"> {
  readonly target: Target
  readonly filter: Filter | null
  readonly body: Body
}
export interface With extends Base<"With"> {
  readonly assignments: ReadonlyArray<readonly [Target, Expr]>
  readonly body: Body
}
export interface FilterBlock extends Base<"FilterBlock"> {
  readonly filter: Filter
  readonly body: Body
}
export interface Signature {
  readonly params: ReadonlyArray<{ readonly name: string; readonly fallback: Expr | null }>
}
export interface Macro extends Base<"Macro">, Signature {
  readonly name: string
  readonly body: Body
}
export interface CallBlock extends Base<"CallBlock">, Signature {
  readonly call: Call
  readonly body: Body
}
export interface Autoescape extends Base<"Autoescape"> {
  readonly value: Expr
  readonly body: Body
}
export interface Block extends Base<"Block"> {
  readonly name: string
  readonly scoped: boolean
  readonly required: boolean
  readonly body: Body
}
export interface Extends extends Base<"Extends"> {
  readonly template: Expr
}
export interface Include extends Base<"Include"> {
  readonly template: Expr
  readonly ignoreMissing: boolean
  readonly withContext: boolean
}
export interface Import extends Base<"Import"> {
  readonly template: Expr
  readonly target: string
  readonly withContext: boolean
}
export interface FromImport extends Base<"FromImport"> {
  readonly template: Expr
  readonly names: ReadonlyArray<readonly [name: string, alias: string]>
  readonly withContext: boolean
}

/** `do`: an expression whose value is not printed. */
export interface Do extends Base<"Do"> {
  readonly value: Expr
}
/** `break` and `continue`. */
export interface Jump extends Base<"Break" | "Continue"> {}

export type Statement =
  | Output
  | Do
  | Jump
  | If
  | For
  | Set
  | SetBlock
  | With
  | FilterBlock
  | Macro
  | CallBlock
  | Autoescape
  | Block
  | Extends
  | Include
  | Import
  | FromImport

export type Body = ReadonlyArray<Statement>

export interface Root extends Base<"Root"> {
  readonly body: Body
}

export type Node = Expr | Target | Data | Statement | Root
