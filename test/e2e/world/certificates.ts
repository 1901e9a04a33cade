import { join } from "node:path"
import { Effect } from "effect"
import { Processes } from "./Processes.ts"

/** Files of a certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** An authority of the test's own. */
export interface Authority extends Certificate {
  /** @param subject as openssl writes it: `/O=system:masters/CN=admin` */
  readonly issue: (
    name: string,
    subject: string,
    alternatives: ReadonlyArray<string>
  ) => Effect.Effect<Certificate, never, Processes>
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]

/** Makes an authority in a folder. */
export const authority = Effect.fnUntraced(function* (folder: string) {
  const files = (name: string): Certificate => ({
    cert: join(folder, `${name}.crt`),
    key: join(folder, `${name}.key`)
  })
  const make = Effect.fnUntraced(function* (name: string, subject: string, more: ReadonlyArray<string>) {
    const { cert, key } = files(name)
    const { run } = yield* Processes
    yield* run("openssl", ["req", "-x509", ...NEW_KEY, "-keyout", key, "-out", cert, "-subj", subject, ...more])
    return { cert, key }
  })
  const root = yield* make("ca", "/CN=end-to-end tests", [])
  const signed = ["-CA", root.cert, "-CAkey", root.key, "-addext", "basicConstraints=critical,CA:false"]
  return {
    ...root,
    issue: (name, subject, alternatives) =>
      make(name, subject, [
        ...signed,
        ...(alternatives.length === 0 ? [] : ["-addext", `subjectAltName=${alternatives.join(",")}`])
      ])
  } satisfies Authority
})
