import { assert, describe, it } from "@effect/vitest"
import type { Happening } from "../../src/domain/Happening.ts"
import { type Line, lines } from "../../src/domain/Line.ts"

const VC = "vc-a-0.cc.qa-de-1.cloud.sap"

/** Lines as `tone who| text`. */
const shown = (happening: Happening): ReadonlyArray<string> =>
  lines(happening, (body) => `kind: ${JSON.stringify(body)}\nsecond: line\n`).map(
    ({ tone, who, text }: Line) => `${tone} ${who}| ${text}`
  )

const outcome = (name: string, message?: string): Extract<Happening, { _tag: "Outcome" }> => ({
  _tag: "Outcome",
  vcenter: VC,
  object: "Deployment monsoon3/nova-compute-bb91",
  outcome: name,
  ...(message === undefined ? {} : { message })
})
const counts = { apply: 1, prune: 2, withheld: 3, unchanged: 4, kept: 5 }

describe("lines", () => {
  it.each<[row: string, Happening, ReadonlyArray<string>]>([
    [
      "the start",
      { _tag: "Started", region: "qa-de-1", domain: "cc.qa-de-1.cloud.sap", ownNamespace: "ops", dryRun: false },
      ["plain operator| region qa-de-1, domain cc.qa-de-1.cloud.sap, namespace ops"]
    ],
    [
      "the start of a dry run",
      { _tag: "Started", region: "qa-de-1", domain: "d", ownNamespace: "ops", dryRun: true },
      ["plain operator| region qa-de-1, domain d, namespace ops — dry run: nothing is written"]
    ],
    [
      "settings, with what is dangerous",
      { _tag: "SettingsRead", namespace: "monsoon3", notices: ["vcenter_tls is insecure"] },
      ["plain settings| objects go to namespace monsoon3", "warn settings| vcenter_tls is insecure"]
    ],
    [
      "settings that cannot be used",
      { _tag: "SettingsRejected", problems: ["username: missing", "password: missing"] },
      ["bad settings| username: missing", "bad settings| password: missing"]
    ],
    [
      "a zone",
      { _tag: "Discovered", serial: 7, vcenters: ["a", "b"], added: ["b"], gone: ["c"] },
      [
        "plain discover| zone serial 7: 2 vCenters",
        "good discover| + b",
        "warn discover| - c: its objects are retained"
      ]
    ],
    [
      "a zone of one vCenter",
      { _tag: "Discovered", serial: 7, vcenters: ["a"], added: [], gone: [] },
      ["plain discover| zone serial 7: 1 vCenter"]
    ],
    [
      "a zone that cannot be read",
      { _tag: "DiscoverFailed", message: "no answer" },
      ["bad discover| no answer (the last good zone stays in force)"]
    ],
    [
      "a login",
      { _tag: "Connected", vcenter: VC, version: "8.0.3", clusters: ["productionbb1", "productionbb2"] },
      ["good vc-a-0| connected to 8.0.3: productionbb1, productionbb2"]
    ],
    [
      "a login to a vCenter without clusters",
      { _tag: "Connected", vcenter: VC, version: "8.0.3", clusters: [] },
      ["good vc-a-0| connected to 8.0.3: none"]
    ],
    [
      "another inventory",
      { _tag: "InventoryChanged", vcenter: VC, added: ["productionbb3"], gone: ["productionbb1"] },
      ["good vc-a-0| inventory: + productionbb3", "gone vc-a-0| inventory: - productionbb1"]
    ],
    [
      "a lost connection",
      { _tag: "Disconnected", vcenter: VC, reason: "Timeout", message: "no answer in 30 s", retryInSeconds: 4 },
      ["bad vc-a-0| Timeout: no answer in 30 s; again in 4 s, nothing is deleted meanwhile"]
    ],
    [
      "a watch that failed",
      { _tag: "WatchFailed", what: "VCenterTemplates", message: "list: refused" },
      ["bad kubernetes| list: refused; what was read last stays in force"]
    ],
    [
      "a template that fails",
      { _tag: "TemplateFailed", vcenter: VC, template: "ns/t", message: "ns/t line 3: unexpected end" },
      ["bad vc-a-0| template ns/t line 3: unexpected end"]
    ],
    [
      "the line of a template that fails, with its caret",
      { _tag: "TemplateFailed", vcenter: VC, template: "ns/t", message: "ns/t: no", excerpt: "3 | {{ x\n  |    ^" },
      ["bad vc-a-0| template ns/t: no", "dim | 3 | {{ x", "dim |   |    ^"]
    ],
    [
      "a manifest, as it would be written",
      { _tag: "Manifest", vcenter: VC, template: "ns/t", body: { a: 1 } },
      ["dim vc-a-0| # ns/t", 'plain | kind: {"a":1}', "plain | second: line"]
    ],
    [
      "a plan and its steps",
      {
        _tag: "Planned",
        vcenter: VC,
        counts,
        steps: ["create Deployment ns/a", "prune Deployment ns/b (subject gone)"]
      },
      [
        "plain vc-a-0| plan: 1 to apply, 2 to delete, 3 withheld, 5 kept, 4 unchanged",
        "dim | create Deployment ns/a",
        "dim | prune Deployment ns/b (subject gone)"
      ]
    ],
    [
      "an object that was created",
      outcome("created"),
      ["good vc-a-0| + Deployment monsoon3/nova-compute-bb91 created"]
    ],
    [
      "one that was changed",
      outcome("configured"),
      ["change vc-a-0| ~ Deployment monsoon3/nova-compute-bb91 configured"]
    ],
    ["one that was pruned", outcome("pruned"), ["gone vc-a-0| - Deployment monsoon3/nova-compute-bb91 pruned"]],
    ["one that was ignored", outcome("ignored"), ["dim vc-a-0| ! Deployment monsoon3/nova-compute-bb91 ignored"]],
    [
      "one that was not attempted",
      outcome("not attempted", "the operator is stopping"),
      ["warn vc-a-0| ! Deployment monsoon3/nova-compute-bb91 not attempted: the operator is stopping"]
    ],
    [
      "one that failed",
      outcome("failed", "spec: invalid"),
      ["bad vc-a-0| ! Deployment monsoon3/nova-compute-bb91 failed: spec: invalid"]
    ],
    ["one that was refused", outcome("refused"), ["bad vc-a-0| ! Deployment monsoon3/nova-compute-bb91 refused"]],
    [
      "one that a dry run tried",
      { ...outcome("created"), dryRun: true },
      ["good vc-a-0| + Deployment monsoon3/nova-compute-bb91 would be created"]
    ],
    [
      "withheld deletes",
      { _tag: "Withheld", vcenter: VC, guard: "Share", objects: ["a", "b"], message: "too many" },
      ["warn vc-a-0| 2 deletes withheld (Share): too many"]
    ],
    [
      "the end of a run in which all went well",
      { _tag: "Reconciled", vcenter: VC, objects: 1, withheld: 0, failures: [] },
      ["good vc-a-0| 1 object, all as wanted"]
    ],
    [
      "the end of a run with failures and withheld deletes",
      { _tag: "Reconciled", vcenter: VC, objects: 12, withheld: 3, failures: ["one", "two"] },
      ["warn vc-a-0| 12 objects, 2 failures, 3 deletes withheld"]
    ],
    ["a warning", { _tag: "Warning", message: "hm" }, ["warn operator| hm"]],
    ["a warning about a vCenter", { _tag: "Warning", message: "hm", vcenter: VC }, ["warn vc-a-0| hm"]]
  ])("show %s", (_, happening, expected) => {
    assert.deepStrictEqual(shown(happening), expected)
  })
})
