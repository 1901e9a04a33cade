import { Effect } from "effect"
import { KINDS } from "../../../sandbox/cluster/Kinds.ts"
import { CELLS_SELECTOR } from "../../../src/domain/Cells.ts"
import { TEMPLATE_KIND } from "../../../src/domain/Template.ts"
import { API_VERSION } from "../../../src/domain/VCenterState.ts"
import type { KubeObject } from "../../../src/services/Kube.ts"
import { configMap, key, NAMESPACE, TEMPLATES, template, withTemplate } from "../fixtures.ts"
import { pass, type World } from "../harness.ts"
import { and, faultTable, loseCluster, type Row, reconfigured, says, tells } from "./faultTable.ts"

type Failing = Parameters<World["cluster"]["failNext"]>[0]

const EVER = 100_000

/** The list of a kind fails from now on; beside it a template and a cluster are gone for good. */
const unlisted = (fault: string, kind: string, reason: Failing["reason"], detail: string): Row => ({
  fault,
  strikes: (world, operator) =>
    world.cluster
      .failNext({ verb: "list", kind, reason, detail, times: EVER })
      .pipe(
        Effect.andThen(world.cluster.failNext({ verb: "watch", kind, reason, detail, times: EVER })),
        Effect.andThen(world.cluster.dropWatches),
        Effect.andThen(world.cluster.remove(key(TEMPLATE_KIND, "login"))),
        Effect.andThen(loseCluster(world, operator))
      ),
  shows: and(tells("WatchFailed", detail), says("vc-a-0", "PruneWithheld", "NothingWithheld"))
})

const DEFINITION = KINDS.find(({ kind }) => kind === TEMPLATE_KIND)

/** As when a definition is removed and applied again: first no template, then one after the other. */
const definedAnew =
  (pause: number): Row["strikes"] =>
  ({ cluster }) =>
    Effect.gen(function* () {
      if (DEFINITION === undefined) return yield* Effect.die(new Error("the sandbox serves no templates"))
      yield* cluster.uninstall(API_VERSION, TEMPLATE_KIND)
      yield* pass(pause)
      yield* cluster.install(DEFINITION)
      yield* pass(pause)
      for (const each of TEMPLATES) {
        yield* cluster.seed([each])
        yield* pass(pause)
      }
    })

const edited =
  (name: string, text: string): Row["strikes"] =>
  (world, operator) =>
    Effect.andThen(world.cluster.edit(key(TEMPLATE_KIND, name), withTemplate(text)), loseCluster(world, operator))

/** A template that fails from now on; beside it a cluster is gone for good. */
const broken = (fault: string, text: string, message: string): Row => ({
  fault,
  strikes: edited("config", text),
  shows: says("vc-a-0", "Rendered", "TemplateFailed", message)
})

const cells = (data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "nova-cells",
    namespace: NAMESPACE,
    labels: Object.fromEntries(CELLS_SELECTOR.split(",").map((term) => term.split("=") as [string, string]))
  },
  data
})

/** With cells, and a template that needs them. */
const withCells: NonNullable<Row["before"]> = ({ cluster }) =>
  cluster
    .seed([cells({ cells: "cell1,cell2" })])
    .pipe(
      Effect.andThen(
        cluster.edit(
          key(TEMPLATE_KIND, "zone"),
          withTemplate(configMap("zone-{{ availability_zone }}", { cells: "{{ cells | sort | join(',') }}" }))
        )
      )
    )

