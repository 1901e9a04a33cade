import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { IGNORE_ANNOTATION } from "../../src/domain/Owner.ts"
import { TEMPLATE_KIND } from "../../src/domain/Template.ts"
import type { KubeObject } from "../../src/services/Kube.ts"
import { configMap, key, SECRET, secret, secretKey, stateKey, template, withSpec, withTemplate } from "./fixtures.ts"
import { addCluster, inWorld, pass, settled, vcenter, type World } from "./harness.ts"
import { changedSince, conditions, versions, writes } from "./looks.ts"

const edit = (world: World, name: string, text: string) =>
  world.cluster.edit(key(TEMPLATE_KIND, name), withTemplate(text))

/** What is wrong for good, and stays so over the restart. */
const TROUBLES: ReadonlyArray<{
  readonly what: string
  readonly happens: (world: World) => Effect.Effect<unknown>
  readonly ready: string
}> = [
  { what: "nothing is wrong", happens: () => Effect.void, ready: "Ready=True Reconciled" },
  {
    what: "a template is broken",
    happens: (world) => edit(world, "config", "{{ broken"),
    ready: "Ready=False TemplateFailed"
  },
  {
    what: "a template renders no YAML",
    happens: (world) => edit(world, "config", "a: [\n"),
    ready: "Ready=False TemplateFailed"
  },
  {
    what: "a template wants nova cells of which there are none",
    happens: (world) =>
      edit(world, "zone", configMap("zone-{{ availability_zone }}", { cells: "{{ cells | sort | join }}" })),
    ready: "Ready=False TemplateFailed"
  },
  {
    what: "two templates render one object",
    happens: ({ cluster }) =>
      cluster.seed([template("rival", "cluster", configMap("config-{{ name }}", { is: "the rival's" }))]),
    ready: "Ready=False Kept"
  },
  {
    what: "an object is refused",
    happens: (world) => edit(world, "config", configMap("config-{{ name }}", { a: "b" }).replace(': "b"', ": 1")),
    ready: "Ready=False ApplyFailed"
  },
  {
    what: "an object is opted out",
    happens: (world) =>
      world.cluster
        .edit(key("ConfigMap", "config-bb91"), (object: KubeObject) => ({
          ...object,
          metadata: { ...object.metadata, annotations: { [IGNORE_ANNOTATION]: "true" } }
        }))
        .pipe(Effect.andThen(edit(world, "config", configMap("config-{{ name }}", { is: "new" })))),
    ready: "Ready=True Reconciled"
  },
  {
    what: "a cluster is hidden",
    happens: ({ a }) => Effect.sync(() => a.hide("productionbb092")),
    ready: "Ready=False PruneWithheldUnconfirmed"
  },
  {
    what: "a cluster cannot be read whole",
    happens: ({ a }) => Effect.sync(() => a.hideProperty("productionbb092", "network")),
    ready: "Ready=False Kept"
  },
  {
    what: "most of the clusters are gone",
    happens: ({ a, cluster }) =>
      cluster
        .edit(secretKey, () => secret({ ...SECRET, allow_prune_min: "2" }))
        .pipe(Effect.andThen(Effect.sync(() => a.remove("productionbb092")))),
    ready: "Ready=False PruneWithheldShare"
  },
  {
    what: "the vCenter has left the zone",
    happens: ({ zone }) => zone.removeHost("vc-a-0"),
    ready: "Ready=False NotInZone"
  },
  {
    what: "the vCenter is paused",
    happens: ({ a, cluster }) =>
      cluster
        .edit(stateKey("vc-a-0"), withSpec({ paused: true }))
        .pipe(Effect.andThen(Effect.sync(() => addCluster(a, "productionbb093")))),
    ready: "Ready=False Paused"
  },
  {
    what: "another vCenter answers under the name",
    happens: ({ a, vcenters }) =>
      Effect.sync(() => {
        vcenters.set("vc-a-0.cc.qa-de-1.cloud.sap", vcenter("another", "QA-DE-1a", ["productionbb091"]))
        a.endSessions()
      }),
    ready: "Ready=False AnotherVCenter"
  }
]

describe("operator, started again", () => {
  for (const { what, happens, ready } of TROUBLES) {
    it.effect(`writes nothing when ${what}, before and after`, () =>
      inWorld((world) =>
        Effect.gen(function* () {
          const first = yield* world.start()
          yield* settled(first)
          yield* happens(world)
          yield* pass(100)
          assert.include(yield* conditions("vc-a-0"), ready)
          yield* first.stop
          yield* world.cluster.clearLog
          const before = yield* versions
          yield* world.start()
          yield* pass(100)
          // What is refused is tried once more, and changes nothing.
          assert.deepStrictEqual(
            (yield* writes).filter((write) => !write.startsWith("apply ConfigMap/config-")),
            []
          )
          assert.deepStrictEqual(yield* changedSince(before), [])
          assert.include(yield* conditions("vc-a-0"), ready)
        })
      )
    )
  }
})
