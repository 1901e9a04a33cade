/**
 * A value that a template sees. Objects are Maps: keys come from outside and must never meet a prototype. Whole
 * numbers that JavaScript cannot hold exactly are bigints; a float that happens to be whole says that it is one, for
 * `1.0` and `1` are printed differently.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | ReadonlyArray<Value>
  | ReadonlySet<Value>
  | ReadonlyMap<string, Value>

/** A float. A plain number that is not whole is one as well. */
export interface Float {
  readonly float: number
}
