import { Effect } from "effect"
import { SECRET, secret, secretKey } from "../fixtures.ts"
import { and, faultTable, loseCluster, type Row, reconfigured, says, tells, WIDE } from "./faultTable.ts"

const WHOLE: Readonly<Record<string, string>> = { ...SECRET, ...WIDE, prune_delay: "1h" }

/** The Secret cannot be used any more; with it the delay of an hour was lost, were it taken for an empty one. */
const spoiled = (fault: string, strikes: Row["strikes"]): Row => ({
  fault,
  secret: { prune_delay: "1h" },
  strikes: (world, operator) => Effect.andThen(strikes(world, operator), loseCluster(world, operator)),
  seconds: 600,
  shows: and(tells("SettingsRejected", ""), says("vc-a-0", "PruneWithheld", "PruneDelay"))
})

const without = (...keys: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(WHOLE).filter(([key]) => !keys.includes(key)))

faultTable("the Secret", [
  spoiled("the Secret is gone", ({ cluster }) => cluster.remove(secretKey)),
  spoiled("the Secret is emptied", ({ cluster }) => cluster.edit(secretKey, () => secret({}))),
  spoiled("the Secret is half written", ({ cluster }) =>
    cluster.edit(secretKey, () => secret({ namespace: SECRET.namespace ?? "", username: SECRET.username ?? "" }))
  ),
  spoiled("the Secret has lost its password", ({ cluster }) =>
    cluster.edit(secretKey, () => secret(without("password")))
  ),
  spoiled("the Secret has lost its TSIG key", ({ cluster }) =>
    cluster.edit(secretKey, () => secret(without("tsig_key")))
  ),
  spoiled("a limit in the Secret is no number", ({ cluster }) =>
    cluster.edit(secretKey, () => secret({ ...WHOLE, prune_delay: "soon" }))
  ),
  {
    fault: "the operator is started again and there is no Secret",
    strikes: (world, operator) =>
      operator.stop.pipe(
        Effect.andThen(world.cluster.remove(secretKey)),
        Effect.andThen(loseCluster(world, operator)),
        Effect.andThen(world.start())
      ),
    shows: says("vc-a-0", "Ready", "Reconciled")
  },
  {
    fault: "the master password is another one than the vCenters have",
    strikes: (world, operator) =>
      Effect.sync(() => {
        for (const model of [world.a, world.b]) model.refuse("Login", "InvalidLogin")
      }).pipe(Effect.andThen(reconfigured({ password: "test-only, not what the vCenters have" })(world, operator))),
    shows: says("vc-a-0", "Connected", "LoginRejected")
  },
  {
    fault: "objects are to go to another namespace, which nobody has made",
    strikes: reconfigured({ namespace: "elsewhere" }),
    shows: says("vc-a-0", "Applied", "ApplyFailed")
  }
])
