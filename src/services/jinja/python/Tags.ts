import { unescaped } from "./Entities.ts"
import { split } from "./Split.ts"

/** Without tags and comments, up to the first that has no end. */
const withoutTags = (text: string): string => {
  let kept = ""
  let at = 0
  for (let start = text.indexOf("<"); start !== -1; start = text.indexOf("<", at)) {
    const close = text.startsWith("<!--", start) ? "-->" : ">"
    const end = text.indexOf(close, start + (close === ">" ? 1 : 4))
    if (end === -1) break
    kept += text.slice(at, start)
    at = end + close.length
  }
  return kept + text.slice(at)
}

/** The text in HTML: without tags and comments, white space as single spaces, entities as characters. */
export const striptags = (text: string): string => unescaped(split(withoutTags(text), null, -1).join(" "))
