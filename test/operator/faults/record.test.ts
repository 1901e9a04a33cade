import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { KINDS } from "../../../sandbox/cluster/Kinds.ts"
import { IGNORE_ANNOTATION, OWNER_LABEL } from "../../../src/domain/Owner.ts"
import { API_VERSION, KIND } from "../../../src/domain/VCenterState.ts"
import type { KubeObject } from "../../../src/services/Kube.ts"
import { key, stateKey } from "../fixtures.ts"
import { pass, type World } from "../harness.ts"
import { object, recorded, status } from "../looks.ts"
import { faultTable, loseCluster, type Row, says, tells } from "./faultTable.ts"

type Change = (ledger: Readonly<Record<string, unknown>>) => unknown

/** The record is another one when the operator starts again; a cluster went meanwhile. */
const recordedAs = (change: Change) => (world: World, operator: Parameters<Row["strikes"]>[1]) =>
  Effect.gen(function* () {
    yield* operator.stop
    const { ledger, ...rest } = yield* status("vc-a-0")
    const changed = change(JSON.parse(JSON.stringify(ledger)))
    yield* world.cluster.editStatus(stateKey("vc-a-0"), JSON.parse(JSON.stringify({ ...rest, ledger: changed })))
    yield* loseCluster(world, operator)
    return yield* world.start()
  })

const ledger = (fault: string, change: Change, shows: Row["shows"]): Row => ({
  fault,
  strikes: recordedAs(change),
  shows
})

/** Nothing is told in a record that cannot be read. */
const unread = (why: string): Row["shows"] => tells("Warning", why)

const DEFINITION = KINDS.find(({ kind }) => kind === KIND)

/** An object is another one when its cluster goes. */
const meddled = (fault: string, change: (live: KubeObject) => KubeObject, shows: Row["shows"]): Row => ({
  fault,
  prepares: ({ cluster }) =>
    Effect.forEach(["ConfigMap/config", "Secret/login", "Deployment/agent"], (each) => {
      const [kind = "", name = ""] = each.split("/")
      return cluster.edit(key(kind, `${name}-bb92`), change)
    }),
  strikes: loseCluster,
  shows
})

const annotated =
  (annotations: Readonly<Record<string, string>>) =>
  (live: KubeObject): KubeObject => ({ ...live, metadata: { ...live.metadata, annotations } })

const labelled =
  (labels: (before: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>) =>
  (live: KubeObject): KubeObject => ({
    ...live,
    metadata: { ...live.metadata, labels: labels(Object(live.metadata.labels)) }
  })

/** It is somebody else's, and not recorded any more. */
const givenUp: Row["shows"] = () => Effect.map(recorded("vc-a-0"), (names) => assert.lengthOf(names, 4))

faultTable("the record", [
  {
    fault: "the record is removed under the operator",
    strikes: (world, operator) =>
      Effect.andThen(loseCluster(world, operator), world.cluster.remove(stateKey("vc-a-0"))),
    shows: says("vc-a-0", "PruneWithheld", "Rebuilt")
  },
  {
    fault: "the record is removed while the operator is down",
    strikes: (world, operator) =>
      operator.stop.pipe(
        Effect.andThen(world.cluster.remove(stateKey("vc-a-0"))),
        Effect.andThen(loseCluster(world, operator)),
        Effect.andThen(world.start())
      ),
    shows: says("vc-a-0", "PruneWithheld", "Rebuilt")
  },
  {
    fault: "the definition of the records is removed and applied again",
    strikes: (world, operator) =>
      Effect.gen(function* () {
        if (DEFINITION === undefined) return yield* Effect.die(new Error("the sandbox serves no records"))
        yield* world.cluster.uninstall(API_VERSION, KIND)
        yield* loseCluster(world, operator)
        yield* pass(60)
        yield* world.cluster.install(DEFINITION)
      }),
    shows: tells("Warning", "does not serve")
  },
  ledger("the record is dropped by a backup", () => undefined, says("vc-a-0", "PruneWithheld", "Rebuilt")),
  ledger(
    "the record lost half of its objects",
    ({ groups, ...rest }) => ({ ...rest, groups: [] }),
    says("vc-a-0", "Connected", "Connected")
  ),
  ledger("the record lost its clusters", (all) => ({ ...all, subjects: [] }), unread("no known subject")),
  ledger("the record lost its lists", ({ groups: _, ...rest }) => rest, unread("cannot be read")),
  ledger("the record is of version 99", (all) => ({ ...all, version: 99 }), unread("of version 99")),
  ledger("the record has no version", ({ version: _, ...rest }) => rest, unread("has no version")),
  ledger("the record is garbage", (all) => ({ ...all, groups: "none" }), unread("cannot be read")),
  ledger(
    "the record names other UIDs",
    (all) => JSON.parse(JSON.stringify(all).replaceAll(/"uid":"./g, '"uid":"_')),
    says("vc-a-0", "Applied", "PruneFailed", "deleted and made again")
  ),
  ledger(
    "the record is another vCenter's",
    (all) => ({ ...all, instanceUuid: "22222222-2222-4222-8222-222222222222" }),
    says("vc-a-0", "PruneWithheld", "AnotherVCenter")
  ),
  meddled(
    "its mark was stripped",
    labelled(() => ({})),
    says("vc-a-0", "Ready", "AnotherWriter", "lost the operator's mark")
  ),
  meddled(
    "it bears another vCenter's mark",
    labelled((before) => ({ ...before, [OWNER_LABEL]: "0123456789abcdef" }) as Record<string, string>),
    givenUp
  ),
  meddled("it is opted out", annotated({ [IGNORE_ANNOTATION]: "true" }), givenUp),
  {
    fault: "somebody deleted the objects and made them again",
    prepares: ({ cluster }) =>
      Effect.forEach(["ConfigMap/config", "Secret/login", "Deployment/agent"], (each) =>
        Effect.gen(function* () {
          const [kind = "", name = ""] = each.split("/")
          const { metadata, ...rest } = yield* object(key(kind, `${name}-bb92`))
          const { uid: _, resourceVersion: __, ...copied } = metadata
          yield* cluster.remove(key(kind, `${name}-bb92`))
          yield* cluster.seed([{ ...rest, metadata: { ...copied, name: metadata.name } } as KubeObject])
        })
      ),
    strikes: loseCluster,
    shows: says("vc-a-0", "Applied", "PruneFailed", "made again")
  }
])

/** The clock jumps, while what was made for a cluster that is gone waits for an hour to pass. */
const jumps = (fault: string, ...seconds: ReadonlyArray<number>): Row => ({
  fault,
  secret: { prune_delay: "1h" },
  strikes: (world, operator) =>
    Effect.gen(function* () {
      yield* loseCluster(world, operator)
      for (const ahead of seconds) {
        yield* pass(60)
        world.clock.aheadMillis = ahead * 1000
      }
    }),
  shows: says("vc-a-0", "PruneWithheld", "PruneDelay")
})

const DAY = 86_400

faultTable("the clock", [
  jumps("the clock jumps ahead by a day", DAY),
  jumps("the clock jumps back by a day", -DAY),
  jumps("the clock jumps back by a day and ahead again", -DAY, 0),
  jumps("the clock jumps ahead and back again and again", DAY, 0, DAY, 0, DAY, 0),
  {
    ...jumps("the operator was down for a day, and a cluster vanished just before"),
    strikes: (world, operator) =>
      Effect.gen(function* () {
        yield* loseCluster(world, operator)
        yield* pass(60)
        yield* operator.stop
        yield* TestClock.adjust("1 day")
        return yield* world.start()
      })
  }
])