faultTable("what the templates are", [
  unlisted("the list of templates is forbidden", TEMPLATE_KIND, "Forbidden", "403"),
  unlisted("the list of templates has expired", TEMPLATE_KIND, "Gone", "410"),
  unlisted("the list of templates is not answered", TEMPLATE_KIND, "Timeout", "no answer"),
  unlisted("the list of templates breaks off after one page of two", TEMPLATE_KIND, "Gone", "second page"),
  {
    fault: "the operator is started again while templates cannot be listed",
    strikes: (world, operator) =>
      operator.stop.pipe(
        Effect.andThen(world.cluster.failNext({ verb: "list", kind: TEMPLATE_KIND, reason: "Forbidden", times: EVER })),
        Effect.andThen(world.cluster.remove(key(TEMPLATE_KIND, "login"))),
        Effect.andThen(loseCluster(world, operator)),
        Effect.andThen(world.start())
      ),
    shows: says("vc-a-0", "Ready", "Kept", "absence is not proved")
  },
  {
    fault: "the definition of the templates is removed and applied again within prune_delay",
    secret: { prune_delay: "1m" },
    strikes: definedAnew(5),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "the definition of the templates is removed, and they come back one by one within an hour",
    secret: { allow_prune_share: "10", allow_prune_min: "0" },
    strikes: definedAnew(600),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "all templates are deleted",
    strikes: ({ cluster }) =>
      Effect.forEach(TEMPLATES, ({ metadata }) => cluster.remove(key(TEMPLATE_KIND, metadata.name))),
    shows: says("vc-a-0", "Rendered", "Kept")
  },
  {
    fault: "all templates but one are deleted",
    secret: { allow_prune_share: "30", allow_prune_min: "0" },
    strikes: ({ cluster }) =>
      Effect.forEach(["config", "login", "agent"], (name) => cluster.remove(key(TEMPLATE_KIND, name))),
    shows: says("vc-a-0", "PruneWithheld", "Share")
  },
  {
    fault: "a template is replaced by deleting and making it",
    secret: { prune_delay: "1m" },
    strikes: ({ cluster }) =>
      cluster
        .remove(key(TEMPLATE_KIND, "config"))
        .pipe(
          Effect.andThen(pass(20)),
          Effect.andThen(cluster.seed(TEMPLATES.filter(({ metadata }) => metadata.name === "config")))
        ),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "a template cannot be read any more",
    strikes: (world, operator) =>
      world.cluster
        .edit(key(TEMPLATE_KIND, "config"), (object) => ({ ...object, options: { scope: "universe" } }))
        .pipe(Effect.andThen(loseCluster(world, operator))),
    shows: says("vc-a-0", "Rendered", "TemplateFailed")
  },
  broken("a template does not parse", "{% if %}", "config"),
  broken("a template fails when it is rendered", configMap("config-{{ name }}", { a: "{{ 1 // 0 }}" }), "zero"),
  broken(
    "a template asks for what is not there",
    configMap("config-{{ name }}", { a: "{{ nobody.knows }}" }),
    "nobody"
  ),
  broken("a template renders no YAML", "a: [\n", "no YAML"),
  broken("a template renders no object", "just: text\n", "config"),
  broken("a template renders an object without a name", configMap("", { a: "b" }), "name"),
  broken(
    "a template renders into another namespace",
    configMap("config-{{ name }}\n  namespace: kube-system", {}),
    "kube-system"
  ),
  broken(
    "a template renders what the operator keeps for itself",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: vcenter-operator-digest-key}\n",
    "keeps this object for itself"
  ),
  broken(
    "a template renders a kind that is not served",
    "apiVersion: a/v1\nkind: Unknown\nmetadata: {name: x}\n",
    "Unknown"
  ),
  broken(
    "a template renders what lives in no namespace",
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    "Namespace"
  ),
  broken("a template includes one that is gone", "{% include 'vcenter_cluster/none/none.yaml.j2' %}", "none"),
  {
    fault: "a template renders nothing any more though it is unchanged",
    before: ({ cluster }) =>
      cluster.edit(
        key(TEMPLATE_KIND, "config"),
        withTemplate(
          `{% if rabbit_password != "off" or "091" in cluster_name %}${configMap("config-{{ name }}", { host: "{{ host }}" })}{% endif %}`
        )
      ),
    strikes: reconfigured({ rabbit_password: "off" }),
    shows: says("vc-a-0", "Rendered", "EmptyRender")
  },
  {
    fault: "two templates render one object",
    strikes: ({ cluster }) =>
      cluster.seed([template("rival", "cluster", configMap("config-{{ name }}", { is: "the rival's" }))]),
    shows: says("vc-a-0", "Rendered", "Kept")
  },
  {
    fault: "two vCenters render one object",
    strikes: ({ cluster }) =>
      cluster.seed([template("rival", "datacenter", configMap("zone-qa-de-1a", { is: "the rival's" }))]),
    shows: says("vc-a-0", "Ready", "Kept")
  },
  {
    fault: "the ConfigMap of the cells is gone",
    before: withCells,
    strikes: ({ cluster }) => cluster.remove(key("ConfigMap", "nova-cells")),
    shows: says("vc-a-0", "Rendered", "TemplateFailed", "cells")
  },
  {
    fault: "the ConfigMap of the cells is empty",
    before: withCells,
    strikes: ({ cluster }) => cluster.seed([cells({ cells: "" })]),
    shows: says("vc-a-0", "Rendered", "TemplateFailed", "cells")
  },
  {
    ...unlisted("the cells may not be listed", "ConfigMap", "Forbidden", "403"),
    before: withCells
  }
])
