/**
 * A reading of something outside, which says whether it is whole.
 *
 * Only a `Complete` reading can prove that something is absent. A failed reading is no reading at all and never an
 * empty one; a `Partial` one shows what was seen and why the rest is unknown.
 */
export type Snapshot<A> = Complete<A> | Partial<A>

export interface Complete<A> {
  readonly _tag: "Complete"
  readonly value: A
}

export interface Partial<A> {
  readonly _tag: "Partial"
  readonly value: A
  /** What is not known, in words for a person. */
  readonly reason: string
}

export const complete = <A>(value: A): Complete<A> => ({ _tag: "Complete", value })

export const partial = <A>(value: A, reason: string): Partial<A> => ({ _tag: "Partial", value, reason })

export const isComplete = <A>(self: Snapshot<A>): self is Complete<A> => self._tag === "Complete"
