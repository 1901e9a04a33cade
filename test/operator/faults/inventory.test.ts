import { Effect } from "effect"
import { TEMPLATE_KIND } from "../../../src/domain/Template.ts"
import { configMap, key, stateKey, withTemplate, ZONE } from "../fixtures.ts"
import { pass, vcenter, type World } from "../harness.ts"
import { faultTable, loseCluster, type Row, says } from "./faultTable.ts"

const A = `vc-a-0.${ZONE}`

/** Something happens in vc-a-0. */
const inA =
  (happens: (a: World["a"]) => unknown): Row["strikes"] =>
  ({ a }) =>
    Effect.sync(() => happens(a))

/** Every session gives the first page of its inventory, and then this. */
const afterEachFirstPage = (a: World["a"], name: string): void => {
  for (let session = 0; session < 20; session++) {
    a.failNext("WaitForUpdatesEx", undefined)
    a.failNext("WaitForUpdatesEx", name)
  }
}

const ALL = ["productionbb091", "productionbb092"]

/** A template whose text is another one without the cluster's storage and network. */
const usesStorage: NonNullable<Row["before"]> = ({ cluster }) =>
  cluster.edit(
    key(TEMPLATE_KIND, "config"),
    withTemplate(
      configMap("config-{{ name }}", {
        datastores: "{{ datastore_regex | default('none') }}",
        bridge: "{{ bridge | default('none') }}"
      })
    )
  )

/** One row for what the inventory does not show and vCenter still answers for. */
const hidden = (fault: string, ...objects: ReadonlyArray<string>): Row => ({
  fault: `${fault}, without a word`,
  strikes: inA((a) =>
    a.batch(() => {
      for (const object of objects) a.hide(object)
    })
  ),
  shows: says("vc-a-0", "PruneWithheld", "Unconfirmed")
})

/** One row for what is hidden and leaves a trace. */
const torn = (fault: string, ...objects: ReadonlyArray<string>): Row => ({
  ...hidden(fault, ...objects),
  before: usesStorage,
  shows: says("vc-a-0", "Connected", "Partial")
})

/** One row for what the inventory says that it does not show. */
const missing = (fault: string, object: string, property: string): Row => ({
  fault,
  before: usesStorage,
  // Beside it a cluster is really gone: what was made for it may not go either.
  strikes: inA((a) =>
    a.batch(() => {
      a.hideProperty(object, property)
      a.remove("productionbb092")
    })
  ),
  shows: says("vc-a-0", "Connected", "Partial")
})

const down = (fault: string, happens: (a: World["a"]) => unknown, reason: string): Row => ({
  fault,
  strikes: inA((a) => {
    happens(a)
    a.remove("productionbb092")
  }),
  shows: says("vc-a-0", "Connected", reason)
})

