import { assert, describe, it } from "@effect/vitest"
import type { Claims } from "../../src/domain/Claims.ts"
import type { Ledger } from "../../src/domain/Ledger.ts"
import { instancesOf, strangerOf } from "../../src/domain/Stranger.ts"
import { entry, ledger, VCENTER } from "./fixtures.ts"

const NOTHING = new Set<string>()
const claims = (...instances: ReadonlyArray<readonly [vcenter: string, uuid: string]>): Claims =>
  new Map(
    instances.map(([vcenter, uuid]) => [
      vcenter,
      { wanted: NOTHING, held: NOTHING, released: NOTHING, instances: new Set([uuid]) }
    ])
  )
const of = (instanceUuid: string | undefined, ...names: ReadonlyArray<string>): Ledger =>
  ledger(
    names.map((name) => entry(name)),
    { instanceUuid }
  )
const OTHERS = claims(["vc-c-0", "U"], ["vc-b-0", "U"], [VCENTER, "U"])

describe("strangerOf", () => {
  it.each<[row: string, Ledger, Claims, message: RegExp | undefined]>([
    ["no: it is the one recorded, whatever others have", of("U", "a"), OTHERS, undefined],
    ["no: it is the one recorded, though nothing is", of("U"), OTHERS, undefined],
    [
      "yes: objects of another one are recorded",
      of("V", "a"),
      claims(),
      /^the vCenter behind .* another one \(instanceUuid U, recorded V\)$/
    ],
    ["yes: and it is known whose it is", of("V", "a"), OTHERS, /recorded V\): it is the one behind vc-b-0$/],
    [
      "yes: nothing is recorded, and another name leads to it",
      of("V"),
      OTHERS,
      /instanceUuid U\) is the one behind vc-b-0$/
    ],
    ["yes: it is new, and another name leads to it", of(undefined), OTHERS, /is the one behind vc-b-0$/],
    ["no: another one was recorded, and nothing is left of it", of("V"), claims([VCENTER, "U"]), undefined],
    ["no: it is new", of(undefined), claims(["vc-b-0", "W"]), undefined],
    ["no: the record was made anew", of(undefined, "a"), claims(["vc-b-0", "W"]), undefined]
  ])("%s", (_, recorded, others, message) => {
    const found = strangerOf(VCENTER, recorded, "U", others)
    if (message === undefined) assert.isUndefined(found)
    else assert.match(found?.message ?? "", message)
  })
})

describe("instancesOf", () => {
  it.each<[row: string, Ledger, seen: string | undefined, expected: ReadonlyArray<string>]>([
    ["what is there and what objects are recorded of", of("V", "a"), "U", ["U", "V"]],
    ["what objects are recorded of while it is not connected", of("V", "a"), undefined, ["V"]],
    ["not what nothing is recorded of any more", of("V"), "U", ["U"]]
  ])("are %s", (_, recorded, seen, expected) => {
    assert.deepStrictEqual([...instancesOf(recorded, seen)], expected)
  })
})
