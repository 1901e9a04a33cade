import { assert, describe, it } from "@effect/vitest"
import { renderedOf, type Wanted } from "../../src/domain/Desired.ts"
import { type Apply, apply, type Prune, plan, prune } from "../../src/domain/Plan.ts"
import { complete, isComplete, partial, type Snapshot } from "../../src/domain/Snapshot.ts"
import { BB1, desired, entry, ledger, wanted } from "./fixtures.ts"

/**
 * Each line after `@ts-expect-error` must not compile: tsc fails when one of them does. None of these functions is
 * ever called.
 */
const mistakes = () => {
  const half = partial(desired(), "no answer")
  const either: Snapshot<ReturnType<typeof desired>> = plan.length === 0 ? half : complete(desired())
  const rendered: Snapshot<Wanted> = renderedOf(desired(), wanted("a"))
  return [
    // @ts-expect-error a partial reading proves no absence
    () => prune(half, entry("a")),
    // @ts-expect-error nor does one of which nobody has asked whether it is whole
    () => prune(either, entry("a")),
    // @ts-expect-error what was rendered from partial facts changes nothing that is recorded
    () => apply(partial(wanted("a"), "no answer"), entry("a")),
    // @ts-expect-error nor does it make anything new
    () => apply(partial(wanted("a"), "no answer"), undefined),
    // @ts-expect-error nor what nobody has asked
    () => apply(rendered, entry("a")),
    // @ts-expect-error a delete cannot be written down by hand either
    (): Prune => ({ _tag: "Prune", entry: entry("a"), cause: "template gone", facts: half._tag }),
    // @ts-expect-error nor a change
    (): Apply => ({ _tag: "Apply", wanted: wanted("a"), recorded: entry("a"), facts: rendered._tag }),
    // @ts-expect-error nor without saying by what it was decided
    (): Prune => ({ _tag: "Prune", entry: entry("a"), cause: "template gone" })
  ]
}

describe("code that deletes or applies", () => {
  it("compiles against a complete reading only", () => {
    assert.lengthOf(mistakes(), 8)
    const rendered = renderedOf(desired(), wanted("a"))
    assert.isTrue(isComplete(rendered))
    if (isComplete(rendered)) assert.strictEqual(apply(rendered, undefined).facts, "Complete")
    assert.strictEqual(prune(complete(desired()), entry("a")).facts, "Complete")
  })
})

describe("what was rendered", () => {
  it.each<[row: string, Snapshot<Wanted>, expected: Snapshot<Wanted>["_tag"]]>([
    ["is whole when nothing is wrong with its facts", renderedOf(desired(), wanted("a")), "Complete"],
    [
      "is partial when the facts of its cluster are",
      renderedOf(desired({ held: new Map([[BB1, "no permission"]]) }), wanted("a")),
      "Partial"
    ],
    [
      "is partial when its templates or cells are",
      renderedOf(desired(), wanted("a", { partial: "no answer" })),
      "Partial"
    ]
  ])("%s", (_, rendered, expected) => {
    assert.strictEqual(rendered._tag, expected)
  })

  it("leaves alone what is recorded when it is partial, and says why", () => {
    const wants = complete(desired({ wanted: [wanted("a", { partial: "VCenterTemplates: no answer" })] }))
    const { applies, kept } = plan(wants, ledger([entry("a")]))
    assert.deepStrictEqual(
      [applies, kept.map(({ why }) => why)],
      [[], ["facts are not whole: VCenterTemplates: no answer"]]
    )
  })
})
