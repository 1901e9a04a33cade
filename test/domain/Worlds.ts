import { Schema } from "effect"
import { assemble, type Desired } from "../../src/domain/Desired.ts"
import {
  type Entry,
  entriesOf,
  type Ledger,
  type RecordedSubject,
  type RecordedTemplate
} from "../../src/domain/Ledger.ts"
import { manifest } from "./fixtures.ts"

/** Schemas of small worlds, small enough that their parts meet: what a vCenter should have, and what is recorded. */

const Name = Schema.Literals(["a", "b", "c", "d", "e", "f"])
const TemplateName = Schema.Literals(["monsoon3/nova", "monsoon3/cinder", "monsoon3/neutron"])
const SubjectRef = Schema.Literals(["domain-c1", "domain-c2", "datacenter-1"])
const Digest = Schema.Literals(["digest-1", "digest-2"])

const few = <S extends Schema.Top>(item: S, most: number) => Schema.Array(item).check(Schema.isMaxLength(most))

/** What people and vCenters make happen. */
export const Facts = Schema.Struct({
  templates: few(Schema.Struct({ name: TemplateName, digest: Digest }), 3),
  subjects: few(SubjectRef, 3),
  renders: few(Schema.Struct({ template: TemplateName, subject: SubjectRef, names: few(Name, 3), digest: Digest }), 5),
  failures: few(Schema.Struct({ template: TemplateName, subject: Schema.optionalKey(SubjectRef) }), 2),
  held: few(SubjectRef, 1)
})
export type Facts = typeof Facts.Type

const RecordedEntry = Schema.Struct({
  name: Name,
  template: TemplateName,
  subject: SubjectRef,
  digest: Schema.optionalKey(Digest),
  unwanted: Schema.Literals([0, 0, 30, 4000])
})

/** What an earlier run may have left. */
export const Record = Schema.Struct({
  entries: few(RecordedEntry, 6),
  templates: few(Schema.Struct({ name: TemplateName, digest: Digest }), 3),
  subjects: few(SubjectRef, 3),
  prunes: few(Schema.Struct({ at: Schema.Literals([0, 1000, 3_600_000]), count: Schema.Literals([1, 7]) }), 3)
})
export type Record = typeof Record.Type

const subject = (ref: string): readonly [string, RecordedSubject] => [
  ref,
  {
    ref,
    name: `production${ref}`,
    scope: ref.startsWith("domain") ? "cluster" : "datacenter",
    datacenter: "datacenter-1",
    ...(ref === "domain-c1" ? { bridge: "br-001" } : {})
  }
]

const template = ({ name, digest }: { readonly name: string; readonly digest: string }) =>
  [name, { name, scope: "cluster", digest } satisfies RecordedTemplate] as const

/**
 * The facts as they are after rendering: a template renders once for each subject, for existing and whole ones only,
 * and not where it failed.
 */
export const desiredOf = (facts: Facts): Desired => {
  const templates = new Map(facts.templates.map(template))
  const subjects = new Map(facts.subjects.map(subject))
  const held = new Map(facts.held.map((ref) => [ref, "its facts are not whole"]))
  const failed = (of: string, ref: string) =>
    facts.failures.some((each) => each.template === of && (each.subject ?? ref) === ref)
  const renders = new Map(facts.renders.map((render) => [`${render.template} ${render.subject}`, render]))
  return assemble({
    instanceUuid: "uuid-a",
    subjects,
    templates,
    held,
    lost: new Map(),
    failures: facts.failures.map((failure) => ({ ...failure, message: "line 1: syntax" })),
    renderings: [...renders.values()]
      .filter(({ template: of, subject: ref }) => templates.has(of) && subjects.has(ref))
      .filter(({ template: of, subject: ref }) => !held.has(ref) && !failed(of, ref))
      .map(({ template: of, subject: ref, names, digest }) => ({
        template: of,
        subject: ref,
        wanted: names.map((name) => ({ manifest: manifest(name), digest, template: of, subject: ref }))
      }))
  })
}

/** The record: it knows the template of each object, but not always its subject. */
export const ledgerOf = ({ entries, prunes, ...record }: Record): Ledger => ({
  instanceUuid: "uuid-a",
  entries: entriesOf(
    entries.map(({ name, ...rest }): Entry => {
      const { body: _, ...identity } = manifest(name)
      return { ...identity, ...rest, ...(rest.digest === undefined ? {} : { uid: `uid-${name}` }) }
    })
  ),
  subjects: new Map(record.subjects.map(subject)),
  templates: new Map([
    ...entries.map(({ template: name }) => template({ name, digest: "digest-1" })),
    ...record.templates.map(template)
  ]),
  prunes: prunes.map(({ at, count }) => ({ at, count, recorded: 20 }))
})
