/** One `Warning` value (RFC 7234, 5.5): code, agent, quoted text. Several are joined by commas. */
const WARNING = /\b299 \S+ "((?:[^"\\]|\\.)*)"/g

/** The texts of the API server's warnings: deprecated versions, unknown fields. */
export const warningsOf = (header: string | undefined): ReadonlyArray<string> =>
  header === undefined ? [] : [...header.matchAll(WARNING)].map(([, text = ""]) => text.replace(/\\(.)/g, "$1"))
