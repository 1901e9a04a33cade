import { Thing, type Val } from "./Thing.ts"

/** Something that can be iterated once: what Python's generators and iterators are. */
export class Iter extends Thing {
  readonly type: string
  readonly #iterator: Iterator<Val>

  constructor(iterator: Iterator<Val>, type = "generator") {
    super()
    this.#iterator = iterator
    this.type = type
  }

  override iterate(): Iterator<Val> {
    return this.#iterator
  }
}
