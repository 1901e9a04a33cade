import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Clock, Effect, Redacted, type Scope } from "effect"
import * as Dns from "../../../sandbox/NameServer.ts"
import type { VCenterModel } from "../../../sandbox/vcenter/VCenterModel.ts"
import * as VCenterServer from "../../../sandbox/vcenter/VCenterServer.ts"
import { GROUP } from "../../../src/domain/Owner.ts"
import { packUid } from "../../../src/domain/Uid.ts"
import { CLUSTER } from "../world/Kubernetes.ts"
import { TSIG_KEY } from "../world/NameServer.ts"
import { Processes, type Running } from "../world/Processes.ts"
import { SEED, USERNAME, ZONE } from "../world.ts"
import { digestOf } from "./approving.ts"
import { A, B, ControlPlane, MAIN, NODE } from "./ControlPlane.ts"
import { collection, KINDS, type Reading, read } from "./EndState.ts"
import * as Proxy from "./Proxy.ts"
import { type Changes, model, type Scenario, type Text } from "./Scenario.ts"

/** An operator on a stage, and what it asks of the API server. */
export interface Player {
  readonly proxy: Proxy.Proxy
  readonly process: Running
  /** It has looked at a vCenter to the end. */
  readonly hasLooked: Effect.Effect<boolean>
  /** Waits until it has looked and has written nothing for a while, the statuses of the templates included. */
  readonly quiet: Effect.Effect<void>
}

/** A namespace with vCenters and a name server of its own, for one operator at a time. */
export interface Stage {
  readonly read: Effect.Effect<Reading>
  readonly play: Effect.Effect<Player, never, Scope.Scope>
  /** Everything as it was before what the scenario tells; then that happens. Gives the UIDs of before. */
  readonly set: Effect.Effect<ReadonlyMap<string, string>, never, Scope.Scope>
}

/** How things stood when the operator was stopped. */
interface Beginning {
  readonly applies: ReadonlyArray<Proxy.Write>
  readonly statuses: ReadonlyArray<Proxy.Write>
  readonly uids: ReadonlyMap<string, string>
}

const NOTHING: Beginning = { applies: [], statuses: [], uids: new Map() }

/** Longer than the operator waits before it writes the statuses of the templates. */
const QUIET = 3500

const base64 = (text: string): string => Buffer.from(text).toString("base64")

