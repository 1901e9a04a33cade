import { assert, describe, it } from "@effect/vitest"
import { failedBefore, notAttempted } from "../../src/domain/failedBefore.ts"
import type { Manifest } from "../../src/domain/Manifest.ts"
import type { Outcome } from "../../src/domain/Outcome.ts"
import type { Apply } from "../../src/domain/Plan.ts"
import { BB1, BB2, manifest, wanted } from "./fixtures.ts"

const of = (kind: string, subject = BB1): Apply => {
  const object: Manifest = { ...manifest(`${kind}-${subject}`), kind }
  return {
    _tag: "Apply",
    wanted: { ...wanted("x", { subject }), manifest: object },
    recorded: undefined,
    facts: "Complete"
  }
}
const SECRET = of("Secret")
const CONFIG = of("ConfigMap")
const AGENT = of("Deployment")
const OTHER = of("ConfigMap", BB2)
const ALL = [SECRET, CONFIG, AGENT, OTHER]

const failed = (step: Apply): Outcome => ({
  _tag: "ApplyFailed",
  object: step.wanted.manifest,
  step,
  answered: true,
  transient: false,
  message: "denied"
})
const simple = (step: Apply, _tag: "Foreign" | "NotAttempted"): Outcome => ({
  _tag,
  object: step.wanted.manifest,
  message: "no"
})
const takeOver = (step: Apply): Outcome => ({
  _tag: "TakeOverWithheld",
  object: step.wanted.manifest,
  uid: "uid",
  message: "no"
})
const done = (step: Apply): Outcome => ({
  _tag: "Applied",
  object: step.wanted.manifest,
  step,
  uid: "uid",
  created: true
})

describe("failedBefore", () => {
  it.each<[row: string, Outcome, subjects: ReadonlyArray<string>]>([
    ["holds up the cluster of which an earlier object failed", failed(CONFIG), [BB1]],
    ["holds it up when the earlier object is another's", simple(CONFIG, "Foreign"), [BB1]],
    ["holds it up when the earlier object waits to be taken over", takeOver(CONFIG), [BB1]],
    ["holds it up when the earlier object was not attempted itself", simple(CONFIG, "NotAttempted"), [BB1]],
    ["holds up nobody for an object of the same rank", failed(of("StatefulSet")), []],
    ["holds up nobody for an object of a later rank", failed(of("Ingress")), []],
    ["holds up nobody when the earlier object was applied", done(CONFIG), []],
    ["holds up nobody when the earlier object has opted out", { _tag: "OptedOut", object: CONFIG.wanted.manifest }, []],
    ["holds up that other cluster alone of which an object failed", failed(OTHER), [BB2]]
  ])("%s", (_, outcome, subjects) => {
    const applies = [...ALL, of("StatefulSet"), of("Ingress")]
    assert.deepStrictEqual([...failedBefore("Deployment", [outcome], applies).keys()], subjects)
  })

  it("names the object that failed, the first of the plan when several did", () => {
    const found = failedBefore("Deployment", [failed(CONFIG), failed(SECRET)], ALL)
    assert.strictEqual(found.get(BB1)?.kind, "Secret")
  })

  it("judges each kind by what comes before it: a Secret does not wait for a ConfigMap", () => {
    assert.deepStrictEqual([...failedBefore("Secret", [failed(CONFIG)], ALL)], [])
  })
})

describe("notAttempted", () => {
  it("names what comes first and failed, for each step that must wait, and no other", () => {
    const agentOfOther = of("Deployment", BB2)
    const found = notAttempted([SECRET, AGENT, agentOfOther], [failed(CONFIG)], [...ALL, agentOfOther])
    assert.deepStrictEqual(
      [...found.values()],
      [
        {
          _tag: "NotAttempted",
          object: AGENT.wanted.manifest,
          message: `ConfigMap monsoon3/ConfigMap-${BB1} comes first, and failed`
        }
      ]
    )
  })
})
