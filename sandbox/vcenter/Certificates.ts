import { randomUUID } from "node:crypto"
import { Effect } from "effect"
import { generate } from "selfsigned"

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A certificate authority that lives as long as the sandbox. */
export interface Authority {
  /** PEM. */
  readonly ca: string
  readonly issue: (fqdn: string, options?: { readonly expired?: boolean }) => Effect.Effect<Certificate>
}

const DAY = 86_400_000
const COMMON = { keyType: "ec", algorithm: "sha256" } as const

/** Makes an authority; certificates are valid for a day around now. */
export const authority: Effect.Effect<Authority> = Effect.gen(function* () {
  // Authorities of one name are mistaken for each other.
  const root = yield* make(`Sandbox authority ${randomUUID()}`, {
    days: [-1, 1],
    extensions: [{ name: "basicConstraints", cA: true }]
  })
  return {
    ca: root.cert,
    issue: (fqdn, options) =>
      make(fqdn, {
        days: options?.expired === true ? [-2, -1] : [-1, 1],
        ca: { key: root.key, cert: root.cert },
        extensions: named(fqdn)
      })
  }
})

/** A certificate that signs itself, as a vCenter has it that nobody gave one. */
export const selfSigned = (fqdn: string): Effect.Effect<Certificate> =>
  make(fqdn, { days: [-1, 1], extensions: named(fqdn) })

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>["extensions"]>

const named = (fqdn: string): Extensions => [{ name: "subjectAltName", altNames: [{ type: 2, value: fqdn }] }]

const make = (
  commonName: string,
  options: { readonly days: readonly [number, number]; readonly extensions: Extensions; readonly ca?: Certificate }
): Effect.Effect<Certificate> =>
  Effect.promise(async () => {
    const [from, to] = options.days
    const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
      ...COMMON,
      notBeforeDate: new Date(Date.now() + from * DAY),
      notAfterDate: new Date(Date.now() + to * DAY),
      extensions: options.extensions,
      ...(options.ca === undefined ? {} : { ca: options.ca })
    })
    return { cert, key }
  })
