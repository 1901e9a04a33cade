/** A place in a text, and why YAML 1.1 as PyYAML reads it stops there. */
export interface Stop {
  readonly offset: number
  readonly detail: string
}

/** Characters that YAML 1.1 allows in no document, and those that it takes for ends of lines. */
export const FORBIDDEN = /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/**
 * What is wrong with a text whatever is in its documents.
 *
 *   text                                             | here
 *   -------------------------------------------------+---------------------------------------------
 *   a character of `FORBIDDEN`                       | a stop
 *   a carriage return without a line feed            | a stop: PyYAML ends the line there
 *   a byte order mark, but at the beginning          | a stop
 *   a line that begins with `%`, but %YAML 1.1, 1.2  | a stop: no other directive has a use
 *   such a line twice, or not before ---             | a stop, as in PyYAML
 *   `...` without a document before it               | a stop, as in PyYAML
 */
export const stopIn = (text: string): Stop | undefined => {
  const forbidden = FORBIDDEN.exec(text)
  if (forbidden !== null) {
    const code = forbidden[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")
    return { offset: forbidden.index, detail: `the character U+${code} may only stand in quotes, as an escape` }
  }
  const stray = /\r(?!\n)|(?!^)\ufeff/.exec(text)
  if (stray !== null) return { offset: stray.index, detail: "a carriage return or byte order mark stands alone" }
  const directive = /^%(?!YAML 1\.[12] *(?:#.*)?\r?\n(?:[ ]*(?:#.*)?\r?\n)*---(?:[\s]|$))/m.exec(text)
  if (directive !== null) {
    return { offset: directive.index, detail: "a line that begins with % is no directive %YAML 1.1 followed by ---" }
  }
  const end = /^\ufeff?(?:[ ]*(?:#.*)?\r?\n)*\.\.\.(?:\s|$)/.exec(text)
  return end === null ? undefined : { offset: end[0].length, detail: "... ends a document that has not begun" }
}

/** What PyYAML takes for a date or time. */
export const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)$|^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.\d*)?(?:[ \t]*(?:Z|[-+](\d\d?)(?::(\d\d))?))?$/

/** Whether a text says no date or time that there is: the 30th of February, 25 o'clock, anything else. */
export const isImpossible = (text: string): boolean => {
  const parts = TIMESTAMP.exec(text)
  if (parts === null) return true
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = (
    parts[1] === undefined ? parts.slice(4) : parts.slice(1, 4)
  ).map((part) => Number(part ?? 0))
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  const isDate = year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days
  return !isDate || hour > 23 || minute > 59 || second > 59 || zoneHour * 60 + zoneMinute >= 24 * 60
}
