import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { eventually, throughout } from "./world/eventually.ts"
import {
  compute,
  isReady,
  LONG_ENOUGH,
  lastWords,
  mark,
  passwordOf,
  SETTLED,
  settle,
  shows,
  snapshot,
  volume,
  written,
  zone
} from "./world/expectations.ts"
import { NAMESPACE } from "./world/install.ts"
import { BESIDE, cluster, Journey, NETWORKS } from "./world/Journey.ts"
import { differences, everything, owned, stateOf, templateStatusOf } from "./world/Objects.ts"
import { announce, SEED, World } from "./world.ts"

const settings = { prune_delay: "2s", allow_prune_share: "60" }
const NEW_SEED = "another master password for tests only"

const options = { excludeTestServices: true, timeout: "25 minutes" } as const

layer(Journey.layer("journey", settings), options)("the journey", (it) => {
  let failed: string | undefined
  /** Each step goes on where the one before ended: after a failure the others would only tell the same again. */
  const step = <E>(title: string, effect: Effect.Effect<void, E, Journey | World>) =>
    it.effect(title, () =>
      failed === undefined
        ? Effect.onError(effect, () =>
            Effect.andThen(
              Effect.sync(() => (failed = title)),
              lastWords
            )
          )
        : Effect.die(new Error(`not tried, because "${failed}" failed`))
    )
  let objects = ["bb91", "bb92", "bb101", "bb102"]
    .flatMap(compute)
    .concat(volume("bb1"), zone("vc-a-0", "qa-de-1a"), zone("vc-b-0", "qa-de-1b"))

  step(
    "finds two vCenters by signed transfer and applies what their clusters and datacenters need",
    Effect.gen(function* () {
      const { start, startBeside } = yield* Journey
      yield* start()
      yield* eventually("all objects are there", shows(objects))
      for (const [name, { metadata }] of yield* snapshot) {
        assert.deepStrictEqual(
          metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`),
          ["vcenter-operator Apply"],
          name
        )
        assert.strictEqual(metadata.namespace, NAMESPACE, name)
      }
      yield* startBeside("--dry-run")
    })
  )

  step(
    "shows in kubectl what it has found and done",
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const { a, b } = yield* Journey
      yield* eventually("both vCenters are ready", Effect.all([isReady(a.spec.name), isReady(b.spec.name)]))
      const table = yield* kubernetes.kubectl(["get", "vcs,vct", "--namespace", NAMESPACE])
      assert.match(table, /\/vc-a-0\.cc\.qa-de-1\.cloud\.sap +True +3 +10 +0 +True +Reconciled +\d+/)
      assert.match(table, /\/vc-b-0\.cc\.qa-de-1\.cloud\.sap +True +2 +8 +0 +True +Reconciled +\d+/)
      yield* eventually(
        "the templates show how many objects each renders",
        Effect.flatMap(kubernetes.kubectl(["get", "vct", "--namespace", NAMESPACE]), (text) =>
          Effect.sync(() => {
            assert.match(text, /nova-compute +cluster +4 /)
            assert.match(text, /cinder-volume-vmware +storage +2 /)
            assert.match(text, /neutron-dvs-agent +datacenter +2 /)
          })
        )
      )
    })
  )

  step(
    "applies the objects of a new cluster within seconds, and writes nothing else",
    Effect.gen(function* () {
      const { a } = yield* Journey
      const { kubernetes } = yield* World
      yield* settle
      const [before, since] = [yield* snapshot, yield* mark]
      yield* a.addCluster(cluster("productionbb093"))
      objects = [...objects, ...compute("bb93")]
      yield* eventually("the new objects are there", shows(objects), { within: "10 seconds" })
      yield* eventually("the record is complete", isReady(a.spec.name))
      assert.deepStrictEqual(
        yield* written(since),
        ["configmaps", "deployments", "secrets"].map((kind) => `patch ${kind} ${NAMESPACE}/nova-compute-bb93 201`)
      )
      assert.deepStrictEqual(differences(before, yield* owned(kubernetes)).toSorted(), compute("bb93"))
    })
  )

  step(
    "deletes the objects of a cluster that was renamed away, after the delay and no others",
    Effect.gen(function* () {
      const { a } = yield* Journey
      const since = yield* mark
      yield* a.rename("ClusterComputeResource", "productionbb092", "retired092")
      yield* Effect.sleep("1500 millis")
      yield* shows(objects)
      objects = objects.filter((name) => !name.endsWith("-bb92"))
      yield* eventually("its objects are gone", shows(objects))
      assert.deepStrictEqual(
        yield* written(since),
        ["configmaps", "deployments", "secrets"].map((kind) => `delete ${kind} ${NAMESPACE}/nova-compute-bb92 200`)
      )
    })
  )

  step(
    "changes the objects of a template that was changed, and no others",
    Effect.gen(function* () {
      const { editTemplate } = yield* Journey
      const { kubernetes } = yield* World
      const before = yield* snapshot
      yield* editTemplate("neutron-dvs-agent", (text) => text.replace("agent:1.0", "agent:1.1"))
      const agents = objects.filter((name) => name.includes("neutron-dvs-agent")).sort()
      const onlyAgents = Effect.map(owned(kubernetes), (after) =>
        assert.deepStrictEqual(differences(before, after), agents)
      )
      yield* eventually("the agents have changed", onlyAgents)
      yield* throughout("3 seconds", onlyAgents)
    })
  )

  step(
    "renders a new key of the Secret, and logs in anew with a new master password",
    Effect.gen(function* () {
      const { a, b, configure } = yield* Journey
      const { kubernetes } = yield* World
      yield* configure({ site_note: "a new note" })
      yield* eventually(
        "the note is in the objects",
        Effect.map(snapshot, (after) =>
          assert.strictEqual(after.get("ConfigMap site-vc-a-0")?.data?.note, "a new note")
        )
      )
      for (const vcenter of [a, b]) yield* vcenter.setPassword(yield* passwordOf(NEW_SEED, vcenter.spec.name))
      yield* a.resetCalls
      yield* configure({ password: NEW_SEED })
      yield* eventually(
        "the new passwords are in the Secrets",
        Effect.gen(function* () {
          const conf = (yield* owned(kubernetes)).get("Secret nova-compute-bb91")?.data?.["nova-compute-secrets.conf"]
          assert.include(
            Buffer.from(conf ?? "", "base64").toString(),
            (yield* passwordOf(NEW_SEED, a.spec.name)).replaceAll("$", "$$$$")
          )
          assert.isAtLeast((yield* a.calls).byMethod.Login ?? 0, 1)
        })
      )
      yield* shows(objects)
      yield* eventually("both are ready again", Effect.all([isReady(a.spec.name), isReady(b.spec.name)]))
    })
  )

  step(
    "deletes nothing for a template that does not parse, and says in which line",
    Effect.gen(function* () {
      const { editTemplate } = yield* Journey
      const { kubernetes } = yield* World
      const before = yield* snapshot
      yield* editTemplate("nova-compute-config", (text) =>
        text.replace("{% if bridge is defined %}", "{% if bridge is %}")
      )
      yield* eventually(
        "the template's status names the line",
        Effect.map(templateStatusOf(kubernetes, "nova-compute-config"), ({ lastError }) =>
          assert.strictEqual(lastError?.line, 21, lastError?.message)
        )
      )
      yield* throughout(LONG_ENOUGH, shows(objects))
      assert.deepStrictEqual(differences(before, yield* snapshot), [])
      yield* editTemplate("nova-compute-config", (text) =>
        text.replace("{% if bridge is %}", "{% if bridge is defined %}")
      )
      yield* eventually(
        "the status is clean again",
        Effect.map(templateStatusOf(kubernetes, "nova-compute-config"), ({ lastError }) =>
          assert.isUndefined(lastError)
        )
      )
    })
  )

  step(
    "writes nothing after it was killed and started again",
    Effect.gen(function* () {
      const { a, b, operator, start } = yield* Journey
      yield* settle
      yield* (yield* operator).kill
      const since = yield* mark
      for (const vcenter of [a, b]) yield* vcenter.resetCalls
      yield* start()
      const waiting = Effect.gen(function* () {
        for (const vcenter of [a, b]) assert.isAtLeast((yield* vcenter.calls).byMethod.WaitForUpdatesEx ?? 0, 2)
      })
      yield* eventually("it follows both vCenters again", waiting)
      const { writes } = yield* Journey
      yield* throughout(
        SETTLED,
        Effect.map(writes(since), (all) => assert.deepStrictEqual(all, []))
      )
    })
  )

  step(
    "ends in order when asked to, and after the next start deletes what vanished meanwhile",
    Effect.gen(function* () {
      const { b, operator, start } = yield* Journey
      const sessions = (yield* b.calls).sessions
      const { code, took } = yield* (yield* operator).terminate
      assert.strictEqual(code, 0)
      assert.isBelow(took, 10_000)
      assert.strictEqual((yield* b.calls).sessions, sessions - 1)
      yield* b.removeCluster("productionbb102")
      yield* start()
      objects = objects.filter((name) => !name.endsWith("-bb102"))
      yield* eventually("the objects of the removed cluster are gone", shows(objects), { within: "60 seconds" })
    })
  )

  step(
    "deletes nothing of a vCenter that is down, and goes on with the other",
    Effect.gen(function* () {
      const { a, b } = yield* Journey
      const { kubernetes } = yield* World
      yield* a.down
      yield* eventually(
        "the vCenter is shown as disconnected",
        Effect.map(stateOf(kubernetes, a.spec.name), ({ conditions }) =>
          assert.strictEqual(conditions.get("Connected")?.status, "False")
        )
      )
      yield* b.addCluster(cluster("productionbb103"))
      objects = [...objects, ...compute("bb103")]
      yield* eventually("the other one's new objects are there", shows(objects), { within: "10 seconds" })
      yield* throughout(LONG_ENOUGH, shows(objects))
      yield* a.up
      yield* eventually("it is connected again", isReady(a.spec.name), { within: "90 seconds" })
      yield* shows(objects)
    })
  )

  step(
    "takes up a vCenter that was added to the zone",
    Effect.gen(function* () {
      const { addVCenter, nameServer } = yield* World
      const { configure } = yield* Journey
      const c = yield* addVCenter({
        label: "vc-c-0",
        datacenter: "QA-DE-1c",
        networks: NETWORKS,
        clusters: [cluster("productionbb111")]
      })
      yield* c.setPassword(yield* passwordOf(NEW_SEED, c.spec.name))
      yield* announce(nameServer, c)
      objects = [...objects, ...compute("bb111"), ...zone("vc-c-0", "qa-de-1c")]
      yield* eventually("its objects are there", shows(objects))
      yield* configure({ site_note: null })
    })
  )

  step(
    "has written nothing in the dry run beside all this, and printed no secret",
    Effect.gen(function* () {
      const { kubernetes } = yield* World
      const { a, operators, writes, start } = yield* Journey
      yield* settle
      assert.deepStrictEqual(yield* writes(0, BESIDE), [])
      const tried = (yield* kubernetes.writesSince(0)).filter(
        ({ user, dryRun }) => user.endsWith(`:${BESIDE}`) && dryRun
      )
      assert.isAbove(tried.length, 0)
      const before = yield* everything(kubernetes)
      const { code } = yield* (yield* start("--dry-run", "--once", "--timeout", "1m")).ended
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(differences(before, yield* everything(kubernetes)), [])
      const secrets = [SEED, NEW_SEED, yield* passwordOf(SEED, a.spec.name), yield* passwordOf(NEW_SEED, a.spec.name)]
      for (const { out, err } of yield* operators) {
        const text = (yield* out) + (yield* err)
        for (const secret of secrets) assert.isFalse(text.includes(secret), "a secret was printed")
      }
    })
  )
})
