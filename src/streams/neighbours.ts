import { Effect, Ref, Stream, SubscriptionRef } from "effect"
import { type Claim, type Claims, said } from "../domain/Claims.ts"

/** What the vCenters say to each other about objects that more than one of them may want. */
export interface Neighbours {
  /** Says what is new of one of them, and gives what all have said. */
  readonly say: (vcenter: string, news: Partial<Claim>) => Effect.Effect<Claims>
  /** At once, and whenever another has said something that concerns this one: it has to look again. */
  readonly news: (vcenter: string) => Stream.Stream<number>
}

export const neighbours: Effect.Effect<Neighbours> = Effect.gen(function* () {
  const claims = yield* Ref.make<Claims>(new Map())
  const turns = yield* SubscriptionRef.make<ReadonlyMap<string, number>>(new Map())
  const turnOf = (vcenter: string) => (all: ReadonlyMap<string, number>) => all.get(vcenter) ?? 0
  return {
    say: Effect.fnUntraced(function* (vcenter, news) {
      const concerned = yield* Ref.modify(claims, (before) => {
        const after = said(before, vcenter, news)
        return [after.concerned, after.claims]
      })
      if (concerned.length > 0) {
        yield* SubscriptionRef.update(
          turns,
          (all) => new Map([...all, ...concerned.map((other) => [other, turnOf(other)(all) + 1] as const)])
        )
      }
      return yield* Ref.get(claims)
    }),
    news: (vcenter) =>
      SubscriptionRef.changes(turns).pipe(
        Stream.map(turnOf(vcenter)),
        Stream.changes,
        Stream.buffer({ capacity: 1, strategy: "sliding" })
      )
  }
})