faultTable("an inventory", [
  hidden("a cluster is hidden", "productionbb092"),
  hidden("every cluster is hidden", ...ALL),
  hidden("a datacenter and all in it are hidden", ...ALL, "QA-DE-1a"),
  torn("a datacenter alone is hidden", "QA-DE-1a"),
  torn("everything is hidden", ...ALL, "QA-DE-1a", "group-d1"),
  torn("the datastores of a cluster are hidden", "eph_bb092_0"),
  torn("the networks of a cluster are hidden", "br-vlan092"),
  missing("the name of a datacenter may not be read", "QA-DE-1a", "name"),
  missing("the name of a cluster may not be read", "productionbb091", "name"),
  missing("the place of a cluster may not be read", "productionbb091", "parent"),
  missing("the datastores of a cluster may not be read", "productionbb091", "datastore"),
  missing("the networks of a cluster may not be read", "productionbb091", "network"),
  missing("the name of a datastore may not be read", "eph_bb091_0", "name"),
  missing("the name of a network may not be read", "br-vlan091", "name"),
  {
    fault: "a cluster is hidden and what asks for it is refused",
    strikes: inA((a) => {
      a.refuse("RetrievePropertiesEx", "NoPermission")
      a.remove("productionbb092")
    }),
    shows: says("vc-a-0", "PruneWithheld", "Unconfirmed", "does not say")
  },
  {
    fault: "a cluster is gone and nobody answers what asks for it",
    strikes: inA((a) => {
      a.hang("RetrievePropertiesEx")
      a.remove("productionbb092")
    }),
    seconds: 300,
    shows: says("vc-a-0", "PruneWithheld", "Unconfirmed", "does not say")
  },
  {
    fault: "the session ends between two pages of the inventory",
    before: ({ a }) => Effect.sync(() => Object.assign(a, { pageSize: 2 })),
    strikes: inA((a) => {
      a.endSessions()
      afterEachFirstPage(a, "NotAuthenticated")
    }),
    shows: says("vc-a-0", "Connected", "SessionLost")
  },
  {
    fault: "the inventory breaks off after its first page",
    before: ({ a }) => Effect.sync(() => Object.assign(a, { pageSize: 2 })),
    strikes: inA((a) => {
      a.endSessions()
      afterEachFirstPage(a, "SystemError")
    }),
    shows: says("vc-a-0", "Connected", "Fault")
  },
  {
    fault: "the second page of the inventory never comes",
    before: ({ a }) => Effect.sync(() => Object.assign(a, { pageSize: 2 })),
    strikes: inA((a) => {
      a.endSessions()
      a.hang("WaitForUpdatesEx")
      a.remove("productionbb092")
    }),
    seconds: 400,
    shows: says("vc-a-0", "Connected", "Timeout")
  },
  down("a vCenter is down", (a) => a.disconnect(), "Unreachable"),
  down(
    "a vCenter hangs",
    (a) => {
      a.endSessions()
      a.hang()
    },
    "Timeout"
  ),
  down(
    "a vCenter refuses the login",
    (a) => {
      a.refuse("Login", "InvalidLogin")
      a.endSessions()
    },
    "LoginRejected"
  ),
  {
    fault: "another vCenter answers behind the name",
    strikes: ({ a, vcenters }) =>
      Effect.sync(() => {
        vcenters.set(A, vcenter("44444444-4444-4444-8444-444444444444", "QA-DE-1a", ["productionbb091"]))
        a.endSessions()
      }),
    shows: says("vc-a-0", "PruneWithheld", "AnotherVCenter")
  },
  {
    fault: "an empty vCenter answers behind the name",
    strikes: ({ a, vcenters }) =>
      Effect.sync(() => {
        vcenters.set(A, vcenter("44444444-4444-4444-8444-444444444444", "QA-DE-1a", []))
        a.endSessions()
      }),
    shows: says("vc-a-0", "PruneWithheld", "AnotherVCenter")
  },
  {
    fault: "two names lead to one vCenter",
    strikes: ({ a, b, vcenters }) =>
      Effect.sync(() => {
        vcenters.set(A, b)
        a.endSessions()
      }),
    shows: says("vc-a-0", "PruneWithheld", "AnotherVCenter")
  },
  {
    fault: "all clusters are renamed at once",
    secret: { allow_prune_share: "30", allow_prune_min: "0" },
    strikes: inA((a) =>
      a.batch(() => {
        for (const name of ALL) a.rename(name, name.replace("production", "retired"))
      })
    ),
    shows: says("vc-a-0", "PruneWithheld", "Everything")
  },
  {
    fault: "all clusters are renamed one after another within minutes",
    secret: { allow_prune_share: "30", allow_prune_min: "0" },
    strikes: ({ a }) =>
      Effect.forEach(ALL, (name) =>
        Effect.andThen(
          Effect.sync(() => a.rename(name, name.replace("production", "retired"))),
          pass(60)
        )
      ),
    shows: says("vc-a-0", "PruneWithheld", "Everything")
  },
  {
    fault: "a cluster comes back within prune_delay",
    secret: { prune_delay: "1m" },
    strikes: ({ a }) =>
      Effect.sync(() => a.rename("productionbb092", "retired092")).pipe(
        Effect.andThen(pass(50)),
        Effect.andThen(Effect.sync(() => a.rename("retired092", "productionbb092")))
      ),
    seconds: 300,
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "a cluster goes and comes again and again, never for longer than prune_delay",
    secret: { prune_delay: "1m" },
    strikes: ({ a }) =>
      Effect.forEach(Array.from({ length: 5 }), () =>
        Effect.sync(() => a.rename("productionbb092", "retired092")).pipe(
          Effect.andThen(pass(40)),
          Effect.andThen(Effect.sync(() => a.rename("retired092", "productionbb092"))),
          Effect.andThen(pass(5))
        )
      ),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "a cluster has no datastore any more",
    before: usesStorage,
    strikes: inA((a) => a.unmount("productionbb092", "eph_bb092_0")),
    shows: says("vc-a-0", "Rendered", "LostStorage", "eph")
  },
  {
    fault: "a cluster has no network any more",
    before: usesStorage,
    strikes: inA((a) => a.detach("productionbb092", "br-vlan092")),
    shows: says("vc-a-0", "Rendered", "LostStorage", "br-")
  },
  {
    fault: "two clusters come to have one name",
    strikes: inA((a) => a.rename("productionbb092", "productionbb91")),
    shows: says("vc-a-0", "Rendered", "Kept")
  },
  {
    fault: "a paused vCenter loses a cluster",
    prepares: ({ cluster }) =>
      cluster.edit(stateKey("vc-a-0"), (state) => ({ ...state, spec: { paused: true } })).pipe(Effect.andThen(pass(2))),
    strikes: loseCluster,
    shows: says("vc-a-0", "Ready", "Paused")
  },
  {
    fault: "clusters wait while the readings are partial, and it is whole only in between",
    secret: { prune_delay: "1m" },
    strikes: ({ a }) =>
      Effect.sync(() => a.remove("productionbb092")).pipe(
        Effect.andThen(
          Effect.forEach(Array.from({ length: 5 }), () =>
            Effect.sync(() => a.hideProperty("productionbb091", "network")).pipe(
              Effect.andThen(pass(300)),
              Effect.andThen(Effect.sync(() => a.showProperty("productionbb091", "network"))),
              Effect.andThen(pass(5))
            )
          )
        )
      ),
    seconds: 1,
    shows: says("vc-a-0", "PruneWithheld", "PruneDelay")
  }
])
