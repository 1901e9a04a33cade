import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { rank, ranked } from "../../src/domain/Order.ts"

/** Each line before all lines below it. */
const ORDER = [
  ["Namespace"],
  ["ServiceAccount"],
  ["Role", "ClusterRole"],
  ["RoleBinding", "ClusterRoleBinding"],
  ["Secret"],
  ["ConfigMap"],
  ["Service"],
  ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob"],
  ["Ingress", "KustomVendorThing", "deployment", ""]
]

describe("rank", () => {
  it("puts what is needed before what needs it, and kinds that are not known last", () => {
    assert.deepStrictEqual(
      ORDER.map((kinds) => [...new Set(kinds.map(rank))]),
      ORDER.map((_, index) => [index])
    )
  })
})

describe("ranked", () => {
  const item = (kind: string, name: string) => ({ kind, name })

  it("groups what has one rank, and leaves its order", () => {
    const items = [item("Deployment", "b"), item("Secret", "x"), item("Pod", "a"), item("Secret", "c")]
    assert.deepStrictEqual(ranked(items), [
      [item("Secret", "x"), item("Secret", "c")],
      [item("Deployment", "b"), item("Pod", "a")]
    ])
  })

  it("gives no group for nothing", () => {
    assert.deepStrictEqual(ranked([]), [])
  })

  const Item = Schema.Struct({ kind: Schema.Literals(ORDER.flat()), name: Schema.String })

  it.prop(
    "loses and doubles nothing, and never puts a higher rank first",
    { items: Schema.Array(Item) },
    ({ items }) => {
      const groups = ranked(items)
      assert.deepStrictEqual(
        groups.flat().toSorted((a, b) => items.indexOf(a) - items.indexOf(b)),
        [...items]
      )
      const ranks = groups.map((group) => new Set(group.map(({ kind }) => rank(kind))))
      assert.isTrue(ranks.every((each) => each.size === 1))
      assert.deepStrictEqual(
        ranks.flatMap((each) => [...each]),
        [...new Set(items.map(({ kind }) => rank(kind)))].sort((a, b) => a - b)
      )
    }
  )
})
