import { Failure } from "../Failure.ts"
import { Thing, type Val } from "./Thing.ts"

let isStrict = false

/** Runs with every undefined value that is printed, iterated or counted as an error, or without: as it was, afterwards. */
export const strictly = <A>(strict: boolean, run: () => A): A => {
  const before = isStrict
  isStrict = strict
  try {
    return run()
  } finally {
    isStrict = before
  }
}

/**
 * Jinja2's default undefined: it prints as nothing, is false, empty when iterated, and raises with its reason when
 * anything else is done with it.
 */
export class Undefined extends Thing {
  readonly type = "Undefined"
  readonly reason: string

  constructor(reason: string) {
    super()
    this.reason = reason
  }

  /** Raises, with the reason. */
  fail(): never {
    throw new Failure("undefined", this.reason)
  }

  override truthy(): boolean {
    return false
  }

  override str(): string {
    return isStrict ? this.fail() : ""
  }

  override repr(): string {
    return "Undefined"
  }

  override iterate(): Iterator<Val> {
    return isStrict ? this.fail() : [].values()
  }

  override length(): number {
    return isStrict ? this.fail() : 0
  }

  override equals(other: Val): boolean {
    return other instanceof Undefined
  }

  override hashKey(): string {
    return "\u0000undefined"
  }

  override isCallable(): boolean {
    return true
  }
}

/** What a name stands for that has no value yet: it becomes something only when it is read. */
export class Absent {
  read(name: string): Undefined {
    return new Undefined(`'${name}' is undefined`)
  }
}

/** A name that no scope and no context knows. */
export const MISSING = new Absent()

/** A name that exists but cannot be known now: whoever reads it fails with the reason. */
export class Unavailable extends Absent {
  readonly #reason: string

  constructor(reason: string) {
    super()
    this.#reason = reason
  }

  override read(name: string): never {
    throw new Failure("undefined", `'${name}' cannot be known now: ${this.#reason}`)
  }
}

/** What a name may stand for in a scope. */
export type Slot = Val | Absent
