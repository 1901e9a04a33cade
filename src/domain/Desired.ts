import type { RecordedSubject, RecordedTemplate } from "./Ledger.ts"
import type { Lost } from "./LostStorage.ts"
import type { Manifest } from "./Manifest.ts"
import { id, label } from "./Manifest.ts"
import { complete, partial, type Snapshot } from "./Snapshot.ts"

/** An object that should exist, and where it comes from. */
export interface Wanted {
  /** Marked. */
  readonly manifest: Manifest
  readonly digest: string
  /** `namespace/name` of its template. */
  readonly template: string
  /** Managed object id of its cluster or datacenter. */
  readonly subject: string
  /** Why the facts it was rendered from are not whole; absent when they are. */
  readonly partial?: string
}

/** Something that could not be rendered: what it rendered before is unknown now, not unwanted. */
export interface Failure {
  readonly template: string
  /** Managed object id; absent when the template as such is bad. */
  readonly subject?: string
  /** Name of the subject, for people. */
  readonly subjectName?: string
  /** `syntax`, `undefined`, `type`, `limit` or `yaml`, when it is the rendering that failed. */
  readonly kind?: string
  /** Path of the template in which it happened, when it is another one (`render`, `include`). */
  readonly within?: string
  /** Where in the template's text, both from 1. */
  readonly line?: number
  readonly column?: number
  /** That line, with a caret below the column. */
  readonly excerpt?: string
  readonly message: string
}

/** What became of one template for one subject. */
export interface Rendering {
  readonly template: string
  readonly subject: string
  readonly wanted: ReadonlyArray<Wanted>
}

/** Everything that should exist for one vCenter. */
export interface Desired {
  readonly instanceUuid: string
  /** By identity. */
  readonly wanted: ReadonlyMap<string, Wanted>
  /** Identities that two renderings claim: neither wins, what is applied stays. With the reason, naming both. */
  readonly contested: ReadonlyMap<string, string>
  readonly failures: ReadonlyArray<Failure>
  /** Subjects whose facts are not whole, with the reason: their objects stay as they are. */
  readonly held: ReadonlyMap<string, string>
  /** Subjects that have lost what their recorded objects were made from: these stay as they are, too. */
  readonly lost: ReadonlyMap<string, Lost>
  /** Subjects that exist, by managed object id. */
  readonly subjects: ReadonlyMap<string, RecordedSubject>
  /** References of the datacenters that the inventory shows, with or without a cluster that counts. */
  readonly datacenters?: ReadonlySet<string>
  /** Templates that exist, by `namespace/name`. */
  readonly templates: ReadonlyMap<string, RecordedTemplate>
  /** What a person should know of the choices made. */
  readonly notes?: ReadonlyArray<string>
  /** `template subject` of every rendering that gave no object at all. */
  readonly emptyRenders: ReadonlySet<string>
  /** Digest of an approval that was used to render this: what was lost may change its objects. */
  readonly approval?: string
  /** Names the key of these digests. */
  readonly digestKey?: string
  /** Seconds of observed time for which the vCenter has been gone from the zone; absent while it is there. */
  readonly goneFor?: number
}

/**
 * What was rendered, as a reading: whole only when everything it was rendered from is. What takes a `Complete` of it
 * cannot be written against the rest.
 */
export const renderedOf = (facts: Desired, wanted: Wanted): Snapshot<Wanted> => {
  const why = facts.held.get(wanted.subject) ?? wanted.partial
  return why === undefined ? complete(wanted) : partial(wanted, why)
}

/** Whether digests of a record can be compared with these. */
export const hasSameKey = ({ digestKey }: Desired, recorded: { readonly digestKey?: string }): boolean =>
  digestKey === undefined || recorded.digestKey === undefined || digestKey === recorded.digestKey

export const renderingKey = (template: string, subject: string): string => `${template} ${subject}`

/**
 * Puts the renderings of one vCenter together. An identity that two of them claim belongs to neither, whichever comes
 * first.
 */
export const assemble = (
  parts: Omit<Desired, "wanted" | "contested" | "emptyRenders"> & { readonly renderings: ReadonlyArray<Rendering> }
): Desired => {
  const { renderings, ...rest } = parts
  const claims = new Map<string, Array<Wanted>>()
  for (const wanted of renderings.flatMap((rendering) => rendering.wanted)) {
    const key = id(wanted.manifest)
    claims.set(key, [...(claims.get(key) ?? []), wanted])
  }
  const wanted = new Map<string, Wanted>()
  const contested = new Map<string, string>()
  for (const [key, claimants] of claims) {
    const [first, second] = claimants
    if (first === undefined) continue
    if (second === undefined) wanted.set(key, first)
    else contested.set(key, contest(claimants, parts.subjects))
  }
  return {
    ...rest,
    wanted,
    contested,
    emptyRenders: new Set(
      renderings.filter((r) => r.wanted.length === 0).map(({ template, subject }) => renderingKey(template, subject))
    )
  }
}

const contest = (claimants: ReadonlyArray<Wanted>, subjects: ReadonlyMap<string, RecordedSubject>): string => {
  const names = claimants.map(({ template, subject }) => `${template} for ${subjects.get(subject)?.name ?? subject}`)
  const [first] = claimants
  return `${first === undefined ? "" : label(first.manifest)} is rendered by ${[...new Set(names)].sort().join(" and by ")}: give the objects different names`
}
