import { assert, describe, it } from "@effect/vitest"
import type { KubeObject } from "../../src/services/Kube.ts"
import { templatesOf } from "../../src/streams/sources.ts"
import { template } from "../operator/fixtures.ts"

const named = (namespace: string, name: string, text = "x"): KubeObject => {
  const plain = template(name, "cluster", text)
  return { ...plain, metadata: { name, namespace, uid: `uid-${namespace}-${name}` } }
}
const broken = (namespace: string, name: string): KubeObject => {
  const { template: _, ...rest } = named(namespace, name)
  return rest
}
const keyed = (objects: ReadonlyArray<KubeObject>) =>
  new Map(objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]))

describe("the templates of a list", () => {
  // Written one after the other, namespace and name of the first two are the same text.
  const all = [named("a", "bc"), named("ab", "c"), named("ab", "b"), broken("z", "y"), broken("z", "x")]

  it("are the same, each once, in whatever order the server lists them", () => {
    const forwards = templatesOf(keyed(all))
    assert.deepStrictEqual(templatesOf(keyed(all.toReversed())), forwards)
    assert.deepStrictEqual(
      forwards.templates.map(({ namespace, name }) => `${namespace}/${name}`),
      ["a/bc", "ab/b", "ab/c"]
    )
    assert.deepStrictEqual(
      forwards.failures.map(({ template }) => template),
      ["z/x", "z/y"]
    )
  })
})
