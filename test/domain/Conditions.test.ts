import { assert, describe, it } from "@effect/vitest"
import type { Reason, Waiting } from "../../src/domain/Approval.ts"
import { empty } from "../../src/domain/Ledger.ts"
import { type Findings, failureText, statusOf } from "../../src/domain/Status.ts"
import { failure, keeping, late, OFFLINE, refused, run, WELL, withholding } from "./findings.ts"
import { BB1, manifest, NOVA, wanted } from "./fixtures.ts"

const waits = (reason: Reason): Waiting => ({
  reason,
  digest: "d1ge57",
  keys: new Map([["a", "uid-a"]]),
  objects: ["a"],
  command: "kubectl …"
})

/** A condition in one line: `True Reason: message`. */
const condition = (type: string, findings: Findings): string => {
  const found = statusOf(findings, undefined, 1, 0).conditions.find((each) => each.type === type)
  return `${found?.status} ${found?.reason}: ${found?.message}`
}

describe("the conditions", () => {
  it.each<[type: string, row: string, Findings, expected: string]>([
    ["Discovered", "in the zone", WELL, "True InZone: "],
    [
      "Discovered",
      "not in it",
      { ...WELL, discovered: false },
      "False NotInZone: not in the DNS zone: its objects are retained"
    ],
    [
      "Discovered",
      "not in it, and nothing is left",
      { ...WELL, discovered: false, ledger: empty },
      "False NotInZone: not in the DNS zone; nothing is recorded for it"
    ],
    ["Discovered", "no zone yet", { ...WELL, discovered: undefined }, "Unknown NoZone: no complete zone transfer yet"],
    ["Connected", "connected", WELL, "True Connected: "],
    [
      "Connected",
      "connected, seeing a part",
      { ...WELL, connection: { _tag: "Connected", version: "8", clusters: 1, partial: "no permission" } },
      "True Partial: no permission"
    ],
    ["Connected", "not connected", OFFLINE, "False LoginRejected: name or password is wrong"],
    ["Rendered", "all rendered", WELL, "True Rendered: "],
    [
      "Rendered",
      "a template fails",
      run({ failures: [failure, failure] }),
      `False TemplateFailed: 2 failed; ${failureText(failure)}`
    ],
    [
      "Rendered",
      "an object is kept",
      run(keeping({ held: new Map([[BB1, "no permission"]]) })),
      "False Kept: 1 kept; facts are not whole: no permission"
    ],
    [
      "Rendered",
      "a rendering is empty",
      run(keeping({ emptyRenders: [[NOVA, BB1]] })),
      `False EmptyRender: 1 kept; EmptyRender: ${NOVA} is unchanged, but renders nothing for productionbb001 where it rendered objects`
    ],
    ["Rendered", "nothing, of what could not be read", run({ partial: "forbidden" }), "False Partial: forbidden"],
    [
      "Rendered",
      "what was read last",
      run({ partial: "forbidden", ...keeping({ wanted: [wanted("a")] }) }),
      "True Rendered: "
    ],
    [
      "Rendered",
      "a cluster has lost its storage, and another object is kept",
      run(
        keeping({
          lost: new Map([[BB1, { ref: BB1, name: "bb1", what: ["network"], message: "LostStorage: cluster bb1" }]]),
          contested: new Map([["apps/Deployment/monsoon3/x", "claimed twice"]])
        })
      ),
      "False LostStorage: 2 kept; LostStorage: cluster bb1"
    ],
    ["Rendered", "not looked at", OFFLINE, "Unknown NotRendered: "],
    ["Applied", "all applied", WELL, "True Applied: "],
    [
      "Applied",
      "an apply was refused",
      run({ outcomes: [refused] }),
      "False ApplyFailed: 1 failed; Deployment monsoon3/a: spec.replicas: invalid"
    ],
    [
      "Applied",
      "an object belongs to another",
      run({ outcomes: [{ _tag: "Foreign", object: manifest("a"), message: "another's" }] }),
      "False Foreign: 1 failed; Deployment monsoon3/a: another's"
    ],
    [
      "Applied",
      "something was not attempted",
      run({ outcomes: [late] }),
      "False NotAttempted: 1 not attempted; Deployment monsoon3/b: the operator is stopping"
    ],
    [
      "Applied",
      "an object has opted out",
      run({ outcomes: [{ _tag: "OptedOut", object: manifest("a") }] }),
      "True Applied: "
    ],
    ["Applied", "not looked at", OFFLINE, "Unknown NotApplied: "],
    ["PruneWithheld", "nothing is withheld", WELL, "False NothingWithheld: "],
    ["PruneWithheld", "one is", run(withholding("Share")), "True Share: 1 object; because of Share"],
    [
      "PruneWithheld",
      "several are: the last guard's objection, behind which nothing is hidden",
      run(withholding("PruneDelay", "Unconfirmed")),
      "True Unconfirmed: 2 objects; because of Unconfirmed"
    ],
    [
      "PruneWithheld",
      "a person may lift it: how",
      run({ ...withholding("Share"), waiting: [waits("Delete")] }),
      "True Share: 1 object; because of Share; to approve exactly this one: kubectl …"
    ],
    [
      "PruneWithheld",
      "spec.approve names another set",
      run({ ...withholding("Share"), waiting: [waits("Delete")], stale: "spec.approve names another set" }),
      "True Share: 1 object; because of Share; to approve exactly this one: kubectl …; spec.approve names another set"
    ],
    [
      "PruneWithheld",
      "an unchanged template renders nothing",
      run({ ...keeping({ emptyRenders: [[NOVA, BB1]] }), waiting: [waits("EmptyRender")] }),
      "True EmptyRender: 1 object; unchanged templates render them no longer; to approve exactly this one: kubectl …"
    ],
    [
      "Applied",
      "a take-over would change what runs",
      run({
        outcomes: [{ _tag: "TakeOverWithheld", object: manifest("a"), uid: "u", message: "its pods would restart" }],
        waiting: [waits("TakeOver")]
      }),
      "False TakeOverWithheld: 1 failed; Deployment monsoon3/a: its pods would restart; to approve exactly this one: kubectl …"
    ],
    ["PruneWithheld", "not looked at", OFFLINE, "Unknown NotPlanned: "],
    ["Ready", "all is well", WELL, "True Reconciled: "],
    ["Ready", "the first that is not well", OFFLINE, "False LoginRejected: name or password is wrong"],
    [
      "Ready",
      "a template fails",
      run({ failures: [failure] }),
      `False TemplateFailed: 1 failed; ${failureText(failure)}`
    ],
    ["Ready", "a delete waits for its delay alone", run(withholding("PruneDelay")), "True Reconciled: "],
    [
      "Ready",
      "a delete waits for a person",
      run(withholding("Share")),
      "False PruneWithheldShare: 1 object; because of Share"
    ],
    [
      "Ready",
      "nothing may be written, whatever else",
      { ...OFFLINE, stopped: { reason: "Paused", message: "spec.paused is true" } },
      "False Paused: spec.paused is true"
    ]
  ])("%s, %s", (type, _, findings, expected) => {
    assert.strictEqual(condition(type, findings), expected)
  })

  it("stand in this order, each once", () => {
    assert.deepStrictEqual(
      statusOf(WELL, undefined, 1, 0).conditions.map(({ type }) => type),
      ["Discovered", "Connected", "Rendered", "Applied", "PruneWithheld", "Ready"]
    )
  })
})
