/** The innermost cause in one line: fetch wraps what happened in a "fetch failed". */
export const whatOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown error"
  if (error instanceof AggregateError && error.errors.length > 0) return whatOf(error.errors[0])
  if (error.cause instanceof Error) return whatOf(error.cause)
  return (error.message.split("\n", 1)[0] || error.name).slice(0, 300)
}
