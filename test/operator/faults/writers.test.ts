import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Cluster } from "../../../sandbox/cluster/Cluster.ts"
import { FIELD_MANAGER } from "../../../src/domain/ManagedFields.ts"
import { OWNER_LABEL } from "../../../src/domain/Owner.ts"
import { TEMPLATE_KIND } from "../../../src/domain/Template.ts"
import type { KubeObject } from "../../../src/services/Kube.ts"
import { configMap, key, NAMESPACE, stateKey, template, withSpec, withTemplate } from "../fixtures.ts"
import { pass } from "../harness.ts"
import { object } from "../looks.ts"
import { and, faultTable, loseCluster, type Row, says } from "./faultTable.ts"

/** The objects of both clusters of vc-a-0, as the predecessor writes them: without marks. */
const unmarked = Effect.map(
  Cluster.use(({ objects }) => objects),
  (objects) =>
    objects
      .filter(({ metadata }) => /^(?:config|login|agent)-bb9[12]$/.test(metadata.name))
      .map(
        ({ metadata, ...rest }): KubeObject => ({ ...rest, metadata: { name: metadata.name, namespace: NAMESPACE } })
      )
)

/** Server-side apply under the field manager that both use: the marks go without a conflict. */
const applies: Row["strikes"] = ({ cluster }) =>
  Effect.flatMap(unmarked, (objects) => Effect.forEach(objects, (object) => cluster.applyAs(FIELD_MANAGER, object)))

/** Its older version replaces what it finds. */
const replaces: Row["strikes"] = ({ cluster }) =>
  Effect.flatMap(unmarked, (objects) =>
    Effect.forEach(objects, ({ kind, metadata }) =>
      cluster.edit(
        key(kind, metadata.name),
        (live) => ({ ...live, metadata: { ...live.metadata, labels: {} } }),
        "OpenAPI-Generator"
      )
    )
  )

/** Somebody replaces one object by a text without the marks. */
const unmarks =
  (name: string): Row["strikes"] =>
  ({ cluster }) =>
    cluster.edit(key("ConfigMap", name), (live) => ({ ...live, metadata: { ...live.metadata, labels: {} } }), "kubectl")

const beside = (fault: string, writes: Row["strikes"]): Row => ({
  fault,
  prepares: (world, operator) => Effect.andThen(writes(world, operator), pass(15)),
  strikes: (world, operator) =>
    Effect.andThen(
      loseCluster(world, operator),
      Effect.repeat(Effect.andThen(pass(10), writes(world, operator)), { times: 10 })
    ),
  shows: and(
    () => Effect.forEach(["config-bb91", "config-bb92"], (name) => object(key("ConfigMap", name))),
    says("vc-a-0", "Ready", "AnotherWriter", "lost the operator's mark")
  )
})

const anothers = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: NAMESPACE, labels: { [OWNER_LABEL]: "0123456789abcdef" } },
  data: { is: "another operator's" }
})

faultTable("another writer", [
  {
    fault: "a second operator starts beside it",
    strikes: ({ start }) => start({ pod: "operator-1" }),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "two operators start at once, and the API is slow",
    strikes: (world, operator) =>
      operator.stop.pipe(
        Effect.andThen(world.cluster.latency("300 millis")),
        Effect.andThen(world.start()),
        Effect.andThen(world.start({ pod: "operator-1" }))
      ),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  beside("the predecessor runs beside it and applies", applies),
  beside("the predecessor runs beside it and replaces", replaces),
  {
    fault: "one object that stays was replaced by somebody, and others are to be deleted",
    prepares: unmarks("config-bb91"),
    strikes: loseCluster,
    shows: says("vc-a-0", "Ready", "AnotherWriter", "config-bb91: it has lost the operator's mark")
  },
  {
    fault: "one object that stays was deleted and made again by somebody, and others are to be deleted",
    prepares: ({ cluster }) =>
      Effect.gen(function* () {
        const { data } = yield* object(key("ConfigMap", "config-bb91"))
        yield* cluster.remove(key("ConfigMap", "config-bb91"))
        const metadata = { name: "config-bb91", namespace: NAMESPACE }
        yield* cluster.seed([
          { apiVersion: "v1", kind: "ConfigMap", metadata, ...(data === undefined ? {} : { data }) }
        ])
      }),
    strikes: loseCluster,
    shows: says("vc-a-0", "Ready", "AnotherWriter", "config-bb91: it has lost the operator's mark")
  },
  {
    fault: "somebody replaces an object while its template changes, and an approval names another set",
    prepares: (world, operator) =>
      Effect.andThen(unmarks("zone-qa-de-1a")(world, operator), unmarks("zone-qa-de-1b")(world, operator)),
    strikes: ({ cluster }) =>
      Effect.gen(function* () {
        yield* cluster.edit(
          key(TEMPLATE_KIND, "zone"),
          withTemplate(configMap("zone-{{ availability_zone }}", { is: "new" }))
        )
        for (const vcenter of ["vc-a-0", "vc-b-0"]) {
          yield* cluster.edit(stateKey(vcenter), withSpec({ approve: "4f0c2b1d9e8f7a6b5c4d3e2f1a0b9c8d" }))
        }
      }),
    shows: and(
      says("vc-a-0", "Ready", "AnotherWriter", "spec.approve names another set"),
      says("vc-b-0", "Ready", "AnotherWriter", "spec.approve names another set")
    )
  },
  {
    fault: "an object that is wanted belongs to another operator",
    before: ({ cluster }) => cluster.seed([anothers("wanted-vc-a-0")]),
    strikes: ({ cluster }) =>
      cluster.seed([template("wanted", "datacenter", configMap("wanted-{{ vcenter_name }}", { is: "mine" }))]),
    shows: says("vc-a-0", "Applied", "Foreign", "wanted-vc-a-0")
  },
  {
    fault: "an object that is wanted was made by a person",
    before: ({ cluster }) =>
      cluster.seed([{ ...anothers("wanted-vc-a-0"), metadata: { name: "wanted-vc-a-0", namespace: NAMESPACE } }]),
    strikes: ({ cluster }) =>
      cluster.seed([template("wanted", "datacenter", configMap("wanted-{{ vcenter_name }}", { is: "mine" }))]),
    shows: and(says("vc-a-0", "Applied", "Foreign", "wanted-vc-a-0"), () =>
      Effect.map(object(key("ConfigMap", "wanted-vc-a-0")), ({ data }) =>
        assert.deepStrictEqual(data, { is: "another operator's" })
      )
    )
  }
])
