import { unsupported } from "../Failure.ts"
import { points } from "./Points.ts"

const CASED = /[\p{Lu}\p{Ll}\p{Lt}]/u

/** Python's `capitalize`: the first character in title case, the others in lower case. */
export const capitalized = (text: string): string => {
  const [first = "", ...rest] = points(text)
  return titleOf(first) + rest.join("").toLowerCase()
}

/** Python's `title`: each letter that follows no letter in title case, the others in lower case. */
export const titled = (text: string): string => {
  let follows = false
  return points(text)
    .map((character) => {
      const shown = follows ? character.toLowerCase() : titleOf(character)
      follows = CASED.test(character)
      return shown
    })
    .join("")
}

/** Python's `swapcase`. */
export const swapped = (text: string): string =>
  points(text)
    .map((character) => (/\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase()))
    .join("")

// Letters whose title case is none that JavaScript knows.
const OWN_TITLE = /[ŉǄ-ǌǰǱ-ǳΐΰև\u0390\u03b0\u1e96-\u1e9a\u1f50-\u1fff]/u

const titleOf = (character: string): string => {
  if (OWN_TITLE.test(character)) throw unsupported("a letter with a title case of its own")
  const [first = "", ...rest] = points(character.toUpperCase())
  // ß → Ss, ﬁ → Fi
  return first + rest.join("").toLowerCase()
}
