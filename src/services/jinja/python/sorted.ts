import type { Val } from "../values/Thing.ts"
import { ordered } from "./Compare.ts"
import { indexOf } from "./Numbers.ts"

/**
 * Python's `sorted()`: stable, also in reverse; it only ever asks whether one key is less than another.
 *
 * @param reverse a whole number or boolean: nothing else is true or false here
 */
export const sorted = (items: ReadonlyArray<Val>, key: (item: Val) => Val, reverse: Val = false): Array<Val> => {
  const sign = indexOf(reverse, "reverse") === 0 ? 1 : -1
  const keyed = items.map((item) => ({ item, key: key(item) }))
  keyed.sort((a, b) => (ordered("<", a.key, b.key) ? -sign : ordered("<", b.key, a.key) ? sign : 0))
  return keyed.map(({ item }) => item)
}
