/** Longer texts come from admission webhooks; the rest of them helps nobody. */
const LONGEST = 600

/** The field errors that quote the value (k8s.io/apimachinery, `field.Error`). */
const QUOTING = /\b(Invalid value|Unsupported value|Duplicate value|Not found|Invalid type): /g

/** What structured-merge-diff prints of a value of the wrong type. */
const GOT = /, got &.*$/s

/** What Go's decoders quote. */
const DECODER = /error decoding|unmarshal|parsing /

/**
 * A message of the API server without the values of the object that it complains about: they may come from a Secret
 * or from an environment variable. Field paths and the rules that were broken stay.
 *
 *   message                                                    | what is left
 *   -----------------------------------------------------------+----------------------------------------------
 *   spec.replicas: Invalid value: -1: must be at least 0       | spec.replicas: Invalid value: must be at least 0
 *   spec.selector: Invalid value: {"a":{"b":"c"}}: immutable   | spec.selector: Invalid value: immutable
 *   metadata.name: Duplicate value: "a"                        | metadata.name: Duplicate value
 *   .data.a: expected string, got &value.…{Value:1234}         | .data.a: expected string, got another type
 *   … error decoding from json: parsing "abc": invalid syntax  | … parsing "…": invalid syntax
 *   several lines (a diff of both objects follows)             | the first line
 *   a long one                                                 | its first 600 characters
 */
export const withoutValues = (message: string): string => {
  const typed = (message.split("\n", 1)[0] ?? "").replace(GOT, ", got another type")
  const decoded = DECODER.test(typed) ? typed.replace(/"(?:[^"\\]|\\.)*"/g, '"…"') : typed
  const plain = withoutFieldValues(decoded)
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain
}

const withoutFieldValues = (message: string): string => {
  let result = ""
  let at = 0
  for (const found of message.matchAll(QUOTING)) {
    if (found.index < at) continue
    result += message.slice(at, found.index) + found[1]
    at = endOfValue(message, found.index + found[0].length)
  }
  return result + message.slice(at)
}

/** Where the value that begins at `start` ends: a quoted text, brackets with all they hold, or a bare word. */
const endOfValue = (message: string, start: number): number => {
  let depth = 0
  let quoted = false
  for (let at = start; at < message.length; at++) {
    const character = message[at] ?? ""
    if (quoted) {
      if (character === "\\") at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if ("{[(".includes(character)) depth++
    else if (depth > 0 && "}])".includes(character)) depth--
    else if (depth === 0 && (character === "," || character === "]" || message.startsWith(": ", at))) return at
  }
  return message.length
}
