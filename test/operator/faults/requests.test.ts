import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../../src/domain/Template.ts"
import { API_VERSION, KIND } from "../../../src/domain/VCenterState.ts"
import { configMap, key, withTemplate } from "../fixtures.ts"
import { addCluster, pass, type World } from "../harness.ts"
import { objectWrites, recorded } from "../looks.ts"
import { and, faultTable, loseCluster, type Row, says, tells } from "./faultTable.ts"

type Failing = Parameters<World["cluster"]["failNext"]>[0]

const EVER = 100_000

/** One cluster comes and another goes, and this goes wrong: nothing is deleted before every apply has succeeded. */
const failing = (fault: string, failure: Failing, shows: Row["shows"]): Row => ({
  fault,
  strikes: (world, operator) =>
    world.cluster
      .failNext({ times: EVER, ...failure })
      .pipe(
        Effect.andThen(Effect.sync(() => addCluster(world.a, "productionbb093"))),
        Effect.andThen(loseCluster(world, operator))
      ),
  shows
})

const apply = (fault: string, failure: Omit<Failing, "verb">): Row =>
  failing(
    `an apply ${fault}`,
    { verb: "apply", name: "config-bb93", ...failure },
    says("vc-a-0", "Applied", "ApplyFailed", "config-bb93")
  )

/** A cluster goes, and its objects cannot be deleted. */
const refused = (fault: string, failure: Omit<Failing, "verb">): Row => ({
  fault: `a delete ${fault}`,
  strikes: (world, operator) =>
    Effect.andThen(world.cluster.failNext({ verb: "delete", times: EVER, ...failure }), loseCluster(world, operator)),
  shows: and(says("vc-a-0", "Applied", "PruneFailed"), () =>
    Effect.map(recorded("vc-a-0"), (names) => assert.lengthOf(names, 7))
  ),
  triesToDelete: true
})

/** The record cannot be written as it should: nothing is applied and nothing deleted. */
const unrecorded = (fault: string, failure: Failing, told: string): Row =>
  failing(
    fault,
    failure,
    and(tells("Warning", told), () => Effect.map(objectWrites, (writes) => assert.deepStrictEqual(writes, [])))
  )

const STATUS = { verb: "update status", kind: KIND } as const

faultTable("a request", [
  apply("conflicts (409)", { reason: "Conflict" }),
  apply("comes too often (429)", { reason: "TooManyRequests", retryAfter: 1 }),
  apply("fails in the server (500)", { reason: "ServerError" }),
  apply("fails in the server (500) after it took effect", { reason: "ServerError", afterEffect: true }),
  apply("is not answered", { reason: "Timeout" }),
  apply("is not answered after it took effect", { reason: "Timeout", afterEffect: true }),
  apply("does not reach the server", { reason: "Unreachable" }),
  apply("is forbidden (403)", { reason: "Forbidden" }),
  apply("is refused by a webhook", { reason: "Rejected", detail: "admission webhook denied the request" }),
  apply("meets a namespace that is terminating", {
    reason: "Forbidden",
    detail: "unable to create new content in namespace monsoon3 because it is being terminated"
  }),
  failing(
    "it may not be listed whose the objects are",
    { verb: "list", kind: "Secret", reason: "Forbidden" },
    says("vc-a-0", "Applied", "ApplyFailed", "login-bb93")
  ),
  failing(
    "it is not known which kinds there are",
    { verb: "discover", kind: "Deployment", reason: "ServerError" },
    says("vc-a-0", "Rendered", "TemplateFailed")
  ),
  refused("is refused by a webhook", { reason: "Rejected", detail: "admission webhook denied the request" }),
  refused("is forbidden (403)", { reason: "Forbidden" }),
  refused("conflicts (409)", { reason: "Conflict" }),
  refused("comes too often (429)", { reason: "TooManyRequests" }),
  refused("fails in the server (500)", { reason: "ServerError" }),
  refused("is not answered", { reason: "Timeout" }),
  {
    ...refused("", { reason: "Rejected" }),
    fault: "what is to be deleted may not be read",
    strikes: (world, operator) =>
      Effect.andThen(
        Effect.forEach(["ConfigMap", "Secret", "Deployment"], (kind) =>
          world.cluster.failNext({ verb: "get", kind, reason: "Forbidden", times: EVER })
        ),
        loseCluster(world, operator)
      ),
    triesToDelete: false
  },
  unrecorded("the record conflicts (409)", { ...STATUS, reason: "Conflict" }, "ordered by the sandbox"),
  unrecorded("the record may not be written (403)", { ...STATUS, reason: "Forbidden" }, "ordered by the sandbox"),
  unrecorded("the record cannot be written (500)", { ...STATUS, reason: "ServerError" }, "ordered by the sandbox"),
  failing(
    "it is not heard that the record was written",
    { ...STATUS, reason: "Timeout", afterEffect: true },
    tells("Warning", "ordered by the sandbox")
  ),
  {
    fault: "the definition of the record is older and has no status",
    strikes: (world, operator) =>
      world.cluster
        .install({
          apiVersion: API_VERSION,
          kind: KIND,
          plural: "vcenter-states",
          namespaced: true,
          generation: true,
          status: false,
          builtIn: false
        })
        .pipe(Effect.andThen(loseCluster(world, operator))),
    shows: tells("Warning", "could not find the requested resource")
  },
  {
    fault: "the API server is away for ten minutes, in which a cluster goes and comes again",
    strikes: (world) =>
      Effect.gen(function* () {
        const { a, cluster } = world
        yield* cluster.disconnect
        a.rename("productionbb092", "retired092")
        yield* pass(600)
        a.rename("retired092", "productionbb092")
        yield* cluster.connect
      }),
    shows: and(tells("WatchFailed", "ECONNREFUSED"), says("vc-a-0", "Ready", "Reconciled"))
  },
  {
    fault: "the API server is slow, and a template is changed back before anything was applied",
    strikes: ({ cluster }) =>
      Effect.gen(function* () {
        yield* cluster.disconnect
        yield* cluster.edit(key(TEMPLATE_KIND, "config"), withTemplate(configMap("other-{{ name }}", {})))
        yield* pass(30)
        yield* cluster.edit(
          key(TEMPLATE_KIND, "config"),
          withTemplate(
            configMap("config-{{ name }}", {
              host: "{{ host }}",
              password: "{{ password }}",
              rabbit: "{{ rabbit_password }}"
            })
          )
        )
        yield* cluster.connect
      }),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "watches expire, drop and end",
    strikes: ({ cluster }) =>
      Effect.forEach([cluster.expireWatches, cluster.dropWatches, cluster.endWatches], (lever) =>
        Effect.andThen(lever, pass(20))
      ),
    shows: and(tells("WatchFailed", "other side closed"), says("vc-a-0", "Ready", "Reconciled"))
  }
])
