/**
 * Texts by code points, which is how Python counts them; JavaScript counts UTF-16 units. Only texts with characters
 * beyond U+FFFF differ.
 */

const SURROGATES = /[\ud800-\udfff]/

/** Each character of a text. */
export const points = (text: string): ReadonlyArray<string> => [...text]

/** Characters `start` to `end` (exclusive), both within the text. */
export const slicePoints = (text: string, start: number, end: number): string =>
  SURROGATES.test(text) ? points(text).slice(start, end).join("") : text.slice(start, end)

/** The character at `index`, or undefined outside the text. */
export const pointAt = (text: string, index: number): string | undefined => {
  const found = SURROGATES.test(text) ? points(text)[index] : text.charAt(index)
  return found === "" ? undefined : found
}

/** The position by code points of a position by UTF-16 units. */
export const pointsBefore = (text: string, units: number): number =>
  SURROGATES.test(text) ? points(text.slice(0, units)).length : units

/** What Python takes for white space: JavaScript's `\s` without U+FEFF, with U+001C to U+001F and U+0085. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"

const LEADING = new RegExp(`^[${SPACE}]+`)
const ONLY_SPACE = new RegExp(`^[${SPACE}]+$`)
const isSpaceAt = (text: string, index: number): boolean => ONLY_SPACE.test(text.charAt(index))

/** Without white space at the start. */
export const stripStart = (text: string): string => text.replace(LEADING, "")

/** Without white space at the end; by hand, because a pattern would look at every stretch of white space. */
export const stripEnd = (text: string): string => {
  let end = text.length
  while (end > 0 && isSpaceAt(text, end - 1)) end--
  return text.slice(0, end)
}

export const isSpace = (text: string): boolean => ONLY_SPACE.test(text)
