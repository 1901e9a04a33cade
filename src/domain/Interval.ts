import { Duration } from "effect"

/** What `parse` understands, for messages. */
export const EXPECTED = "a duration such as 90s, 5m, 1h, or plain seconds"

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["s", 1],
  ["m", 60],
  ["h", 3600]
])

/** A duration as people write it in a setting: `90s`, `5m`, `1h`, or plain seconds; undefined when it is none. */
export const parse = (text: string): Duration.Duration | undefined => {
  const [, count, unit = ""] = /^(\d{1,8})([smh]?)$/.exec(text) ?? []
  return count === undefined ? undefined : Duration.seconds(Number(count) * (UNITS.get(unit) ?? 1))
}
