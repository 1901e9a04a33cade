import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { plan } from "../../src/domain/Plan.ts"
import { complete } from "../../src/domain/Snapshot.ts"
import type { Findings } from "../../src/domain/Status.ts"
import { reportOf, type TemplateReport, templateStatusOf } from "../../src/domain/TemplateStatus.ts"
import { BB2, CINDER, desired, entry, ledger, NOVA } from "./fixtures.ts"

const RECORDED = ledger([entry("a"), entry("b", { subject: BB2 }), entry("c", { template: CINDER })])

const findings = (failures: NonNullable<Findings["run"]>["failures"] | undefined): Findings => ({
  discovered: true,
  connection: { _tag: "Connected", version: "8.0.3", clusters: 2 },
  ledger: RECORDED,
  stopped: undefined,
  run:
    failures === undefined
      ? undefined
      : {
          plan: plan(complete(desired()), RECORDED),
          verdict: { allowed: [], withheld: [] },
          outcomes: [],
          waiting: [],
          failures
        }
})

describe("reportOf", () => {
  it("counts the objects of each template by the record, with or without a run", () => {
    const expected = new Map([
      [NOVA, { objects: 2 }],
      [CINDER, { objects: 1 }]
    ])
    assert.deepStrictEqual(reportOf(findings(undefined)), expected)
    assert.deepStrictEqual(reportOf(findings([])), expected)
  })

  it("has the first failure of a template, with subject and line where there are any", () => {
    const report = reportOf(
      findings([
        { template: NOVA, subject: BB2, subjectName: "productionbb002", line: 7, message: "unexpected end" },
        { template: NOVA, message: "another" }
      ])
    )
    assert.deepStrictEqual(report.get(NOVA), {
      objects: 2,
      failure: {
        message: `${NOVA} line 7 for productionbb002: unexpected end`,
        line: 7,
        subject: "productionbb002"
      }
    })
  })

  it("has the failure of a template of which nothing is recorded", () => {
    const report = reportOf(findings([{ template: "monsoon3/new", message: "no template" }]))
    assert.deepStrictEqual(report.get("monsoon3/new"), {
      objects: 0,
      failure: { message: "monsoon3/new: no template" }
    })
  })
})

describe("templateStatusOf", () => {
  const failing = { objects: 1, failure: { message: "no", line: 3, subject: "productionbb001" } }
  const reports: ReadonlyMap<string, TemplateReport> = new Map([
    ["vc-c-0", new Map([[NOVA, failing]])],
    ["vc-a-0", new Map([[NOVA, { objects: 2 }]])],
    ["vc-b-0", new Map([[NOVA, { objects: 0, failure: { message: "first by name" } }]])],
    ["vc-d-0", new Map([[CINDER, { objects: 4 }]])]
  ])

  it("sums over all vCenters, counts those with objects, and shows the failure of the first by name", () => {
    assert.deepStrictEqual(templateStatusOf(NOVA, 5, reports), {
      observedGeneration: 5,
      objects: 3,
      vcenters: 2,
      lastError: { vcenter: "vc-b-0", message: "first by name" }
    })
  })

  it("shows line and subject of a failure", () => {
    assert.deepStrictEqual(templateStatusOf(NOVA, undefined, new Map([["vc-c-0", new Map([[NOVA, failing]])]])), {
      objects: 1,
      vcenters: 1,
      lastError: { vcenter: "vc-c-0", message: "no", line: 3, subject: "productionbb001" }
    })
  })

  it("shows kind, place and line of a failure, and in which template it happened", () => {
    const failure = {
      template: NOVA,
      subjectName: "productionbb001",
      kind: "undefined",
      within: "vcenter_cluster/monsoon3/base.yaml.j2",
      line: 2,
      column: 7,
      excerpt: "2 | a: {{ b.c }}",
      message: "'b' is undefined"
    }
    const report = reportOf(findings([failure]))
    assert.deepStrictEqual(templateStatusOf(NOVA, 1, new Map([["vc-a-0", report]])).lastError, {
      vcenter: "vc-a-0",
      message: `${NOVA} for productionbb001: vcenter_cluster/monsoon3/base.yaml.j2 line 2 column 7: undefined: 'b' is undefined`,
      kind: "undefined",
      template: "vcenter_cluster/monsoon3/base.yaml.j2",
      line: 2,
      column: 7,
      excerpt: "2 | a: {{ b.c }}",
      subject: "productionbb001"
    })
  })

  it("is zero for a template that nobody reports: no error of another one is shown", () => {
    assert.deepStrictEqual(templateStatusOf("monsoon3/new", 1, reports), {
      observedGeneration: 1,
      objects: 0,
      vcenters: 0
    })
  })

  const Result = Schema.Struct({ objects: Schema.Literals([0, 1, 5]), failing: Schema.Boolean })
  const Reports = Schema.Record(Schema.Literals(["vc-a-0", "vc-b-0", "vc-c-0"]), Result)

  it.prop("does not depend on which vCenter reported first", { results: Reports }, ({ results }) => {
    const all = Object.entries(results).map(
      ([vcenter, { objects, failing: fails }]) =>
        [vcenter, new Map([[NOVA, { objects, ...(fails ? { failure: { message: `no ${vcenter}` } } : {}) }]])] as const
    )
    assert.deepStrictEqual(
      templateStatusOf(NOVA, 1, new Map(all)),
      templateStatusOf(NOVA, 1, new Map(all.toReversed()))
    )
  })
})