/** @param number tells the stages apart that are open at the same time */
export const open = Effect.fnUntraced(function* (
  scenario: Scenario,
  number: number
): Effect.fn.Return<Stage, never, ControlPlane | Processes | Scope.Scope> {
  const plane = yield* ControlPlane
  const processes = yield* Processes
  const { api } = plane.kubernetes
  const namespace = `stage-${number}`
  const key = { name: "tsig-key", algorithm: "hmac-sha256", secret: Redacted.make(TSIG_KEY) } as const
  const nameServer = yield* Dns.start({ zone: ZONE, key })

  const ask = Effect.fnUntraced(function* (method: string, path: string, body?: object, type?: string) {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const asked = yield* api.ask({ method, path, ...content, ...(type === undefined ? {} : { type }) })
    const { status, body: answer } = asked
    if (status < 300 || (method === "DELETE" && status === 404)) return answer
    return yield* Effect.die(new Error(`${method} ${path}: ${status} ${answer.slice(0, 500)}`))
  }, Effect.orDie)
  const apply = (path: string, body: object, manager: string) =>
    ask("PATCH", `${path}?fieldManager=${manager}&force=true`, body, "application/apply-patch+yaml")

  const putTemplate = (name: string, { scope, text }: Text) =>
    apply(
      `${collection("VCenterTemplate", namespace)}/${name}`,
      {
        apiVersion: `${GROUP}/v1`,
        kind: "VCenterTemplate",
        metadata: { name, namespace },
        options: { scope },
        template: text
      },
      "kubectl"
    )

  const addressOf = (label: string) => `127.0.${10 + number}.${label === "vc-a-0" ? 1 : 2}`
  const zone = (...labels: ReadonlyArray<string>) =>
    nameServer.set(labels.map((label) => ({ name: `${label}.${ZONE}`, type: "A", data: addressOf(label) })))

  const serve = (fqdn: string, made: VCenterModel) =>
    VCenterServer.start({
      model: made,
      address: addressOf(fqdn.split(".")[0] ?? ""),
      port: plane.vcenterPort,
      certificate: plane.certificates.get(fqdn) ?? { cert: "", key: "" },
      username: USERNAME,
      password: plane.passwords.get(fqdn) ?? ""
    })

  const changesOf = (a: VCenterModel, b: VCenterModel): Changes => ({
    a,
    b,
    zone,
    template: (name, text) =>
      Effect.asVoid(
        text === undefined
          ? ask("DELETE", `${collection("VCenterTemplate", namespace)}/${name}`)
          : putTemplate(name, text)
      ),
    applyAs: (manager, object) =>
      Effect.asVoid(apply(`${collection(String(object.kind), namespace)}/${nameOf(object)}`, object, manager)),
    approve: Effect.fnUntraced(function* (label, what) {
      const vcenter = `${label}.${ZONE}`
      const path = `${collection("VCenterState", namespace)}/${vcenter}`
      const { status } = JSON.parse(yield* ask("GET", path))
      const approve = digestOf({ namespace, vcenter }, status, what)
      yield* ask("PATCH", path, { spec: { approve } }, "application/merge-patch+json")
    })
  })

  const play = Effect.gen(function* () {
    const { port, ca, token } = plane
    const proxy = yield* Proxy.start({ port, ca, token, namespace })
    const kubeconfig = join(plane.folder, `${namespace}.kubeconfig`)
    writeFileSync(kubeconfig, kubeconfigOf(proxy.url, namespace), { mode: 0o600 })
    const process = yield* processes.start({
      name: namespace,
      command: NODE,
      args: [MAIN, "--output", "ndjson"],
      env: {
        KUBECONFIG: kubeconfig,
        POD_NAMESPACE: namespace,
        // The same pod is started again: what it held before is still its own.
        POD_NAME: "vcenter-operator-0",
        NODE_COMPILE_CACHE: plane.compiled
      }
    })
    const hasLooked = Effect.map(process.out, (out) => out.includes('"event":"Reconciled"'))
    const quiet = Effect.gen(function* () {
      let [count, since] = [-1, 0]
      while (true) {
        const now = yield* Clock.currentTimeMillis
        if (proxy.writes.length !== count || !(yield* hasLooked)) {
          count = proxy.writes.length
          since = now
        } else if (now - since > (scenario.quiet ?? QUIET)) return
        yield* Effect.sleep("50 millis")
      }
    })
    return { proxy, process, hasLooked, quiet: process.during(quiet) } satisfies Player
  })

  const restore = Effect.fnUntraced(function* ({ applies, statuses, uids }: Beginning) {
    const kept = "fieldSelector=metadata.name!=vcenter-operator,metadata.name!=vcenter-operator-digest-key"
    for (const kind of KINDS.keys()) yield* ask("DELETE", `${collection(kind, namespace)}?${kept}`)
    for (const kind of ["VCenterTemplate", "VCenterState"]) yield* ask("DELETE", collection(kind, namespace))
    yield* ask("DELETE", `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`)
    if (scenario.fresh === true) yield* ask("DELETE", `${collection("Secret", namespace)}/vcenter-operator-digest-key`)
    for (const [name, text] of Object.entries(scenario.templates)) yield* putTemplate(name, text)
    for (const { path, body } of applies) {
      yield* ask("PATCH", path, JSON.parse(body), "application/apply-patch+yaml")
    }
    const now = (yield* read(api, namespace)).uids
    for (const { path, body } of statuses) {
      let text = body
      for (const [name, uid] of uids) {
        const live = now.get(name) ?? uid
        text = text.replaceAll(uid, live).replaceAll(packUid(uid), packUid(live))
      }
      const { metadata, status, ...rest } = JSON.parse(text)
      const fresh = { ...rest, metadata: { name: metadata.name, namespace } }
      const made = JSON.parse(yield* ask("POST", collection("VCenterState", namespace), fresh))
      yield* ask("PUT", path, { ...made, status })
    }
    return now
  })

  const raise = Effect.gen(function* () {
    const [a, b] = [model("a", scenario.a), model("b", scenario.b ?? [])]
    yield* serve(A, a)
    yield* serve(B, b)
    yield* zone("vc-a-0", ...(scenario.b === undefined ? [] : ["vc-b-0"]))
    return changesOf(a, b)
  })

  yield* ask("POST", "/api/v1/namespaces", { metadata: { name: namespace } })
  const settings: Readonly<Record<string, string>> = {
    namespace,
    username: USERNAME,
    password: SEED,
    tsig_key: TSIG_KEY,
    dns_ip: nameServer.address,
    dns_port: String(nameServer.port),
    vcenter_lookup: "zone",
    vcenter_port: String(plane.vcenterPort),
    vcenter_ca: plane.vcenterCa,
    prune_delay: "0s",
    allow_prune_share: "100",
    ...scenario.settings
  }
  yield* ask("POST", collection("Secret", namespace), {
    metadata: { name: "vcenter-operator" },
    data: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, base64(value)]))
  })
  const beginning =
    scenario.fresh === true
      ? NOTHING
      : yield* Effect.scoped(
          Effect.gen(function* () {
            yield* restore(NOTHING)
            yield* raise
            const { proxy, quiet } = yield* play
            yield* quiet
            const done = proxy.writes.filter(({ status }) => status !== undefined && status < 300)
            const states = done.filter(({ path }) => /vcenter-states\/[^/]+\/status/.test(path))
            return {
              applies: done.filter(({ method, path }) => method === "PATCH" && path.includes("force=")),
              statuses: [...new Map(states.map((write) => [write.path, write])).values()],
              uids: (yield* read(api, namespace)).uids
            }
          })
        )

  return {
    read: read(api, namespace),
    play,
    set: Effect.gen(function* () {
      const uids = yield* restore(beginning)
      const changes = yield* raise
      yield* scenario.happens(changes)
      return uids
    })
  }
})

const nameOf = ({ metadata }: { readonly metadata?: unknown }): string => {
  const { name } = Object(metadata)
  return String(name)
}

/** The way to the proxy is plain: it ends in this machine. JSON is YAML: no library is needed. */
const kubeconfigOf = (server: string, namespace: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: CLUSTER, cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "operator", user: {} }],
    contexts: [{ name: "operator", context: { cluster: CLUSTER, user: "operator", namespace } }],
    "current-context": "operator"
  })
