import { typeError, unsupported } from "../Failure.ts"

/**
 * A value while a template is rendered. Python's `int` is a number while that is exact and a bigint beyond; `float`,
 * `tuple`, `dict`, `set` and everything else are objects of their own, never plain JavaScript objects.
 */
export type Val = null | boolean | number | bigint | string | Array<Val> | Thing

/** What two equal values share, and two others do not: a key of a JavaScript Map. */
export type HashKey = null | number | bigint | string | Thing

/** A value that JavaScript has no type for. The defaults are Python's for a plain object. */
export abstract class Thing {
  /** Python's name of the type, for messages. */
  abstract readonly type: string

  truthy(): boolean {
    return true
  }

  /** Python's `repr()`. */
  repr(): string {
    throw unsupported(`printing a ${this.type}, which Jinja2 shows with its memory address,`)
  }

  /** Python's `str()`. */
  str(): string {
    return this.repr()
  }

  /** Python's `iter()`; undefined when it cannot be iterated. */
  iterate(): Iterator<Val> | undefined {
    return undefined
  }

  /** Python's `len()`; undefined when it has none. */
  length(): number | undefined {
    return undefined
  }

  /** An attribute of this object's own table; undefined when there is none. */
  attribute(_name: string): Val | undefined {
    return undefined
  }

  /** `self[key]`; undefined when it is not there or nothing can be looked up. */
  item(_key: Val): Val | undefined {
    return undefined
  }

  /** `value in self`; undefined when only iteration can tell. */
  contains(_value: Val): boolean | undefined {
    return undefined
  }

  equals(other: Val): boolean {
    return this === other
  }

  hashKey(): HashKey {
    return this
  }

  isCallable(): boolean {
    return false
  }

  /** For the types that cannot be keys. */
  protected unhashable(): never {
    throw typeError(`unhashable type: '${this.type}'`)
  }
}
