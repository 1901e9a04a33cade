import { Result } from "effect"
import { decode, type Settings } from "../../src/domain/Settings.ts"

/** Test values, none of which opens anything. */
export const TEST_KEY = "dGVzdC1rZXktbm90LWEtc2VjcmV0"
const REQUIRED = {
  namespace: "monsoon3",
  username: "osapivc",
  password: "test-seed",
  tsig_key: TEST_KEY,
  dns_ip: "10.0.0.53"
}

/** Settings as from the operator's Secret. */
export const settingsOf = (over: Readonly<Record<string, string>> = {}): Settings => {
  const data = Object.entries({ ...REQUIRED, ...over }).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64")
  ])
  return Result.getOrThrow(decode(Object.fromEntries(data)))
}
