/**
 * A value that a template sees. Objects are Maps: keys come from outside and must never meet a prototype. Whole
 * numbers that JavaScript cannot hold exactly are bigints.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | ReadonlyArray<Value>
  | ReadonlySet<Value>
  | ReadonlyMap<string, Value>
