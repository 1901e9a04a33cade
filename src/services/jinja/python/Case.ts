import { points } from "./Points.ts"

const CASED = /\p{Cased}/u
const CASED_BEFORE = /\p{Cased}\p{Case_Ignorable}*$/u
const CASED_AFTER = /^\p{Case_Ignorable}*\p{Cased}/u

/** Python's `capitalize`: the first character in title case, the others in lower case. */
export const capitalized = (text: string): string =>
  points(text)
    .map((character, at, all) => (at === 0 ? titleOf(character) : lowerAt(character, at, all)))
    .join("")

/** Python's `title`: each letter that follows no letter in title case, the others in lower case. */
export const titled = (text: string): string => {
  let follows = false
  return points(text)
    .map((character, at, all) => {
      const shown = follows ? lowerAt(character, at, all) : titleOf(character)
      follows = CASED.test(character)
      return shown
    })
    .join("")
}

/** Python's `swapcase`. */
export const swapped = (text: string): string =>
  points(text)
    .map((character, at, all) =>
      /\p{Uppercase}/u.test(character)
        ? lowerAt(character, at, all)
        : /\p{Lowercase}/u.test(character)
          ? character.toUpperCase()
          : character
    )
    .join("")

/** Python's `casefold`, which JavaScript does not have: lower, upper and lower case again, but for a few scripts. */
export const folded = (text: string): string =>
  points(text)
    .map((character) => {
      if (character === "\u0131") return character
      // Cherokee folds to its upper case.
      if (/[\u13a0-\u13fd\uab70-\uabbf]/.test(character)) return character.toUpperCase()
      return [...character.toLowerCase().toUpperCase()].map((each) => each.toLowerCase()).join("")
    })
    .join("")

// A sigma at the end of a word has a form of its own, which only the text around it tells.
const lowerAt = (character: string, at: number, all: ReadonlyArray<string>): string => {
  if (character !== "Σ") return character.toLowerCase()
  const ends = CASED_BEFORE.test(all.slice(0, at).join("")) && !CASED_AFTER.test(all.slice(at + 1).join(""))
  return ends ? "ς" : "σ"
}

/** Letters that are two in one, and those with an iota below, whose title case is not their upper case. */
const TITLES: ReadonlyMap<string, string> = new Map(
  ["ǄǅǆǅǇǈǉǈǊǋǌǋǱǲǳǲ"].flatMap((text) => {
    const found: Array<[string, string]> = []
    for (let at = 0; at < text.length; at += 4) {
      for (const each of text.slice(at, at + 3)) found.push([each, text.charAt(at + 3)])
    }
    return found
  })
)

const titleOf = (character: string): string => {
  const known = TITLES.get(character)
  if (known !== undefined) return known
  if (character === "ŉ") return "ʼN"
  const code = character.codePointAt(0) ?? 0
  // Georgian has upper case letters, but no titles in them.
  if (code >= 0x10d0 && code <= 0x10ff) return character
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8)
  const [first = "", ...rest] = points(character.toUpperCase())
  // An iota that was below the letter stays there.
  if (/[\u1fb2-\u1ffc]/.test(character) && rest.at(-1) === "Ι") return iotaBelow(first, rest.slice(0, -1))
  // ß → Ss, ﬁ → Fi
  return first + rest.join("").toLowerCase()
}

const BELOW: ReadonlyMap<string, string> = new Map([
  ["Α", "ᾼ"],
  ["Η", "ῌ"],
  ["Ω", "ῼ"]
])

const iotaBelow = (letter: string, marks: ReadonlyArray<string>): string => {
  const whole = marks.length === 0 ? BELOW.get(letter) : undefined
  return whole ?? `${letter}${marks.join("")}\u0345`
}
