import type { Val } from "../values/Thing.ts"
import { ordered } from "./Compare.ts"

/** Python's `sorted()`: stable, also in reverse; it only ever asks whether one key is less than another. */
export const sorted = (items: ReadonlyArray<Val>, key: (item: Val) => Val, reverse: boolean): Array<Val> => {
  const keyed = items.map((item) => ({ item, key: key(item) }))
  const sign = reverse ? -1 : 1
  keyed.sort((a, b) => (ordered("<", a.key, b.key) ? -sign : ordered("<", b.key, a.key) ? sign : 0))
  return keyed.map(({ item }) => item)
}
