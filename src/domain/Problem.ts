import type { Desired, Failure } from "./Desired.ts"
import type { JsonObject } from "./Manifest.ts"
import { key, path, type Template } from "./Template.ts"

/** Something that an author has to mend before the operator can apply what the templates render. */
export interface Problem {
  /**
   *   syntax, undefined, type, limit, yaml  the rendering failed
   *   object                                a document that can be no object of the target namespace
   *   duplicate                             two templates, clusters or vCenters that claim one object; two templates of one name
   *   facts                                 a cluster or datacenter for which nothing can be rendered
   *   template, file                        a resource that is no template; a file that cannot be used
   */
  readonly kind: string
  readonly message: string
  readonly file?: string
  /** `namespace/name`. */
  readonly template?: string
  /** 1-based, in the template's text. */
  readonly line?: number
  readonly column?: number
  /** That line, with a caret below the column. */
  readonly excerpt?: string
  readonly vcenter?: string
  /** Name of the cluster or datacenter. */
  readonly subject?: string
}

/** A template and the file in which it was found. */
export interface Found {
  readonly template: Template
  readonly file: string
}

/** What is wrong with the objects of one vCenter. */
export const problemsOf = (
  vcenter: string,
  { contested, failures, held, subjects }: Desired,
  found: ReadonlyArray<Found>
): ReadonlyArray<Problem> => [
  ...failures.map((failure) => ofFailure(vcenter, failure, found)),
  ...[...contested.values()].map((message): Problem => ({ kind: "duplicate", message, vcenter })),
  ...[...held].map(([ref, message]): Problem => {
    const subject = subjects.get(ref)?.name
    return { kind: "facts", message, vcenter, ...(subject === undefined ? {} : { subject }) }
  })
]

const ofFailure = (vcenter: string, failure: Failure, found: ReadonlyArray<Found>): Problem => {
  const { column, excerpt, kind = "object", line, message, subjectName, within } = failure
  const at = found.find(({ template }) =>
    within === undefined ? key(template) === failure.template : path(template) === within
  )
  return {
    kind,
    message,
    ...(at === undefined ? {} : { file: at.file }),
    template: at === undefined ? failure.template : key(at.template),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(excerpt === undefined ? {} : { excerpt }),
    vcenter,
    ...(subjectName === undefined ? {} : { subject: subjectName })
  }
}

/**
 * Problems as people read them; one that several clusters have is said once, with all of them.
 *
 *     nova.yaml: monsoon3/nova-compute:3:12: undefined: 'foo' is undefined
 *         3 | name: {{ foo.bar }}
 *           |          ^
 *       for productionbb091, productionbb092 of vc-a-0.cc.qa-de-1.cloud.sap
 */
export const texts = (problems: ReadonlyArray<Problem>): ReadonlyArray<string> =>
  [...Map.groupBy(problems, headOf)].map(([head, group]) => {
    const [first] = group
    const places = Map.groupBy(
      group.filter(({ vcenter }) => vcenter !== undefined),
      ({ vcenter }) => vcenter
    )
    const where = [...places].map(([vcenter, those]) => {
      const subjects = [...new Set(those.flatMap(({ subject = [] }) => subject))]
      return subjects.length === 0 ? `  for ${vcenter}` : `  for ${subjects.join(", ")} of ${vcenter}`
    })
    return [head, ...(first === undefined ? [] : indented(first)), ...where].join("\n")
  })

const headOf = ({ column, file, kind, line, message, template }: Problem): string => {
  const place = [template, line, line === undefined ? undefined : column].filter((part) => part !== undefined)
  return [file, place.length === 0 ? undefined : place.join(":"), kind, message]
    .filter((part) => part !== undefined)
    .join(": ")
}

const indented = ({ excerpt = "" }: Problem): ReadonlyArray<string> =>
  excerpt === "" ? [] : excerpt.split("\n").map((line) => `    ${line}`)

/** A problem as one JSON object. */
export const toJson = (problem: Problem): JsonObject => ({ ...problem })
