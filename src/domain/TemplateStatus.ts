import { type Findings, failureText } from "./Status.ts"
import type { TemplateStatus } from "./Template.ts"

/** What became of one template for one vCenter. */
export interface TemplateResult {
  readonly objects: number
  readonly failure?: Omit<NonNullable<TemplateStatus["lastError"]>, "vcenter">
}

/** By `namespace/name`. */
export type TemplateReport = ReadonlyMap<string, TemplateResult>

/** The report of one look; without a run, what the ledger says the templates have given. */
export const reportOf = ({ ledger, run }: Findings): TemplateReport => {
  const report = new Map<string, TemplateResult>()
  for (const { template } of ledger.entries.values()) {
    report.set(template, { objects: (report.get(template)?.objects ?? 0) + 1 })
  }
  for (const failure of run?.failures ?? []) {
    const before = report.get(failure.template)
    if (before?.failure !== undefined) continue
    report.set(failure.template, {
      objects: before?.objects ?? 0,
      failure: {
        message: failureText(failure),
        ...(failure.kind === undefined ? {} : { kind: failure.kind }),
        ...(failure.within === undefined ? {} : { template: failure.within }),
        ...(failure.line === undefined ? {} : { line: failure.line }),
        ...(failure.column === undefined ? {} : { column: failure.column }),
        ...(failure.excerpt === undefined ? {} : { excerpt: failure.excerpt }),
        ...(failure.subjectName === undefined ? {} : { subject: failure.subjectName })
      }
    })
  }
  return report
}

/**
 * Status of a template, from the reports of all vCenters in the order of their names.
 *
 * @param template `namespace/name`
 */
export const templateStatusOf = (
  template: string,
  generation: number | undefined,
  reports: ReadonlyMap<string, TemplateReport>
): TemplateStatus => {
  const results = [...reports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([vcenter, report]) => {
      const result = report.get(template)
      return result === undefined ? [] : [{ vcenter, ...result }]
    })
  const failed = results.find(({ failure }) => failure !== undefined)
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    objects: results.reduce((sum, { objects }) => sum + objects, 0),
    vcenters: results.filter(({ objects }) => objects > 0).length,
    ...(failed?.failure === undefined ? {} : { lastError: { vcenter: failed.vcenter, ...failed.failure } })
  }
}
